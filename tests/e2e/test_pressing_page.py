"""A shopper who presses: a chip off, another price, a way out of an empty search; by mouse and by keyboard alone."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, NewPage
from tests.e2e.test_shop_page import QUESTION, ask, has_no_sideways_scroll, serious


def chips(page: Page, turn: int) -> list[str]:
    return page.locator(f"[class*=st-key-chips-{turn}-] .v-chip").all_inner_texts()


def finished(page: Page, turn: int) -> None:
    """Wait for the whole answer of a turn."""
    expect(page.locator(f".st-key-found-{turn}")).to_be_visible()


def test_a_chip_is_clicked_off_another_value_picked_and_a_price_changed(shop_url: str, new_page: NewPage) -> None:
    page = new_page(shop_url)
    ask(page, QUESTION)
    assert chips(page, 1) == ["Dress", "for women", "under €130"]
    page.get_by_role("button", name="Remove: for women").click()
    finished(page, 2)
    expect(page.locator("#turn-2")).to_contain_text("Without: for women")
    assert chips(page, 2) == ["Dress", "under €130"]
    page.get_by_role("button", name="Change: under €130").click()
    page.get_by_label("To (EUR)").fill("60")
    page.get_by_role("button", name="Show", exact=True).click()
    finished(page, 3)
    assert chips(page, 3) == ["Dress", "under €60"]
    page.get_by_role("button", name="Change: Dress").click()
    other = page.locator("[class*=st-key-other-] button").first
    told = other.inner_text()
    assert re.fullmatch(r".+: \d+", told)
    other.click()
    finished(page, 4)
    assert chips(page, 4) == [told.split(":")[0], "under €60"]
    assert serious(page) == []


def test_a_way_out_of_an_empty_search_is_pressed_by_keyboard_alone(shop_url: str, new_page: NewPage) -> None:
    page = new_page(shop_url)
    ask(page, "white sneakers in size 42 under 5 euros")
    way = page.locator("[class*=st-key-choose-1-] button").first
    label, n_matching = way.inner_text().rsplit(": ", 1)
    removed = page.get_by_role("button", name="Remove: Sneakers")
    removed.focus()
    for _ in range(60):
        if way.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    finished(page, 2)
    expect(page.locator("#turn-2")).to_contain_text(label)
    page.locator(".st-key-found-2 summary").click()
    expect(page.locator(".st-key-found-2")).to_contain_text(re.compile(rf"Found{n_matching} items? within the limits"))
    drop = page.get_by_role("button", name="Remove: size 42")
    drop.focus()
    page.keyboard.press("Enter")
    finished(page, 3)
    assert "size 42" not in chips(page, 3)


def test_chips_fit_a_phone_in_the_dark(shop_url: str, new_page: NewPage) -> None:
    page = new_page(shop_url, PHONE, is_dark=True)
    ask(page, f"{QUESTION}, not blue")
    page.get_by_role("button", name="Change: Dress").click()
    expect(page.get_by_role("dialog", name="Change: Dress", exact=True)).to_be_visible()
    expect(page.locator("[class*=st-key-other-]").first).to_be_visible()
    assert has_no_sideways_scroll(page)
    assert serious(page) == []
