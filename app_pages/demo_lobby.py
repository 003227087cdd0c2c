"""The choice of what to show: journeys, recordings, the kiosk."""

import streamlit as st

from agents.demo.journey import Journey, journeys
from app_pages.demo_recordings import PROBLEM, draw_recordings
from app_pages.demo_stage import STAGE, set_up
from app_pages.page_head import draw_head
from app_pages.visitor import DEFAULT_IDLE_MINUTES, KIOSK, MOST_IDLE_MINUTES
from app_pages.wording import html_text, markdown_text, sentence
from env.errors import VitrineError
from env.roles import Actor


def draw_lobby(who: Actor) -> None:
    """Draw what can be shown, each with the way onto the stage."""
    draw_head(
        "Demo",
        "Play a journey in the real shop, in a session of its own. Take over by typing at any point; space and the"
        " right arrow play, pause and go on.",
    )
    if problem := st.session_state.pop(PROBLEM, ""):
        st.html(f'<p class="v-note v-problem" role="alert">{html_text(sentence(problem))}</p>')
    with st.container(key="journeys"):
        for journey in journeys():
            _draw_journey(journey)
    draw_recordings(who)
    _draw_kiosk()


def _draw_journey(journey: Journey) -> None:
    n_steps = len(journey.steps)
    with st.container(key=f"journey-{journey.name}"):
        st.html(
            f'<div class="v-journey"><h3>{html_text(journey.title)}</h3>'
            f"<p>{html_text(journey.about)}</p><p>{n_steps} steps</p></div>"
        )
        label = markdown_text(f"Set up: {journey.title}")
        st.button(label, key=f"set-up-{journey.name}", on_click=_open, args=(journey,), width="stretch")


def _draw_kiosk() -> None:
    st.html(
        "<h2 class='v-desk-title'>Kiosk</h2><p>A screen that anybody may use: no chats of others, no way behind the"
        " counter, and everything is forgotten when nobody touches it for a while.</p>"
    )
    with st.container(key="kiosk-tools", horizontal=True, vertical_alignment="bottom"):
        minutes = st.number_input(
            "Starts over after (minutes)", 1, MOST_IDLE_MINUTES, DEFAULT_IDLE_MINUTES, key="kiosk-minutes", width=220
        )
        st.link_button("Open the kiosk", f"/?{KIOSK}={minutes}")


def _open(journey: Journey) -> None:
    try:
        st.session_state[STAGE] = set_up(journey)
    except VitrineError as error:
        st.session_state[PROBLEM] = str(error)
