"""A look: pieces chosen to be worn together, and which of them a message wants changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any

from agents.intent import Intent, Slots
from agents.intent_json import slots_from_json, slots_json
from agents.outfit_rules import Kind, load_rules
from tools.item import Item
from tools.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from agents.session import Session

_KEPT = ("sku", "title", "category", "colour", "gender", "age_group", "usage", "season")


@dataclass(frozen=True, slots=True)
class Look:
    """The look on the screen: one card a piece.

    `anchor` is what it was made to go with: an item, what a photo shows (then without a SKU), or None. `wish` are the
    limits that all pieces keep; its price limit is the budget for all together. `skus` are the pieces, `kinds` what
    each of them was looked for as.
    """

    anchor: Item | None
    wish: Slots
    skus: tuple[str, ...]
    kinds: tuple[Kind, ...]

    def to_json(self) -> dict[str, Any]:
        """The look to store; of the anchor what later choices need."""
        anchor = self.anchor and {name: getattr(self.anchor, name) for name in _KEPT}
        kinds = [list(kind) for kind in self.kinds]
        return {"anchor": anchor, "wish": slots_json(self.wish), "skus": list(self.skus), "kinds": kinds}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Look":
        """A look as `to_json` wrote it."""
        anchor = Item(**data["anchor"]) if data["anchor"] else None
        kinds = tuple(tuple(kind) for kind in data["kinds"])
        return cls(anchor, slots_from_json(data["wish"]), tuple(data["skus"]), kinds)


def live_look(session: "Session") -> Look | None:
    """The session's look while its pieces are the cards on the screen."""
    look = session.look
    return look if look is not None and look.skus == tuple(card.sku for card in session.shown) else None


def changes_look(intent: Intent, session: "Session") -> bool:
    """Whether a message changes the look on the screen, or a piece of it, and is no search of its own."""
    if intent.route != "refine" or intent.standing or "everything" in intent.cleared or live_look(session) is None:
        return False
    return not intent.slots.categories or piece_meant(intent, session) is not None


def piece_meant(intent: Intent, session: "Session") -> int | None:
    """The place of the one piece that a message names, by its card or by its kind; None for several or none."""
    if len(intent.references) == 1 and session.shown_by_handle(intent.references[0]) is not None:
        return int(intent.references[0]) - 1
    named = intent.slots.categories
    exact = [place for place, card in enumerate(session.shown) if set(named) & {card.category, *card.category_path}]
    rules = load_rules()
    worn = [place for place, card in enumerate(session.shown) if rules.kind_places(named) & rules.places(card.category)]
    return next((places[0] for places in (exact, worn) if len(places) == 1), None)


def kind_wanted(named: tuple[str, ...], kind: Kind) -> Kind:
    """What to look for where a piece of a kind is to be changed: narrower where the message names something narrower.

    "The shoes" of a look that has heels, flats or sandals in their place mean any of these.
    """
    taxonomy = load_taxonomy()
    is_wide = all(set(named) & set(taxonomy.category_path(category)) for category in kind)
    return kind if is_wide or not named else named


def asked_price(intent: Intent, session: "Session", pays_cents: int | None) -> Slots:
    """The slots of a message, where "cheaper" means than the piece or the look that costs `pays_cents`.

    A message that only says "cheaper" is read as cheaper than the middle of the cards, which no piece of a look is
    meant to be.
    """
    slots = intent.slots
    is_cheaper = slots.sort == "price_asc" and slots.price_max_cents in (None, *_middles(intent, session))
    if is_cheaper:
        slots = replace(slots, price_max_cents=None if pays_cents is None else pays_cents - 1)
    return replace(slots, sort=None)


def _middles(intent: Intent, session: "Session") -> tuple[int, ...]:
    """The limits that "cheaper" may have been read as: below the cards pointed at, those searched for, or all."""
    standing = {category for slots in session.standing for category in slots.categories}
    pointed = [session.shown_by_handle(handle) for handle in intent.references]
    searched = [card for card in session.shown if standing & {card.category, *card.category_path}]
    prices = ([card.pays_cents for card in cards if card and card.pays_cents is not None]
              for cards in (pointed, searched, session.shown))  # fmt: skip
    return tuple(int(median(known)) - 1 for known in prices if known)
