"""What stands between two turns of one chat: the limits in force, the cards on the screen, what was said."""

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from PIL import Image

from agents.intent import Slots
from agents.intent_json import slots_from_json, standing_json
from agents.look import Look
from agents.prompts_in_force import SHIPPED, PromptsInForce
from env.tokens import new_token
from tools.item import Item
from tools.query import Hit

_ID_BYTES = 18
# A model reads this much of the conversation; the whole of it is in the turns' records.
_HISTORY_TURNS = 6
_HISTORY_CHARS = 600


@dataclass(frozen=True, slots=True)
class Shown:
    """One card on the screen, with what a shopper may point at it by. Its handle is its place, counted from 1."""

    sku: str
    title: str
    category: str
    category_path: tuple[str, ...] = ()
    colour: str = ""
    brand: str = ""
    gender: str = ""
    material: str = ""
    pattern: str = ""
    pays_cents: int | None = None
    has_picture: bool = False

    @classmethod
    def of(cls, item: Item) -> "Shown":
        """What is kept of an item."""
        return cls(
            item.sku, item.title, item.category, item.category_path, item.colour, item.brand, item.gender,
            item.material, item.pattern, item.pays_cents, bool(item.image),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message and the reply to it, shortened."""

    message: str
    reply: str


@dataclass(slots=True)
class Session:
    """One chat. Classifiers, routers and assistants only read it; `agents.turn` moves it on after each turn.

    `standing` is what is being looked for: one Slots, or one for each part; empty before the first search. `shown`
    are the cards of the last turn that had any, `references` the handles last talked about, `seen` the SKUs that the
    standing search has shown so far. `n_turns` counts the
    turns so far. `has_photo` says that the standing search began with a photo; `photo` is
    it, in memory only: it is never stored, and gone when the session is read again. `like` is the SKU of the card that
    took its place ("like the second one but green"). `photo_weight` is what the shopper chose between the
    words (0) and the photo (1), None where nothing was chosen. `shopper` is the unguessable id of whose chat it is:
    what is kept beyond one chat is kept under it; not part of the state. `off` are the facets, and "price", whose
    preferences do not count in the standing search. `asking` are the SKUs that are to go into the cart, `asking_pieces`
    of each, once their size is told. `language` is that of the last message that was written, `look` the last look
    that was shown, `asked` the message that began the standing search.

    Not part of the state are the last ones: `version` of the stored session when it was last read or written, 0 before
    it is stored; `newest`, the number under which the newest message's turn is stored, 0 where it is not; and
    `photo_before`, what `photo` was before that turn; `is_signed_in` is None where nobody can tell.
    """

    id: str
    shopper: str = ""
    standing: tuple[Slots, ...] = ()
    shown: tuple[Shown, ...] = ()
    references: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    history: tuple[Exchange, ...] = ()
    n_turns: int = 0
    has_photo: bool = False
    photo: Image.Image | None = None
    like: str = ""
    photo_weight: float | None = None
    off: tuple[str, ...] = ()
    asking: tuple[str, ...] = ()
    asking_pieces: int = 1
    look: Look | None = None
    language: str = "en"
    asked: str = ""

    version: int = field(default=0, compare=False)
    newest: int = field(default=0, compare=False)
    photo_before: Image.Image | None = field(default=None, compare=False)
    prompts: PromptsInForce = field(default=SHIPPED, compare=False)
    is_signed_in: bool | None = field(default=None, compare=False)

    @property
    def keeper(self) -> str:
        """Under which id cart, saved items and preferences are kept: the shopper's, else this chat's own."""
        return self.shopper or self.id

    def become(self, other: "Session") -> None:
        """Take over everything of another session: whoever holds this one goes on with that, and stays who they are."""
        is_signed_in = self.is_signed_in
        for each in fields(self):
            setattr(self, each.name, getattr(other, each.name))
        self.is_signed_in = is_signed_in

    def copy(self) -> "Session":
        """The same chat as it stands now, for going back to it."""
        return copy(self)

    def show(self, hits: tuple[Hit, ...]) -> None:
        """Put new cards on the screen; without any the old ones stay there."""
        if hits:
            self.shown = tuple(Shown.of(hit.item) for hit in hits)
            self.references = ()

    def talk_about(self, hits: tuple[Hit, ...]) -> None:
        """Remember which cards a turn was about. Cards that were not on the screen yet replace it."""
        handles = {card.sku: str(place) for place, card in enumerate(self.shown, 1)}
        if all(hit.item.sku in handles for hit in hits):
            self.references = tuple(handles[hit.item.sku] for hit in hits) or self.references
        else:
            self.show(hits)

    def remember(self, message: str, reply: str) -> None:
        """Add one exchange to the short history and count the turn."""
        exchange = Exchange(message[:_HISTORY_CHARS], reply[:_HISTORY_CHARS])
        self.history = (*self.history, exchange)[-_HISTORY_TURNS:]
        self.n_turns += 1

    def shown_by_handle(self, handle: str) -> Shown | None:
        """The card with this handle, or None where there is none."""
        return self.shown[int(handle) - 1] if handle.isdigit() and 0 < int(handle) <= len(self.shown) else None

    def anchor(self, handles: tuple[str, ...]) -> Shown | None:
        """The card that "like it" means: the first pointed at, else the one last talked about, else the first."""
        meant = (self.shown_by_handle(handle) for handle in (*handles, *self.references, "1"))
        return next((card for card in meant if card is not None), None)

    def to_json(self) -> dict[str, Any]:
        """The state to store; the id is stored beside it."""
        return {
            "standing": [standing_json(slots) for slots in self.standing],
            "shown": [asdict(shown) for shown in self.shown],
            "references": list(self.references),
            "seen": list(self.seen),
            "history": [asdict(exchange) for exchange in self.history],
            "n_turns": self.n_turns,
            "has_photo": self.has_photo,
            "like": self.like,
            "photo_weight": self.photo_weight,
            "off": list(self.off),
            "asking": list(self.asking),
            "asking_pieces": self.asking_pieces,
            "look": self.look.to_json() if self.look else None,
            "language": self.language,
            "asked": self.asked,
        }

    @classmethod
    def from_json(cls, session_id: str, state: Mapping[str, Any]) -> "Session":
        """A session as `to_json` wrote it."""
        return cls(
            id=session_id,
            standing=tuple(slots_from_json(slots) for slots in state["standing"]),
            shown=tuple(Shown(**{**shown, "category_path": tuple(shown["category_path"])}) for shown in state["shown"]),
            references=tuple(state["references"]),
            seen=tuple(state["seen"]),
            history=tuple(Exchange(**exchange) for exchange in state["history"]),
            n_turns=state["n_turns"],
            has_photo=state["has_photo"],
            like=state.get("like", ""),
            photo_weight=state.get("photo_weight"),
            off=tuple(state.get("off", ())),
            asking=tuple(state.get("asking", ())),
            asking_pieces=state.get("asking_pieces", 1),
            look=Look.from_json(state["look"]) if state.get("look") else None,
            language=state.get("language", "en"),
            asked=state.get("asked", ""),
        )


def new_session_id() -> str:
    """An id nobody can guess: knowing it is what lets a shopper back into a chat."""
    return new_token(_ID_BYTES)
