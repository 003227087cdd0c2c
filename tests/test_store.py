"""Limits are SQL: every filter, and what it means for items that do not know."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from env.database import Database
from env.errors import FilterError
from tests.small_catalog import insert_items, small_items
from tools.item import Item
from tools.query import FACETS, Filters
from tools.store import Store

# What the small catalogue lacks: unknown facets, another currency, unknown stock, children, a feed's own category.
_ODD = (
    Item("N-0", "Nothing known", "Belt", ("Accessories", "Belt")),
    Item("N-1", "Dollar shirt", "Shirt", ("Clothing", "Topwear", "Shirt"), price_cents=1_000, currency="USD"),
    Item("N-2", "Stock unknown", "Shirt", ("Clothing", "Topwear", "Shirt"), sizes={"M": None}),
    Item("N-3", "Girl's dress", "Dress", ("Clothing", "One-pieces", "Dress"), gender="female", age_group="kids"),
    Item("N-4", "Free gift", "Free Gifts", ("Free Gifts",), usage="party", season="winter", pattern="dotted"),
    Item("N-5", "Robert'); DROP TABLE items;--", "Belt", ("Accessories", "Belt"), brand="O'Neil\"; --", colour="%s"),
)


@pytest.fixture(scope="module")
def items() -> list[Item]:
    """All items, each its own group, so that folding does not hide any."""
    return [*(replace(item, item_group_id="") for item in small_items()), *_ODD]


@pytest.fixture(scope="module")
def store(items: list[Item], new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Store]:
    with new_database() as url, Database(url) as database:
        insert_items(database, items)
        yield Store(database)


def _found(store: Store, filters: Filters) -> set[str]:
    hits = store.sorted_by("relevance", filters, 1_000, "EUR")
    assert len(hits) == store.count(filters)
    return {hit.item.sku for hit in hits}


def _pays(item: Item, low: int, high: int) -> bool:
    return item.pays_cents is not None and low <= item.pays_cents <= high


def _has_size(item: Item, size: str) -> bool:
    return size in item.sizes


_CASES: dict[str, tuple[Filters, Callable[[Item], bool]]] = {
    "no limit": (Filters(), lambda item: True),
    "an empty facet is no limit": (Filters(facets={"colour": ()}), lambda item: True),
    "category": (Filters(facets={"category": ("Belt",)}), lambda item: item.category == "Belt"),
    "a department admits what is below it": (
        Filters(facets={"category": ("Clothing",)}), lambda item: item.category in ("T-shirt", "Shirt", "Dress")
    ),
    "one of several categories": (
        Filters(facets={"category": ("Belt", "Shoes")}), lambda item: item.category in ("Belt", "Sneakers")
    ),
    "a category of the feed's own": (
        Filters(facets={"category": ("Free Gifts",)}), lambda item: item.sku == "N-4"
    ),
    "colour": (Filters(facets={"colour": ("red",)}), lambda item: item.colour == "red"),
    "one of several colours": (
        Filters(facets={"colour": ("red", "navy")}), lambda item: item.colour in ("red", "navy")
    ),
    "women also see what is for everyone": (
        Filters(facets={"gender": ("female",)}), lambda item: item.gender in ("female", "unisex")
    ),
    "men also see what is for everyone": (
        Filters(facets={"gender": ("male",)}), lambda item: item.gender in ("male", "unisex")
    ),
    "for everyone only": (Filters(facets={"gender": ("unisex",)}), lambda item: item.gender == "unisex"),
    "age group": (Filters(facets={"age_group": ("kids",)}), lambda item: item.age_group == "kids"),
    "brand": (Filters(facets={"brand": ("Birch & Co",)}), lambda item: item.brand == "Birch & Co"),
    "material": (Filters(facets={"material": ("linen",)}), lambda item: item.material == "linen"),
    "pattern": (Filters(facets={"pattern": ("dotted",)}), lambda item: item.pattern == "dotted"),
    "usage": (Filters(facets={"usage": ("party",)}), lambda item: item.usage == "party"),
    "season": (Filters(facets={"season": ("winter",)}), lambda item: item.season == "winter"),
    "size": (Filters(facets={"size": ("M",)}), lambda item: _has_size(item, "M")),
    "one of several sizes": (
        Filters(facets={"size": ("L", "43")}), lambda item: _has_size(item, "L") or _has_size(item, "43")
    ),
    "a size that is left, or may be": (
        Filters(facets={"size": ("M",)}, in_stock=True),
        lambda item: _has_size(item, "M") and item.sizes["M"] != 0 and item.availability != "out_of_stock",
    ),
    "in stock": (Filters(in_stock=True), lambda item: item.availability != "out_of_stock"),
    "price from": (
        Filters(price_min_cents=5_000, currency="EUR"),
        lambda item: item.currency == "EUR" and _pays(item, 5_000, 10**9),
    ),
    "price up to, by the sale price": (
        Filters(price_max_cents=2_000, currency="EUR"), lambda item: item.currency == "EUR" and _pays(item, 0, 2_000)
    ),
    "price between": (
        Filters(price_min_cents=2_000, price_max_cents=6_400, currency="EUR"),
        lambda item: item.currency == "EUR" and _pays(item, 2_000, 6_400),
    ),
    "a currency alone is no limit": (Filters(currency="USD"), lambda item: True),
    "price in dollars": (Filters(price_max_cents=2_000, currency="USD"), lambda item: item.sku == "N-1"),
    "not a colour": (Filters(exclude={"colour": ("red",)}), lambda item: item.colour != "red"),
    "not a category": (Filters(exclude={"category": ("Belt",)}), lambda item: item.category != "Belt"),
    "not a department": (
        Filters(exclude={"category": ("Clothing",)}), lambda item: "Clothing" not in item.category_path
    ),
    "not for men": (Filters(exclude={"gender": ("male",)}), lambda item: item.gender != "male"),
    "not for children": (Filters(exclude={"age_group": ("kids",)}), lambda item: item.age_group != "kids"),
    "not a brand": (Filters(exclude={"brand": ("Cove",)}), lambda item: item.brand != "Cove"),
    "not a material": (
        Filters(exclude={"material": ("leather", "canvas")}), lambda item: item.material not in ("leather", "canvas")
    ),
    "not a pattern": (Filters(exclude={"pattern": ("solid",)}), lambda item: item.pattern != "solid"),
    "not a usage": (Filters(exclude={"usage": ("party",)}), lambda item: item.usage != "party"),
    "not a season": (Filters(exclude={"season": ("winter",)}), lambda item: item.season != "winter"),
    "not only in a size": (Filters(exclude={"size": ("M",)}), lambda item: set(item.sizes) != {"M"}),
    "not these": (
        Filters(exclude_skus=("A-000", "N-0")), lambda item: item.sku not in ("A-000", "N-0")
    ),
    "all at once": (
        Filters(
            facets={"category": ("Topwear",), "colour": ("red", "black"), "gender": ("female",), "size": ("M",)},
            exclude={"brand": ("Cove",), "material": ("wool",)}, price_max_cents=3_000, currency="EUR", in_stock=True,
        ),
        lambda item: item.category == "T-shirt" and item.colour in ("red", "black") and item.brand == "Alder"
        and item.sizes["M"] != 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _CASES)
def test_a_limit_admits_exactly_what_it_says(store: Store, items: list[Item], name: str) -> None:
    filters, admits = _CASES[name]
    expected = {item.sku for item in items if admits(item)}
    assert expected
    assert _found(store, filters) == expected


def test_every_facet_has_a_limit_and_an_exclusion_tested() -> None:
    assert {facet for filters, _ in _CASES.values() for facet in filters.facets} == set(FACETS)
    assert {facet for filters, _ in _CASES.values() for facet in filters.exclude} == set(FACETS)


@pytest.mark.parametrize("facet", [facet for facet in FACETS if facet != "category"])
def test_an_unknown_facet_fails_a_limit_and_passes_an_exclusion(store: Store, facet: str) -> None:
    values = tuple({str(getattr(item, facet)) for item in small_items()} if facet != "size" else ("S", "M", "L"))
    assert "N-0" not in _found(store, Filters(facets={facet: values}))
    assert "N-0" in _found(store, Filters(exclude={facet: values}))


def test_an_unknown_price_fails_any_price_limit(store: Store) -> None:
    assert "N-0" not in _found(store, Filters(price_min_cents=0, currency="EUR"))
    assert "N-0" not in _found(store, Filters(price_max_cents=10**9))


@pytest.mark.parametrize(
    "value", ["'; DROP TABLE items; --", "O'Neil\"; --", "%s", "%(colour)s", "{a,b}", "\\", "NULL", "", "$1"]
)
def test_values_are_never_read_as_sql(store: Store, items: list[Item], value: str) -> None:
    for facet in FACETS:
        holders = {item.sku for item in items if facet != "size" and getattr(item, facet) == value}
        assert _found(store, Filters(facets={facet: (value,)})) == (holders if value else set())
        store.count(Filters(exclude={facet: (value,)}, exclude_skus=(value,), currency=value, price_min_cents=1))
    assert store.count(Filters()) == len(items)


def test_a_facet_that_no_item_has_is_refused_with_those_that_there_are(store: Store) -> None:
    with pytest.raises(FilterError, match="no item has a facet 'color'; the facets are category, colour, gender"):
        store.count(Filters(facets={"color": ("red",)}))
    with pytest.raises(FilterError, match="'price'"):
        store.count(Filters(exclude={"price": ("1",)}))


def test_items_come_back_as_they_were_stored_and_in_the_order_asked(store: Store, items: list[Item]) -> None:
    asked = [item.sku for item in reversed(items)]
    assert store.items([*asked, "gone"]) == list(reversed(items))
    assert store.items([]) == []


def test_sizes_come_from_small_to_large(store: Store) -> None:
    assert list(store.items(["A-000"])[0].sizes) == ["S", "M", "L"]


def test_sorting_by_price_is_by_what_is_paid_with_unknown_prices_last(store: Store, items: list[Item]) -> None:
    in_euro = [item for item in items if item.currency == "EUR"]
    cheapest = sorted(in_euro, key=lambda item: (item.pays_cents, item.sku))
    found = [hit.item for hit in store.sorted_by("price_asc", Filters(), 1_000, "EUR")]
    assert found[: len(in_euro)] == cheapest
    assert [item.sku for item in found[len(in_euro) :]] == ["N-1", "N-0", "N-2", "N-3", "N-4", "N-5"]
    dearest = sorted(in_euro, key=lambda item: (-(item.pays_cents or 0), item.sku))
    assert [hit.item for hit in store.sorted_by("price_desc", Filters(), 5, "EUR")] == dearest[:5]


def test_sorting_by_rating_breaks_ties_by_sku(store: Store, items: list[Item]) -> None:
    rated = sorted(
        (item for item in items if item.rating is not None), key=lambda item: (-(item.rating or 0), item.sku)
    )
    assert [hit.item for hit in store.sorted_by("rating", Filters(), 20, "EUR")] == rated[:20]


def test_sorting_by_date_has_the_newest_first(small_catalog: Database) -> None:
    with small_catalog.connection() as connection:
        connection.execute("UPDATE items SET created_at = now() + interval '1 day' WHERE sku = 'A-017'")
        connection.execute("UPDATE items SET created_at = now() + interval '2 days' WHERE sku = 'A-033'")
    hits = Store(small_catalog).sorted_by("newest", Filters(), 3, "EUR")
    assert [hit.item.sku for hit in hits] == ["A-033", "A-017", "A-000"]


def test_a_group_shows_once_by_the_item_that_sorts_first(small_catalog: Database) -> None:
    hits = Store(small_catalog).sorted_by("price_asc", Filters(), 100, "EUR")
    assert len(hits) == 12
    assert {hit.item.colour for hit in hits} == {"red"}
    without_red = Store(small_catalog).sorted_by("price_asc", Filters(exclude={"colour": ("red",)}), 100, "EUR")
    assert {hit.item.colour for hit in without_red} == {"black"}


def test_designs_of_many_variants_do_not_hide_the_ones_after_them(database: Database) -> None:
    same = Item("", "Same", "Belt", ("Accessories", "Belt"), item_group_id="all", rating=5.0)
    lone = Item("Z", "Lone", "Belt", ("Accessories", "Belt"), rating=1.0)
    insert_items(database, [*(replace(same, sku=f"S-{n:02d}") for n in range(80)), lone])
    assert [hit.item.sku for hit in Store(database).sorted_by("rating", Filters(), 2, "EUR")] == ["S-00", "Z"]


def test_a_group_and_an_sku_of_the_same_name_are_not_one_group(database: Database) -> None:
    lone = Item("X", "Lone", "Belt", ("Accessories", "Belt"))
    insert_items(database, [lone, replace(lone, sku="Y", item_group_id="X")])
    assert len(Store(database).sorted_by("rating", Filters(), 10, "EUR")) == 2


def test_variants_are_the_items_of_a_design_that_pass(small_catalog: Database) -> None:
    store = Store(small_catalog)
    found = store.variants(["A-001", "gone", "A-022"], Filters(exclude={"colour": ("white",)}))
    assert {sku: [item.sku for item in members] for sku, members in found.items()} == {
        "A-001": ["A-000", "A-002", "A-003"],
        "gone": [],
        "A-022": ["A-020", "A-022", "A-023"],
    }


def test_the_variants_of_a_huge_group_are_cut(database: Database) -> None:
    alike = Item("", "Same", "Belt", ("Accessories", "Belt"), item_group_id="all")
    insert_items(database, [replace(alike, sku=f"S-{number:03d}") for number in range(60)])
    members = Store(database).variants(["S-030"], Filters())["S-030"]
    assert [item.sku for item in members] == [f"S-{number:03d}" for number in range(24)]
