"""A demo as its presenter gives it: played, taken over, handed to guests, left to a kiosk."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, NewPage


@pytest.fixture(scope="module")
def stocked(small_stocked: dict[str, str]) -> dict[str, str]:
    """The 48 small items: what is shown here needs no more."""
    return small_stocked


def place(page: Page, told: str) -> None:
    """Wait until the bar says where the journey stands."""
    expect(page.locator(".v-stage-place")).to_contain_text(told)


def field(page: Page) -> str:
    return page.locator('[data-testid="stChatInput"] textarea').input_value()


def test_a_presenter_plays_takes_over_and_leaves_the_shop_to_guests_and_to_a_kiosk(
    own_shop_url: str, new_page: NewPage
) -> None:
    page = new_page(own_shop_url)
    page.get_by_role("link", name="Behind the counter").click()
    page.get_by_role("link", name="Demo").click()
    page.get_by_role("button", name="Set up: Black T-shirts under 30").click()
    page.get_by_role("button", name="Play", exact=True).click()
    # Typed into the shop's own input, for everybody to read along.
    expect(page.locator('[data-testid="stChatInput"] textarea')).to_have_value(re.compile("^black"))
    place(page, "Step 1 of 5 · answered")
    expect(page.locator(".v-said p")).to_have_text("black t-shirts under 30 euros")
    # The journey goes on by itself, until somebody types.
    # Typing lasts a second and a half, and an expectation looks again after a second only.
    page.wait_for_function(
        """() => {
            const isTyping = document.querySelector(".v-stage-place")?.innerText.includes("Step 2 of 5 · typing");
            if (isTyping) document.querySelector('[data-testid="stChatInput"] textarea').focus();
            return isTyping;
        }"""
    )
    page.keyboard.type("red dresses")
    place(page, "Step 2 of 5 · ready")
    assert field(page) == "red dresses"
    page.keyboard.press("Enter")
    expect(page.locator(".v-said p").last).to_have_text("red dresses")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()
    page.locator(".v-stage").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".v-said p").last).to_have_text("compare the first two")
    # A page that is drawn anew just then loses a press.
    place(page, "Step 2 of 5 · answered")
    page.get_by_role("button", name="Leave").click()
    _a_way_out_is_pressed(page)
    page.get_by_role("button", name="Make a guest link").click()
    url = page.locator(".v-link a").first.get_attribute("href")
    assert url is not None
    _as_guest(new_page(url, PHONE))
    expect(page.locator(".v-link").first).to_contain_text("1 of 30 guests, 1 question asked, 10 for each")
    _at_the_kiosk(new_page(f"{own_shop_url}/?kiosk=1"))


def _a_way_out_is_pressed(page: Page) -> None:
    """A journey whose third step presses the first way out that is offered: that very button is shown first."""
    page.get_by_role("button", name="Set up: We do not have it").click()
    for n_steps in (1, 2):
        for _ in range(2):
            page.get_by_role("button", name="Next", exact=True).click()
        place(page, f"Step {n_steps} of 4 · answered")
    # The mark is on the button for about a second: whoever looks late would miss it.
    page.evaluate(
        "() => { window.marked = new Set(); new MutationObserver((seen) => seen.forEach(({ target }) => "
        "target.matches('.v-pressing') && window.marked.add(target.innerText.split(':')[0])))"
        ".observe(document.body, { subtree: true, attributeFilter: ['class'] }) }"
    )
    page.get_by_role("button", name="Next", exact=True).click()
    place(page, "Step 3 of 4 · answered")
    assert page.evaluate("[...window.marked]") == [page.locator(".v-said p").last.inner_text()]
    page.get_by_role("button", name="Leave").click()


def _as_guest(page: Page) -> None:
    expect(page.get_by_role("link", name="Behind the counter")).to_have_count(0)
    page.locator('[data-testid="stChatInput"] textarea').fill("red dresses")
    page.keyboard.press("Enter")
    expect(page.locator(".v-card").first).to_be_visible()
    page.reload()
    expect(page.locator(".v-guest")).to_have_text("You are a guest of a demo: 9 of 10 questions left.")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def _at_the_kiosk(page: Page) -> None:
    page.locator('[data-testid="stChatInput"] textarea').fill("red dresses")
    page.keyboard.press("Enter")
    expect(page.locator(".v-card").first).to_be_visible()
    # As if nobody had touched it for so long.
    page.evaluate("window.vitrineKiosk.touchedMs = Date.now() - 50_000")
    page.get_by_role("button", name="I am still here").click()
    expect(page.locator("#v-kiosk")).to_have_count(0)
    expect(page.locator(".v-said")).to_have_count(1)
    page.evaluate("window.vitrineKiosk.touchedMs = Date.now() - 60_000")
    expect(page.locator(".v-starter img").first).to_be_visible()
    expect(page.locator(".v-said")).to_have_count(0)
