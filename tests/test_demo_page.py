"""The demo page: a journey played by its buttons, take-over, guests, the kiosk, what the roles see."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from agents.demo.journey import Press, Step
from agents.demo.player import Player
from app_pages.demo_bar import _target, bar_html
from app_pages.demo_guests import link_html
from app_pages.demo_stage import STAGE, Stage
from app_pages.kiosk import start_over
from env.database import Database
from tests.test_page import APP, TIMEOUT_S, ask, drawn, open_page
from tools.store_demo import DemoStore, GuestLink

DEMO = "from app_pages.demo_page import draw_demo; draw_demo()"


def open_demo(**address: str) -> AppTest:
    page = AppTest.from_string(DEMO, default_timeout=TIMEOUT_S)
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


def open_shop_as(**address: str) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


def press(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def stage_of(page: AppTest) -> Stage:
    found: Stage = page.session_state[STAGE]
    return found


def one_step(page: AppTest) -> AppTest:
    """Begin the step and send it, as the browser does when it has been typed."""
    return press(press(page, "stage-next"), "stage-next")


@pytest.fixture
def store(stocked: tuple[str, Path]) -> Iterator[DemoStore]:
    with Database(stocked[0]) as opened:
        yield DemoStore(opened)


@pytest.mark.usefixtures("surroundings")
def test_a_journey_plays_in_the_real_shop_step_by_step_and_is_reset_for_the_next_audience() -> None:
    page = press(open_demo(), "set-up-t-shirts")
    assert not page.exception
    assert "Step 1 of 5 · ready" in drawn(page)
    assert page.chat_input(key="asked").placeholder == "Describe it, or drop a photo"
    page = one_step(page)
    assert not page.exception
    assert "Step 1 of 5 · answered" in drawn(page)
    assert "<p>black t-shirts under 30 euros</p>" in drawn(page)
    assert 'id="card-1-1"' in drawn(page)
    first = stage_of(page).shopper
    page = press(page, "stage-reset")
    assert "Step 1 of 5 · ready" in drawn(page)
    assert "What are you looking for?" in drawn(page)
    assert stage_of(page).shopper != first
    page = press(page, "stage-leave")
    assert "set-up-tour" in {button.key for button in page.button}


@pytest.mark.usefixtures("surroundings")
def test_who_types_takes_over_and_the_journey_can_go_on() -> None:
    page = press(press(open_demo(), "set-up-t-shirts"), "stage-play")
    assert stage_of(page).player.is_playing
    ask(page, "red dresses")
    assert not page.exception
    assert "<p>red dresses</p>" in drawn(page)
    assert (stage_of(page).player.phase, stage_of(page).player.is_playing) == ("ready", False)
    one_step(page)
    assert "<p>black t-shirts under 30 euros</p>" in drawn(page)
    assert "Step 1 of 5 · answered" in drawn(page)


@pytest.mark.usefixtures("surroundings")
def test_a_step_that_fails_is_told_in_the_bar_and_the_next_one_goes_on() -> None:
    page = press(open_demo(), "set-up-tour")
    stage = stage_of(page)
    for _ in range(6):
        stage.player = stage.player.next().next().answered()
    stage.player = stage.player.next()
    assert stage.player.step.press
    page = press(page, "stage-next")
    assert not page.exception
    assert "This step failed: Card 1 cannot be opened: the newest turn shows 0." in drawn(page)
    page = press(page, "stage-next")
    assert "The end" in drawn(page)


@pytest.mark.usefixtures("surroundings")
def test_what_is_offered_under_the_last_reply_is_pressed_and_what_is_not_is_skipped_with_its_reason() -> None:
    page = press(open_demo(), "set-up-t-shirts")
    stage = stage_of(page)
    steps = (
        Step(say="red T-shirts", caption="a search"),
        Step(press=Press.model_validate("IN BLACK"), caption="a press"),
        Step(press=Press(suggestion="Cheaper handbags"), caption="no such chip"),
    )
    stage.player = Player(stage.player.journey.model_copy(update={"steps": steps}))
    page = press(one_step(page), "stage-next")
    offer = stage.offer()
    assert page.button(key=f"suggest-1-{offer.place}").label == "In black instead"
    assert _target(stage) == f".st-key-suggest-1-{offer.place} button"
    page = press(page, "stage-next")
    assert not page.exception
    assert "<p>In black instead</p>" in drawn(page)
    page = one_step(page)
    assert not page.exception
    assert "Step 3 of 3 · skipped" in drawn(page)
    told = "This step was skipped: Nothing offered here says &#x27;Cheaper handbags&#x27;; offered are &#x27;"
    assert told in drawn(page)
    assert "This step failed" not in drawn(page)
    assert "The end" in drawn(press(page, "stage-next"))


@pytest.mark.usefixtures("surroundings")
def test_a_reload_comes_back_to_the_step_and_only_to_a_demo() -> None:
    page = one_step(press(open_demo(), "set-up-t-shirts"))
    address = {name: "".join(value) for name, value in page.query_params.items()}
    again = open_demo(**address)
    assert "Step 1 of 5 · answered" in drawn(again)
    assert "<p>black t-shirts under 30 euros</p>" in drawn(again)
    own = ask(open_page(), "red T-shirts")
    other = open_demo(**address | {"stage": "".join(own.query_params["session"])})
    assert "set-up-tour" in {button.key for button in other.button}


@pytest.mark.usefixtures("surroundings")
def test_a_recording_plays_marked_on_every_turn_and_answers_nothing_else() -> None:
    page = press(open_demo(), "replay-file:a-wedding-in-summer")
    for _ in range(2):
        page = one_step(page)
    assert not page.exception
    assert drawn(page).count('class="v-mark">Recorded on ') == 3
    assert "written by offline composer" in drawn(page)
    assert all(button.disabled for button in page.button if str(button.key).startswith("suggest-2-"))
    ask(page, "red dresses")
    assert "This is a recording and answers only what was asked then" in drawn(page)
    press(page, "open-1-1")
    assert not page.exception
    assert "Item number" not in drawn(page)


@pytest.mark.usefixtures("surroundings")
def test_a_demo_is_kept_removed_from_the_list_and_put_back(store: DemoStore) -> None:
    page = one_step(press(open_demo(), "set-up-t-shirts"))
    page = press(press(page, "keep-recording"), "stage-leave")
    assert "they leave this list for everybody, can be put back for at least 7 days" in drawn(page)
    (key,) = (str(button.key) for button in page.button if str(button.key).startswith("remove-kept:"))
    kept = key.removeprefix("remove-")
    page = press(page, key)
    assert not page.exception
    assert "“Black T-shirts under 30” is removed; below it can be put back for 7 days." in drawn(page)
    assert f"replay-{kept}" not in {button.key for button in page.button}
    assert "can be removed" not in drawn(page)
    again = press(open_demo(), f"put-back-{kept}")
    assert "“Black T-shirts under 30” is on the list again." in drawn(again)
    assert f"replay-{kept}" in {button.key for button in again.button}
    store.remove_recording(int(kept.removeprefix("kept:")))
    assert "There is no recording" in drawn(press(again, key))


@pytest.mark.usefixtures("surroundings")
def test_a_guest_link_is_made_shown_as_a_code_ended_and_opened_again() -> None:
    page = open_demo()
    assert "No guest links so far" in drawn(page)
    assert "This shop serves this computer alone" in drawn(page)
    page.number_input(key="guest-turns").set_value(1)
    page = press(page, "guest-make")
    assert not page.exception
    assert '<img class="v-code" src="data:image/png;base64,' in drawn(page)
    assert "0 of 30 guests, 0 questions asked, 1 for each. Open for 60 minutes more." in drawn(page)
    (end,) = (button.key for button in page.button if str(button.key).startswith("end-"))
    page = press(page, str(end))
    assert "<b>Ended.</b> 0 of 30 guests" in drawn(page)
    page = press(page, str(end).replace("end-", "again-"))
    assert "Open for 60 minutes more." in drawn(page)
    assert not page.exception


def test_a_guest_asks_within_the_limits_alone_and_is_told_kindly_when_they_are_used_up(
    surroundings: pytest.MonkeyPatch, store: DemoStore
) -> None:
    link = store.make_link("me", n_guests=1, n_turns=1, minutes=5)
    page = open_shop_as(guest=link.token)
    assert "You are a guest of a demo: 1 of 1 questions left." in drawn(page)
    assert "Your chats" not in drawn(page)
    assert f'href="/?guest={link.token}"' in drawn(page)
    ask(page, "red T-shirts")
    assert 'id="card-1-1"' in drawn(page)
    ask(page, "red dresses")
    assert "Your one question of this demo is used up; thank you for trying it." in drawn(page)
    assert 'id="card-2-1"' not in drawn(page)
    full = open_shop_as(guest=link.token)
    assert "All 1 seats of this demo are taken" in drawn(full)
    assert not full.chat_input
    assert "not one of ours" in drawn(open_shop_as(guest="forged"))
    store.end_link(link.token)
    assert "This demo has ended" in drawn(page.run())


def test_a_shop_for_guests_only_lets_in_nobody_else(surroundings: pytest.MonkeyPatch, store: DemoStore) -> None:
    surroundings.setenv("ACCESS", "public")
    surroundings.setenv("GUESTS_ONLY", "true")
    page = open_shop_as()
    assert "open to guests of a demo only" in drawn(page)
    assert not page.chat_input
    link = store.make_link("me", n_guests=1, n_turns=1, minutes=5)
    assert open_shop_as(guest=link.token).chat_input


def test_who_may_not_present_is_refused(surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("ACCESS", "public")
    page = AppTest.from_string(
        "import streamlit as st\nfrom env.errors import VitrineError\nfrom app_pages.demo_page import draw_demo\n"
        "try:\n    draw_demo()\nexcept VitrineError as error:\n    st.html(str(error))",
        default_timeout=TIMEOUT_S,
    ).run()
    assert "this needs leave to present demos" in drawn(page)
    assert not page.button


def test_a_kiosk_shows_nobodys_chats_and_forgets_its_visitor(
    surroundings: pytest.MonkeyPatch, store: DemoStore
) -> None:
    page = ask(open_shop_as(kiosk="2"), "red T-shirts")
    assert not page.exception
    assert "Your chats" not in drawn(page)
    assert "Behind the counter" not in str(page.main)
    assert "session" not in page.query_params
    shopper = page.session_state["shopper"]
    assert store.audience(shopper) is not None
    state = {name: page.session_state[name] for name in ("visitor", "shopper", "chat")}
    start_over(state)
    assert store.audience(shopper) is None
    assert state == {"kiosk-over": True}


def test_texts_of_journeys_errors_and_links_are_escaped(surroundings: pytest.MonkeyPatch) -> None:
    page = press(open_demo(), "set-up-tour")
    stage = stage_of(page)
    stage.player = stage.player.play().sent().answered("<script>alert(1)</script>")
    assert "<script>" not in bar_html(stage)
    now = datetime.now(UTC)
    link = GuestLink("t", "me", 1, 1, now, now, False, 0, 0)
    assert "<script>" not in link_html(link, "http://<script>/")
