"""A shopper's standing preferences in a search: what the message says always wins over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from agents.intent import Slots
from agents.limits import facets_of
from tools.catalog import Catalog
from tools.profile import ANY_KIND, Profile
from tools.query import Filters
from tools.taxonomy import load_taxonomy

_SLOT_OF_FACET = {"colour": "colours", "brand": "brands"}
_FACET_OF_SLOT = {"sizes": "size", "colours": "colour", "brands": "brand", "categories": "category"}
_ATTRIBUTES = ("material", "pattern", "usage", "season")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A wish with the preferences that fit it; `kept` are those alone."""

    slots: Slots
    kept: Slots = field(default_factory=Slots)


def facet_names(cleared: tuple[str, ...]) -> tuple[str, ...]:
    """Names of slots and facets, as a message drops them, as names of facets and "price"."""
    return tuple(dict.fromkeys(_FACET_OF_SLOT.get(name, name) for name in cleared))


def own_sizes(profile: Profile, category_path: tuple[str, ...]) -> tuple[str, ...]:
    """The sizes worn of a kind of item: those told for it, else those told for no kind in particular."""
    for kind in reversed(category_path):
        if kind in profile.sizes:
            return profile.sizes[kind]
    return profile.sizes.get(ANY_KIND, ())


def fit(slots: Slots, profile: Profile, off: tuple[str, ...], catalog: Catalog) -> Fitted:
    """The wish with every preference that it leaves open, that is not `off`, and that its kind of item can have.

    A size of which the kind carries none (M of shoes) is left out, as is any other value that no item of it has; a
    budget stays, and what is nearest to it is told by the search itself.
    """
    if profile.is_empty:
        return Fitted(slots)
    wanted = facets_of(slots)
    kept = Slots(
        sizes=() if slots.sizes or "size" in off else _sizes(slots, profile, catalog),
        exclude=_exclusions(slots, profile, off),
    )
    for facet, values in profile.facets.items():
        is_open = facet not in off and not wanted.get(facet) and not (facet == "gender" and slots.age_group)
        left = tuple(value for value in values if value not in slots.exclude.get(facet, ()))
        if is_open and left and _is_carried(slots.categories, facet, left, catalog):
            kept = _with(kept, facet, left)
    if slots.price_min_cents is None and slots.price_max_cents is None and "price" not in off:
        kept = replace(
            kept,
            price_min_cents=profile.price_min_cents,
            price_max_cents=profile.price_max_cents,
            currency=profile.currency,
        )
    return Fitted(_over(slots, kept), kept)


def _over(slots: Slots, kept: Slots) -> Slots:
    """Both together: the preferences name nothing that the wish names."""
    has_price = kept.price_min_cents is not None or kept.price_max_cents is not None
    priced = kept if has_price else slots
    return replace(
        slots,
        sizes=slots.sizes or kept.sizes,
        gender=slots.gender or kept.gender,
        age_group=slots.age_group or kept.age_group,
        colours=slots.colours or kept.colours,
        brands=slots.brands or kept.brands,
        attributes={**kept.attributes, **slots.attributes},
        exclude={
            facet: (*slots.exclude.get(facet, ()), *kept.exclude.get(facet, ()))
            for facet in dict.fromkeys((*slots.exclude, *kept.exclude))
        },
        price_min_cents=priced.price_min_cents,
        price_max_cents=priced.price_max_cents,
        currency=priced.currency,
    )


def _sizes(slots: Slots, profile: Profile, catalog: Catalog) -> tuple[str, ...]:
    """The sizes worn of the kinds wanted, where each of them carries one; none where no kind is wanted."""
    found: list[str] = []
    for category in slots.categories:
        own = own_sizes(profile, load_taxonomy().category_path(category) or (category,))
        carried = [size for size in own if _is_carried((category,), "size", (size,), catalog)]
        if not carried:
            return ()
        found += carried
    return tuple(dict.fromkeys(found))


def _is_carried(categories: tuple[str, ...], facet: str, values: tuple[str, ...], catalog: Catalog) -> bool:
    limits = {"category": categories, facet: values} if categories else {facet: values}
    return catalog.count(Filters(facets=limits)) > 0


def _exclusions(slots: Slots, profile: Profile, off: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """What is never wanted, but for what this very message asks for."""
    wanted = facets_of(slots)
    left = {
        facet: tuple(value for value in values if value not in (*wanted.get(facet, ()), *slots.exclude.get(facet, ())))
        for facet, values in profile.exclude.items()
        if facet not in off
    }
    return {facet: values for facet, values in left.items() if values}


def _with(kept: Slots, facet: str, values: tuple[str, ...]) -> Slots:
    if facet == "gender":
        return replace(kept, gender=values[0])
    if facet == "age_group":
        return replace(kept, age_group=values[0])
    if facet == "colour":
        return replace(kept, colours=values)
    if facet == "brand":
        return replace(kept, brands=values)
    return replace(kept, attributes={**kept.attributes, facet: values}) if facet in _ATTRIBUTES else kept
