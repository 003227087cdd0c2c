"""A model's reply held against the evidence: a sentence that says what no row says does not reach the shopper."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

from agents.bodies import remarks_on_body
from agents.events import Evidence

_HANDLE = re.compile(r"\[(\d{1,3})\]")
_LINK_OR_MARKUP = re.compile(
    r"https?://|www\.|\]\(|!\[|<[a-zA-Z/!][^>]*>|```|\b[\w.+-]+@[\w-]+\.\w{2,}\b", re.IGNORECASE
)
# Things only the shop's own software may confirm, never a reply.
_CLAIMED_ACTION = re.compile(
    r"\b(?:i|we)(?:'ve| have|'ll| will)? (?:just )?(?:added?|saved?|ordered?|reserved?|booked|bought|placed|removed?)\b"
    r"|\b(?:has|have) been (?:added|saved|ordered|reserved|placed)\b",
    re.IGNORECASE,
)
_SYMBOLS = r"[€$£¥₹]|EUR|USD|GBP|CHF|INR|JPY|SEK|PLN"
_WORDS = rf"{_SYMBOLS}|euros?|dollars?|pounds?|bucks|rupees|yen|francs"
_NUMBER = r"\d{1,3}(?:[.,\s]\d{3})*(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_MONEY = re.compile(rf"(?:{_SYMBOLS})\s?(?P<after>{_NUMBER})|(?P<before>{_NUMBER})\s?(?:{_WORDS})(?!\w)", re.IGNORECASE)
# A sentence ends where a mark is followed by space: "3.5" and "shop.example" go on.
_SENTENCE = re.compile(r".+?(?:[.!?]+(?=\s)\s*|\n+|\Z)", re.DOTALL)
_SHORTEST_REPLY = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left of a reply, "" if nothing is worth keeping, and why sentences were taken out."""

    text: str
    problems: tuple[str, ...] = ()


def check(reply: str, evidence: Evidence) -> Checked:
    """The reply without the sentences that the evidence does not bear out."""
    amounts = frozenset(_known_amounts(evidence))
    kept, problems = [], []
    for sentence in _sentences(reply):
        problem = _problem(sentence, len(evidence.hits), amounts)
        if problem:
            problems.append(problem)
        else:
            kept.append(sentence)
    text = re.sub(r"\n{3,}", "\n\n", "".join(kept)).strip()
    return Checked(text if len(text) >= _SHORTEST_REPLY else "", tuple(problems))


def _sentences(reply: str) -> Iterator[str]:
    return (match.group() for match in _SENTENCE.finditer(reply) if match.group())


def _problem(sentence: str, n_hits: int, amounts: frozenset[Decimal]) -> str:
    foreign = [handle for handle in _HANDLE.findall(sentence) if not 0 < int(handle) <= n_hits]
    if foreign:
        return f"card [{foreign[0]}] is not shown"
    if _LINK_OR_MARKUP.search(sentence):
        return "a link or markup"
    if remarks_on_body(sentence):
        return "a remark on a body"
    if _CLAIMED_ACTION.search(sentence):
        return "a claimed action"
    wrong = [match.group() for match in _MONEY.finditer(sentence) if _amount(match) not in amounts]
    return f"price {wrong[0]!r} is in no row" if wrong else ""


def _amount(match: re.Match[str]) -> Decimal | None:
    return _read_amount(match["after"] or match["before"])


def _read_amount(digits: str) -> Decimal | None:
    digits = re.sub(r"\s", "", digits)
    decimals = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"[.,]", "", digits[: decimals.start()] if decimals else digits)
    try:
        return Decimal(f"{whole}.{decimals.group(1) if decimals else '0'}").normalize()
    except InvalidOperation:
        return None


def _known_amounts(evidence: Evidence) -> Iterator[Decimal]:
    """Every amount of the rows and limits in major units, and those in the facts."""
    items = [item for hit in evidence.hits for item in (hit.item, *hit.variants)]
    known = [(cents, item.currency) for item in items for cents in (item.price_cents, item.sale_price_cents)]
    for part in evidence.parts:
        currency = part.filters.currency or part.slots.currency
        known += [(part.slots.price_min_cents, currency), (part.slots.price_max_cents, currency)]
    for cents, currency in known:
        if cents is not None:
            yield Decimal(cents).scaleb(-get_currency_precision(currency or "EUR")).normalize()
    for text in (*evidence.facts, *(note for part in evidence.parts for note in part.relaxed)):
        for match in _MONEY.finditer(text):
            amount = _amount(match)
            if amount is not None:
                yield amount
