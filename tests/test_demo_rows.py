"""The demo shop's rows: how many, how varied, and how they hang together."""

import pytest
import yaml

from ingest.demo import DemoItem, demo_rows, starters
from ingest.demo.palette import TAXONOMY
from ingest.demo.picture import DRAWERS


@pytest.fixture(scope="module")
def items() -> list[DemoItem]:
    return list(demo_rows())


@pytest.fixture(scope="module")
def groups(items: list[DemoItem]) -> dict[str, list[DemoItem]]:
    found: dict[str, list[DemoItem]] = {}
    for item in items:
        found.setdefault(item.item_group_id, []).append(item)
    return found


def test_the_shop_is_as_large_and_varied_as_promised(items: list[DemoItem], groups: dict[str, list[DemoItem]]) -> None:
    assert len(items) >= 600
    assert len(groups) >= 150
    assert len({item.category for item in items}) >= 24
    assert {item.gender for item in items} == {"female", "male", "unisex"}
    assert {item.age_group for item in items} == {"adult", "kids"}


def test_every_facet_value_is_a_word_of_the_taxonomy(items: list[DemoItem]) -> None:
    taxonomy = yaml.safe_load(TAXONOMY.read_text(encoding="utf-8"))
    assert {item.category for item in items} == set(DRAWERS) <= set(taxonomy["categories"])
    assert {item.pattern for item in items} == set(taxonomy["patterns"])
    assert {item.colour for item in items} <= set(taxonomy["colours"])
    assert {item.material for item in items} <= set(taxonomy["materials"])
    assert {item.usage for item in items} <= set(taxonomy["usages"])
    assert {item.season for item in items} <= set(taxonomy["seasons"])


def test_skus_are_unique_and_differ_between_seeds(items: list[DemoItem]) -> None:
    skus = {item.sku for item in items}
    assert len(skus) == len(items)
    assert skus.isdisjoint(item.sku for item in demo_rows(seed=8))


def test_a_seed_always_gives_the_same_rows_and_another_seed_others() -> None:
    assert list(demo_rows(seed=3, n_groups=20)) == list(demo_rows(seed=3, n_groups=20))
    first, other = list(demo_rows(seed=3, n_groups=20)), list(demo_rows(seed=4, n_groups=20))
    assert [item.drawing for item in first] != [item.drawing for item in other]


def test_a_group_is_one_design_in_several_colours_or_patterns(groups: dict[str, list[DemoItem]]) -> None:
    for items in groups.values():
        assert len(items) >= 2
        shared = {
            (i.category, i.brand, i.gender, i.age_group, i.material, i.usage, i.season, i.price_cents) for i in items
        }
        assert len(shared) == 1
        assert len({str(item.drawing.shape) for item in items}) == 1
        assert len({(item.colour, item.pattern) for item in items}) == len(items)


def test_prices_and_ratings_are_believable(items: list[DemoItem]) -> None:
    for item in items:
        assert 300 <= item.price_cents <= 60_000
        assert item.currency == "EUR"
        assert item.sale_price_cents is None or 0 < item.sale_price_cents < item.price_cents
        assert (item.rating is None) == (item.n_ratings == 0)
        assert item.rating is None or 2 <= item.rating <= 5
    share_on_sale = sum(item.sale_price_cents is not None for item in items) / len(items)
    assert 0.1 < share_on_sale < 0.3


def test_availability_follows_the_stock_of_the_sizes(items: list[DemoItem]) -> None:
    for item in items:
        assert item.sizes
        assert item.availability == ("in_stock" if any(item.sizes.values()) else "out_of_stock")
    assert any(item.availability == "out_of_stock" for item in items)
    assert any(0 in item.sizes.values() and any(item.sizes.values()) for item in items)


def test_titles_name_the_colour_and_are_clean_text(items: list[DemoItem]) -> None:
    for item in items:
        assert item.colour in item.title.lower()
        assert "  " not in item.title
        assert item.title == item.title.strip(" ,:")
        assert not any(part in item.title for part in (" ,", ": ,", "{", "}", "None"))
        assert 1 <= item.description.count(".") <= 4


def test_titles_say_the_pattern_of_patterned_items(items: list[DemoItem]) -> None:
    said = {"dotted": "polka-dot"}
    for item in items:
        if item.pattern != "solid":
            assert said.get(item.pattern, item.pattern) in item.title.lower()


def test_each_starter_question_has_an_item_to_show(items: list[DemoItem]) -> None:
    assert len(starters()) == 4
    in_stock = [item for item in items if item.availability == "in_stock"]
    for starter in starters():
        assert any(all(getattr(item, name) == value for name, value in starter.show.items()) for item in in_stock)


def test_titles_claim_no_other_material(items: list[DemoItem]) -> None:
    for item in items:
        if item.material in ("cotton", "cashmere", "faux leather"):
            assert not {"wool", "silk", "linen", "suede"} & set(item.title.lower().replace(",", " ").split()), item.sku
