"""What the page knows of one turn: what the shopper sent, and all the turn's events so far, folded into one value."""

from dataclasses import dataclass, replace

from agents.events import Evidence, IntentRead, ItemsFound, ReplyToken, TurnDone, TurnEvent
from agents.intent import Intent
from tools.query import Hit
from tools.store_feedback import Verdict


@dataclass(frozen=True, slots=True)
class TurnView:
    """One turn as it is drawn. `number` counts from 1 within the session.

    `photo_url` is a data URL with a thumbnail of the shopper's photo: it travels in this page only, so no other session
    can ask for it, and after a reload there is none. `problem` is a line for the shopper when the turn could not be
    done. `verdict` is what the shopper thought of it.
    """

    number: int
    text: str = ""
    has_photo: bool = False
    photo_url: str = ""
    intent: Intent | None = None
    reader: str = ""
    evidence: Evidence | None = None
    reply: str = ""
    done: TurnDone | None = None
    problem: str = ""
    is_stopped: bool = False
    verdict: Verdict | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self.done is not None or self.is_stopped or bool(self.problem)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The cards so far; the handle of `hits[i]` is `str(i + 1)`."""
        return self.evidence.hits if self.evidence else ()

    @property
    def photo_weight(self) -> float | None:
        """How much the photo counted beside the words; None where there is nothing to slide between, or not yet."""
        if self.done is None or self.evidence is None or len(self.evidence.parts) != 1:
            return None
        return self.evidence.parts[0].photo_weight

    def after(self, event: TurnEvent) -> "TurnView":
        """The view once `event` has been seen."""
        match event:
            case IntentRead(intent, backend):
                return replace(self, intent=intent, reader=backend)
            case ItemsFound(evidence):
                return replace(self, evidence=evidence)
            case ReplyToken(text):
                return replace(self, reply=self.reply + text)
            case TurnDone():
                return replace(self, reply=event.reply, done=event)
