"""Tells screen readers what happened, and brings a new turn into view."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_SCRIPT = Path(__file__).with_name("announcer.js")

# What can be said of one turn, in order.
STAGES = ("asked", "cards", "reply")


def announce(turn: int, stage: str, message: str) -> None:
    """Say `message` once. `stage` is one of STAGES; the first word of a turn scrolls to it, its cards do if need be."""
    sequence = turn * len(STAGES) + STAGES.index(stage)
    data = {"sequence": sequence, "message": message, "turn": turn, "stage": stage}
    _renderer()(key=f"announce-{turn}-{stage}", data=data)


@st.cache_resource(show_spinner=False)
def _renderer() -> ComponentRenderer:
    return st.components.v2.component("vitrine_announcer", js=_SCRIPT.read_text(encoding="utf-8"), isolate_styles=False)
