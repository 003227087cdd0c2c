"""Amounts of money as replies write them, and the numbers of a text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

# What a sign or a word may mean. A dollar is many countries'.
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD"})
_YUAN = frozenset({"CNY", "JPY", "TWD"})
_CURRENCIES = {
    "€": {"EUR"}, "$": _DOLLARS, "£": {"GBP"}, "¥": _YUAN, "₹": {"INR"}, "euro": {"EUR"}, "dollar": _DOLLARS,
    "dólar": _DOLLARS, "buck": _DOLLARS, "pound": {"GBP"}, "quid": {"GBP"}, "rupee": {"INR"}, "yen": {"JPY"},
    "franc": {"CHF"}, "franken": {"CHF"}, "元": _YUAN, "块": _YUAN, "人民币": {"CNY"}, "欧元": {"EUR"},
    "美元": _DOLLARS, "rs": {"INR"},
}  # fmt: skip
_CODES = "EUR|USD|GBP|CHF|INR|JPY|SEK|NOK|DKK|PLN|CNY|CAD|AUD|BTC"
_SIGNS = rf"[€$£¥₹]|\b(?:{_CODES})\b|\brs\.?"
_WORDS = r"euros?|dollars?|dólares|pounds?|quid|bucks|rupees|yen|francs|franken|cents?|ct"
_NUMBER = r"\d{1,3}(?:[.,'’\s]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_MONEY = re.compile(
    rf"(?:{_SIGNS})\s?(?P<after>{_NUMBER})"
    rf"|(?P<before>{_NUMBER})\s?(?:(?:{_SIGNS}|{_WORDS})(?!\w)|欧元|人民币|美元|元|块)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
_ROW_PLACES = 2


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in major units, where it stands, and the currencies that its sign may mean; empty for any."""

    value: Decimal | None
    start: int
    end: int
    written: str
    currencies: frozenset[str] = frozenset()

    def may_be(self, currency: str) -> bool:
        """Whether it can be an amount of this currency."""
        return not self.currencies or not currency or currency in self.currencies


def amounts_in(text: str) -> Iterator[Amount]:
    """Every amount with a currency in `text`."""
    for match in _MONEY.finditer(text):
        digits = match["after"] or match["before"]
        mark = match.group().replace(digits, "").strip().lower()
        yield Amount(read_number(digits), match.start(), match.end(), match.group(), _currencies(mark))


def _currencies(mark: str) -> frozenset[str]:
    if re.fullmatch(_CODES, mark, re.IGNORECASE):
        return frozenset({mark.upper()})
    if mark.startswith(("cent", "ct")):
        return frozenset({"a hundredth of anything"})
    meant = [codes for word, codes in _CURRENCIES.items() if mark.startswith(word)]
    return frozenset(meant[-1]) if meant else frozenset()


def numbers_in(text: str) -> Iterator[tuple[str, Decimal | None]]:
    """Every number of digits in `text`, as written and as read."""
    for match in _PLAIN.finditer(unicodedata.normalize("NFKC", text)):
        yield match.group(), read_number(match.group())


def read_number(digits: str) -> Decimal | None:
    """A number as five languages write it; None where it is none."""
    digits = re.sub(r"[\s'’]", "", digits)
    decimals = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"[.,]", "", digits[: decimals.start()] if decimals else digits)
    try:
        return Decimal(f"{whole}.{decimals.group(1) if decimals else '0'}").normalize()
    except InvalidOperation:
        return None


def major(cents: int, currency: str) -> Decimal:
    """Minor units as an amount in major units."""
    precision = get_currency_precision(currency) if currency else _ROW_PLACES
    return Decimal(cents).scaleb(-precision).normalize()
