"""The newest message in other words: edited in place and sent again."""

from collections.abc import Callable

import streamlit as st

from agents.turn import PRESSED
from app_pages.turn_view import TurnView


def is_editable(view: TurnView) -> bool:
    """Whether there are words of the shopper's own to change: a pressed button has none."""
    reader = view.done.backends.get("classifier") if view.done else view.reader
    return view.has_ended and reader != PRESSED and bool(view.text or view.photo_url)


def draw_edit(view: TurnView, resend: Callable[[str], None], max_chars: int) -> None:
    """Draw the button by which the message opens for editing."""
    key = f"edit-text-{view.number}"
    with (
        st.container(key=f"edit-{view.number}", horizontal=True, horizontal_alignment="right"),
        st.popover("Edit", key=f"edit-open-{view.number}"),
        st.form(key=f"edit-form-{view.number}", border=False),
    ):
        st.text_area("Your message", view.text, max_chars=max_chars, key=key)
        if view.has_photo and not view.photo_url:
            st.caption("The photo was not kept; to send it again, add it to a new message.")
        st.form_submit_button(
            "Send again", key=f"resend-{view.number}", type="primary", on_click=lambda: resend(st.session_state[key])
        )
