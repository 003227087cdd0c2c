"""A shopper's chats in a browser: found again after a restart, apart from everybody else's, named, exported, gone."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect

from tests.e2e.conftest import PHONE, NewPage
from tests.e2e.served import served
from tests.e2e.test_shop_page import TARGET_PX, ask, has_no_sideways_scroll, serious
from tests.e2e.waiting import at_rest

QUESTION = "red dresses for women"


def open_list(page: Page) -> Locator:
    """The list of chats, opened if it is not."""
    listed = page.get_by_role("navigation", name="Your chats")
    button = page.get_by_test_id("stExpandSidebarButton")
    # A wide page opens as it was left.
    listed.or_(button).first.wait_for()
    if not listed.is_visible():
        button.click()
    expect(listed).to_be_visible()
    return listed


def downloaded(page: Page, label: str) -> tuple[Download, str]:
    at_rest(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=label).click()
    return download.value, Path(download.value.path()).read_text(encoding="utf-8")


def test_chats_outlive_a_restart_and_each_shopper_sees_only_their_own(
    stocked: dict[str, str], new_page: NewPage, tmp_path: Path
) -> None:
    with served(stocked, tmp_path / "one.log") as url:
        anna = new_page(url)
        ask(anna, QUESTION)
        address = anna.url
        cookies = anna.context.cookies()
        (cookie,) = (each for each in cookies if each["name"] == "vitrine_shopper")
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["secure"]) == (True, "Lax", False)
    with served(stocked, tmp_path / "two.log") as again:
        port = re.compile(r":\d+/")
        anna.goto(f"{again}/")
        expect(open_list(anna).get_by_role("link")).to_have_text([QUESTION])
        open_list(anna).get_by_role("link", name=QUESTION).click()
        expect(anna.locator("#card-1-1")).to_be_visible()
        expect(anna.locator(".v-said")).to_have_count(1)
        ask(anna, "cheaper")
        expect(anna.locator("#turn-2")).to_be_visible()
        bert = new_page(f"{again}/")
        bert.goto(port.sub(f":{again.rsplit(':', 1)[1]}/", address))
        expect(bert.get_by_text("There is no such chat here.")).to_be_visible()
        expect(bert.locator(".v-said")).to_have_count(0)
        ask(bert, "black belts")
        expect(open_list(bert).get_by_role("link")).to_have_text(["black belts"])
        anna.reload()
        expect(open_list(anna).get_by_role("link")).to_have_text([QUESTION])


def test_a_chat_is_named_exported_and_deleted(
    shop_url: str, new_page: NewPage, screenshot: Callable[[Page, str], None]
) -> None:
    page = new_page(shop_url)
    ask(page, QUESTION)
    reply = page.locator(".v-reply").inner_text()
    shown = page.locator(".v-title").all_text_contents()
    open_list(page)
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Name", exact=True).fill("For the wedding")
    page.get_by_test_id("stFormSubmitButton").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("link", name="For the wedding")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Escape")
    screenshot(page, "chats")
    assert serious(page) == []
    file, text = downloaded(page, "Export as JSON")
    taken = json.loads(text)
    assert file.suggested_filename == "vitrine-for-the-wedding.json"
    assert [item["title"] for item in taken["turns"][0]["items"]] == shown
    assert taken["turns"][0]["message"] == QUESTION
    assert "[1]" not in text
    _, markdown = downloaded(page, "Export as Markdown")
    assert markdown.startswith("# For the wedding\n")
    assert reply[:10] in markdown
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".v-starter").first).to_be_visible()
    expect(page.locator(".v-chats a")).to_have_count(0)
    page.go_back()
    page.reload()
    expect(page.locator(".v-starter").first).to_be_visible()


def test_two_tabs_on_one_chat_keep_to_one_conversation(shop_url: str, new_page: NewPage) -> None:
    first = new_page(shop_url)
    ask(first, QUESTION)
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.locator("#turn-1")).to_be_visible()
    ask(second, "black belts")
    first.get_by_test_id("stChatInputTextArea").fill("in brown")
    first.get_by_test_id("stChatInputTextArea").press("Enter")
    expect(first.locator(".v-said p")).to_have_text([QUESTION, "black belts", "in brown"])
    expect(first.locator("[class*=st-key-found-]")).to_have_count(3)
    expect(first.locator("[class*=st-key-turn-3] .v-chip")).to_contain_text(["Belt", "brown"])


def test_the_last_message_is_edited_and_a_thumb_stays(shop_url: str, new_page: NewPage) -> None:
    page = new_page(shop_url)
    ask(page, QUESTION)
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Your message").fill("black belts")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".v-said p")).to_have_text(["black belts"])
    expect(page.locator(".v-chip")).to_have_text(["Belt", "black"])
    page.get_by_role("radio", name="Thumbs down").click()
    page.get_by_role("button", name="Say why").click()
    page.get_by_role("button", name="Wrong items").click()
    page.get_by_label("In your own words").fill("too wide")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Kept. Thank you.")).to_be_visible()
    page.reload()
    expect(page.locator(".v-said p")).to_have_text(["black belts"])
    page.get_by_role("button", name="Say why").click()
    expect(page.get_by_label("In your own words")).to_have_value("too wide")
    expect(page.get_by_role("button", name="Wrong items")).to_have_attribute("aria-pressed", "true")


def test_the_list_works_on_a_phone_in_the_dark(
    shop_url: str, new_page: NewPage, screenshot: Callable[[Page, str], None]
) -> None:
    page = new_page(shop_url, PHONE, is_dark=True)
    ask(page, QUESTION)
    expect(page.get_by_role("navigation", name="Your chats")).to_have_count(0)
    link = open_list(page).get_by_role("link", name=QUESTION)
    assert has_no_sideways_scroll(page)
    assert serious(page) == []
    screenshot(page, "chats-phone")
    size = link.bounding_box()
    assert size is not None
    assert size["height"] >= TARGET_PX - 0.5
    remembered = "Object.keys(localStorage).filter(name => name.startsWith('stSidebarCollapsed')).length"
    assert page.evaluate(remembered) == 1
    page.get_by_role("link", name="New chat").click()
    expect(page.locator(".v-starter").first).to_be_visible()
    assert page.evaluate(remembered) == 0
    expect(page.get_by_role("navigation", name="Your chats")).to_have_count(0)
