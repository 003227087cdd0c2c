"""The way from a conversation into the test set, for those who edit prompts; shoppers never see it."""

import streamlit as st

from app_pages.access import actor
from app_pages.turn_view import TurnView
from app_pages.wording import html_text, sentence
from app_pages.workbench_shared import case_book
from env.errors import VitrineError
from env.roles import Action


def draw_take(session_id: str, view: TurnView) -> None:
    """Draw the button of a stored turn, and what came of pressing it."""
    if view.done is None or not view.done.number or not actor().may(Action.EDIT_PROMPTS):
        return
    name = f"{session_id}-{view.done.number}"
    st.button("Add to the test set", key=f"take-{name}", on_click=_take, args=(session_id, view.done.number, name))
    if said := st.session_state.get(f"taken-{name}", ""):
        st.html(f'<p class="v-note" role="status">{html_text(said)}</p>')


def _take(session_id: str, number: int, name: str) -> None:
    try:
        taken = case_book().add_turn(actor(), session_id, number)
    except VitrineError as error:
        st.session_state[f"taken-{name}"] = sentence(str(error))
        return
    said = "Added to the test set" if taken.is_new else "It was in the test set already"
    st.session_state[f"taken-{name}"] = sentence("; ".join((said, *taken.notes)))
