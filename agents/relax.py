"""When nothing passes all limits: what is nearest, one limit taken away at a time, with true counts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from agents.nouns import listed
from tools.catalog import Catalog
from tools.query import Filters
from tools.taxonomy import load_taxonomy

# From the limit a shopper gives up most easily to the one they least like to; category, gender, age and
# exclusions stay.
_ORDER = ("usage", "season", "pattern", "material", "price", "brand", "size", "colour")

# Nothing is like everything in these: a belt is not near an umbrella.
_TOO_WIDE = ("Clothing", "Accessories", "Beauty")


@dataclass(frozen=True, slots=True)
class Step:
    """One `limit` taken away or widened, as told ("without the price limit"); `n_matching` rows pass then."""

    limit: str
    told: str
    filters: Filters
    n_matching: int


def ladder(filters: Filters, catalog: Catalog) -> tuple[Step, ...]:
    """Every single step that finds something, the gentlest first; counts come from SQL."""
    steps = (Step(limit, told, wider, catalog.count(wider)) for limit, told, wider in _wider(filters))
    return tuple(step for step in steps if step.n_matching > 0)


def last_resort(filters: Filters, catalog: Catalog) -> Step | None:
    """With no single step that helps: the kind of item alone, or the narrow department it belongs to."""
    categories = filters.facets.get("category", ())
    people = {facet: filters.facets[facet] for facet in ("gender", "age_group") if facet in filters.facets}
    paths = [load_taxonomy().category_path(category) for category in categories]
    parents = tuple(dict.fromkeys(path[-2] for path in paths if len(path) > 1 and path[-2] not in _TOO_WIDE))
    told = ("with only the kind of item kept", f"from all of {listed(parents).lower()}")
    for words, kinds in zip(told, (categories, parents), strict=True):
        wider = Filters(facets={"category": kinds, **people}, exclude=filters.exclude)
        if kinds and (n_matching := catalog.count(wider)):
            return Step("category", words, wider, n_matching)
    return None


def with_family(filters: Filters) -> tuple[Filters, tuple[str, ...]]:
    """The filters with every colour that counts as one of theirs, and those colours; the same where none does."""
    colours = filters.facets.get("colour", ())
    added = tuple(colour for colour in _family(colours) if colour not in colours)
    return replace(filters, facets={**filters.facets, "colour": (*colours, *added)}) if added else filters, added


def _wider(filters: Filters) -> Iterator[tuple[str, str, Filters]]:
    family, added = with_family(filters)
    if added:
        yield "family", f"with {listed(added)} counted as {listed(filters.facets['colour'])}", family
    for limit in _ORDER:
        values = filters.facets.get(limit, ())
        if limit == "price":
            if filters.price_min_cents is not None or filters.price_max_cents is not None:
                yield limit, "without the price limit", _without_price(filters)
        elif values:
            told = f"without {'size ' if limit == 'size' else ''}{listed(values, 'or')}"
            yield limit, told, _without_facet(filters, limit)


def _family(colours: tuple[str, ...]) -> tuple[str, ...]:
    """All colours that a shopper's plain words may mean: navy for blue, but not blue for navy."""
    taxonomy = load_taxonomy()
    return tuple(
        c for colour in colours if taxonomy.family(colour) == colour for c in taxonomy.colours_of_family(colour)
    )


def _without_facet(filters: Filters, name: str) -> Filters:
    facets = {facet: values for facet, values in filters.facets.items() if facet != name}
    return replace(filters, facets=facets, in_stock=filters.in_stock and name != "size")


def _without_price(filters: Filters) -> Filters:
    return replace(filters, price_min_cents=None, price_max_cents=None, currency="")
