"""The slider between the words and the photo of a search that has both."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.turn_view import TurnView

_STEP_PERCENT = 10


def draw_blend(place: DeltaGenerator, view: TurnView, slide: Callable[[float], None]) -> None:
    """Draw the slider in `place` once the turn is done; until then the room it will take, so that nothing jumps."""
    parts = view.evidence.parts if view.evidence else ()
    if len(parts) != 1 or parts[0].photo_weight is None:
        return
    if view.photo_weight is None:
        place.html('<div class="v-blend-room" aria-hidden="true"></div>')
        return
    key = f"photo-weight-{view.number}"
    with place.container(key=f"blend-{view.number}"):
        st.html('<span aria-hidden="true">More like the words</span>')
        st.slider(
            "More like the words, or more like the photo",
            min_value=0,
            max_value=100,
            value=round(100 * view.photo_weight / _STEP_PERCENT) * _STEP_PERCENT,
            step=_STEP_PERCENT,
            format="%d%% photo",
            key=key,
            label_visibility="collapsed",
            on_change=lambda: slide(st.session_state[key] / 100),
        )
        st.html('<span aria-hidden="true">More like the photo</span>')
