"""What is wanted, one limit at a time: each can be named, taken away and changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from agents.intent import NOT, Slots
from agents.names import named, who
from agents.nouns import limit_price
from agents.wording import load_texts, say
from tools.taxonomy import load_taxonomy

_SLOT_OF_NAME = {"category": "categories", "colour": "colours", "brand": "brands", "size": "sizes", "soft": "soft"}
# The order in which they are told.
_LISTED = ("category", "gender", "colour", "brand", "size")
CHANGEABLE = ("category", "gender", "colour", "brand", "size", "material", "pattern", "usage", "season")
"""The limits of which another value can be picked."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing wanted, or not wanted. `name` is a facet, "price", "sort", "count" or "soft".

    "gender" is who something is for, the age included; "price" has both ends and no `value` of its own.
    """

    name: str
    value: str = ""
    is_excluded: bool = False


def limits_in(slots: Slots) -> tuple[Limit, ...]:
    """Everything that slots ask for, in the order it is told; a number that was not said is not asked for."""
    return tuple(_limits(slots))


def _limits(slots: Slots) -> Iterator[Limit]:
    if slots.count and slots.count_said:
        yield Limit("count", str(slots.count))
    for name in _LISTED:
        if name != "gender":
            yield from (Limit(name, value) for value in getattr(slots, _SLOT_OF_NAME[name]))
        elif load_taxonomy().label(slots.gender, slots.age_group):
            yield Limit("gender", slots.gender)
    for name, values in slots.attributes.items():
        yield from (Limit(name, value) for value in values)
    if slots.price_min_cents is not None or slots.price_max_cents is not None:
        yield Limit("price")
    if slots.sort in load_texts("en")["limits"]["sort"]:
        yield Limit("sort", slots.sort or "")
    for name, values in slots.exclude.items():
        yield from (Limit(name, value, is_excluded=True) for value in values)
    for word in slots.soft:
        yield Limit("soft", word)


def limit_words(limit: Limit, slots: Slots, locale: str) -> str:
    """A limit of these slots as a shopper would say it: "size M", "under €30", "not leather"."""
    if limit.name == "price":
        return _price_words(slots, locale)
    if limit.name == "sort":
        return say(f"limits.sort.{limit.value}")
    if limit.name == "count":
        return say("limits.count_one" if limit.value == "1" else "limits.count", value=limit.value)
    if limit.name == "gender" and not limit.is_excluded:
        return say("limits.gender", value=who(slots.gender, slots.age_group))
    return _value_words(limit)


def _value_words(limit: Limit) -> str:
    value = (who(limit.value) or limit.value) if limit.name == "gender" else named(limit.name, limit.value)
    told = say(f"limits.{limit.name}", value=value) if limit.name in ("gender", "size", "season") else value
    return say("limits.not", value=told) if limit.is_excluded else told


def _price_words(slots: Slots, locale: str) -> str:
    low, high = (_money(cents, slots.currency, locale) for cents in (slots.price_min_cents, slots.price_max_cents))
    name = "price_between" if low and high else "price_from" if low else "price_under"
    return say(f"limits.{name}", low=low, high=high)


def _money(cents: int | None, currency: str, locale: str) -> str:
    if cents is None:
        return ""
    return limit_price(cents, currency, locale) if currency else f"{cents / 100:.2f}"


def without(slots: Slots, limit: Limit) -> Slots:
    """The slots without one limit; of several values the others stay."""
    if limit.is_excluded:
        return replace(slots, exclude=_left(slots.exclude, limit))
    if limit.name == "price":
        return replace(slots, price_min_cents=None, price_max_cents=None, currency="")
    if limit.name == "sort":
        return replace(slots, sort=None)
    if limit.name == "count":
        return replace(slots, count=None, count_said=False)
    if limit.name == "gender":
        return replace(slots, gender="", age_group="")
    if limit.name in _SLOT_OF_NAME:
        return _with_slot(slots, limit.name, tuple(v for v in _values(slots, limit.name) if v != limit.value))
    return replace(slots, attributes=_left(slots.attributes, limit))


def with_value(slots: Slots, limit: Limit, value: str) -> Slots:
    """The slots with another value in a limit's place. `limit` is one of CHANGEABLE."""
    if limit.name == "gender":
        return replace(slots, gender=value)
    changed = tuple(
        dict.fromkeys(value if known == limit.value else known for known in _values(slots, limit.name))
    )  # fmt: skip
    return _with_slot(slots, limit.name, changed)


def with_price(slots: Slots, low_cents: int | None, high_cents: int | None, currency: str) -> Slots:
    """The slots with these ends of the price; ends that are the wrong way round are turned."""
    if low_cents is not None and high_cents is not None and low_cents > high_cents:
        low_cents, high_cents = high_cents, low_cents
    has_price = low_cents is not None or high_cents is not None
    return replace(slots, price_min_cents=low_cents, price_max_cents=high_cents, currency=currency if has_price else "")


def with_limit_of(slots: Slots, other: Slots, limit: Limit) -> Slots:
    """The slots with a limit of others added; what they say themselves about the same thing stays."""
    if limit.name == "price":
        is_silent = slots.price_min_cents is None and slots.price_max_cents is None
        return with_price(slots, other.price_min_cents, other.price_max_cents, other.currency) if is_silent else slots
    if limit.name == "gender" and not limit.is_excluded:
        return slots if slots.gender or slots.age_group else replace(
            slots, gender=other.gender, age_group=other.age_group
        )  # fmt: skip
    if limit.is_excluded:
        excluded = (*slots.exclude.get(limit.name, ()), limit.value)
        return replace(slots, exclude={**slots.exclude, limit.name: excluded})
    return _with_slot(slots, limit.name, tuple(dict.fromkeys((*_values(slots, limit.name), limit.value))))


def is_said_about(slots: Slots, limit: Limit) -> bool:
    """Whether slots say something themselves about what a limit is about."""
    if limit.is_excluded:
        return limit.value in (*slots.exclude.get(limit.name, ()), *_values(slots, limit.name))
    if limit.name == "soft":
        return limit.value in slots.soft or f"{NOT}{limit.value}" in slots.soft
    return any(own.name == limit.name and not own.is_excluded for own in limits_in(slots))


def says_nothing(slots: Slots) -> bool:
    """Whether nothing is asked for: a number or an order alone is no wish."""
    return replace(slots, count=None, count_said=False, sort=None, currency="") == Slots()


def _values(slots: Slots, name: str) -> tuple[str, ...]:
    if name == "gender":
        return (slots.gender,) if slots.gender else ()
    found: tuple[str, ...] = (
        getattr(slots, _SLOT_OF_NAME[name]) if name in _SLOT_OF_NAME else slots.attributes.get(name, ())
    )
    return found


def _with_slot(slots: Slots, name: str, values: tuple[str, ...]) -> Slots:
    if name in _SLOT_OF_NAME:
        return replace(slots, **{_SLOT_OF_NAME[name]: values})  # type: ignore[arg-type]
    kept = {facet: known for facet, known in slots.attributes.items() if facet != name or values}
    return replace(slots, attributes={**kept, name: values} if values else kept)


def _left(by_facet: Mapping[str, tuple[str, ...]], limit: Limit) -> dict[str, tuple[str, ...]]:
    left = {
        facet: tuple(value for value in values if facet != limit.name or value != limit.value)
        for facet, values in by_facet.items()
    }
    return {facet: values for facet, values in left.items() if values}
