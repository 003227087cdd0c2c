"""What a shopper keeps, in a real Postgres: carts, saved items, profiles, what was looked at."""

from dataclasses import replace

import pytest

from env.database import Database
from tests.small_catalog import insert_items, small_items
from tools.cart import Cart, n_left, shop_url, sizes_in_stock
from tools.item import Item
from tools.profile import Profile
from tools.store_profile import ProfileStore
from tools.store_shopper import ShopperStore

ITEMS = small_items()
DRESS, BELT = ITEMS[12], ITEMS[36]


@pytest.fixture
def store(small_catalog: Database) -> ShopperStore:
    return ShopperStore(small_catalog)


@pytest.fixture
def profiles(small_catalog: Database) -> ProfileStore:
    return ProfileStore(small_catalog)


def told(cart: Cart) -> list[tuple[str, str, int]]:
    return [(line.sku, line.size, line.quantity) for line in cart.lines]


def test_a_line_is_an_item_in_a_size_and_more_of_it_adds_up(store: ShopperStore) -> None:
    store.add_to_cart("me", DRESS, "M", 1)
    store.add_to_cart("me", DRESS, "S", 1)
    cart = store.add_to_cart("me", DRESS, "M", 2)
    assert sorted(told(cart)) == [("A-012", "M", 3), ("A-012", "S", 1)]
    assert cart.n_pieces == 4
    # None is left in S: what cannot be bought is in no total.
    assert (cart.totals, cart.n_uncounted) == ({"EUR": 3 * (DRESS.pays_cents or 0)}, 1)
    assert store.cart("you") == Cart()


@pytest.mark.parametrize(("wanted", "most", "held"), [(5, 3, 3), (1_000, 99, 99), (0, 99, 1), (-4, 99, 1)])
def test_a_line_holds_from_one_to_what_there_is(store: ShopperStore, wanted: int, most: int, held: int) -> None:
    assert told(store.add_to_cart("me", BELT, "", wanted, most)) == [("A-036", "", held)]


def test_adding_never_takes_pieces_away_when_stock_has_fallen(store: ShopperStore) -> None:
    store.add_to_cart("me", BELT, "", 5)
    assert told(store.add_to_cart("me", BELT, "", 1, 2)) == [("A-036", "", 5)]


def test_pieces_are_changed_and_lines_taken_out_by_size(store: ShopperStore) -> None:
    store.add_to_cart("me", DRESS, "M", 1)
    store.add_to_cart("me", DRESS, "S", 1)
    assert (DRESS.sku, "M", 7) in told(store.set_quantity("me", DRESS.sku, "M", 7))
    assert told(store.remove_from_cart("me", [DRESS.sku], "M")) == [(DRESS.sku, "S", 1)]
    store.add_to_cart("you", DRESS, "S", 1)
    assert store.clear_cart("me") == Cart()
    assert told(store.cart("you")) == [(DRESS.sku, "S", 1)]


def test_an_item_that_has_left_the_catalogue_stays_listed_as_gone(store: ShopperStore, small_catalog: Database) -> None:
    store.add_to_cart("me", DRESS, "M", 1)
    store.add_to_cart("me", BELT, "", 1)
    store.save("me", [DRESS])
    with small_catalog.connection() as connection:
        connection.execute("DELETE FROM items WHERE sku = %s", [DRESS.sku])
    gone = store.line("me", DRESS.sku, "M")
    assert gone is not None
    assert (gone.item, gone.title, gone.n_left, gone.pays_cents) == (None, DRESS.title, 0, None)
    cart = store.cart("me")
    assert (cart.totals, cart.n_uncounted) == ({"EUR": BELT.pays_cents}, 1)
    assert [(one.title, one.item) for one in store.saved("me")] == [(DRESS.title, None)]


def test_a_price_that_changed_since_is_seen_and_the_total_is_todays(
    store: ShopperStore, small_catalog: Database
) -> None:
    store.add_to_cart("me", BELT, "", 2)
    with small_catalog.connection() as connection:
        connection.execute("UPDATE items SET price_cents = 999, sale_price_cents = NULL WHERE sku = %s", [BELT.sku])
    (line,) = store.cart("me").lines
    assert (line.has_new_price, line.added_cents, line.pays_cents) == (True, BELT.pays_cents, 1_998)


def test_totals_are_apart_by_currency(store: ShopperStore, small_catalog: Database) -> None:
    pounds = replace(BELT, sku="P-1", item_group_id="", currency="GBP", price_cents=500, sale_price_cents=None)
    insert_items(small_catalog, [pounds])
    store.add_to_cart("me", BELT, "", 1)
    assert store.add_to_cart("me", pounds, "", 2).totals == {"EUR": BELT.pays_cents, "GBP": 1_000}


def test_saving_twice_keeps_one_and_unsaving_takes_only_ones_own(store: ShopperStore) -> None:
    store.save("me", [DRESS, BELT])
    assert {one.sku for one in store.save("me", [DRESS])} == {DRESS.sku, BELT.sku}
    store.save("you", [DRESS])
    assert [one.sku for one in store.unsave("me", [DRESS.sku])] == [BELT.sku]
    assert store.unsave_all("me") == ()
    assert [one.sku for one in store.saved("you")] == [DRESS.sku]


def test_a_profile_is_read_as_it_was_written(profiles: ProfileStore) -> None:
    profile = Profile(
        {"": ("M",), "Shoes": ("42",)}, {"gender": ("male",)}, {"material": ("leather",)}, None, 5_000, "EUR"
    )
    assert profiles.profile("me") == Profile()
    assert profiles.write("me", profile) == profile
    assert profiles.profile("me") == profile
    assert profiles.profile("you").is_empty


def test_what_was_looked_at_comes_newest_first_and_is_forgotten_on_demand(profiles: ProfileStore) -> None:
    for sku in ("A-001", "A-002", "A-001"):
        profiles.view("me", sku)
    assert profiles.viewed("me") == ("A-001", "A-002")
    assert profiles.forget_viewed("me") == ()


def test_only_the_newest_views_are_kept(profiles: ProfileStore) -> None:
    for number in range(55):
        profiles.view("me", f"B-{number:03d}")
    assert (len(profiles.viewed("me", 100)), profiles.viewed("me", 1)) == (50, ("B-054",))


def test_with_the_shelf_off_nothing_is_recorded_and_nothing_stays(profiles: ProfileStore) -> None:
    profiles.view("me", "A-001")
    profiles.write("me", Profile(has_shelf=False))
    profiles.view("me", "A-002")
    assert profiles.viewed("me") == ()


@pytest.mark.parametrize(
    ("changes", "size", "n_pieces"),
    [
        ({}, "", 99),
        ({"availability": "out_of_stock"}, "", 0),
        ({"sizes": {"S": 3, "M": 0, "L": None}}, "S", 3),
        ({"sizes": {"S": 3, "M": 0, "L": None}}, "M", 0),
        ({"sizes": {"S": 3, "M": 0, "L": None}}, "L", 99),
        ({"sizes": {"S": 500}}, "S", 99),
        ({"sizes": {"S": 3}}, "XL", 0),
        ({"sizes": {"S": 3}, "availability": "out_of_stock"}, "S", 0),
    ],
)
def test_no_more_can_be_had_than_there_is(changes: dict[str, object], size: str, n_pieces: int) -> None:
    item = replace(Item("X", "An item", "Belt"), **changes)  # type: ignore[arg-type]
    assert n_left(item, size) == n_pieces
    assert (size in sizes_in_stock(item)) == (bool(size) and n_pieces > 0)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://shop.example/a?b=1", "https://shop.example/a?b=1"),
        (" http://shop.example/a ", "http://shop.example/a"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//shop.example/a", ""),
        ("https://", ""),
        ("https://[bad", ""),
        ("https://shop.example/\na", ""),
        ("", ""),
    ],
)
def test_the_way_to_the_shop_is_a_web_address_or_none(link: str, url: str) -> None:
    assert shop_url(Item("X", "An item", "Belt", link=link)) == url
