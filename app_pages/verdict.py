"""A thumb up or down for a turn, and why."""

from collections.abc import Callable

import streamlit as st

from app_pages.turn_view import TurnView
from tools.store_feedback import MAX_SAID_CHARS, Verdict

REASONS = {
    True: ("Right items", "Good advice", "Quick to find"),
    False: ("Wrong items", "A limit was ignored", "The reply is wrong", "Too few to choose from"),
}

Judge = Callable[[int, Verdict | None], None]


def draw_verdict(chat_id: str, view: TurnView, judge: Judge) -> None:
    """Draw the thumbs of a turn, and once one is pressed the way to say why; nothing where the turn failed."""
    if view.done is None or not view.done.number or view.is_stopped or view.problem:
        return
    # The newest of several chats in one browser session must not wear the thumbs of another.
    name = f"{chat_id}-{view.number}-{view.done.number}"
    verdict = view.verdict
    with st.container(key=f"verdict-{name}", horizontal=True):
        thumb = None if verdict is None else int(verdict.is_good)
        st.feedback("thumbs", key=f"thumbs-{name}", default=thumb, on_change=_press, args=(name, view, judge))
        if verdict is not None:
            with st.popover("Say why", key=f"why-{name}"):
                _draw_reasons(name, view.number, verdict, judge)


def _draw_reasons(name: str, number: int, verdict: Verdict, judge: Judge) -> None:
    kind = "good" if verdict.is_good else "bad"
    with st.form(key=f"reasons-form-{kind}-{name}", border=False):
        known = [reason for reason in verdict.reasons if reason in REASONS[verdict.is_good]]
        st.pills(
            "What was it?",
            REASONS[verdict.is_good],
            selection_mode="multi",
            default=known,
            key=f"reasons-{kind}-{name}",
        )
        st.text_input("In your own words", verdict.said, max_chars=MAX_SAID_CHARS, key=f"said-{kind}-{name}")
        st.form_submit_button("Keep", key=f"keep-{kind}-{name}", on_click=_say, args=(name, number, kind, judge))
    if verdict.reasons or verdict.said:
        st.caption("Kept. Thank you.")


def _press(name: str, view: TurnView, judge: Judge) -> None:
    thumb = st.session_state[f"thumbs-{name}"]
    judge(view.number, None if thumb is None else Verdict(thumb == 1))


def _say(name: str, number: int, kind: str, judge: Judge) -> None:
    reasons = tuple(st.session_state[f"reasons-{kind}-{name}"])
    judge(number, Verdict(kind == "good", reasons, st.session_state[f"said-{kind}-{name}"]))
