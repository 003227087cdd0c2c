"""The workbench page: prompts, and what is tried with them."""

from collections.abc import Callable

import streamlit as st

from app_pages.access import require
from app_pages.page_head import draw_head
from app_pages.workbench_cases import draw_cases
from app_pages.workbench_live import draw_live
from app_pages.workbench_prompts import draw_prompts
from app_pages.workbench_runs import draw_runs
from env.roles import Action

TABS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("Prompts", draw_prompts),
    ("Test set", draw_cases),
    ("Runs", draw_runs),
    ("Live comparison", draw_live),
)
"""The title of each tab and what draws it; only the open one is drawn."""


def draw_workbench() -> None:
    """Draw the page.

    Raises:
        AccessError: whoever is here may not edit prompts.
    """
    require(Action.EDIT_PROMPTS)
    draw_head("Workbench", "What the models are told, changed, compared and put into force.")
    tabs = st.tabs([title for title, _ in TABS], key="workbench-tab", on_change="rerun")
    for tab, (_, draw) in zip(tabs, TABS, strict=True):
        if tab.open:
            with tab:
                draw()
