"""The page when the shop cannot open: what is wrong, what to do, and nothing else."""

import logging

import streamlit as st

from app_pages.wording import html_text, sentence
from env.errors import VitrineError

logger = logging.getLogger(__name__)


def draw_closed(error: VitrineError) -> None:
    """Say what keeps the shop closed. The next run of the page tries again."""
    logger.error("the shop is closed: %s", error)
    st.html(
        '<div class="v-closed" role="alert"><h1>The shop is closed for a moment</h1>'
        f"<p>{html_text(sentence(str(error)))}</p></div>"
    )
    st.button("Try again", key="try-again", type="primary")


def draw_broken(trace: str) -> None:
    """Say that something unexpected happened; `trace` finds it in the log."""
    st.html(
        '<div class="v-closed" role="alert"><h1>Something broke on our side</h1><p>Please load the page again. '
        f"If it happens once more, tell the shop “{html_text(trace)}”.</p></div>"
    )
