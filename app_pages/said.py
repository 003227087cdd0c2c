"""What a page did, or why it did not, told once above what it was done to."""

from collections.abc import Callable

import streamlit as st

from app_pages.wording import html_text, sentence
from env.errors import VitrineError


def doing(act: Callable[[], str], place: str = "") -> bool:
    """Do something when a button is pressed; whether it was done. What `act` returns is told, as is its failure.

    It is told where `draw_said` of the same `place` is; "" is the page's own. An act that returns "" is not told.
    """
    try:
        say(act(), place)
    except VitrineError as error:
        refuse(str(error), place)
        return False
    return True


def say(done: str, place: str = "") -> None:
    """Tell what was done once the page is drawn again."""
    # Numbered, so that the same words told again are seen again.
    n_told = st.session_state["said-n"] = st.session_state.get("said-n", 0) + 1
    html = f'<p class="v-told v-told-done" role="status" data-n="{n_told}">{html_text(sentence(done))}</p>'
    _keep(html if done else "", place)


def refuse(reason: str, place: str = "") -> None:
    """Tell why something was not done once the page is drawn again."""
    _keep(_failure_html(reason), place)


def draw_said(place: str = "") -> None:
    """Draw what was done or failed since the page was last drawn.

    It takes one element's place whether there is something to tell or not. Streamlit knows elements by their position:
    were a later one to move, a button that is being pressed could become another, and the press be lost.
    """
    slot = st.empty()
    if told := st.session_state.pop(_key(place), ""):
        slot.html(told)


def draw_failure(reason: str) -> None:
    """Say why something cannot be done."""
    st.html(_failure_html(reason))


def _failure_html(reason: str) -> str:
    return f'<p class="v-told v-told-not" role="alert">{html_text(sentence(reason))}</p>'


def _keep(html: str, place: str) -> None:
    st.session_state[_key(place)] = html


def _key(place: str) -> str:
    return f"said-{place}"
