"""When nothing passes all limits: what is nearest, found by taking one limit away at a time, with true counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tools.catalog import Catalog
from tools.money import format_price
from tools.query import Filters
from tools.taxonomy import load_taxonomy

# From the limit a shopper gives up most easily to the one they least like to; category, gender, age and exclusions stay.
_ORDER = ("usage", "season", "pattern", "material", "price", "brand", "size", "colour")


@dataclass(frozen=True, slots=True)
class Step:
    """One limit taken away or widened: what to call it, the filters then, and how many rows pass them."""

    told: str
    filters: Filters
    n_matching: int


def ladder(filters: Filters, catalog: Catalog, locale: str) -> tuple[Step, ...]:
    """Every single step that finds something, the gentlest first; counts come from SQL."""
    steps = (Step(told, wider, catalog.count(wider)) for told, wider in _wider(filters, locale))
    return tuple(step for step in steps if step.n_matching > 0)


def last_resort(filters: Filters, catalog: Catalog) -> Step | None:
    """With no single step that helps: the kind of item alone, or the department it belongs to."""
    categories = filters.facets.get("category", ())
    people = {facet: filters.facets[facet] for facet in ("gender", "age_group") if facet in filters.facets}
    parents = tuple(dict.fromkeys(path[-2] for path in map(load_taxonomy().category_path, categories) if len(path) > 1))
    for told, kinds in (("with only the kind of item kept", categories), (f"among {_list(parents)}", parents)):
        wider = Filters(facets={"category": kinds, **people}, exclude=filters.exclude)
        if kinds and (n_matching := catalog.count(wider)):
            return Step(told, wider, n_matching)
    return None


def _wider(filters: Filters, locale: str) -> Iterator[tuple[str, Filters]]:
    colours = filters.facets.get("colour", ())
    family = _family(colours)
    if set(family) - set(colours):
        told = f"counting {_list(tuple(c for c in family if c not in colours))} as {_list(colours)}"
        yield told, replace(filters, facets={**filters.facets, "colour": family})
    for name in _ORDER:
        if name == "price":
            if filters.price_min_cents is not None or filters.price_max_cents is not None:
                yield f"without the price limit ({price_words(filters, locale)})", without_price(filters)
        elif filters.facets.get(name):
            told = f"without {_list(filters.facets[name])}" if name != "size" else f"without size {_list(filters.facets[name])}"
            yield told, _without_facet(filters, name)


def _family(colours: tuple[str, ...]) -> tuple[str, ...]:
    """All colours that a shopper's plain words may mean: navy for blue, but not blue for navy."""
    taxonomy = load_taxonomy()
    wider = [c for colour in colours if taxonomy.family(colour) == colour for c in taxonomy.colours_of_family(colour)]
    return tuple(dict.fromkeys((*colours, *wider)))


def _without_facet(filters: Filters, name: str) -> Filters:
    facets: Mapping[str, tuple[str, ...]] = {facet: v for facet, v in filters.facets.items() if facet != name}
    return replace(filters, facets=facets, in_stock=filters.in_stock and name != "size")


def without_price(filters: Filters) -> Filters:
    """The same filters with any price."""
    return replace(filters, price_min_cents=None, price_max_cents=None, currency="")


def price_words(filters: Filters, locale: str) -> str:
    """The price limits as a shopper would say them, e.g. "under €30.00"; "" without any."""
    low = None if filters.price_min_cents is None else format_price(filters.price_min_cents, filters.currency, locale)
    high = None if filters.price_max_cents is None else format_price(filters.price_max_cents, filters.currency, locale)
    if low and high:
        return f"{low} to {high}"
    return f"under {high}" if high else f"from {low}" if low else ""


def _list(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} and {values[-1]}" if values else ""
