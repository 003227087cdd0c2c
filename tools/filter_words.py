"""Filters written as words: `colour=navy blue`, `gender=women`, `price_max=30`, `brand!=Cove`, `in_stock=true`."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from env.errors import FilterError
from tools.money import minor_units
from tools.query import FACETS, Filters
from tools.vocabulary import Vocabulary

_OTHER_NAMES = {"color": "colour", "colours": "colour", "colors": "colour", "article_type": "category"}
_NAMES = (*FACETS, "price_min", "price_max", "currency", "in_stock", "sku")
_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_MOST_TOLD = 12


def parse_filters(words: Sequence[str], vocabulary: Vocabulary, currency: str) -> Filters:
    """Filters from `name=value` and `name!=value`; a facet named twice admits either value.

    Prices are in major units of `currency`, or of a `currency=` among the words.

    Raises:
        FilterError: a name or a value that is not known; the message lists those that are.
    """
    parts = [_split(word) for word in words]
    given = [value.upper() for name, is_not, value in parts if name == "currency" and not is_not]
    filters = Filters(currency=given[-1] if given else currency)
    for name, is_not, value in parts:
        if name in FACETS:
            filters = _with_facet(filters, name, _canonical(name, value, vocabulary), is_not)
        elif name == "sku" and is_not:
            filters = replace(filters, exclude_skus=(*filters.exclude_skus, value))
        elif is_not or name == "sku":
            raise FilterError(
                f"cannot filter by {name}{'!=' if is_not else '='}{value!r}; write sku!=SKU or {name}=VALUE"
            )
        else:
            filters = _with_limit(filters, name, value)
    return filters


def _split(word: str) -> tuple[str, bool, str]:
    """Name, whether it is an exclusion, and value."""
    found = re.fullmatch(r"\s*([\w-]+)\s*(!?=)\s*(.+?)\s*", word)
    if not found:
        raise FilterError(f"filter {word!r} is not of the form name=value or name!=value")
    name = found[1].casefold().replace("-", "_")
    name = _OTHER_NAMES.get(name, name)
    if name not in _NAMES:
        raise FilterError(f"unknown filter {found[1]!r}; known ones: {', '.join(_NAMES)}")
    return name, found[2] == "!=", found[3]


def _canonical(facet: str, value: str, vocabulary: Vocabulary) -> str:
    canonical = vocabulary.canonical(facet, value)
    if canonical is None:
        known = vocabulary.values(facet)
        told = ", ".join(known[:_MOST_TOLD]) + (
            f" and {len(known) - _MOST_TOLD} more" if len(known) > _MOST_TOLD else ""
        )
        raise FilterError(f"unknown {facet} {value!r}; known ones: {told or 'none in this catalogue'}")
    return canonical


def _with_facet(filters: Filters, facet: str, value: str, is_not: bool) -> Filters:
    limits = dict(filters.exclude if is_not else filters.facets)
    limits[facet] = (*limits.get(facet, ()), value)
    return replace(filters, exclude=limits) if is_not else replace(filters, facets=limits)


def _with_limit(filters: Filters, name: str, value: str) -> Filters:
    if name == "currency":
        return filters
    if name == "in_stock":
        if value.casefold() not in _YES_NO:
            raise FilterError(f"in_stock={value!r} is neither true nor false")
        return replace(filters, in_stock=_YES_NO[value.casefold()])
    try:
        cents = minor_units(Decimal(value), filters.currency)
    except InvalidOperation as error:
        raise FilterError(f"{name}={value!r} is not an amount; write it like 29.90") from error
    return replace(filters, price_min_cents=cents) if name == "price_min" else replace(filters, price_max_cents=cents)
