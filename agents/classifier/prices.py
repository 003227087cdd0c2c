"""Price limits in words: "under 30", "30-50 euros", "not more than 1.5k", "about 40"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from agents.classifier.language import Language
from tools.money import minor_units

_AMOUNT = r"\d{1,3}(?:[., ]\d{3})+(?:[.,]\d{2})?(?![\d])|\d+(?:[.,]\d{1,2})?(?![\d])"
# A number that goes on (an age, a length, "100 %", "2 of these") is no price.
_UNITS = r"years?|yrs?|y/o|months?|cm|mm|inch|inches|ml|st|nd|rd|th|pieces?|items?|pairs?|ones?|of"
_END = rf"(?![\w%]|[.,]\d|\s?%|-?\s?(?:{_UNITS})\b)"
# No price is higher than the catalogue can hold.
_HIGHEST_CENTS = 2_000_000_000
# "About 40" is a wish and no limit: 20 % to both sides.
_ABOUT = Decimal("0.2")
# "30 to 50" alone is a price range, "2 or 3 to 4" is not.
_LEAST_BARE_RANGE = 10


@dataclass(frozen=True, slots=True)
class Price:
    """One price limit of a message, in major units. `start` and `end` are character offsets of its words."""

    start: int
    end: int
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str = ""

    def min_cents(self, default_currency: str) -> int | None:
        """The lower limit in minor units of the said currency, or of `default_currency` where none was said."""
        return _minor(self.low, self.currency or default_currency)

    def max_cents(self, default_currency: str) -> int | None:
        """The upper limit in minor units of the said currency, or of `default_currency` where none was said."""
        return _minor(self.high, self.currency or default_currency)


def _minor(amount: Decimal | None, currency: str) -> int | None:
    if amount is None:
        return None
    return min(minor_units(amount, currency), _HIGHEST_CENTS)


def find_prices(text: str, language: Language) -> tuple[Price, ...]:
    """All price limits of a plain text, in order; spans never overlap."""
    found: list[Price] = []
    for price in _candidates(text, language):
        if all(price.end <= other.start or price.start >= other.end for other in found):
            found.append(price)
    return tuple(sorted(_about_to_range(found), key=lambda price: price.start))


def _about_to_range(found: list[Price]) -> Iterator[Price]:
    for price in found:
        if price.low is not None and price.low == price.high:
            spread = price.low * _ABOUT
            yield replace(price, low=price.low - spread, high=price.low + spread)
        else:
            yield price


def _candidates(text: str, language: Language) -> Iterator[Price]:
    """Matches of every form, the most telling form first."""
    forms = _forms(language)
    for name in ("between", "after_max", "after_min", "after_about", "about", "max", "min", "upto"):
        for match in forms[name].finditer(text):
            price = _read(name, match, language)
            if price is not None:
                yield price


def _read(name: str, match: re.Match[str], language: Language) -> Price | None:
    groups = match.groupdict()
    currency = next((language.currencies[word] for word in _currency_words(groups) if word), "")
    first = _amount(groups["a"], groups.get("thousand_a"), language)
    if first is None:
        return None
    span = Price(match.start(), match.end(), currency=currency)
    if name == "between":
        second = _amount(groups["b"], groups.get("thousand_b"), language)
        ends_in_thousands = groups.get("thousand_b")
        is_money = currency or groups["op"] or ends_in_thousands or min(first, second or first) >= _LEAST_BARE_RANGE
        if second is None or not is_money:
            return None
        if ends_in_thousands and first * 1000 <= second:
            first *= 1000  # "1-1.5k"
        return replace(span, low=min(first, second), high=max(first, second))
    if name in ("about", "after_about"):
        return replace(span, low=first, high=first)
    if name in ("max", "after_max"):
        return replace(span, high=first)
    if name in ("min", "after_min"):
        return replace(span, low=first)
    return replace(span, high=first) if currency else None


def _currency_words(groups: dict[str, str | None]) -> tuple[str, ...]:
    names = ("before_a", "after_a", "before_b", "after_b")
    return tuple((groups.get(name) or "").strip() for name in names)


def _amount(digits: str | None, thousand: str | None, language: Language) -> Decimal | None:
    """The number written: "1,500", "1.500", "1.5k", "29,90", "thirty", "forty-five", "a hundred"."""
    if not digits:
        return None
    if digits[0].isdigit():
        if thousands := re.fullmatch(r"(\d{1,3}(?:[., ]\d{3})+)([.,]\d{2})?", digits):
            digits = re.sub(r"[., ]", "", thousands.group(1)) + (thousands.group(2) or "")
        amount = Decimal(digits.replace(",", "."))
    else:
        value = number_from_words(digits, language)
        if value is None:
            return None
        amount = Decimal(value)
    return amount * 1000 if thousand else amount


def number_from_words(words: str, language: Language) -> int | None:
    """The value of a number in words up to thousands, or None where a word is no number."""
    total = current = 0
    for word in re.split(r"[\s-]+", words.strip()):
        if word in ("and", "a"):
            current = current or (1 if word == "a" else 0)
            continue
        value = language.numbers.get(word)
        if value is None:
            return None
        if value in (100, 1000):
            current = max(current, 1) * value
            total, current = (total + current, 0) if value == 1000 else (total, current)
        else:
            current += value
    return total + current


@cache
def _forms(language: Language) -> dict[str, re.Pattern[str]]:
    """The pattern of each way to say a price limit."""
    one, two = _money(language, "a"), _money(language, "b")
    to = "|".join(re.escape(word) for word in language.prices["to"])
    forms = {"between": rf"{_operator(language, 'between')}(?<![\w.,]){one}\s?(?:{to})\s?{two}{_END}"}
    for name in ("about", "max", "min", "upto"):
        forms[name] = rf"{_operator(language, name)}(?<![\w.,]){one}{_END}"
    for name in ("after_max", "after_min", "after_about"):
        forms[name] = rf"(?<![\w.,]){one}\s?(?P<op>{'|'.join(language.prices[name])})(?!\w)"
    return {name: re.compile(form) for name, form in forms.items()}


def _money(language: Language, name: str) -> str:
    """An amount with its currency before or after it and a "k"; the groups carry `name`."""
    words = "|".join(sorted((word for word in language.numbers if word not in ("zero", "one")), key=len, reverse=True))
    joint = "|".join(["[ -]", *(rf"(?<={word}) and " for word, value in language.numbers.items() if value >= 100)])
    amount = rf"(?:{_AMOUNT}|(?:a )?(?:{words})(?:(?:{joint})(?:{words}))*)"
    currency = "|".join(sorted((re.escape(word) for word in language.currencies), key=len, reverse=True))
    before = rf"(?P<before_{name}>{currency})?\s?"
    after = rf"(?:\s?(?P<after_{name}>{currency})(?!\w))?"
    return rf"{before}(?P<{name}>{amount})\s?(?P<thousand_{name}>k\b)?{after}"


def _operator(language: Language, name: str) -> str:
    words = sorted((word for word in language.prices[name] if word), key=len, reverse=True)
    # "Not under 30" is no limit below.
    return rf"(?:(?<!\w)(?<!\bnot )(?<!\bno )(?P<op>{'|'.join(words)})\s?){'?' if '' in language.prices[name] else ''}"
