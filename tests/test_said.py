"""What a page tells of what was done: once, where it belongs, and without moving what stands below."""

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from app_pages.said import doing, draw_said
from env.errors import BenchError

def fail():
    raise BenchError("the judge is <away>; ask later")

draw_said()
st.button("Do", key="do", on_click=doing, args=(lambda: "it is done",))
st.button("Hush", key="hush", on_click=doing, args=(lambda: "",))
draw_said("here")
st.button("Fail", key="fail", on_click=doing, args=(fail, "here"))
"""


def opened() -> AppTest:
    return AppTest.from_string(SCRIPT).run()


def drawn(page: AppTest) -> list[str]:
    assert not page.exception
    return [element.proto.body for element in page.get("html")]


def places(page: AppTest) -> dict[str | None, int]:
    """Where each button stands among the elements of the page."""
    return {child.key: place for place, child in page.main.children.items() if child.type == "button"}


@pytest.mark.parametrize("press", ["do", "fail", "hush"])
def test_nothing_below_moves_when_something_is_told_or_no_longer_is(press: str) -> None:
    page = opened()
    before = places(page)
    assert before == {"do": 1, "hush": 2, "fail": 4}
    page.button(key=press).click().run()
    assert places(page) == before
    page.run()
    assert (places(page), drawn(page)) == (before, [])


def test_what_was_done_is_told_once_and_a_failure_in_its_own_place_escaped() -> None:
    page = opened()
    page.button(key="fail").click().run()
    assert drawn(page) == [
        '<p class="v-told v-told-not" role="alert">The judge is &lt;away&gt;; ask later.</p>',
    ]
    assert page.main.children[3].type == "html"
    page.button(key="do").click().run()
    (first,) = drawn(page)
    assert first == '<p class="v-told v-told-done" role="status" data-n="1">It is done.</p>'
    page.button(key="do").click().run()
    # The same words again are other HTML: a browser shows them again.
    assert drawn(page) == [first.replace('data-n="1"', 'data-n="2"')]
    page.button(key="hush").click().run()
    assert drawn(page) == []
