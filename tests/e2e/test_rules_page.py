"""A merchandiser pins an item for some words, sees before and after, and a shopper sees it first; then it is undone."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import NewPage
from tests.e2e.test_shop_page import ask, has_no_sideways_scroll, serious

WORDS = "dresses for women"


def test_a_sponsored_pin_is_written_seen_by_a_shopper_and_undone(own_shop_url: str, new_page: NewPage) -> None:
    shopper = new_page(own_shop_url)
    ask(shopper, WORDS)
    before = shopper.locator(".v-card .v-title").all_inner_texts()
    page = new_page(own_shop_url)
    page.goto(f"{own_shop_url}/rules")
    page.get_by_role("button", name="Pin the first item").click()
    page.get_by_label("Find an item by words").fill(before[-1])
    page.keyboard.press("Enter")
    found = page.locator("[class*=st-key-rule-found-]").filter(has_text=before[-1])
    found.get_by_role("button", name=re.compile("^Take")).first.click()
    expect(page.locator(".st-key-r1-skus-1 input")).not_to_have_value("")
    page.get_by_text("Sponsored: shoppers are told so on the card").click()
    words = page.get_by_label("The words, one phrase a line")
    words.fill(WORDS)
    words.press("Control+Enter")
    after = page.locator(".v-tiles").nth(1).locator("li")
    expect(after.first).to_contain_text(before[-1])
    expect(after.first).to_contain_text(f"▲ {len(before) - 1}")
    page.set_viewport_size({"width": 390, "height": 844})
    assert has_no_sideways_scroll(page)
    assert serious(page) == []
    page.get_by_role("button", name="Save rule").click()
    expect(page.get_by_text(re.compile("^Saved: pin"))).to_be_visible()

    ask(shopper, WORDS)
    card = shopper.locator("#card-2-1")
    expect(card).to_contain_text(before[-1])
    expect(card.get_by_text("Sponsored", exact=True)).to_be_visible()
    expect(shopper.locator(".v-reply").last).to_contain_text("is sponsored")
    shopper.reload()
    expect(shopper.locator("#card-2-1").get_by_text("Sponsored", exact=True)).to_be_visible()

    page.get_by_text("History", exact=True).click()
    page.get_by_role("button", name="Undo the last change").click()
    expect(page.get_by_text("Undone. 0 rules hold now")).to_be_visible()
    fresh = new_page(own_shop_url)
    ask(fresh, WORDS)
    assert fresh.locator(".v-card .v-title").all_inner_texts() == before
