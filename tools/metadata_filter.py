"""Metadata filters as LangChain's Postgres stores take them, read as the catalogue's Filters.

What Filters cannot say is an error: a limit is never silently left out. A value is read as the catalogue spells it
("Tshirts" is T-shirt); one that no item has admits nothing.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from env.errors import FilterError
from tools.query import FACETS, Filters

_ALIASES = {"color": "colour", "id": "sku"}
_NEGATED = {"$eq": "$ne", "$in": "$nin", "$ne": "$eq", "$nin": "$in"}
_PRICES = ("price", "price_cents")
_KNOWN = (*FACETS, *_PRICES, "currency", "in_stock", "availability", "sku")


@dataclass(frozen=True, slots=True)
class _Condition:
    """One limit on one field; `values` holds one value but for $in, $nin and $between."""

    field: str
    operator: str
    values: tuple[Any, ...]

    def refused(self, instead: str) -> FilterError:
        return FilterError(f"the catalogue cannot limit {self.field!r} by {self.operator!r}; {instead}")


@dataclass(slots=True)
class _Limits:
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: dict[str, tuple[str, ...]] = field(default_factory=dict)
    least: list[tuple[str, Decimal, bool]] = field(default_factory=list)  # field, bound, whether it is admitted
    most: list[tuple[str, Decimal, bool]] = field(default_factory=list)
    currency: str = ""
    in_stock: bool = False
    exclude_skus: tuple[str, ...] = ()


def read_filter(told: Mapping[str, Any] | None, canonical: Callable[[str, str], str | None], currency: str) -> Filters:
    """The filters that a metadata filter means; None and {} mean none.

    `canonical` gives the catalogue's word for a facet's value, or None. `currency` is that of prices where the filter
    names none. As everywhere in the shop a category admits those below it, and female or male also unisex.

    Raises:
        FilterError: an unknown field or operator, a value of the wrong kind, or limits that Filters cannot say.
    """
    limits = _Limits()
    for condition in _conditions(told or {}):
        if condition.field in FACETS:
            _limit_facet(limits, condition, canonical)
        elif condition.field in _PRICES:
            _limit_price(limits, condition)
        else:
            _limit_other(limits, condition)
    if limits.currency and not (limits.least or limits.most):
        raise FilterError(f"'currency': {limits.currency!r} limits nothing by itself; name a price beside it")
    has_price = bool(limits.least or limits.most)
    currency = limits.currency or currency
    return Filters(
        facets=limits.facets,
        exclude=limits.exclude,
        price_min_cents=max((_least_cents(*one, currency) for one in limits.least), default=None),
        price_max_cents=min((_most_cents(*one, currency) for one in limits.most), default=None),
        currency=currency if has_price else "",
        in_stock=limits.in_stock,
        exclude_skus=limits.exclude_skus,
    )


def _conditions(told: Mapping[str, Any]) -> Iterator[_Condition]:
    """The limits of a filter, all of which hold."""
    if not isinstance(told, Mapping):
        raise FilterError(f"{told!r} is no metadata filter; write a dict such as {{'category': 'Dress'}}")
    for name, value in told.items():
        if name == "$and":
            for part in _listed(name, value):
                yield from _conditions(part)
        elif name == "$or":
            yield _any_of(_listed(name, value))
        elif name == "$not":
            yield _negated(list(_conditions(value)))
        else:
            yield from _on_field(name, value)


def _on_field(name: str, value: Any) -> Iterator[_Condition]:
    name = _ALIASES.get(name, name)
    if name not in _KNOWN:
        raise FilterError(f"no filter may name {name!r}; it may name {', '.join(_KNOWN)}, $and, $or and $not")
    operators = value if isinstance(value, Mapping) else {"$eq": value}
    for operator, operand in operators.items():
        is_many = operator in ("$in", "$nin", "$between")
        yield _Condition(name, operator, tuple(_listed(operator, operand)) if is_many else (operand,))


def _listed(operator: str, value: Any) -> list[Any]:
    if not isinstance(value, list | tuple) or not value:
        raise FilterError(f"{operator!r} wants a list that is not empty, not {value!r}")
    return list(value)


def _any_of(parts: list[Any]) -> _Condition:
    """One limit for several of which one must hold: they must admit values of the same field."""
    conditions = [list(_conditions(part)) for part in parts]
    first = conditions[0][0] if conditions[0] else None
    admitted = [one for part in conditions for one in part if one.operator in ("$eq", "$in")]
    is_one_field = first is not None and all(
        len(part) == 1 and part[0] in admitted and part[0].field == first.field for part in conditions
    )
    if first is None or not is_one_field or first.field not in FACETS:
        raise FilterError(f"'$or' may only join values of one facet here, not {parts!r}; ask once for each and merge")
    return _Condition(first.field, "$in", tuple(value for one in admitted for value in one.values))


def _negated(conditions: list[_Condition]) -> _Condition:
    if len(conditions) != 1 or conditions[0].operator not in _NEGATED:
        raise FilterError(
            "'$not' may only negate one '$eq', '$in', '$ne' or '$nin' here; write the limits the other way"
        )
    (one,) = conditions
    return _Condition(one.field, _NEGATED[one.operator], one.values)


def _limit_facet(limits: _Limits, one: _Condition, canonical: Callable[[str, str], str | None]) -> None:
    if one.operator not in _NEGATED:
        raise one.refused("use '$eq', '$in', '$ne' or '$nin'")
    for value in one.values:
        if not isinstance(value, str):
            raise FilterError(f"{one.field!r} is compared with words, not with {value!r}")
    values = tuple(canonical(one.field, value) or value for value in one.values)
    if one.operator in ("$ne", "$nin"):
        limits.exclude[one.field] = (*limits.exclude.get(one.field, ()), *values)
    elif one.field in limits.facets:
        raise FilterError(f"{one.field!r} is limited twice; name the values once, in one '$in'")
    else:
        limits.facets[one.field] = values


def _limit_price(limits: _Limits, one: _Condition) -> None:
    bounds = [_number(one.field, value) for value in one.values]
    if one.operator == "$between" and len(bounds) == 2:
        limits.least.append((one.field, bounds[0], True))
        limits.most.append((one.field, bounds[1], True))
    elif one.operator == "$eq":
        limits.least.append((one.field, bounds[0], True))
        limits.most.append((one.field, bounds[0], True))
    elif one.operator in ("$gt", "$gte"):
        limits.least.append((one.field, bounds[0], one.operator == "$gte"))
    elif one.operator in ("$lt", "$lte"):
        limits.most.append((one.field, bounds[0], one.operator == "$lte"))
    else:
        raise one.refused("use '$lt', '$lte', '$gt', '$gte', '$eq', or '$between' with two prices")


def _limit_other(limits: _Limits, one: _Condition) -> None:
    asked = (one.field, one.operator, *one.values)
    if one.field == "sku" and one.operator in ("$ne", "$nin"):
        limits.exclude_skus = (*limits.exclude_skus, *map(str, one.values))
    elif one.field == "sku":
        raise one.refused("use '$ne' or '$nin', or get_by_ids for known ones")
    elif asked in (("in_stock", "$eq", True), ("in_stock", "$ne", False), ("availability", "$ne", "out_of_stock")):
        limits.in_stock = True
    elif one.field == "currency" and one.operator == "$eq" and isinstance(one.values[0], str) and not limits.currency:
        limits.currency = one.values[0].upper()
    else:
        raise FilterError(
            f"the catalogue cannot limit {one.field!r} by {one.operator!r} {one.values!r}; it can by "
            "{'in_stock': True}, {'availability': {'$ne': 'out_of_stock'}}, and one 'currency' beside a price"
        )


def _number(name: str, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not math.isfinite(value):
        raise FilterError(f"{name!r} is compared with numbers, not with {value!r}")
    return Decimal(str(value))


def _scaled(name: str, bound: Decimal, currency: str) -> Decimal:
    return bound if name == "price_cents" else bound.scaleb(get_currency_precision(currency))


def _least_cents(name: str, bound: Decimal, is_admitted: bool, currency: str) -> int:
    cents = _scaled(name, bound, currency)
    return math.ceil(cents) if is_admitted else math.floor(cents) + 1


def _most_cents(name: str, bound: Decimal, is_admitted: bool, currency: str) -> int:
    cents = _scaled(name, bound, currency)
    return math.floor(cents) if is_admitted else math.ceil(cents) - 1
