"""The rules page: what the shop says about words, items and places, to be seen, tried and changed."""

import streamlit as st

from app_pages.access import require
from app_pages.page_head import draw_head
from app_pages.resources import desk
from app_pages.rules_editor import draw_editor
from app_pages.rules_files import draw_files
from app_pages.rules_history import draw_history
from app_pages.rules_list import draw_list
from app_pages.rules_preview import draw_preview_desk
from app_pages.rules_state import DRAFT, RulesAtWork
from app_pages.said import draw_said
from env.roles import Action
from tools.rule_editing import RuleDesk
from tools.store_rules import RuleStore

_VIEWS = {"Rules": draw_list, "Try them": draw_preview_desk, "History": draw_history, "Files": draw_files}


def draw_rules() -> None:
    """Draw the page.

    Raises:
        AccessError: whoever is here may not edit rules.
        VitrineError: the shop cannot be opened.
    """
    at_work = RulesAtWork(require(Action.EDIT_RULES), desk(), RuleDesk(RuleStore(desk().shop.database)))
    with st.container(key="rules"):
        draw_head("Rules", "What the shop says about words, items and places.")
        draw_said()
        if DRAFT in st.session_state:
            draw_editor(at_work)
            return
        view = st.segmented_control(
            "View", list(_VIEWS), default="Rules", key="rules-view", label_visibility="collapsed"
        )
        _VIEWS[view or "Rules"](at_work)
