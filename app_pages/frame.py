"""What every page shares: the stylesheet, the wordmark, and the mark of a shop that runs on this machine alone."""

from pathlib import Path

import streamlit as st

from app_pages.resources import is_offline

STYLESHEET = Path(__file__).with_name("vitrine.css")


def draw_frame() -> None:
    """Draw the header of the house."""
    st.html(STYLESHEET)
    mark = (
        '<p class="v-local" title="No message, photo or picture leaves this computer.">runs on this machine</p>'
        if is_offline()
        else ""
    )
    st.html(f'<header class="v-header"><a href="/" target="_self" class="v-wordmark">Vitrine</a>{mark}</header>')
