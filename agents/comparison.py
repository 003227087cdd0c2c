"""Items side by side: the facets in which their rows differ, and what they have in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agents.answers import topic_of
from agents.intent import Slots
from agents.row_words import quality
from agents.speaking import spoken
from tools.item import Item
from tools.money import format_price
from tools.taxonomy import load_taxonomy

MOST_COMPARED = 4
COMPARED = (
    "price", "sale", "material", "colour", "pattern", "size", "rating", "brand", "season", "usage", "category",
    "gender",
)  # fmt: skip
# What is worth saying where it is equal, and the word before it.
_SHARED = {
    "price": "at ", "material": "", "colour": "", "pattern": "", "brand": "by ", "season": "", "usage": "",
    "gender": "",
}  # fmt: skip
_ATTRIBUTES = ("material", "pattern", "season", "usage")


@dataclass(frozen=True, slots=True)
class Row:
    """One facet that differs: a value an item, "" where its row does not say. `best` is the place of the lowest price
    or of the highest rating, None where there is no such one."""

    facet: str
    values: tuple[str, ...]
    best: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`rows` differ, what matters most first; `same` are the values that all items share."""

    rows: tuple[Row, ...]
    same: tuple[str, ...]


def compare_items(items: Sequence[Item], locale: str, first: Sequence[str] = ()) -> Comparison:
    """Items side by side, with the facets of `first` before the others. What no row says is left out altogether."""
    rows, same = [], []
    for facet in order_of(first):
        values = tuple(_SAY[facet](item, locale) for item in items)
        if len(set(values)) > 1:
            rows.append(Row(facet, values, _best(facet, items)))
        elif values and values[0] and facet in _SHARED:
            same.append(_shared(facet, values[0], items[0]))
    return Comparison(tuple(rows), tuple(same))


def _shared(facet: str, value: str, item: Item) -> str:
    """A value that all items share, within a sentence of the language that is spoken."""
    if spoken() == "en":
        return _SHARED[facet] + value
    return value if facet == "price" else quality(facet, item)


def interests(question: str, standing: Sequence[Slots]) -> tuple[str, ...]:
    """The facets that matter to this shopper: what the question is about, then what was asked for before."""
    found = [topic_of(question)]
    for slots in standing:
        asked = {
            "price": slots.price_max_cents or slots.price_min_cents or slots.sort in ("price_asc", "price_desc"),
            "size": slots.sizes,
            "rating": slots.sort == "rating",
            "colour": slots.colours,
            "brand": slots.brands,
            **{name: slots.attributes.get(name) for name in _ATTRIBUTES},
        }
        found += [facet for facet, value in asked.items() if value]
    return tuple(dict.fromkeys(facet for facet in found if facet))


def order_of(first: Sequence[str]) -> tuple[str, ...]:
    """All facets that are compared, those of `first` before the others."""
    return tuple(dict.fromkeys((*(facet for facet in first if facet in COMPARED), *COMPARED)))


def _best(facet: str, items: Sequence[Item]) -> int | None:
    """The one place that is best; none where two share it, a value is missing or the money differs."""
    if facet == "price" and len({item.currency for item in items}) == 1:
        values = [item.pays_cents if item.pays_cents is None else -item.pays_cents for item in items]
    elif facet == "rating":
        values = [None if item.rating is None else round(10 * item.rating) for item in items]
    else:
        return None
    known = [value for value in values if value is not None]
    is_clear = len(known) == len(values) and known.count(max(known)) == 1
    return values.index(max(known)) if is_clear else None


def _price(item: Item, locale: str) -> str:
    return "" if item.pays_cents is None else format_price(item.pays_cents, item.currency, locale)


def _sale(item: Item, locale: str) -> str:
    if item.pays_cents is None or item.price_cents is None:
        return ""
    is_reduced = item.pays_cents < item.price_cents
    return f"reduced from {format_price(item.price_cents, item.currency, locale)}" if is_reduced else "not reduced"


def _sizes(item: Item, _: str) -> str:
    there = [size for size, stock in item.sizes.items() if stock != 0]
    if item.availability == "out_of_stock" or (item.sizes and not there):
        return "sold out"
    return ", ".join(there) or ("in stock" if item.availability == "in_stock" else "")


def _rating(item: Item, _: str) -> str:
    if item.rating is None:
        return ""
    return f"{item.rating:.1f} of 5" + (f" ({item.n_ratings})" if item.n_ratings else "")


def _who(item: Item, _: str) -> str:
    label = load_taxonomy().label(item.gender, item.age_group)
    return f"for {label}" if label else ""


_SAY: Mapping[str, Callable[[Item, str], str]] = {
    "price": _price,
    "sale": _sale,
    "material": lambda item, _: item.material,
    "colour": lambda item, _: item.colour,
    "pattern": lambda item, _: item.pattern,
    "size": _sizes,
    "rating": _rating,
    "brand": lambda item, _: item.brand,
    "season": lambda item, _: f"for {item.season}" if item.season else "",
    "usage": lambda item, _: item.usage,
    "category": lambda item, _: item.category,
    "gender": _who,
}
