"""The page itself, run by Streamlit's own test runner over a real shop: welcome, turns, dialog, reload, outages."""

import io
import re

import pytest
from streamlit.testing.v1 import AppTest

from env.settings import REPO_DIR
from tests.laid_out import laid_out
from tests.servers.local import LocalServer
from tests.servers.openai import OpenAI
from tests.servers.wire import Fault
from tests.small_catalog import draw_item, small_items

APP = REPO_DIR / "app.py"
TIMEOUT_S = 120


def open_page(session: str = "") -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
    if session:
        page.query_params["session"] = session
    return page.run()


def ask(page: AppTest, text: str) -> AppTest:
    return page.chat_input(key="asked").set_value(text).run()


def drawn(page: AppTest) -> str:
    """All HTML of the page."""
    return "\n".join(element.proto.body for element in page.get("html"))


@pytest.mark.usefixtures("surroundings")
def test_a_first_visit_shows_four_pictures_of_this_catalogue_with_questions() -> None:
    page = open_page()
    assert not page.exception
    labels = [button.label for button in page.button]
    assert len([label for label in labels if label.startswith(r"Ask\: ")]) == 4
    assert drawn(page).count('<img src="/pictures/') == 4
    assert "runs on this machine" in drawn(page)
    assert page.chat_input(key="asked").placeholder == "Describe it, or drop a photo"


@pytest.mark.usefixtures("surroundings")
def test_a_tile_asks_its_question_and_makes_room_for_the_answer() -> None:
    page = open_page()
    page.button(key="ask-1").click().run()
    assert not page.exception
    html = drawn(page)
    assert 'id="card-1-1"' in html
    assert "What are you looking for?" not in html
    assert "v-reply" in html
    assert not [button for button in page.button if button.key == "stop"]


@pytest.mark.usefixtures("surroundings")
def test_a_typed_question_gives_chips_cards_reply_suggestions_and_how_it_was_found() -> None:
    page = ask(open_page(), "red T-shirts under 30 euros")
    assert not page.exception
    html = drawn(page)
    for told in (">T-shirt</span>", "</i>red</span>", ">under €30</span>", 'id="card-1-1"', "Alder red t-shirt 1"):
        assert told in html
    assert 'href="#card-1-1"' in html
    assert 1 <= len([button for button in page.button if str(button.key).startswith("suggest-1-")]) <= 3
    assert [expander.label for expander in page.expander] == ["How this was found"]
    assert "offline rules" in html


@pytest.mark.usefixtures("surroundings")
def test_of_a_photo_with_several_garments_one_is_picked_by_its_button() -> None:
    page, photo = open_page(), io.BytesIO()
    laid_out().save(photo, "PNG")
    page.chat_input(key="asked").upload("mine.png", photo.getvalue(), "image/png").run()
    assert [page.button(key=f"pick-1-{number}").label for number in (1, 2)] == ["Only the top", "Only the shoes"]
    assert drawn(page).count('class="v-crop"') == 2
    page.button(key="pick-1-2").click().run()
    assert "Only the shoes" in drawn(page)
    assert 'class="v-crop"' not in drawn(page)
    assert "v-card" in drawn(page)


@pytest.mark.usefixtures("surroundings")
def test_a_photo_with_words_can_be_slid_between_and_with_words_alone_not() -> None:
    page = open_page()
    photo = io.BytesIO()
    draw_item(small_items()[14]).save(photo, "PNG")
    page.chat_input(key="asked").upload("mine.png", photo.getvalue(), "image/png").set_value("something striped").run()
    (slider,) = page.slider
    assert (slider.label, slider.min, slider.max) == ("More like the words, or more like the photo", 0, 100)
    before = re.findall('class="v-title">([^<]+)', drawn(page))
    slider.set_value(0).run()
    assert not page.exception
    after = re.findall('class="v-title">([^<]+)', drawn(page))
    assert after != before
    assert drawn(page).count("You asked") == 1
    ask(page, "red dresses")
    assert not page.slider


@pytest.mark.usefixtures("surroundings")
def test_a_card_opens_large_and_asks_for_more_like_it() -> None:
    page = ask(open_page(), "red T-shirts")
    page.button(key="open-1-1").click().run()
    similar = [button for button in page.button if str(button.key).startswith("similar-")]
    assert len(similar) == 1
    assert "Item number" in drawn(page)
    similar[0].click().run()
    assert not page.exception
    assert "More like number 1" in drawn(page)


@pytest.mark.usefixtures("surroundings")
def test_suggestions_belong_to_the_last_turn_only() -> None:
    page = ask(ask(open_page(), "red T-shirts"), "black belts")
    keys = {str(button.key) for button in page.button}
    assert not [key for key in keys if key.startswith("suggest-1-")]
    assert {"open-1-1", "open-2-1"} <= keys


@pytest.mark.usefixtures("surroundings")
def test_no_result_is_a_sentence_and_no_empty_page() -> None:
    page = ask(open_page(), "perfume")
    assert not page.exception
    html = drawn(page)
    assert 'id="card-1-1"' not in html
    assert "perfume" in html.lower()
    assert "v-reply" in html


@pytest.mark.usefixtures("surroundings")
def test_a_reload_continues_the_chat_and_another_browser_starts_afresh() -> None:
    page = ask(open_page(), "red T-shirts")
    again = open_page("".join(page.query_params["session"]))
    assert 'id="card-1-1"' in drawn(again)
    assert "<p>red T-shirts</p>" in drawn(again)
    ask(again, "only under 25 euros")
    assert 'id="card-2-1"' in drawn(again)
    assert "<p>red T-shirts</p>" not in drawn(open_page())


def test_a_hosted_model_that_fails_is_told_in_one_line_and_the_cards_stand(surroundings: pytest.MonkeyPatch) -> None:
    with LocalServer(OpenAI()) as server:
        server.fail(Fault.BROKEN)
        surroundings.setenv("ASSISTANT", "openai")
        surroundings.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        surroundings.setenv("OPENAI_API_KEY", "k")
        surroundings.setenv("CHAT_MAX_RETRIES", "0")
        page = ask(open_page(), "red T-shirts")
    assert not page.exception
    html = drawn(page)
    assert 'id="card-1-1"' in html
    assert html.count('class="v-note"') == 1
    assert "written on this machine" in html
    assert "runs on this machine" not in html


def test_a_shop_without_a_database_is_closed_calmly(surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("DATABASE_URL", "postgresql://shop:hunter2@127.0.0.1:1/shop")
    page = open_page()
    assert not page.exception
    html = drawn(page)
    assert "The shop is closed for a moment" in html
    assert "hunter2" not in html
    assert [button.label for button in page.button] == ["Try again"]
    assert not page.chat_input


def test_a_setting_that_cannot_be_used_is_told_on_the_page(surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("CHAT_TIMEOUT_S", "soon")
    page = open_page()
    assert not page.exception
    assert "Setting CHAT_TIMEOUT_S=&#x27;soon&#x27;" in drawn(page)


def test_a_missing_checkpoint_is_told_in_the_turn(surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("EMBEDDER", "models/no-such-checkpoint")
    page = ask(open_page(), "something cosy")
    assert not page.exception
    assert "v-problem" in drawn(page)
    assert "no-such-checkpoint" in drawn(page)


@pytest.mark.usefixtures("surroundings")
def test_a_comparison_is_a_table_also_after_a_reload_and_its_items_open() -> None:
    page = ask(ask(open_page(), "red T-shirts"), "compare the first two")
    assert not page.exception
    tables = re.findall(r'<div class="v-compare".*?</table>', drawn(page))
    assert len(tables) == 1
    assert "Sale" in re.findall(r'scope="row">([^<]+)', tables[0])
    assert tables[0].count('scope="col"') == 2
    assert re.search(r"The same for both: [^<]*cotton", drawn(page))
    again = open_page("".join(page.query_params["session"]))
    assert re.findall(r'<div class="v-compare".*?</table>', drawn(again)) == tables
    again.button(key="look-2-2").click().run()
    assert not again.exception
    assert "Item number" in drawn(again)


@pytest.mark.usefixtures("surroundings")
def test_a_look_is_completed_from_a_photo() -> None:
    page = open_page()
    photo = io.BytesIO()
    draw_item(small_items()[14]).save(photo, "PNG")
    page.chat_input(key="asked").upload("mine.png", photo.getvalue(), "image/png").set_value("finish this outfit").run()
    assert not page.exception
    assert "Chosen to go with your photo, which shows something like a" in drawn(page)
    kinds = {
        re.sub(r".*\b(\w+)$", r"\1", title.casefold()) for title in re.findall('class="v-title">([^<]+)', drawn(page))
    }
    assert kinds
    assert "dress" not in kinds
