"""What a press on a limit does: exactly one change of what is being looked for."""

from dataclasses import dataclass, replace

from agents.events import Choice
from agents.intent import Intent, Slots
from agents.reach import Reach
from agents.wanted import CHANGEABLE, Limit, limit_words, says_nothing, with_price, with_value, without
from agents.wording import say
from tools.sizes import size_order
from tools.taxonomy import load_taxonomy

_MOST_VALUES = 10


def standing_intent(standing: tuple[Slots, ...], language: str = "en") -> Intent:
    """The intent that looks for exactly this from now on."""
    return Intent("refine", language=language, standing=standing)


@dataclass(frozen=True, slots=True)
class Pressed:
    """One part of a standing search, of which a limit is pressed. `place` counts the parts from 0.

    `has_picture` says that the search goes by a photo or a card too: then it goes on when nothing else is wanted.
    """

    standing: tuple[Slots, ...]
    place: int
    language: str
    locale: str
    has_picture: bool = False

    @property
    def slots(self) -> Slots:
        """What this part asks for."""
        return self.standing[self.place]

    def intent(self, slots: Slots) -> Intent:
        """The whole search with this part changed; a part of which nothing is left goes."""
        changed = (*self.standing[: self.place], slots, *self.standing[self.place + 1 :])
        left = tuple(part for part in changed if not says_nothing(part))
        if not left and not self.has_picture:
            return Intent("refine", language=self.language, cleared=("everything",))
        return standing_intent(left or (slots,), self.language)

    def words(self, limit: Limit) -> str:
        """The limit as it is told."""
        return limit_words(limit, self.slots, self.locale)

    def removed(self, limit: Limit) -> Choice:
        """The search without one limit."""
        label = _say("without", limit=self.words(limit))
        return Choice(label, self.intent(without(self.slots, limit)))

    def priced(self, low_cents: int | None, high_cents: int | None, currency: str) -> Choice:
        """The search between two prices, in minor units; None leaves an end open."""
        slots = with_price(self.slots, low_cents, high_cents, currency)
        is_priced = slots.price_min_cents is not None or slots.price_max_cents is not None
        told = limit_words(Limit("price"), slots, self.locale) if is_priced else _say("no_price")
        return Choice(_say("price", limit=told), self.intent(slots))

    def others(self, limit: Limit, reach: Reach) -> tuple[tuple[str, Choice], ...]:
        """The values that could stand in a limit's place and find something, as told, the most frequent first."""
        if limit.name not in CHANGEABLE or limit.is_excluded:
            return ()
        found = []
        for value in self._candidates(limit, reach):
            slots = with_value(self.slots, limit, value)
            if n_matching := reach.count(slots):
                told = limit_words(replace(limit, value=value), slots, self.locale)
                label = _say("instead", old=self.words(limit), new=told)
                found.append((told, Choice(label, self.intent(slots), n_matching)))
        return tuple(found)

    def _candidates(self, limit: Limit, reach: Reach) -> list[str]:
        """Values of the facet among what all other limits find, but for those wanted already."""
        taken = [own.value for own in self._of_one_kind(limit)]
        rest = self.slots
        for own in self._of_one_kind(limit):
            rest = replace(rest, gender="") if own.name == "gender" else without(rest, own)
        departments = load_taxonomy().departments
        known = reach.catalog.values(limit.name, reach.filters(rest), _MOST_VALUES + len(taken) + len(departments))
        values = [value for value in known if value not in taken and value not in departments][:_MOST_VALUES]
        return sorted(values, key=size_order) if limit.name == "size" else values

    def _of_one_kind(self, limit: Limit) -> list[Limit]:
        from_slots = {
            "category": self.slots.categories, "colour": self.slots.colours, "brand": self.slots.brands,
            "size": self.slots.sizes, "gender": (self.slots.gender,),
        }  # fmt: skip
        values = from_slots.get(limit.name, self.slots.attributes.get(limit.name, ()))
        return [Limit(limit.name, value) for value in values]


def _say(name: str, **fields: object) -> str:
    return say(f"press.{name}", **fields)
