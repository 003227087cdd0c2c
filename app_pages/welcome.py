"""The first visit: a line of welcome and four pictures from this catalogue, each with a question."""

from collections.abc import Callable, Sequence

import streamlit as st

from app_pages.starters import Starter
from app_pages.wording import html_text, markdown_text


def draw_welcome(starters: Sequence[Starter], ask: Callable[[str], None]) -> None:
    """Draw the welcome; a tap on a tile asks its question."""
    st.html(
        '<div class="v-welcome"><h1>What are you looking for?</h1>'
        "<p>Say it in your own words, or show a photo.</p></div>"
    )
    if not starters:
        st.html(
            '<p class="v-empty">The shelves are empty so far. Fill them with <code>python -m ingest SOURCE</code>.</p>'
        )
        return
    with st.container(key="starters"):
        for place, starter in enumerate(starters, start=1):
            with st.container(key=f"starter-{place}"):
                picture = f'<img src="/pictures/{html_text(starter.image)}" alt="" decoding="async">'
                st.html(
                    f'<div class="v-starter"><div class="v-picture">{picture}</div>'
                    f"<p>{html_text(starter.question)}</p></div>"
                )
                label = markdown_text(f"Ask: {starter.question}")
                st.button(label, key=f"ask-{place}", type="tertiary", on_click=ask, args=(starter.question,))
