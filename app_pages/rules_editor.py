"""One rule being written: plain words, checked as one types, with what it would do below."""

import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

from app_pages.rules_fields import draw_effect, draw_scope
from app_pages.rules_preview import draw_preview
from app_pages.rules_state import DRAFT, Draft, RulesAtWork, leave
from app_pages.said import doing
from app_pages.wording import html_text, sentence
from env.errors import RuleError
from tools.occasion import Visitor
from tools.preview import draft_set
from tools.rule_checks import conflicts
from tools.rule_data import read_rule
from tools.rule_words import kind_name, rule_words
from tools.rules import Rule


def draw_editor(at_work: RulesAtWork) -> None:
    """Draw the form of the rule in the session's state, its checks, and before and after."""
    draft: Draft = st.session_state[DRAFT]
    what = f"Change this {kind_name(draft.kind).lower()}" if draft.seen else f"New {kind_name(draft.kind).lower()}"
    st.html(f'<h2 class="v-desk-title">{html_text(what)}</h2>')
    with st.container(key="rule-editor"):
        raw: dict[str, Any] = {"kind": draft.kind, "id": draft.seen.id if draft.seen else ""}
        raw |= draw_effect(draft, at_work) | draw_scope(draft, at_work)
        raw["note"] = st.text_input("Why, for the others", _seen_note(draft), key=f"r{draft.token}-note", max_chars=200)
    rule, problem = _read(raw)
    if rule is None:
        # What a file calls a field says nothing here.
        told = sentence(re.sub(r"^[a-z_]+: ", "", problem))
        st.html(f'<p class="v-note" role="status">Not whole yet. {html_text(told)}</p>')
    else:
        _draw_checked(rule, at_work)
    with st.container(key="rule-save", horizontal=True):
        st.button("Save rule", key="rule-save-it", type="primary", disabled=rule is None, on_click=_save,
                  args=(rule, draft, at_work))  # fmt: skip
        st.button("Leave it", key="rule-leave", on_click=leave)
    if rule is not None:
        _draw_try(rule, draft, at_work)


def _seen_note(draft: Draft) -> str:
    return draft.seen.note if draft.seen else ""


def _read(raw: Mapping[str, Any]) -> tuple[Rule | None, str]:
    try:
        return read_rule(raw), ""
    except RuleError as error:
        return None, str(error)


def _draw_checked(rule: Rule, at_work: RulesAtWork) -> None:
    told = "".join(
        f"<li>{html_text(sentence(warning))}</li>"
        for warning in conflicts(rule, at_work.catalog.rules, at_work.vocabulary)
    )
    st.html(
        f'<p class="v-does" role="status">{html_text(sentence(rule_words(rule)))}</p><ul class="v-broken">{told}</ul>'
    )


def _draw_try(rule: Rule, draft: Draft, at_work: RulesAtWork) -> None:
    first = next(iter((*rule.scope.words, *rule.terms)), "")
    text = st.text_input("Try it on", placeholder=first or "belts", key=f"r{draft.token}-try")
    if not (text or first):
        return
    rules = draft_set(at_work.catalog.rules.rule_set, rule)
    audience = rule.scope.audience
    returning = None if audience.visitors == "all" else audience.visitors == "returning"
    signed_in = None if audience.signed_in == "all" else audience.signed_in == "yes"
    draw_preview(at_work, text or first, rules, Visitor(returning, audience.language or "en", signed_in))


def _save(rule: Rule, draft: Draft, at_work: RulesAtWork) -> None:
    def save() -> str:
        at_work.rules.put(at_work.actor, rule, seen=draft.seen)
        return f"Saved: {rule_words(rule)}. It holds from the next message on."

    if doing(save):
        leave()
