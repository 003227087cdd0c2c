"""Tokens in a reply, as in [2:price], filled from the card's row."""

import re
from collections.abc import Callable, Mapping

from agents.checker.grounds import Card, Grounds
from agents.checker.markup import folded, problem_of
from agents.checker.vocabulary import load_vocabulary
from agents.wording import say
from tools.item import Item
from tools.money import format_price

_TOKEN = re.compile(r"\[(\d{1,3})\s?:\s?([a-z]{1,20})\]")
# Stands for a filled value while the words around it are checked; a reply cannot write it.
_STAND_IN = "\ue000"


def stand_ins(sentence: str, grounds: Grounds) -> tuple[str, tuple[str, ...], str]:
    """The sentence with its tokens as handles and stand-ins, what they stand for, and a problem or ""."""
    values: list[str] = []
    problems: list[str] = []

    def stand_in(match: re.Match[str]) -> str:
        place, field = int(match[1]), match[2]
        value = _value(place, field, grounds)
        if not value:
            problems.append(f"[{place}:{field}] is in no row")
        has_handle = re.search(rf"\[{place}\]", sentence) is not None
        values.append(f"{value} [{place}]" if field == "title" and not has_handle else value)
        return f"[{place}]{_STAND_IN}"

    text = _TOKEN.sub(stand_in, sentence)
    return text, tuple(values), problems[0] if problems else ""


def filled(text: str, values: tuple[str, ...]) -> str:
    """The text with each stand-in replaced by its value."""
    for value in values:
        text = re.sub(rf"\[\d+\]{_STAND_IN}", lambda _, value=value: value, text, count=1)  # type: ignore[misc]
    return text


def _value(place: int, field: str, grounds: Grounds) -> str:
    if not 0 < place <= len(grounds.cards) or field not in _FIELDS:
        return ""
    value = _FIELDS[field](grounds.cards[place - 1], grounds.locale)
    # A title that speaks to models or holds a link is left to the card.
    is_clean = not problem_of(folded(value)) and not load_vocabulary().instructs(value)
    return value.replace("[", "(").replace("]", ")") if is_clean else ""


def _price(item: Item, locale: str) -> str:
    return "" if item.pays_cents is None else format_price(item.pays_cents, item.currency, locale)


def _regular(item: Item, locale: str) -> str:
    if item.sale_price_cents is None or item.price_cents is None:
        return ""
    return format_price(item.price_cents, item.currency, locale)


def _stock(item: Item, _: str) -> str:
    there = any(stock != 0 for stock in item.sizes.values()) if item.sizes else item.availability == "in_stock"
    is_known = item.sizes or item.availability in ("in_stock", "out_of_stock")
    return say("filled.in_stock" if there else "filled.out_of_stock") if is_known else ""


def _of(read: Callable[[Item, str], str]) -> Callable[[Card, str], str]:
    return lambda card, locale: read(card.item, locale)


_FIELDS: Mapping[str, Callable[[Card, str], str]] = {
    "title": _of(lambda item, _: item.title),
    "brand": _of(lambda item, _: item.brand),
    "price": _of(_price),
    "was": _of(_regular),
    "sizes": _of(lambda item, _: ", ".join(size for size, stock in item.sizes.items() if stock != 0)),
    "stock": _of(_stock),
    "colour": _of(lambda item, _: item.colour),
    "material": _of(lambda item, _: item.material),
    "rating": _of(lambda item, _: "" if item.rating is None else f"{item.rating:.1f}"),
}
