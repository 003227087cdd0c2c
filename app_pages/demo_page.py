"""The demo page: journeys and recordings on stage, guests, the kiosk."""

import streamlit as st

from agents.demo.journey import find_journey
from app_pages.access import require
from app_pages.demo_bar import draw_bar
from app_pages.demo_guests import draw_guests
from app_pages.demo_keep import draw_keep_demo
from app_pages.demo_lobby import draw_lobby
from app_pages.demo_stage import STAGE, Stage, set_up, set_up_again
from app_pages.resources import keeping
from app_pages.shop import SHOP_FLOOR, Room, draw_conversation, open_card
from env.roles import Action


def draw_demo() -> None:
    """Draw the choice of journeys, or the stage with the one that plays.

    Raises:
        AccessError: whoever is here may not present.
        VitrineError: the shop cannot be opened, or the address names a journey there is not.
    """
    who = require(Action.PRESENT)
    stage = _stage()
    if stage is None:
        draw_lobby(who)
        draw_guests(who)
        return
    stage.look()
    draw_bar(stage)
    room = Room(stage.recording.mark, is_live=False) if stage.recording else SHOP_FLOOR
    draw_conversation(stage.chat, room)
    _open_card(stage)
    if stage.look():
        st.rerun()
    _remember(stage)
    draw_keep_demo(stage, who)


def _stage() -> Stage | None:
    """What is on stage: this session's, the one that the address of a reloaded page names, or the one it asks for."""
    found: Stage | None = st.session_state.get(STAGE)
    if found is None and (name := st.query_params.get("play")):
        found = set_up(find_journey(name))
        found.player = found.player.play()
        st.query_params.clear()
    elif found is None and (name := st.query_params.get("journey")):
        found = set_up_again(name, st.query_params.get("step", ""), st.query_params.get("stage", ""))
        if found is None:
            st.query_params.clear()
    if found is not None:
        st.session_state[STAGE] = found
    return found


def _remember(stage: Stage) -> None:
    """Keep the place in the address, so that a reload in front of people loses nothing."""
    if stage.recording is None and stage.chat.views:
        st.query_params.from_dict(
            {"journey": stage.player.journey.name, "step": str(stage.player.at), "stage": stage.chat.session_id}
        )


def _open_card(stage: Stage) -> None:
    """Open the card that a step has pressed."""
    number, stage.opened = stage.opened, None
    view = stage.chat.views[-1] if stage.chat.views else None
    if number is not None and view is not None and number <= len(view.hits) and stage.recording is None:
        open_card(stage.chat, view, number, keeping(stage.chat.keeper))
