"""A live comparison in a browser: followed, given another share, stopped; and a shopper who gets a side."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from agents.live.book import LiveBook, Plan
from env.database import Database
from env.roles import EVERYTHING
from tests.e2e.conftest import PHONE, WIDE, NewPage
from tests.e2e.test_shop_page import TARGET_PX, ask, has_no_sideways_scroll, serious
from tests.e2e.waiting import at_rest
from tests.live_shoppers import TRIED, Crowd, come, two_versions
from tools.store_live import Comparison


@pytest.fixture(scope="module")
def stocked(small_stocked: dict[str, str]) -> dict[str, str]:
    """48 small items are enough for one question."""
    return small_stocked


@pytest.fixture
def running(stocked: dict[str, str]) -> Iterator[tuple[LiveBook, Database, Comparison]]:
    """A comparison that some hundred shoppers have been through."""
    with Database(stocked["DATABASE_URL"]) as database:
        book = LiveBook(database, two_versions())
        started = book.start(EVERYTHING, Plan("assistant", TRIED))
        come(database, started.id, Crowd(200, 0.1), Crowd(200, 0.14))
        yield book, database, started


def test_a_comparison_is_followed_shared_anew_and_stopped(
    own_shop_url: str, new_page: NewPage, running: tuple[LiveBook, Database, Comparison]
) -> None:
    book, database, started = running
    shopper = new_page(own_shop_url)
    ask(shopper, "white dresses")
    with database.connection() as connection:
        side = "SELECT record -> 'live' ->> %(id)s FROM turns WHERE record ? 'live'"
        assert connection.execute(side, {"id": str(started.id)}).fetchone() in (("A",), ("B",))
    page = shopper
    page.goto(f"{own_shop_url}/workbench")
    page.get_by_role("tab", name="Live comparison").click()
    expect(page.locator(".v-live-verdict")).to_contain_text("No difference is shown.")
    expect(page.locator("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas")).to_be_visible()
    expect(page.get_by_text("1 is not so far yet.")).to_be_visible()
    assert serious(page) == []
    for size in (PHONE, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        # The chart takes its new width a moment after the page has.
        page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
        assert has_no_sideways_scroll(page)
    for button in page.locator(".st-key-live").get_by_role("button").filter(visible=True).all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= TARGET_PX - 0.5, button.evaluate("button => button.outerHTML")
    at_rest(page)
    page.get_by_role("button", name="Change the share").click()
    page.get_by_role("slider").press("End")
    at_rest(page)
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("99 % of new sessions get B now")).to_be_visible()
    assert book.find(started.id).share_b == 0.99
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop the comparison").click()
    expect(page.get_by_text("Stopped. Every session gets version 2 again")).to_be_visible()
    assert book.find(started.id).ended_by == "this computer"
    page.get_by_text(f"Assistant: 2 and {TRIED}, ended on").click()
    expect(page.get_by_text("share of B changed from 50% to 99%")).to_be_visible()
