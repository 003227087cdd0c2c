"""A shopper at the page: by mouse, by keyboard, on a phone, in the dark, with a photo, impatient."""

import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, NewPage
from tests.e2e.served import served
from tests.servers.local import LocalServer
from tests.servers.openai import OpenAI
from tests.servers.wire import Fault

QUESTION = "dresses for women under 130 euros"
TARGET_PX = 44


def box(page: Page) -> Locator:
    return page.get_by_test_id("stChatInputTextArea")


def ask(page: Page, text: str) -> None:
    """Type a message, send it with Enter, and wait for the whole answer."""
    n_before = page.locator("[class*=st-key-found-]").count()
    box(page).fill(text)
    expect(page.get_by_test_id("stChatInputSubmitButton")).to_be_enabled()
    box(page).press("Enter")
    expect(page.locator("[class*=st-key-found-]")).to_have_count(n_before + 1)


def has_no_sideways_scroll(page: Page) -> bool:
    return bool(
        page.evaluate(
            "[document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]"
            ".every(element => element.scrollWidth <= element.clientWidth)"
        )
    )


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def test_a_starter_tile_leads_to_cards_a_reply_and_suggestions(
    shop_url: str, new_page: NewPage, screenshot: Callable[[Page, str], None]
) -> None:
    page = new_page(shop_url)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    expect(page.locator(".v-starter")).to_have_count(4)
    expect(page.get_by_role("heading", name="What are you looking for?")).to_be_visible()
    screenshot(page, "welcome")
    page.get_by_role("button", name=re.compile("^Ask: a linen shirt")).click()
    expect(page.locator("#card-1-1")).to_be_visible()
    expect(page.locator(".v-reply a").first).to_be_visible()
    expect(page.locator(".v-welcome")).to_have_count(0)
    assert all(url.startswith((shop_url, "data:", "blob:")) for url in requests)


def test_a_typed_question_shows_chips_cards_and_a_reply_that_leads_to_its_card(
    shop_url: str, new_page: NewPage, screenshot: Callable[[Page, str], None]
) -> None:
    page = new_page(shop_url)
    ask(page, QUESTION)
    expect(page.locator(".v-chip")).to_have_text(["Dress", "for women", "under €130"])
    for picture in page.locator(".v-card img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0
        assert picture.get_attribute("alt")
    page.locator(".v-said").scroll_into_view_if_needed()
    screenshot(page, "wide")
    page.locator(".v-reply a").first.click()
    expect(page.locator(".v-card:target")).to_have_count(1)
    expect(page.locator("#v-live")).to_have_text(re.compile(r"\w+"))
    assert page.locator("[data-testid=stMainMenu], [data-testid=stStatusWidget]").filter(visible=True).count() == 0


def test_a_card_opens_by_keyboard_and_closes_again(shop_url: str, new_page: NewPage) -> None:
    page = new_page(shop_url)
    ask(page, QUESTION)
    card = page.get_by_role("button", name=re.compile("^Look at 1: "))
    card.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Item number")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_dropped_photo_without_words_is_shown_and_searched_with_and_stays_private(
    shop_url: str, new_page: NewPage, tmp_path: Path
) -> None:
    photo = tmp_path / "mine.png"
    Image.new("RGB", (300, 400), (180, 30, 40)).save(photo)
    page = new_page(shop_url)
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.get_by_text("mine.png")).to_be_visible()
    page.get_by_test_id("stChatInputSubmitButton").click()
    expect(page.get_by_alt_text("Your photo")).to_be_visible()
    expect(page.locator("#card-1-1")).to_be_visible()
    expect(page.locator("[class*=st-key-found-]")).to_have_count(1)
    other = new_page(shop_url)
    assert "Your photo" not in other.content()


def red_dress_in(page: Page, words: str, folder: Path) -> None:
    """Send a drawn photo with words, and wait for the whole answer."""
    photo = folder / "mine.png"
    picture = Image.new("RGB", (300, 400), "white")
    ImageDraw.Draw(picture).polygon([(110, 40), (190, 40), (260, 380), (40, 380)], fill=(180, 30, 40))
    picture.save(photo)
    # The name is there before the photo is, and until then nothing can be sent.
    with page.expect_response(lambda response: "upload_file" in response.url and response.request.method == "PUT"):
        page.locator("input[type=file]").set_input_files(photo)
    expect(page.get_by_text("mine.png")).to_be_visible()
    ask(page, words)


def test_a_photo_with_words_has_a_slider_that_changes_the_cards_and_adds_no_turn(
    shop_url: str, new_page: NewPage, tmp_path: Path, screenshot: Callable[[Page, str], None]
) -> None:
    page = new_page(shop_url)
    red_dress_in(page, "striped, for a cold day", tmp_path)
    slider = page.get_by_role("slider", name="More like the words, or more like the photo")
    titles = page.locator(".v-title").all_text_contents()
    slider.focus()
    page.keyboard.press("End")
    expect(slider).to_have_value("100")
    expect(page.locator(".v-title")).not_to_have_text(titles)
    expect(page.locator(".v-said")).to_have_count(1)
    assert serious(page) == []
    page.locator(".v-said").scroll_into_view_if_needed()
    screenshot(page, "photo-and-words")
    changed = page.locator(".v-title").all_text_contents()
    ask(page, "dresses")
    expect(slider).to_have_count(0)
    page.reload()
    expect(page.locator("#turn-2")).to_be_visible()
    expect(page.locator("[id^=card-1-] .v-title")).to_have_text(changed)


def test_the_slider_has_room_on_a_phone_and_in_the_dark(
    shop_url: str, new_page: NewPage, tmp_path: Path, screenshot: Callable[[Page, str], None]
) -> None:
    page = new_page(shop_url, PHONE, is_dark=True)
    red_dress_in(page, "but in blue", tmp_path)
    slider = page.get_by_role("slider", name="More like the words, or more like the photo")
    expect(slider).to_be_visible()
    assert has_no_sideways_scroll(page)
    assert serious(page) == []
    page.locator(".v-said").scroll_into_view_if_needed()
    screenshot(page, "photo-and-words-phone")


def test_a_file_that_is_no_picture_is_told_in_the_turn(shop_url: str, new_page: NewPage, tmp_path: Path) -> None:
    fake = tmp_path / "fake.png"
    fake.write_bytes(b"this is text")
    page = new_page(shop_url)
    page.locator("input[type=file]").set_input_files(fake)
    expect(page.get_by_text("fake.png")).to_be_visible()
    page.get_by_test_id("stChatInputSubmitButton").click()
    expect(page.locator(".v-problem")).to_contain_text("not a picture I can read")


def test_no_result_is_a_sentence_that_helps(shop_url: str, new_page: NewPage) -> None:
    page = new_page(shop_url)
    ask(page, "perfume for men")
    expect(page.locator(".v-card")).to_have_count(0)
    expect(page.locator(".v-reply")).to_contain_text("perfume")


def test_a_reload_keeps_the_conversation(shop_url: str, new_page: NewPage) -> None:
    page = new_page(shop_url)
    ask(page, QUESTION)
    titles = page.locator(".v-title").all_text_contents()
    page.reload()
    expect(page.locator(".v-title")).to_have_text(titles)
    ask(page, "only printed ones")
    expect(page.locator("#turn-2")).to_be_visible()


def test_a_phone_has_two_columns_no_sideways_scroll_and_targets_for_thumbs(
    shop_url: str, new_page: NewPage, screenshot: Callable[[Page, str], None]
) -> None:
    page = new_page(shop_url, PHONE)
    assert has_no_sideways_scroll(page)
    ask(page, QUESTION)
    assert has_no_sideways_scroll(page)
    screenshot(page, "phone")
    lefts = {round(card.bounding_box()["x"]) for card in page.locator(".v-card").all()}  # type: ignore[index]
    assert len(lefts) == 2
    for button in page.get_by_role("button").filter(visible=True).all():
        size = button.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= TARGET_PX - 0.5, button.evaluate("button => button.outerHTML")


def test_the_dark_window_is_dark_and_readable(
    shop_url: str, new_page: NewPage, screenshot: Callable[[Page, str], None]
) -> None:
    page = new_page(shop_url, is_dark=True)
    assert serious(page) == []
    ask(page, QUESTION)
    assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor") == "rgb(25, 21, 25)"
    page.locator("[class*=st-key-found-] summary").click()
    expect(page.locator(".v-waterfall")).to_be_visible()
    assert serious(page) == []
    page.locator("[class*=st-key-found-] summary").click()
    page.locator(".v-said").scroll_into_view_if_needed()
    screenshot(page, "dark")


def test_the_lit_page_passes_axe(shop_url: str, new_page: NewPage) -> None:
    page = new_page(shop_url)
    assert serious(page) == []
    ask(page, f"{QUESTION}, not blue")
    page.locator("[class*=st-key-found-] summary").click()
    expect(page.locator(".v-waterfall")).to_be_visible()
    assert serious(page) == []


def test_stop_ends_a_reply_at_once_and_leaves_the_cards(
    stocked: dict[str, str], new_page: NewPage, tmp_path: Path
) -> None:
    with LocalServer(OpenAI()) as server:
        server.fail(Fault.DRIP, kind="stream")
        hosted = {"ASSISTANT": "openai", "OPENAI_BASE_URL": f"{server.url}/v1", "OPENAI_API_KEY": "k"}
        with served({**stocked, **hosted, "CHAT_TIMEOUT_S": "300"}, tmp_path / "page.log") as url:
            page = new_page(url)
            box(page).fill(QUESTION)
            box(page).press("Enter")
            expect(page.locator(".v-reply")).to_contain_text("Here they are.")
            page.get_by_role("button", name="Stop", exact=True).click()
            expect(page.get_by_text("Stopped. What was found stays.")).to_be_visible()
            said = page.locator(".v-reply").inner_text()
            expect(page.locator("#card-1-1")).to_be_visible()
            expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
            page.wait_for_timeout(1_000)
            assert page.locator(".v-reply").inner_text() == said
            box(page).fill("hello")
            expect(page.get_by_test_id("stChatInputSubmitButton")).to_be_enabled()
