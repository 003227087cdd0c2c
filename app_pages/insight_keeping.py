"""How long turns are kept: told to all who read insight, set by those who may."""

import streamlit as st

from agents.insight.command import retention_words
from agents.insight.telling import counted
from agents.retention import MOST_DAYS, count_older, retention, set_retention
from app_pages.access import may, require
from app_pages.resources import desk
from app_pages.wording import html_text
from env.roles import Action
from tools.store_retention import GRACE_HOURS, Retention

_USUAL_DAYS = 90


def draw_keeping() -> None:
    """Draw the setting, and for those who may the way to change it, with what that would delete told beforehand."""
    told = retention(desk().shop.database)
    with st.container(key="insight-keeping"):
        st.html(f"<h2>How long are turns kept?</h2><p>{html_text(retention_words(told))}</p>{_done_html(told)}")
        if not may(Action.SET_RETENTION):
            return
        if told.is_waiting and st.button("Take it back", key="insight-take-back"):
            _set(told.days)
        days = int(
            st.number_input("Days to keep turns", 1, MOST_DAYS, told.next_days or _USUAL_DAYS, key="insight-days")
        )
        old = count_older(desk().shop.database, days)
        st.html(f'<p class="v-note">{html_text(_warning(days, old.n_turns, old.n_chats))}</p>')
        with st.container(horizontal=True, key="insight-keep"):
            if st.button(f"Keep turns for {counted(days, 'day')}", key="insight-keep-days", type="primary"):
                _set(days)
            if told.next_days is not None and st.button("Keep them until they are deleted", key="insight-keep-all"):
                _set(None)


def _set(days: int | None) -> None:
    set_retention(desk().shop.database, require(Action.SET_RETENTION), days)
    st.rerun()


def _warning(days: int, n_turns: int, n_chats: int) -> str:
    """What pressing deletes, when, and what it never touches."""
    kept = "Bags, saved items and preferences stay."
    if not n_turns:
        return f"Nothing stored is older than {counted(days, 'day')} today. {kept}"
    return (
        f"This deletes {counted(n_turns, 'turn')} and {counted(n_chats, 'whole chat')} of today, with their thumbs and"
        f" figures, for good. A shorter time waits {GRACE_HOURS} hours and can be taken back until then. {kept}"
    )


def _done_html(told: Retention) -> str:
    if told.applied_at is None or told.days is None:
        return ""
    deleted = f"Old turns were last deleted on {told.applied_at:%-d %B %Y}: {counted(told.n_turns, 'turn')}."
    return f'<p class="v-note">{html_text(deleted)}</p>'
