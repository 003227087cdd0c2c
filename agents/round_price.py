"""The nearest round amount beyond a price limit at which there is something."""

from dataclasses import replace

from babel.numbers import get_currency_precision

from tools.catalog import Catalog
from tools.query import Filters, Query, Sort

# Amounts below the first are rounded to the second, in major units: €24.90 to 25, €172 to 180.
_STEPS = ((10, 1), (100, 5), (500, 10), (1_000, 50))


def price_above(filters: Filters, catalog: Catalog) -> int | None:
    """The upper limit, in minor units, that the cheapest item beyond the present one needs; None without either."""
    limit = filters.price_max_cents
    if limit is None:
        return None
    beyond = replace(filters, price_min_cents=limit + 1, price_max_cents=None)
    cents = _first(beyond, "price_asc", catalog)
    return None if cents is None else -(-cents // _step(cents, filters.currency)) * _step(cents, filters.currency)


def price_below(filters: Filters, catalog: Catalog) -> int | None:
    """The lower limit, in minor units, that the dearest item below the present one needs; None without either.

    A limit of nothing at all is none.
    """
    limit = filters.price_min_cents
    if not limit:
        return None
    below = replace(filters, price_min_cents=None, price_max_cents=limit - 1)
    cents = _first(below, "price_desc", catalog)
    return None if cents is None else cents // _step(cents, filters.currency) * _step(cents, filters.currency) or None


def _first(filters: Filters, sort: Sort, catalog: Catalog) -> int | None:
    hits = catalog.search(Query(filters=filters, top_k=1, sort=sort)).hits
    return hits[0].item.pays_cents if hits else None


def _step(cents: int, currency: str) -> int:
    """What an amount is rounded to, in minor units."""
    unit: int = 10 ** get_currency_precision(currency)
    for below, step in _STEPS:
        if cents < below * unit:
            return step * unit
    digits = len(str(cents // unit))
    return int(10 ** (digits - 2)) * unit
