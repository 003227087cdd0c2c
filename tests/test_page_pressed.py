"""Pressing on the page itself: chips off, ways out of an empty search, what was dropped; the same after a reload."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.test_page import ask, drawn, open_page

pytestmark = pytest.mark.usefixtures("surroundings")


def names(page: AppTest, start: str) -> list[str]:
    """The labels of the buttons whose keys start like this, as people read them."""
    return [b.label.replace("\\", "") for b in page.button if str(b.key).startswith(start)]


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [b for b in page.button if b.label.replace("\\", "") == label]
    return button.click().run()


def test_a_chip_is_clicked_off_and_the_rest_is_kept_without_a_model() -> None:
    page = ask(open_page(), "red or black T-shirts under 30 euros")
    assert names(page, "drop-1-") == ["Remove: T-shirt", "Remove: red", "Remove: black", "Remove: under €30"]
    press(page, "Remove: black")
    assert not page.exception
    html = drawn(page)
    assert "<p>Without: black</p>" in html
    assert "pressed" in html
    assert names(page, "drop-") == ["Remove: T-shirt", "Remove: red", "Remove: under €30"]
    press(press(page, "Remove: under €30"), "Remove: red")
    press(page, "Remove: T-shirt")
    assert "clean slate" in drawn(page)
    assert names(page, "drop-") == []


def test_an_empty_search_has_buttons_that_find_what_they_say_and_a_reload_keeps_them() -> None:
    page = ask(open_page(), "white dresses for women under 70 euros")
    labels = ["Up to €75: 1", "Without the price limit: 2", "Without white: 2", "With any kind of item: 4"]
    assert names(page, "choose-1-") == labels
    assert "Up to €75: 1." in drawn(page)
    again = open_page("".join(page.query_params["session"]))
    assert names(again, "choose-1-") == labels
    assert names(again, "drop-1-") == names(page, "drop-1-")
    press(again, "Up to €75: 1")
    assert not again.exception
    html = drawn(again)
    assert "<p>Up to €75</p>" in html
    assert 'id="card-2-1"' in html
    assert 'id="card-2-2"' not in html
    assert names(again, "choose-") == []


def test_a_new_topic_tells_what_it_dropped_and_puts_it_back() -> None:
    page = ask(ask(open_page(), "white dresses in size S under 35 euros"), "belts")
    assert "No longer kept: white, size S, under €35" in drawn(page)
    again = open_page("".join(page.query_params["session"]))
    assert "No longer kept: white, size S, under €35" in drawn(again)
    press(again, "Keep white: 3")
    assert names(again, "drop-3-") == ["Remove: Belt", "Remove: white"]
    assert "No longer kept" in drawn(again)


def test_a_pressed_suggestion_does_exactly_what_it_says() -> None:
    page = ask(open_page(), "red T-shirts")
    press(page, "In black instead")
    assert names(page, "drop-2-") == ["Remove: T-shirt", "Remove: black"]
    html = drawn(page)
    assert "<dd>pressed</dd>" in html


def test_limits_of_the_newest_search_stay_pressable_after_talk_about_its_cards() -> None:
    page = ask(ask(open_page(), "red T-shirts"), "what is the first one made of?")
    page.run()
    assert names(page, "drop-") == ["Remove: T-shirt", "Remove: red"]
    press(page, "Remove: red")
    assert names(page, "drop-") == ["Remove: T-shirt"]
