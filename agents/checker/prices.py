"""Prices: an amount is the row's, a limit that holds, or reckoned from rows; else it is written over or refused."""

import re
from dataclasses import dataclass
from decimal import Decimal

from agents.checker.amounts import Amount, amounts_in, numbers_in, read_number
from agents.checker.grounds import Card, Grounds, differences, sums
from agents.checker.sentences import Clause
from agents.checker.vocabulary import load_vocabulary
from tools.money import format_price

_BEFORE_CHARS = 24
_CENTURY = Decimal(10)
# "only 7 shoppers" is no price, "only 7!" is.
_BARE_PRICE = re.compile(
    r"(?:\b(?:costs?|priced at|price is|price of(?: \[\d+\] is)?|kostet|coûte|cuesta)"
    r"(?: only| just| nur| seulement| solo)?\s+(?P<sure>\d+(?:[.,]\d{1,2})?)"
    r"|\b(?:only|just|nur|seulement|solo)\s+(?P<likely>\d+(?:[.,]\d{1,2})?)"
    r"(?=\s*(?:$|[.!?,;)]|for \[|für \[)))(?![\w.,%]*\w)",
    re.IGNORECASE,
)
_CHINESE_MONEY = re.compile(r"[零一二两三四五六七八九十百千万]+\s?(?:元|块|欧元|美元|人民币)")


@dataclass(frozen=True, slots=True)
class Priced:
    """A clause with its wrong prices written over where that is safe; `problem` where it is not."""

    text: str
    problem: str = ""


def priced(clause: Clause, grounds: Grounds) -> Priced:
    """The clause with right prices."""
    vocabulary = load_vocabulary()
    spelled = re.search(
        rf"\b{vocabulary.number_words}[- ](?:euros?|dollars?|pounds?|bucks|cents?|dólares)\b", clause.text, re.I
    )
    if spelled or _CHINESE_MONEY.search(clause.text):
        return Priced(clause.text, "an amount in words")
    text, shift = clause.text, 0
    for amount in amounts_in(clause.text):
        if _holds(amount, clause, grounds):
            continue
        right = _right(amount, clause, grounds)
        if not right:
            return Priced(clause.text, f"price {amount.written!r} is in no row")
        text = text[: amount.start + shift] + right + text[amount.end + shift :]
        shift += len(right) - len(amount.written)
    return Priced(text, _bare(clause, grounds))


def _holds(amount: Amount, clause: Clause, grounds: Grounds) -> bool:
    value, cards = amount.value, grounds.about(clause.places)
    if value is None:
        return False
    if value in grounds.told or _is_price_of(amount, cards):
        return True
    vocabulary = load_vocabulary()
    if vocabulary.differs.search(clause.text) and value in differences(grounds.cards, grounds.named):
        return True
    if vocabulary.together.search(clause.text) and value in sums(grounds.cards):
        return True
    return value in grounds.named and _is_true_limit(amount, clause, cards)


def _is_price_of(amount: Amount, cards: tuple[Card, ...]) -> bool:
    return any(amount.value in card.amounts and amount.may_be(card.item.currency) for card in cards)


def _is_true_limit(amount: Amount, clause: Clause, cards: tuple[Card, ...]) -> bool:
    """Whether an amount that the shopper named stands as a limit, and as one that the cards keep."""
    vocabulary = load_vocabulary()
    before = clause.text[max(0, amount.start - _BEFORE_CHARS) : amount.start]
    sides = list(vocabulary.bounds.found(before))
    if vocabulary.is_hedged(clause.text):
        return True
    if not sides or amount.value is None:
        return False
    pays = [card.pays for card in cards if card.pays is not None]
    kept = [cost <= amount.value if sides[-1][1] == "at_most" else cost >= amount.value for cost in pays]
    return any(kept) if vocabulary.some.search(clause.text) else all(kept)


def _right(amount: Amount, clause: Clause, grounds: Grounds) -> str:
    """The price to write over a wrong one: of the one card that the clause names, right behind a word of price."""
    vocabulary, places = load_vocabulary(), set(clause.places)
    if len(places) != 1 or vocabulary.differs.search(clause.text) or vocabulary.is_hedged(clause.text):
        return ""
    if not vocabulary.prices.search(clause.text[: amount.start]):
        return ""
    (card,) = grounds.about(places)[:1] or (None,)
    if card is None or card.item.pays_cents is None:
        return ""
    return format_price(card.item.pays_cents, card.item.currency, grounds.locale)


def _bare(clause: Clause, grounds: Grounds) -> str:
    """A price without its currency, and a number that stands nowhere."""
    cards = grounds.about(clause.places)
    for match in _BARE_PRICE.finditer(clause.text):
        written = match["sure"] or match["likely"]
        value = read_number(written)
        if not any(value in card.amounts for card in cards) and value not in grounds.told:
            return f"price {written!r} is in no row"
    marked = [(amount.start, amount.end) for amount in amounts_in(clause.text)]
    rest = "".join(" " if any(a <= at < b for a, b in marked) else char for at, char in enumerate(clause.text))
    for written, value in numbers_in(re.sub(r"\[\d+\]", " ", rest)):
        is_telling = value is None or value >= _CENTURY or "." in written or "," in written
        known = value in grounds.numbers or value in grounds.named
        if is_telling and not known and not re.search(rf"(?<!\d){re.escape(written)}(?!\d)", grounds.facts):
            return f"number {written!r} is in no row"
    return ""
