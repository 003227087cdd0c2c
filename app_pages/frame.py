"""What every page shares: the stylesheet, the wordmark, and the mark of a shop that runs on this machine alone."""

from pathlib import Path

import streamlit as st

from app_pages.resources import is_offline
from app_pages.wording import html_text

STYLESHEETS = tuple(Path(__file__).with_name(name) for name in ("vitrine.css", "counter.css"))


def draw_frame(home_url: str = "/") -> None:
    """Draw the header of the house, whose wordmark leads home."""
    for sheet in STYLESHEETS:
        st.html(sheet)
    mark = (
        '<p class="v-local" title="No message, photo or picture leaves this computer.">runs on this machine</p>'
        if is_offline()
        else ""
    )
    home = f'<a href="{html_text(home_url)}" target="_self" class="v-wordmark">Vitrine</a>'
    st.html(f'<header class="v-header">{home}{mark}</header>')
