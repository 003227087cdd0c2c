"""Prices as feeds write them, read exactly: never through floating point, never by guessing a currency.

"1.299,00 EUR", "$19.99", "1'299.-" and "1 299,00 zł" are prices; "from 20" and "10 - 20" are not.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_precision

from ingest.row import RowError

MAX_CENTS = 2**31 - 1  # the column is a 32-bit integer
_UNKNOWN = frozenset({"", "-", "--", "n/a", "na", "nan", "null", "none", "unknown"})
# A symbol that several countries use stands for the default currency where that is one of them, else for the first.
# Where no first is safe to assume ("kr"), the list starts with "".
_SYMBOLS = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "TWD"),
    "US$": ("USD",), "C$": ("CAD",), "CA$": ("CAD",), "A$": ("AUD",), "AU$": ("AUD",), "NZ$": ("NZD",),
    "HK$": ("HKD",), "S$": ("SGD",), "R$": ("BRL",), "€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY"),
    "₹": ("INR",), "RS": ("INR",), "RS.": ("INR",), "ZŁ": ("PLN",), "KČ": ("CZK",), "FT": ("HUF",),
    "₺": ("TRY",), "₽": ("RUB",), "₩": ("KRW",), "₪": ("ILS",), "₫": ("VND",), "฿": ("THB",), "₴": ("UAH",),
    "₱": ("PHP",), "₦": ("NGN",), "FR.": ("CHF",), "SFR.": ("CHF",), "LEI": ("RON",),
    "KR": ("", "SEK", "NOK", "DKK", "ISK"),
    "KR.": ("", "DKK", "SEK", "NOK", "ISK"),
}  # fmt: skip
_PRICE = re.compile(
    r"(?P<before>[^\d.,+-]*\.?)\s*(?P<sign>[+-]?)\s*(?P<number>\d[\d.,' ]*)(?P<dash>-*)\s*(?P<after>[^\d,+-]*)"
)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the minor unit of `currency` (ISO 4217): cents, or whole yen, or thousandths of a dinar."""

    cents: int
    currency: str


def parse_price(text: str, currency: str, default_currency: str, dot_is_decimal: bool = False) -> Money | None:
    """Read one price; None where the text says that it is unknown.

    The currency in the text wins over `currency` (the feed's own column, "" where absent) unless the two differ,
    then comes `default_currency`. A single comma or point before exactly three digits groups thousands, unless
    the currency has three decimals or `dot_is_decimal` holds for the point.

    Raises:
        RowError: bad_price (not a number, negative, too large, finer than the minor unit) or bad_currency.
    """
    plain = (
        unicodedata.normalize("NFKC", text)
        .replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        .replace("\N{MINUS SIGN}", "-")
    )
    plain = " ".join(plain.split())
    if plain.lower() in _UNKNOWN:
        return None
    match = _PRICE.fullmatch(plain)
    if match is None or (match["before"].strip() and match["after"].strip()):
        raise RowError("bad_price", f"{text[:80]!r} is not one price")
    told = match["before"].strip() or match["after"].strip()
    code = _currency(told, currency, default_currency)
    if match["sign"] == "-":
        raise RowError("bad_price", f"{text[:80]!r} is negative")
    amount = _amount(match["number"], get_currency_precision(code), dot_is_decimal)
    if amount is None:
        raise RowError("bad_price", f"{text[:80]!r} is not an amount of {code}")
    cents = amount.scaleb(get_currency_precision(code))
    if cents != cents.to_integral_value() or cents > MAX_CENTS:
        raise RowError(
            "bad_price", f"{text[:80]!r} is too large for the catalogue, or finer than the minor unit of {code}"
        )
    return Money(int(cents), code)


def money_text(cents: str, currency: str) -> str:
    """Write an amount in minor units as a decimal number; text that is no whole number stays as it is."""
    if not re.fullmatch(r"-?\d{1,18}", cents.strip(), re.ASCII) or currency.upper() not in _currencies():
        return cents
    return f"{Decimal(cents.strip()).scaleb(-get_currency_precision(currency.upper())):f}"


def _currency(told: str, column: str, default: str) -> str:
    own = _code(told, default) if told else ""
    other = _code(column, default) if column.strip() else ""
    if own and other and own != other:
        raise RowError("bad_currency", f"the price is in {own!r}, the currency column says {other!r}")
    return own or other or default


def _code(word: str, default: str) -> str:
    key = word.strip().upper()
    if key in _currencies():
        return key
    choices = _SYMBOLS.get(key, ())
    code = default if default in choices else next(iter(choices), "")
    if not code:
        raise RowError("bad_currency", f"{word[:40]!r} is not a currency in use (ISO 4217), or is one of several")
    return code


@cache
def _currencies() -> frozenset[str]:
    """The codes that are legal tender somewhere today."""
    return frozenset(
        code
        for territory in get_global("territory_currencies").values()
        for code, _, end, is_tender in territory
        if end is None and is_tender
    )


def _amount(number: str, n_decimals: int, dot_is_decimal: bool) -> Decimal | None:
    """Read digits with grouping and decimal marks; None where the marks make no sense."""
    number = number.rstrip()
    if number.endswith((".", ",")):  # "20.-" and "20."
        number = number[:-1]
    marks = [char for char in number if not char.isdigit()]
    decimal_mark = _decimal_mark(number, marks, n_decimals, dot_is_decimal)
    whole, _, fraction = number.rpartition(decimal_mark) if decimal_mark else (number, "", "")
    if any(not char.isdigit() for char in fraction) or not _is_grouped(whole):
        return None
    digits = "".join(char for char in whole if char.isdigit())
    return Decimal(f"{digits}.{fraction or 0}")


def _decimal_mark(number: str, marks: list[str], n_decimals: int, dot_is_decimal: bool) -> str:
    if not marks or marks[-1] not in ".,":
        return ""
    last = marks[-1]
    if marks.count(last) > 1:
        return ""
    if len(set(marks)) > 1:
        return last
    n_after = len(number) - number.index(last) - 1
    is_thousands = n_after == 3 and n_decimals != 3 and not number.startswith("0") and number.index(last) <= 3
    return "" if is_thousands and not (dot_is_decimal and last == ".") else last


def _is_grouped(whole: str) -> bool:
    """Say whether the digits before the decimal mark are plain or in groups by one mark (Indian lakhs included)."""
    return re.fullmatch(r"\d+|\d{1,3}(?:([.,' ])\d{3}(?:\1\d{3})*)|\d{1,2}(?:,\d{2})+,\d{3}", whole) is not None
