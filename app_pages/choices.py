"""What can be pressed under a turn: ways out of an empty search; and what a new topic left behind."""

from collections.abc import Callable, Sequence

import streamlit as st

from agents.events import Choice
from app_pages.turn_view import TurnView
from app_pages.wording import html_text, markdown_text

Press = Callable[[Choice], None]


def draw_choices(number: int, choices: Sequence[Choice], press: Press) -> None:
    """The ways on of turn `number`, each with how many items it finds."""
    if not choices:
        return
    with st.container(key=f"choices-{number}", horizontal=True):
        for place, choice in enumerate(choices, start=1):
            st.button(choice_label(choice), key=f"choose-{number}-{place}", on_click=press, args=(choice,))


def draw_dropped(view: TurnView, press: Press) -> None:
    """What a new topic left behind, and the button that takes it up again where that finds anything."""
    if view.evidence is None or not view.evidence.dropped:
        return
    with st.container(key=f"dropped-{view.number}", horizontal=True, vertical_alignment="center"):
        st.html(dropped_html(view), width="content")
        if choice := view.evidence.put_back:
            st.button(choice_label(choice), key=f"put-back-{view.number}", on_click=press, args=(choice,))


def choice_label(choice: Choice) -> str:
    """The words of a button: what it does and how many items that finds."""
    return markdown_text(choice.label if choice.n_matching is None else f"{choice.label}: {choice.n_matching}")


def note_html(view: TurnView) -> str:
    """What was widened or could not be checked, as one quiet line."""
    relaxed = [line for part in view.evidence.parts for line in part.relaxed] if view.evidence else []
    return f'<p class="v-relaxed">{html_text("; ".join(dict.fromkeys(relaxed)))}</p>' if relaxed else ""


def dropped_html(view: TurnView) -> str:
    """That limits of the search before are no longer kept; "" where there were none."""
    dropped = view.evidence.dropped if view.evidence else ()
    return f'<p class="v-relaxed">No longer kept: {html_text(", ".join(dropped))}</p>' if dropped else ""
