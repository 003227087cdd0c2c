"""Has a text checked while it is typed: Streamlit's text areas tell what they hold only when they are left."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_SCRIPT = Path(__file__).with_name("workbench_typing.js")


def check_while_typing(place: str) -> None:
    """Send what is typed in the container of key `place` after each pause."""
    _renderer()(key=f"typing-{place}", data={"place": place})


@st.cache_resource(show_spinner=False)
def _renderer() -> ComponentRenderer:
    return st.components.v2.component("vitrine_typing", js=_SCRIPT.read_text(encoding="utf-8"), isolate_styles=False)
