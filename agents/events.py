"""What goes into a turn and the typed events that come out of it, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from PIL import Image

from agents.intent import Intent, Slots
from agents.look import Look
from agents.relax import Step
from tools.photo_crops import Crop
from tools.query import Filters, Hit


@dataclass(frozen=True, slots=True)
class Message:
    """What a shopper sent: text, a decoded RGB photo (tools.photo), or both.

    `intent` is set where the shopper pressed something that says exactly what it does: then nothing is read out of
    `text`, which is only what the conversation shows. `replaces` is the stored number of the newest turn where the
    message takes its place (`agents.resend`), else 0.
    """

    text: str = ""
    photo: Image.Image | None = None
    intent: Intent | None = None
    replaces: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press. `label` is what it says, and what the conversation shows once it was pressed.

    `intent` is exactly what it does; `n_matching` items are found then, None where that is not told.
    """

    label: str
    intent: Intent
    n_matching: int | None = None


@dataclass(frozen=True, slots=True)
class PartFound:
    """What the shop has for one wanted kind of item. `n_matching` rows pass `filters` before the cut to top_k.

    `relaxed` says in plain words each limit that was widened to find these ("navy counted as blue"), never silently.
    `kept` is the part of `slots` that comes from the shopper's own preferences.
    `photo_weight` in [0, 1] is how much a photo counted beside words; None where there were not both.
    `steps` are the ways out where nothing passes every limit, with what each finds; `hits` are then those of one step,
    as `relaxed` says, or none. `collection` names what the shop shows for these words, where a rule leads them there.
    """

    slots: Slots
    filters: Filters
    hits: tuple[Hit, ...]
    n_matching: int
    relaxed: tuple[str, ...] = ()
    photo_weight: float | None = None
    steps: tuple[Step, ...] = ()
    kept: Slots = field(default_factory=Slots)
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All a reply may rely on. Handles "1".."n" name the hits of all parts in order: that is what the cards show.

    `facts` are further true sentences from the data (counts, ranges, what was not found and what is nearest).
    `choices` are ways on that find exactly what they say. `dropped` names the limits that a new topic left behind,
    and `put_back` takes them up again as far as that finds anything. `seen` says what this machine made out in
    pictures, with the source named, for replies that are written without eyes. `crops` are the garments of a photo that
    shows several, to pick one from; like the photo they are in memory only.
    `look` is set where the cards are the pieces of one.
    """

    parts: tuple[PartFound, ...] = ()
    facts: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    dropped: tuple[str, ...] = ()
    put_back: Choice | None = None
    seen: tuple[str, ...] = ()
    crops: tuple[Crop, ...] = ()
    look: Look | None = None

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The cards in order; the handle of `hits[i]` is `str(i + 1)`."""
        return tuple(hit for part in self.parts for hit in part.hits)


@dataclass(frozen=True, slots=True)
class IntentRead:
    """First event: what was understood. `backend` names the classifier that read it."""

    intent: Intent
    backend: str


@dataclass(frozen=True, slots=True)
class ItemsFound:
    """Second event: the cards can be drawn now."""

    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ReplyToken:
    """A piece of the reply as it streams, checked; "" while the next sentence is not whole."""

    text: str


@dataclass(frozen=True, slots=True)
class TurnDone:
    """Last event: the checked reply, follow-up suggestions, who worked, and how long each stage took.

    `reply` is plain text in which `[n]` refers to card n. `backends` maps stage ("classifier", "embedder",
    "assistant") to the backend and version that did it, e.g. "offline", "gemini gemini-2.5-flash". `failures` are
    lines for the page, one per service that failed ("Gemini did not answer in 20 s; answered on this machine").
    `pressed` says what pressing a suggestion does exactly; one that is not in it is sent like a message.
    `prompt_versions` maps prompt name to version for prompts that were used. `timings_ms` maps stage to milliseconds.
    `number` is what the turn is stored under, 0 where it is not.
    """

    reply: str
    suggestions: tuple[str, ...] = ()
    backends: Mapping[str, str] = field(default_factory=dict)
    prompt_versions: Mapping[str, str] = field(default_factory=dict)
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    pressed: Mapping[str, Intent] = field(default_factory=dict)
    number: int = 0


TurnEvent = IntentRead | ItemsFound | ReplyToken | TurnDone
