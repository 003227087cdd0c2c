"""Prices in feeds: read exactly, or refused by name."""

import contextlib
from decimal import Decimal

import pytest
from babel.numbers import format_currency, get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from ingest.prices import MAX_CENTS, Money, money_text, parse_price
from ingest.row import RowError


@pytest.mark.parametrize(
    ("text", "cents", "currency"),
    [
        ("19.99 EUR", 1999, "EUR"),
        ("EUR 19.99", 1999, "EUR"),
        ("19,99", 1999, "EUR"),
        ("$19.99", 1999, "USD"),
        ("US$ 5", 500, "USD"),
        ("1.299,00 EUR", 129900, "EUR"),
        ("€ 1.299,00", 129900, "EUR"),
        ("1,299.00", 129900, "EUR"),
        ("1 299,00 zł", 129900, "PLN"),
        ("1\u202f299,00\u00a0€", 129900, "EUR"),
        ("1'299.- CHF", 129900, "CHF"),
        ("1,299", 129900, "EUR"),
        ("0.500", 50, "EUR"),
        ("12,34,567.50 INR", 123456750, "INR"),
        ("Rs. 499", 49900, "INR"),
        ("1500 JPY", 1500, "JPY"),
        ("1.234 KWD", 1234, "KWD"),
        ("19.99 eur", 1999, "EUR"),
        ("５０", 5000, "EUR"),
    ],
)
def test_a_price_is_read_to_the_minor_unit(text: str, cents: int, currency: str) -> None:
    assert parse_price(text, "", "EUR") == Money(cents, currency)


@pytest.mark.parametrize("text", ["", "  ", "N/A", "nan", "null", "-"])
def test_an_unknown_price_is_none_and_not_zero(text: str) -> None:
    assert parse_price(text, "EUR", "EUR") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-5.00", "bad_price"),
        ("EUR -5", "bad_price"),
        ("10 - 20", "bad_price"),
        ("1e3", "bad_price"),
        ("=1+1", "bad_price"),
        ("free", "bad_price"),
        ("1,2,3", "bad_price"),
        ("15.5 JPY", "bad_price"),
        ("99999999999", "bad_price"),
        ("5 XXX", "bad_currency"),
        ("5 DEM", "bad_currency"),
        ("5 kr", "bad_currency"),
        ("from 20", "bad_currency"),
    ],
)
def test_what_is_no_price_is_refused(text: str, reason: str) -> None:
    with pytest.raises(RowError) as error:
        parse_price(text, "", "EUR")
    assert error.value.reason == reason
    assert text in error.value.detail or text.split()[-1] in error.value.detail or text.split()[0] in error.value.detail


def test_a_point_before_three_digits_groups_only_where_the_format_leaves_it_open() -> None:
    assert parse_price("1.299", "EUR", "EUR") == Money(129900, "EUR")
    assert parse_price("19.990", "EUR", "EUR", dot_is_decimal=True) == Money(1999, "EUR")


def test_a_shared_symbol_means_the_default_currency_where_that_uses_it() -> None:
    assert parse_price("$5", "", "CAD") == Money(500, "CAD")
    assert parse_price("5 kr", "", "SEK") == Money(500, "SEK")


def test_a_price_that_contradicts_the_currency_column_is_refused() -> None:
    assert parse_price("5", "GBP", "EUR") == Money(500, "GBP")
    with pytest.raises(RowError, match="the price is in 'EUR', the currency column says 'GBP'"):
        parse_price("5 EUR", "GBP", "EUR")


@given(
    cents=st.integers(1, MAX_CENTS),
    currency=st.sampled_from(["EUR", "USD", "JPY", "KWD", "CHF", "INR", "PLN"]),
    locale=st.sampled_from(["en", "de", "fr", "de_CH", "pl", "en_IN"]),
)
def test_what_any_locale_writes_is_read_back(cents: int, currency: str, locale: str) -> None:
    amount = Decimal(cents).scaleb(-get_currency_precision(currency))
    written = format_currency(amount, currency, "#,##0.00 ¤¤", locale=locale)
    assert parse_price(written, "", "EUR") == Money(cents, currency)


@given(cents=st.integers(0, MAX_CENTS), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_minor_units_survive_being_written_as_a_decimal(cents: int, currency: str) -> None:
    assert parse_price(money_text(str(cents), currency), currency, "EUR", dot_is_decimal=True) == Money(cents, currency)


@given(st.text(max_size=40))
def test_no_text_breaks_the_parser(text: str) -> None:
    with contextlib.suppress(RowError):
        money = parse_price(text, "", "EUR")
        assert money is None or 0 <= money.cents <= MAX_CENTS
