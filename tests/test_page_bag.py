"""Bag, saved items, preferences and shelf on the real page, run by Streamlit's own test runner."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from app_pages.bag_panel import line_html, line_key
from app_pages.chat import Chat, Stored
from app_pages.keeping import Keeping
from app_pages.wording import Wording, html_text
from env.database import Database
from env.settings import REPO_DIR
from tools.cart import CartLine
from tools.item import Item
from tools.profile import Profile
from tools.shop import Shop
from tools.store_profile import ProfileStore
from tools.store_shopper import ShopperStore
from tools.taxonomy import load_taxonomy

APP = REPO_DIR / "app.py"
TIMEOUT_S = 120


@pytest.fixture
def page(surroundings: pytest.MonkeyPatch) -> AppTest:
    """A page that shows white dresses, the first one opened."""
    opened = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S).run()
    opened.chat_input(key="asked").set_value("white dresses").run()
    return opened.button(key="open-1-1").click().run()


@pytest.fixture
def store(stocked: tuple[str, Path]) -> Iterator[ShopperStore]:
    with Database(stocked[0]) as database:
        yield ShopperStore(database)


def shopper(page: AppTest) -> str:
    return str(page.session_state["chat"].keeper)


def label(page: AppTest, key: str) -> str:
    return str(page.button(key=key).label)


def button(page: AppTest, start: str) -> Button:
    """The one button whose key starts so."""
    (found,) = [one for one in page.button if str(one.key).startswith(start)]
    return found


def drawn(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def test_an_item_is_put_into_the_bag_in_a_size_and_the_header_counts_it(page: AppTest, store: ShopperStore) -> None:
    assert not page.exception
    assert label(page, "panel-open-bag") == "Bag"
    button(page, "add-").click().run()
    assert not store.cart(shopper(page)).lines
    page.button(key="open-1-1").click().run()
    assert "Choose a size first." in drawn(page)
    (sizes,) = [pills for pills in page.button_group if str(pills.key).startswith("size-")]
    assert list(sizes.options) == ["S", "M"]
    sizes.set_value("M")
    button(page, "add-").click().run()
    assert not page.exception
    assert [(line.size, line.quantity) for line in store.cart(shopper(page)).lines] == [("M", 1)]
    assert label(page, "panel-open-bag") == "Bag · 1"
    assert page.toast[0].value.startswith("In your bag\\: ") or page.toast[0].value.startswith("In your bag: ")


def test_what_is_saved_in_the_chat_is_counted_in_the_header_at_once(page: AppTest) -> None:
    page.chat_input(key="asked").set_value("save the first one").run()
    assert label(page, "panel-open-saved") == "Saved · 1"


def test_an_item_is_saved_and_taken_out_again(page: AppTest, store: ShopperStore) -> None:
    button(page, "save-").click().run()
    assert len(store.saved(shopper(page))) == 1
    assert label(page, "panel-open-saved") == "Saved · 1"
    page.button(key="open-1-1").click().run()
    assert button(page, "save-").label.startswith("Saved")
    button(page, "save-").click().run()
    assert store.saved(shopper(page)) == ()
    assert label(page, "panel-open-saved") == "Saved"


def test_the_bag_opens_with_pieces_totals_and_ways_to_change_it(page: AppTest, store: ShopperStore) -> None:
    page.button(key="panel-open-bag").click().run()
    assert "Nothing in it yet." in drawn(page)
    (item,) = first_items(page)
    store.add_to_cart(shopper(page), item, "M", 1)
    page.button(key="panel-open-bag").click().run()
    assert not page.exception
    assert "Size M" in drawn(page)
    (line,) = store.cart(shopper(page)).lines
    assert f"Together <b>€{(line.pays_cents or 0) / 100:.2f}</b>" in drawn(page)
    page.button(key=f"remove-{line_key(line)}").click().run()
    assert not store.cart(shopper(page)).lines


def first_items(page: AppTest) -> list[Item]:
    view = page.session_state["chat"].views[0]
    return [view.hits[0].item]


def test_what_was_told_in_the_chat_is_in_the_panel_and_marked_among_the_chips(page: AppTest) -> None:
    page.chat_input(key="asked").set_value("I never wear leather").run()
    page.button(key="panel-open-preferences").click().run()
    assert not page.exception
    (told,) = [pills for pills in page.button_group if str(pills.key).startswith("pref-told")]
    assert told.value == ["no leather"]
    page.chat_input(key="asked").set_value("I'm a size M").run()
    page.chat_input(key="asked").set_value("dresses").run()
    assert 'v-chip-kept v-changes">size M<span class="v-unseen"> (from your preferences)</span>' in drawn(page)


def preferences_alone() -> None:
    """The panel as a page of its own, where a run of the page is a run of the panel."""
    from app_pages.preferences_panel import draw_preferences
    from app_pages.resources import keeping

    draw_preferences(keeping("panel"))


def test_preferences_are_changed_and_forgotten_in_their_panel(page: AppTest, stocked: tuple[str, Path]) -> None:
    assert not page.exception
    with Database(stocked[0]) as database:
        profiles = ProfileStore(database)
        profiles.write("panel", Profile(exclude={"material": ("leather", "linen")}))
        profiles.view("panel", "A-001")
        panel = AppTest.from_function(preferences_alone, default_timeout=TIMEOUT_S).run()
        panel.multiselect(key="pref-size-").set_value(["M"]).run()
        panel.number_input(key="pref-budget").set_value(50.0).run()
        panel.button_group(key="pref-told-2").set_value(["no linen"]).run()
        assert not panel.exception
        assert profiles.profile("panel") == Profile(
            {"": ("M",)}, {}, {"material": ("linen",)}, price_max_cents=5_000, currency="EUR"
        )
        panel.button(key="forget-all").click().run()
        assert profiles.profile("panel") == Profile()
        assert profiles.viewed("panel") == ("A-001",)
        panel.toggle(key="pref-shelf").set_value(False).run()
        assert profiles.viewed("panel") == ()


def test_the_shelf_shows_what_is_near_and_nothing_that_was_seen(page: AppTest, stocked: tuple[str, Path]) -> None:
    held = shopper(page)
    seen = page.session_state["chat"].views[0].hits[0].item
    fresh = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
    fresh.session_state["chat"] = Chat(
        "empty",
        lambda _: iter(()),
        lambda _: Image.new("RGB", (1, 1)),
        stored=Stored(lambda _: iter(()), lambda: None, lambda *_: None, keeper=held),
    )
    fresh.run()
    assert not fresh.exception
    html = drawn(fresh)
    assert f"Because you looked at {html_text(seen.title)}" in html
    labels = [str(one.label) for one in fresh.button if str(one.key).startswith("open-shelf-")]
    assert len(labels) == 4
    with Database(stocked[0]) as database:
        ProfileStore(database).write(held, Profile(has_shelf=False))
        assert "Because you looked at" not in drawn(fresh.run())


def test_a_line_escapes_what_the_feed_says(shop: Shop) -> None:
    shoppers, profiles = ShopperStore(shop.database), ProfileStore(shop.database)
    held = Keeping("me", shoppers, profiles, shop.catalog, Wording("en", load_taxonomy()))
    html = line_html(CartLine("X", "<b>", 1, "<script>x</script>", None, "", None), held)
    assert "<script>" not in html
    assert "It has left the shop." in html
