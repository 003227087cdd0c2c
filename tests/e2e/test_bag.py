"""A shopper puts something into the bag, and finds it there again after a reload."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, NewPage
from tests.e2e.test_shop_page import ask, has_no_sideways_scroll, serious

DRESSES = "dresses for women in size M"


def test_a_size_is_chosen_added_counted_and_still_there_after_a_reload(shop_url: str, new_page: NewPage) -> None:
    page = new_page(shop_url, PHONE, is_dark=True)
    ask(page, DRESSES)
    page.get_by_role("button", name=re.compile("^Look at 1:")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Add to bag").click()
    expect(dialog.get_by_role("alert").filter(has_text="Choose a size first.")).to_be_visible()
    dialog.get_by_role("radio", name="M", exact=True).click()
    assert serious(page) == []
    dialog.get_by_role("button", name="Add to bag").click()
    expect(page.get_by_role("button", name="Bag · 1", exact=True)).to_be_visible()
    expect(dialog).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="Bag · 1", exact=True).click()
    expect(dialog.locator(".v-line")).to_have_count(1)
    expect(dialog.get_by_text("Size M")).to_be_visible()
    assert has_no_sideways_scroll(page)
    dialog.get_by_role("button", name="Remove").click()
    expect(dialog.get_by_text("Nothing in it yet.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Bag", exact=True)).to_be_visible()
