"""Filters as parameters of the statements in tools/store_sql.py."""

from collections.abc import Mapping, Sequence

from env.errors import FilterError
from tools.query import FACETS, Filters

Parameters = dict[str, object]


def filter_parameters(filters: Filters, only_skus: Sequence[str] | None = None) -> Parameters:
    """Every limit by its parameter, None or False where it is not asked. A facet without values is no limit.

    Raises:
        FilterError: a facet that no filter may name.
    """
    allowed = _by_facet(filters.facets)
    excluded = _by_facet(filters.exclude)
    gender = allowed["gender"]
    if gender and set(gender) & {"female", "male"}:
        allowed["gender"] = [*gender, "unisex"]
    has_price_limit = filters.price_min_cents is not None or filters.price_max_cents is not None
    if filters.only_skus is not None:
        admitted = set(filters.only_skus if only_skus is None else only_skus)
        only_skus = [sku for sku in filters.only_skus if sku in admitted]
    parameters: Parameters = dict(allowed)
    parameters |= {f"not_{facet}": values for facet, values in excluded.items()}
    parameters |= {
        "price_min_cents": filters.price_min_cents,
        "price_max_cents": filters.price_max_cents,
        "price_currency": filters.currency or None if has_price_limit else None,
        "in_stock": filters.in_stock,
        "size_in_stock": allowed["size"] if filters.in_stock else None,
        "exclude_skus": list(filters.exclude_skus) or None,
        "only_skus": None if only_skus is None else list(only_skus),
    }
    return parameters


def _by_facet(values: Mapping[str, tuple[str, ...]]) -> dict[str, list[str] | None]:
    unknown = sorted(set(values) - set(FACETS))
    if unknown:
        raise FilterError(f"no item has a facet {unknown[0]!r}; the facets are {', '.join(FACETS)}")
    return {facet: list(values.get(facet, ())) or None for facet in FACETS}
