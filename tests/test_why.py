"""Why an item was found names what matched in its own row, and nothing else."""

from dataclasses import replace

import pytest

from tools.item import Item
from tools.query import Filters
from tools.why import explain

ITEM = Item(
    "1", "Fenn pleated skirt", "Skirt", ("Clothing", "Bottoms", "Skirt"), colour="navy", material="wool",
    pattern="checked", gender="female", description="A pleated wool skirt with deep pockets and a lining.", rating=4.5,
)  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "text", "why"),
    [
        (Filters(), "", "wool, rated 4.5"),
        (Filters(facets={"colour": ("navy",)}), "navy skirt", "navy, wool, rated 4.5"),
        (Filters(facets={"colour": ("blue", "navy")}), "blue skirt", "navy, a shade of blue, wool, rated 4.5"),
        (Filters(facets={"colour": ("blue", "navy")}), "blue or navy skirt", "navy, wool, rated 4.5"),
        (Filters(), "pleated skirt with pockets", "“pockets” in its description, wool, rated 4.5"),
        (Filters(), "a skirt with deep pockets", "“deep pockets” in its description, wool, rated 4.5"),
        (Filters(), "some skirt with pearls", "wool, rated 4.5"),
        (Filters(facets={"gender": ("female",)}), "checked skirt for women", "checked, for women, wool, rated 4.5"),
    ],
)
def test_what_matched_comes_first(filters: Filters, text: str, why: str) -> None:
    assert explain(ITEM, filters, text) == why


def test_likeness_is_claimed_only_where_the_pictures_are_near() -> None:
    assert explain(ITEM, Filters(), "", 0.97) == "looks like your photo, wool, rated 4.5"
    assert explain(ITEM, Filters(), "", 0.90) == "wool, rated 4.5"


def test_an_item_that_says_nothing_has_no_why() -> None:
    assert explain(replace(ITEM, material="", rating=None), Filters(), "shiny") == ""
