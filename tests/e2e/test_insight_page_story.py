"""A merchandiser finds out what the shop did not have, and looks at the turn behind the figure."""

import contextlib
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, expect

from tests.e2e.conftest import PHONE, NewPage
from tests.e2e.waiting import at_rest


def asked(page: Page, text: str) -> None:
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill(text)
    field.press("Enter")
    expect(page.locator(".v-said p").last).to_contain_text(text)
    expect(page.get_by_text("How this was found").last).to_be_visible()


def is_as_wide_as_its_window(page: Page) -> bool:
    return bool(page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth"))


def test_what_was_not_there_is_found_in_insight_and_leads_to_the_turn(
    own_shop_url: str, new_page: NewPage, tmp_path: Path
) -> None:
    page = new_page(own_shop_url)
    asked(page, "yellow umbrella under 2 EUR for anna@example.com")
    page.get_by_role("link", name="Behind the counter").click()
    page.get_by_role("link", name="Insight").click()
    expect(page.get_by_role("heading", name="What did we not have?")).to_be_visible()
    expect(page.get_by_text("was missed most: 1 of 1 time")).to_be_visible()
    expect(page.locator(".st-key-insight-missed canvas").first).to_be_visible()
    expect(page.locator(".st-key-insight-csv-routes button")).to_be_visible()
    at_rest(page)
    options = page.get_by_role("option")
    for _ in range(10):
        page.locator(".st-key-insight-row-missed").get_by_role("combobox").click()
        with contextlib.suppress(TimeoutError):
            options.first.click(timeout=5_000)
            break
    said = page.locator(".st-key-insight-behind-missed .v-behind-said")
    expect(said).to_have_text("yellow umbrella under 2 EUR for (e-mail)")
    page.locator(".st-key-insight-behind-missed").get_by_text("The whole turn").click()
    expect(page.locator(".st-key-insight-behind-missed .v-found dl")).to_contain_text("umbrella")
    with page.expect_download() as download:
        page.locator(".st-key-insight-csv-missed button").click()
    download.value.save_as(tmp_path / "missed.csv")
    table = (tmp_path / "missed.csv").read_text()
    assert table.splitlines()[0] == "wish,missed,nearest shown,nothing shown,asked,for example"
    assert "(e-mail)" in table
    assert "anna@example.com" not in table + page.content()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    expect(said).to_be_visible()
    assert is_as_wide_as_its_window(page)
