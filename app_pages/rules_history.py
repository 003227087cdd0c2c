"""Every version of the rules: who wrote it, when and why, and the way back to it."""

import streamlit as st

from app_pages.rules_state import RulesAtWork
from app_pages.said import doing
from app_pages.wording import html_text, sentence
from tools.store_rules import SetRow


def draw_history(at_work: RulesAtWork) -> None:
    """Draw the versions, newest first."""
    rows = at_work.rules.store.history()
    if not rows:
        st.html('<p class="v-note">Nothing has happened yet. Every change will be listed here, and can be undone.</p>')
        return
    newest = rows[0]
    back = f"version {newest.parent}" if newest.parent else "no rules"
    st.html(f'<p class="v-note">Undo writes {back} as the newest version. Nothing is ever deleted.</p>')
    st.button("Undo the last change", key="rules-undo", type="primary", on_click=_undo, args=(at_work,))
    zone = at_work.catalog.rules.zone
    for row in rows:
        when = row.created_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        rules = "1 rule" if row.n_rules == 1 else f"{row.n_rules} rules"
        with st.container(key=f"version-{row.version}"):
            st.html(
                f'<div class="v-rule"><p><span class="v-kind">Version {row.version}</span>'
                f'<span class="v-note">{when}, {html_text(row.who)}, {rules}</span></p>'
                f'<p class="v-does">{html_text(sentence(row.note))}</p></div>'
            )
            if row.version != newest.version:
                st.button(f"Go back to version {row.version}", key=f"back-{row.version}", on_click=_back,
                          args=(at_work, row))  # fmt: skip


def _undo(at_work: RulesAtWork) -> None:
    def undo() -> str:
        now = at_work.rules.undo(at_work.actor)
        return f"Undone. {len(now.rules)} rules hold now, as version {now.version}."

    doing(undo)


def _back(at_work: RulesAtWork, row: SetRow) -> None:
    def restore() -> str:
        now = at_work.rules.restore(at_work.actor, row.version)
        return f"The rules are those of version {row.version} again, as version {now.version}."

    doing(restore)
