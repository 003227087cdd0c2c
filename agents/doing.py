"""What a turn that changes something has at hand, and what it hands back."""

from collections.abc import Callable
from dataclasses import dataclass

from agents.events import Evidence
from agents.intent import Slots
from agents.lookups import evidence_of, pointed_at
from agents.prompt import as_data
from agents.request import Request
from agents.speaking import spoken_locale
from agents.wording import Wording
from tools.item import Item
from tools.money import format_price
from tools.store_outcomes import OutcomeKind
from tools.store_profile import ProfileStore
from tools.store_shopper import ShopperStore

_MOST_TITLE_CHARS = 80


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, as evidence whose facts are the whole reply: each says only what was read back.

    `asking` are the SKUs that wait for a size, the first being asked for; `n_pieces` of each are wanted.
    """

    evidence: Evidence
    suggestions: tuple[str, ...] = ()
    asking: tuple[str, ...] = ()
    n_pieces: int = 1


@dataclass(frozen=True, slots=True)
class Doing:
    """One request to change or show what a shopper keeps. `notice` is told which SKU was put in or saved."""

    request: Request
    shoppers: ShopperStore
    profiles: ProfileStore
    wording: Wording
    notice: Callable[[str, OutcomeKind], None]

    @property
    def shopper(self) -> str:
        """Under which id things are kept."""
        return self.request.session.keeper

    def say(self, name: str, **fields: object) -> str:
        """One wording with its fields filled in."""
        return self.wording.say(name, **fields)

    def price(self, cents: int | None, currency: str) -> str:
        """Money as the locale writes it; "" where it is not known."""
        if cents is None:
            return ""
        locale = spoken_locale(self.request.settings.locale)
        return format_price(cents, currency, locale) if currency else f"{cents / 100:.2f}"

    def meant(self) -> tuple[list[Item], list[str]]:
        """The items pointed at, and the titles of those pointed at that have left the catalogue."""
        items = pointed_at(self.request.intent, self.request.session, self.request.catalog)
        there = {item.sku for item in items}
        cards = (self.request.session.shown_by_handle(handle) for handle in self.request.intent.references)
        gone = [quoted(card.title) for card in cards if card is not None and card.sku not in there]
        return items, gone

    def done(self, items: list[Item], facts: list[str], suggestions: tuple[str, ...] = ()) -> Done:
        """The items as cards, and the sentences."""
        return Done(evidence_of(items, Slots(), tuple(facts)), suggestions)


def quoted(title: str) -> str:
    """A title for a sentence, where no card has it: it names no card by itself."""
    return f"“{as_data(title, _MOST_TITLE_CHARS)}”"
