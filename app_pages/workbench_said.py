"""What the workbench did, or why it did not, told once above what it was done to."""

from collections.abc import Callable

import streamlit as st

from app_pages.wording import html_text, sentence
from env.errors import VitrineError

_DONE, _FAILED = "workbench-done", "workbench-failed"


def doing(act: Callable[[], str]) -> bool:
    """Do something when a button is pressed; whether it was done. What `act` returns is told, as is its failure."""
    try:
        st.session_state[_DONE] = act()
    except VitrineError as error:
        st.session_state[_FAILED] = str(error)
        return False
    return True


def draw_said() -> None:
    """Draw what was done or failed since the page was last drawn."""
    done, failed = (st.session_state.pop(name, "") for name in (_DONE, _FAILED))
    if done:
        st.html(f'<p class="v-told v-told-done" role="status">{html_text(sentence(done))}</p>')
    if failed:
        draw_failure(failed)


def draw_failure(reason: str) -> None:
    """Say why something cannot be done."""
    st.html(f'<p class="v-told v-told-not" role="alert">{html_text(sentence(reason))}</p>')
