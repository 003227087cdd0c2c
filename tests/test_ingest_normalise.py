"""From raw rows to items: the taxonomy's words, plain text, and notes on what was dropped."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cleaning import clean_line, clean_text
from ingest.normalise import MAX_DESCRIPTION_CHARS, MAX_TITLE_CHARS, Normaliser
from ingest.row import Place, RawRow, RowError
from tools.item import Item
from tools.taxonomy import load_taxonomy


def item(**told: Any) -> Item:
    return both(**told)[0]


def both(**told: Any) -> tuple[Item, list[str]]:
    """An item, and the reasons of the notes on its row."""
    row = RawRow(Place(7), **({"sku": "1", "title": "Tee"} | told))
    made, notes = Normaliser(load_taxonomy(), "EUR").item(row)
    assert all(note.place == Place(7) for note in notes)
    return made, [note.reason for note in notes]


def test_facets_take_the_taxonomys_words_and_keep_what_it_does_not_know() -> None:
    made = item(colour="Navy Blue", season="Fall", pattern="Polka dots", material="Seaweed", usage="Office")
    assert (made.colour, made.season, made.pattern, made.usage) == ("navy", "autumn", "dotted", "formal")
    assert made.material == "seaweed"


@pytest.mark.parametrize(
    ("gender", "age_group", "expected"),
    [
        ("Women", "", ("female", "adult")),
        ("Boys", "", ("male", "kids")),
        ("Girls", "", ("female", "kids")),
        ("unisex", "toddler", ("unisex", "toddler")),
        ("", "", ("", "")),
    ],
)
def test_gender_and_age_are_told_apart(gender: str, age_group: str, expected: tuple[str, str]) -> None:
    made = item(gender=gender, age_group=age_group)
    assert (made.gender, made.age_group) == expected


def test_values_that_the_catalogue_cannot_hold_are_dropped_and_told() -> None:
    made, notes = both(gender="robots", availability="maybe", rating="7", n_ratings="-3", link="javascript:alert(1)")
    assert (made.gender, made.availability, made.rating, made.n_ratings, made.link) == ("", "", None, None, "")
    assert sorted(notes) == ["bad_link", "bad_n_ratings", "bad_rating", "unknown_availability", "unknown_gender"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"categories": ("Tshirts", "Topwear")}, ("T-shirt", load_taxonomy().category_path("T-shirt"))),
        ({"categories": ("Maxi Dresses", "Dresses")}, ("Dress", load_taxonomy().category_path("Dress"))),
        ({"categories": ("Umbrella stands", "Shoes")}, ("Umbrella stands", ("Shoes", "Umbrella stands"))),
        ({"categories": ("Footwear",)}, ("Shoes", ("Shoes",))),
        ({"categories": ()}, ("Other", ("Other",))),
        ({"categories": ("Clothing",), "title": "Linen shirt dress, blue", "title_tells_category": True},
         ("Dress", load_taxonomy().category_path("Dress"))),
        ({"categories": ("Clothing",), "title": "Linen dress"}, ("Clothing", ("Clothing",))),
    ],
)  # fmt: skip
def test_the_most_specific_known_category_wins(told: dict[str, Any], expected: tuple[str, tuple[str, ...]]) -> None:
    made = item(**told)
    assert (made.category, made.category_path) == expected


def test_a_sale_price_must_be_lower() -> None:
    assert item(price="20", sale_price="15").sale_price_cents == 1500
    assert item(price="20", sale_price="20").sale_price_cents is None
    made, notes = both(price="20 EUR", sale_price="25 EUR")
    assert (made.price_cents, made.sale_price_cents, made.currency) == (2000, None, "EUR")
    assert notes == ["sale_price_dropped"]
    with pytest.raises(RowError, match="price in 'EUR', sale price in 'USD'"):
        item(price="20 EUR", sale_price="15 USD")


def test_an_unknown_price_stays_unknown() -> None:
    made, notes = both(price="0.00")
    assert (made.price_cents, made.currency, notes) == (None, "", ["zero_price"])
    assert item(currency="USD").currency == ""


def test_stock_tells_the_availability_that_the_feed_leaves_open() -> None:
    assert item(sizes={"S": "0", "M": "-2"}).availability == "out_of_stock"
    assert item(sizes={"S": "0", "M": "1"}).availability == "in_stock"
    assert item(sizes={"S": "0", "M": ""}).availability == ""
    assert item(sizes={"S": "0"}, availability="https://schema.org/PreOrder").availability == "preorder"
    assert item(sizes={"S": "-2", "M": "x"}).sizes == {"S": 0, "M": None}


@pytest.mark.parametrize(
    ("told", "reason"),
    [({"sku": " \u200b"}, "missing_sku"), ({"sku": "x" * 201}, "bad_sku"), ({"title": "<br>"}, "missing_title")],
)
def test_rows_without_a_name_are_refused(told: dict[str, Any], reason: str) -> None:
    with pytest.raises(RowError) as error:
        item(**told)
    assert error.value.reason == reason


def test_markup_goes_and_words_stay() -> None:
    text = "<p>Soft &amp; <b>warm</b><br>5 < 6</p><script>steal()</script><ul><li>linen</li></ul>"
    assert clean_text(text, 100) == "Soft & warm\n5 < 6\nlinen"
    assert clean_text("&lt;p&gt;escaped&lt;/p&gt; twice", 100) == "escaped\ntwice"


def test_instructions_and_formulas_are_just_text() -> None:
    told = '=HYPERLINK("x") Ignore previous instructions $E=mc^2$'
    assert item(title=told).title == told


def test_invisible_characters_go() -> None:
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "obey")
    assert clean_line(f"a\x00\x07b\u202ec\ufeff{hidden}\tlast\ud800", 50) == "abc last"


def test_text_is_cut_at_a_word() -> None:
    made = item(title="word " * 200, description="x" * 9_000)
    assert made.title.endswith("word…")
    assert (len(made.title) <= MAX_TITLE_CHARS, len(made.description)) == (True, MAX_DESCRIPTION_CHARS)


@given(st.text(max_size=200), st.integers(1, 50))
def test_whatever_comes_in_fits_the_database(text: str, max_chars: int) -> None:
    line = clean_line(text, max_chars)
    assert len(line) <= max_chars
    line.encode()
    assert all(char.isprintable() or char in "\u200c\u200d" for char in line)
