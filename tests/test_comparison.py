"""Items side by side: what differs, what is equal, what is not said."""

import re
from dataclasses import replace

from agents.comparison import compare_items, interests
from agents.intent import Slots
from app_pages.compare import comparison_html
from app_pages.wording import Wording
from tests.small_catalog import small_items
from tools.taxonomy import load_taxonomy

_ITEMS = {item.sku: item for item in small_items()}
FIRST = replace(_ITEMS["A-012"], price_cents=7_100, sale_price_cents=None, rating=4.2, material="", title="<b>One</b>")
SECOND = replace(FIRST, sku="B", colour="white", price_cents=8_000, sale_price_cents=6_000, rating=4.6, material="silk")


def test_only_what_differs_is_a_row_and_the_rest_is_shared() -> None:
    compared = compare_items([FIRST, SECOND], "en")
    assert [row.facet for row in compared.rows] == ["price", "sale", "material", "colour", "rating"]
    rows = {row.facet: row for row in compared.rows}
    assert rows["price"].values == ("€71.00", "€60.00")
    assert rows["price"].best == 1
    assert rows["sale"].values == ("not reduced", "reduced from €80.00")
    assert rows["material"].values == ("", "silk")
    assert rows["rating"].best == 1
    assert compared.same == ("solid", "by Alder", "for women")


def test_what_was_asked_comes_first() -> None:
    first = interests("which is rated higher?", [Slots(colours=("black",), price_max_cents=9_000)])
    assert first == ("rating", "price", "colour")
    assert [row.facet for row in compare_items([FIRST, SECOND], "en", first).rows][:3] == ["rating", "price", "colour"]


def test_two_that_share_the_best_are_neither_marked() -> None:
    rows = compare_items([FIRST, SECOND, replace(SECOND, sku="C")], "en").rows
    assert {row.facet: row.best for row in rows}["price"] is None


def test_items_that_differ_in_nothing_have_no_rows() -> None:
    assert compare_items([FIRST, replace(FIRST, sku="C")], "en").rows == ()


def test_the_table_names_its_rows_and_columns_and_escapes_what_the_feed_says() -> None:
    items = [FIRST, SECOND]
    html = comparison_html(7, items, compare_items(items, "en"), Wording("en", load_taxonomy()))
    assert "<caption" in html
    assert html.count('scope="col"') == 2
    assert html.count('scope="row"') == 5
    assert 'id="card-7-2"' in html
    assert '<td class="v-unsaid">not said</td>' in html
    assert "&lt;b&gt;One&lt;/b&gt;" in html
    assert "<b>" not in re.sub(r'<b class="[^"]*">', "", html)
    assert "The same for both: solid, by Alder, for women." in html
