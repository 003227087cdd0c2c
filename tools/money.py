"""Money: integers in minor units, written the way a locale writes them."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency, get_currency_precision


def minor_units(amount: Decimal, currency: str) -> int:
    """An amount in major units as minor units of the currency (yen have none, dinars a thousand)."""
    scaled = amount.scaleb(get_currency_precision(currency))
    return int(scaled.to_integral_value(ROUND_HALF_UP))


def major_units(cents: int, currency: str) -> Decimal:
    """Minor units as an amount in major units of the currency."""
    return Decimal(cents).scaleb(-get_currency_precision(currency))


def format_price(cents: int, currency: str, locale: str) -> str:
    """A price for people, e.g. "€24.90"."""
    return format_currency(major_units(cents, currency), currency, locale=locale)
