"""From slots to hard limits, and to honest words about limits that this catalogue cannot check."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from babel.numbers import get_currency_precision

from agents.intent import NOT, Slots
from agents.wording import say
from tools.query import Filters
from tools.taxonomy import load_taxonomy
from tools.vocabulary import Vocabulary

# Facets that can be seen in a picture.
_LOOKS = ("category", "colour", "material", "pattern", "usage", "season")
# Fewer items without a value than this share are not worth a sentence.
_NEARLY_ALL = 0.95
_YOUNG = ("kids", "toddler", "infant", "newborn")


@dataclass(frozen=True, slots=True)
class Limits:
    """Filters that this catalogue can check, what had to be said about the others, and words to move away from.

    `avoid` holds what is not wanted and no filter can leave out for certain ("floral").
    """

    filters: Filters
    notes: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()


def limits_of(slots: Slots, vocabulary: Vocabulary) -> Limits:
    """The hard limits of a wish.

    A facet of which the catalogue holds no value at all, and a price where it holds no prices, cannot be checked:
    they are left out and told. "For women" without an age leaves children's things out; "nothing blue" its shades too.
    """
    wanted = {name: values for name, values in facets_of(slots).items() if values}
    unchecked = [facet for facet in wanted if not vocabulary.counts.get(facet)]
    notes = [say("cannot.check", facet=_told(facet)) for facet in unchecked]
    exclude = {facet: values for facet, values in slots.exclude.items() if vocabulary.counts.get(facet)}
    left = (_exclusion_note(facet, vocabulary) for facet in slots.exclude if facet not in unchecked)
    notes += [note for note in left if note]
    filters = Filters(
        facets={facet: values for facet, values in wanted.items() if facet not in unchecked},
        exclude=_without_shades(slots, _without_children(slots, exclude)),
        in_stock=bool(slots.sizes) and "size" not in unchecked,
    )
    return _with_price(Limits(filters, tuple(notes), _avoided(slots, vocabulary)), slots, vocabulary)


def facets_of(slots: Slots) -> dict[str, tuple[str, ...]]:
    """The wanted values of each facet."""
    return {
        "category": slots.categories,
        "colour": slots.colours,
        "gender": (slots.gender,) if slots.gender else (),
        "age_group": (slots.age_group,) if slots.age_group else (),
        "brand": slots.brands,
        "size": slots.sizes,
        **slots.attributes,
    }


def _exclusion_note(facet: str, vocabulary: Vocabulary) -> str:
    """That an exclusion cannot be checked, or not everywhere: an item that says nothing about it passes the filter."""
    if is_told(facet, vocabulary):
        return ""
    n_told, n_items = _n_told(facet, vocabulary), vocabulary.n_items
    is_seen = facet in _LOOKS
    name = f"cannot.{'some' if n_told else 'exclude'}{'_by_looks' if is_seen else ''}"
    return say(name, facet=_told(facet), told=n_told, n_items=n_items)


def _avoided(slots: Slots, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Unwanted words that no facet knows, and excluded values of facets that not every item tells."""
    values = (
        value
        for facet, excluded in slots.exclude.items()
        if facet in _LOOKS and _n_told(facet, vocabulary) < vocabulary.n_items
        for value in excluded
    )
    return tuple(dict.fromkeys((*values, *unwanted_words(slots))))


def unwanted_words(slots: Slots) -> tuple[str, ...]:
    """The soft words that are not wanted, without their "not"."""
    return tuple(word.removeprefix(NOT) for word in slots.soft if word.startswith(NOT))


def is_told(facet: str, vocabulary: Vocabulary) -> bool:
    """Whether nearly every item says what it is in a facet, so that leaving a value out leaves it out."""
    return _n_told(facet, vocabulary) >= vocabulary.n_items * _NEARLY_ALL


def _n_told(facet: str, vocabulary: Vocabulary) -> int:
    return sum(vocabulary.counts.get(facet, {}).values())


def _told(facet: str) -> str:
    return say(f"facets.{facet}")


def _without_children(slots: Slots, exclude: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    if slots.gender not in ("female", "male") or slots.age_group:
        return dict(exclude)
    return {**exclude, "age_group": tuple(dict.fromkeys((*exclude.get("age_group", ()), *_YOUNG)))}


def _without_shades(slots: Slots, exclude: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Nothing blue is nothing navy either, unless navy is wanted; nothing navy may still be blue."""
    taxonomy = load_taxonomy()
    plain = [colour for colour in exclude.get("colour", ()) if taxonomy.family(colour) == colour]
    shades = [shade for colour in plain for shade in taxonomy.colours_of_family(colour) if shade not in slots.colours]
    return {**exclude, "colour": tuple(dict.fromkeys((*exclude["colour"], *shades)))} if shades else dict(exclude)


def _with_price(limits: Limits, slots: Slots, vocabulary: Vocabulary) -> Limits:
    if slots.price_min_cents is None and slots.price_max_cents is None:
        return limits
    if not vocabulary.prices:
        return replace(limits, notes=(*limits.notes, say("cannot.price")))
    known = [price.currency for price in vocabulary.prices]
    currency = slots.currency or known[0]
    low, high, notes = slots.price_min_cents, slots.price_max_cents, limits.notes
    if currency not in known:
        shift = get_currency_precision(known[0]) - get_currency_precision(currency)
        low, high = _shifted(low, shift), _shifted(high, shift)
        notes = (*notes, say("cannot.currency", currency=known[0]))
        currency = known[0]
    filters = replace(limits.filters, price_min_cents=low, price_max_cents=high, currency=currency)
    return Limits(filters, notes, limits.avoid)


def _shifted(cents: int | None, n_places: int) -> int | None:
    return None if cents is None else round(cents * 10**n_places)
