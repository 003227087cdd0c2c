"""A whole shopping trip in a browser: search, refine, photo, composed, compare, outfit, save, bag, reload, export.

SCREENSHOTS_DIR names a folder in which pictures of every step are kept, wide and on a phone, light and dark.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, WIDE, NewPage
from tests.e2e.test_chats_page import downloaded, open_list
from tests.e2e.test_shop_page import QUESTION, ask, has_no_sideways_scroll, serious
from tests.laid_out import SHOES, picture

KEPT_IN = os.environ.get("SCREENSHOTS_DIR", "")
LOOKS = {"wide": (WIDE, False), "phone-dark": (PHONE, True)}
if KEPT_IN:
    LOOKS |= {"wide-dark": (WIDE, True), "phone": (PHONE, False)}
MOST_TABS = 80
SHOE = re.compile("shoes|brogues|loafers|derby|oxford", re.IGNORECASE)

Keep = Callable[[Page, str], None]


@pytest.fixture
def keep() -> Keep:
    """Keeps a picture of the newest turn where SCREENSHOTS_DIR is set."""

    def take(page: Page, name: str) -> None:
        if KEPT_IN:
            page.wait_for_function("[...document.images].every(image => image.complete)")
            page.wait_for_timeout(300)
            Path(KEPT_IN).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(KEPT_IN) / f"{name}.jpg", type="jpeg", quality=85)

    return take


def reply(page: Page, turn: int) -> Locator:
    return page.locator(f"[class*=st-key-turn-{turn}] .v-reply").last


def cards(page: Page, turn: int) -> Locator:
    return page.locator(f"[id^=card-{turn}-]")


def photo_of_shoes(folder: Path) -> Path:
    path = folder / "mine.png"
    picture(SHOES).save(path)
    return path


def show(page: Page, photo: Path, turn: int) -> None:
    """Send a photo without words, and wait for the whole answer."""
    with page.expect_response(lambda response: "upload_file" in response.url and response.request.method == "PUT"):
        page.locator("input[type=file]").set_input_files(photo)
    expect(page.get_by_text(photo.name)).to_be_visible()
    page.get_by_test_id("stChatInputSubmitButton").click()
    expect(page.locator(f".st-key-found-{turn}")).to_be_visible()


def has_readable_text(page: Page) -> bool:
    """Whether axe measured contrasts and found none too low, whatever weight it gives to it."""
    found = Axe().run(page).response
    is_measured = any(rule["id"] == "color-contrast" for rule in found["passes"])
    return is_measured and not any(rule["id"] == "color-contrast" for rule in found["violations"])


@pytest.mark.parametrize("look", LOOKS)
def test_a_whole_trip(shop_url: str, new_page: NewPage, tmp_path: Path, keep: Keep, look: str) -> None:
    size, is_dark = LOOKS[look]
    page = new_page(shop_url, size, is_dark)
    keep(page, f"{look}-0-welcome")
    ask(page, QUESTION)
    prices = [float(text.split()[0].lstrip("€")) for text in page.locator(".v-price").all_inner_texts()]
    assert prices
    assert max(prices) <= 130
    keep(page, f"{look}-1-search")
    ask(page, "only red ones")
    expect(page.locator("[class*=st-key-chips-2-] .v-chip")).to_have_text(["Dress", "for women", "red", "under €130"])
    keep(page, f"{look}-2-refine")
    show(page, photo_of_shoes(tmp_path), 3)
    expect(page.get_by_alt_text("Your photo")).to_be_visible()
    expect(cards(page, 3).first).to_be_visible()
    expect(page.locator("[id^=card-3-] .v-title").first).to_contain_text(
        re.compile("shoes|brogues|loafers|derby", re.I)
    )
    keep(page, f"{look}-3-photo")
    ask(page, "this but in black")
    expect(page.locator("[class*=st-key-chips-4-] .v-chip").filter(has_text="black")).to_be_visible()
    expect(cards(page, 4).first).to_be_visible()
    keep(page, f"{look}-4-composed")
    ask(page, "compare the first two")
    expect(cards(page, 5)).to_have_count(2)
    keep(page, f"{look}-5-compare")
    ask(page, "what goes with the first one?")
    expect(cards(page, 6).nth(1)).to_be_visible()
    expect(reply(page, 6)).to_contain_text("€")
    keep(page, f"{look}-6-outfit")
    assert has_no_sideways_scroll(page)
    assert serious(page) == []
    ask(page, "save the first one")
    expect(reply(page, 7)).to_contain_text("Saved")
    expect(page.get_by_role("button", name="Saved · 1", exact=True)).to_be_visible()
    keep(page, f"{look}-7-save")
    put_into_the_bag(page)
    keep(page, f"{look}-8-bag")
    page.reload()
    expect(page.get_by_role("button", name="Bag · 1", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Saved · 1", exact=True)).to_be_visible()
    expect(page.locator(".v-said p").first).to_have_text(QUESTION)
    expect(reply(page, 7)).to_contain_text("Saved")
    page.get_by_role("button", name="Bag · 1", exact=True).click()
    expect(page.get_by_role("dialog").locator(".v-line")).to_have_count(1)
    keep(page, f"{look}-9-bag-open")
    assert serious(page) == []
    page.keyboard.press("Escape")
    open_list(page)
    keep(page, f"{look}-10-export")
    _, text = downloaded(page, "Export as Markdown")
    said = [QUESTION, "only red ones", "this but in black", "compare the first two", "save the first one"]
    assert [line for line in said if line not in text] == []
    assert "Added" in text
    assert serious(page) == []
    assert has_readable_text(page)
    assert has_no_sideways_scroll(page)


def put_into_the_bag(page: Page) -> None:
    """Ask for it in words, and press a size where one is asked for."""
    ask(page, "add the first one to my bag")
    sizes = page.get_by_role("button", name=re.compile("^Size "))
    if "Added" not in reply(page, 8).inner_text():
        sizes.first.click()
        expect(page.locator(".st-key-found-9")).to_be_visible()
    expect(page.locator(".v-reply").last).to_contain_text("Added")
    expect(page.get_by_role("button", name="Bag · 1", exact=True)).to_be_visible()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus; on the way everything that has it shows it."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
    raise AssertionError("the focus never came there")


SHOWS_FOCUS = """() => {
    const shown = element => {
        const style = getComputedStyle(element);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
    };
    const at = document.activeElement;
    if (at === document.body || at.tagName === 'IFRAME') return true;
    // Of inputs and covered links the frame around them lights up.
    for (let element = at, n = 0; element && n < 6; element = element.parentElement, n++) {
        if (shown(element)) return true;
        if (element.nextElementSibling && shown(element.nextElementSibling)) return true;
    }
    return getComputedStyle(at).borderStyle !== 'none';
}"""


def test_a_trip_by_keyboard_alone(shop_url: str, new_page: NewPage) -> None:
    page = new_page(shop_url)
    words = page.get_by_test_id("stChatInputTextArea")
    tab_to(page, words)
    page.keyboard.type("handbags")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-found-1")).to_be_visible()
    card = page.get_by_role("button", name=re.compile("^Look at 1: "))
    tab_to(page, card)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    add = dialog.get_by_role("button", name="Add to bag")
    expect(add).to_be_visible()
    tab_to(page, add)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Bag · 1", exact=True)).to_be_visible()
    expect(dialog).to_have_count(0)
    similar = (
        page.get_by_role("button", name="More like the first one")
        .or_(page.get_by_role("button", name="What goes with the first one?"))
        .first
    )
    tab_to(page, similar)
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-found-2")).to_be_visible()
    bag = page.get_by_role("button", name="Bag · 1", exact=True)
    tab_to(page, bag)
    page.keyboard.press("Enter")
    expect(dialog.locator(".v-line")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
