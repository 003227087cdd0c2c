"""What every page behind the counter begins with."""

import streamlit as st

from app_pages.wording import html_text


def draw_head(title: str, line: str = "") -> None:
    """Draw the page's name, and one line that says what it is for."""
    told = f"<p>{html_text(line)}</p>" if line else ""
    st.html(f'<header class="v-page-head"><h1>{html_text(title)}</h1>{told}</header>')
