"""What a search widens to, and what it moves away from: never silently."""

from dataclasses import replace

import pytest

from agents.intent import Slots
from agents.limits import limits_of
from env.database import Database
from env.settings import Settings
from tests.small_catalog import small_items
from tests.stocked_shop import skus, stocked_shop
from tests.test_router import Find, finder, notes
from tools.shop import Shop


@pytest.fixture
def find(shop: Shop) -> Find:
    return finder(shop)


def test_beyond_a_price_limit_the_cheapest_are_nearest_and_told(find: Find) -> None:
    found = find("white dresses under 70")
    assert notes(found) == ["nothing matched exactly; shown without the price limit"]
    assert skus(found) == ["A-013", "A-017", "A-021"]
    assert found.facts == ("Up to €75: 1.", "Without white: 3.")


def test_a_family_fills_a_page_after_the_exact_ones_and_says_so(settings: Settings, database: Database) -> None:
    belts = [item for item in small_items() if item.category == "Belt"]
    colours = ("blue", "navy", "red", "light blue", "navy", "blue")
    lone = [
        replace(belt, colour=colour, item_group_id="", sku=f"B-{n}")
        for n, (belt, colour) in enumerate(zip(belts, colours, strict=False))
    ]
    find = finder(stocked_shop(settings, database, lone))
    found = find("blue belts under 90")
    assert {hit.item.colour for hit in found.hits[:2]} == {"blue"}
    assert sorted(hit.item.colour for hit in found.hits[2:]) == ["light blue", "navy", "navy"]
    assert notes(found) == ["light blue and navy counted as blue, after the 2 in blue"]
    assert found.parts[0].n_matching == 5
    assert {hit.why.split(", ")[1] for hit in found.hits[2:]} == {"a shade of blue"}
    assert find("2 blue belts").parts[0].relaxed == ()
    assert [hit.item.colour for hit in find("navy belts").hits] == ["navy", "navy"]


def test_a_design_has_one_card_even_if_its_family_counts(settings: Settings, database: Database) -> None:
    blue, navy = (
        replace(item, colour=colour) for item, colour in zip(small_items()[12:14], ("blue", "navy"), strict=True)
    )
    found = finder(stocked_shop(settings, database, [blue, navy]))("blue dresses")
    assert (skus(found), notes(found)) == ([blue.sku], [])


def test_a_plain_colour_widens_to_its_family_before_anything_is_dropped(find: Find) -> None:
    found = find("blue belts")
    assert notes(found) == ["nothing matched exactly; shown with turquoise, light blue and navy counted as blue"]
    assert {hit.item.colour for hit in found.hits} == {"navy"}
    assert found.facts == ("Without blue: 12.",)


def test_what_no_filter_leaves_out_for_certain_is_moved_away_from_and_told(
    settings: Settings, database: Database
) -> None:
    items = [replace(item, pattern="floral" if n == 1 else "") for n, item in enumerate(small_items()[12:16])]
    shop = stocked_shop(settings, database, [replace(item, item_group_id="") for item in items])
    found = finder(shop)("dresses, not floral")
    assert sorted(skus(found)) == ["A-012", "A-014", "A-015"]
    told = "this catalogue tells the pattern of only 1 of its 4 items, so from the others I moved away by looks"
    assert notes(found) == [told]
    limits = limits_of(found.parts[0].slots, shop.catalog.vocabulary())
    assert limits.avoid == ("floral",)
    slots = Slots(exclude={"colour": ("red",)}, soft=("shiny", "not fussy"))
    assert limits_of(slots, shop.catalog.vocabulary()).avoid == ("fussy",)


def test_nothing_blue_is_nothing_navy_either_unless_navy_is_wanted(shop: Shop) -> None:
    find = finder(shop)
    assert "navy" not in {hit.item.colour for hit in find("belts, nothing blue").hits}
    assert find("belts, nothing turquoise").parts[0].filters.exclude == {"colour": ("turquoise",)}
    limits = limits_of(Slots(colours=("navy",), exclude={"colour": ("blue",)}), shop.catalog.vocabulary())
    assert limits.filters.exclude == {"colour": ("blue", "turquoise", "light blue")}
