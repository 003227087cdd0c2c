"""All rules, with how each stands today; the first one taught where there are none."""

from collections.abc import Sequence

import streamlit as st

from app_pages.rules_state import RulesAtWork, begin
from app_pages.said import doing
from app_pages.wording import html_text, sentence
from tools.rule_checks import STATES, State, state_of
from tools.rule_words import kind_name, rule_words
from tools.rules import KINDS, Kind, Rule, folded

N_LISTED = 20
_MEANS: dict[Kind, str] = {
    "pin": "holds an item at a place",
    "boost": "lifts items",
    "bury": "lowers items",
    "hide": "shows items to nobody",
    "redirect": "leads words to a collection",
    "synonym": "says what words mean",
}
_Stood = tuple[Rule, State, str]


def draw_list(at_work: RulesAtWork) -> None:
    """Draw the ways to write a rule, and the rules there are."""
    rules = at_work.catalog.rules
    if not rules.rule_set.rules:
        st.html(
            '<div class="v-first"><h2>No rules yet</h2><p>Shoppers see what fits their words best, and nothing else '
            "decides. The first rule people write is a pin: look for something, and hold the item you are proud of at "
            "the first place. You see what it does before you save it, and every change can be undone.</p></div>"
        )
        st.button("Pin the first item", key="rule-first", type="primary", on_click=begin, args=("pin",))
    _draw_new()
    if not rules.rule_set.rules:
        return
    today = rules.today()
    stood = [(rule, *state_of(rule, rules, today)) for rule in reversed(rules.rule_set.rules)]
    chosen = _chosen(stood)
    for rule, state, problem in chosen[:N_LISTED]:
        _draw_rule(rule, state, problem, at_work)
    shown = min(len(chosen), N_LISTED)
    more = ": narrow the list to see the others" if shown < len(chosen) else ""
    st.html(f'<p class="v-note">{shown} of {len(stood)} rules{more}.</p>')


def _draw_new() -> None:
    with st.expander("New rule"), st.container(key="rule-kinds"):
        for kind, means in _MEANS.items():
            label = f"{kind_name(kind)}: {means}"
            st.button(label, key=f"new-{kind}", on_click=begin, args=(kind,), width="stretch")


def _chosen(stood: Sequence[_Stood]) -> list[_Stood]:
    with st.container(key="rules-filter"):
        text = st.text_input("Find", placeholder="words, SKU or name", key="rules-find")
        kind = st.selectbox("Kind", ["all", *KINDS], format_func=_kind_label, key="rules-kind")
        state = st.selectbox("State", ["all", *STATES], format_func=str.capitalize, key="rules-state")
        order = st.selectbox("Order", ["Newest first", "By kind", "Oldest first"], key="rules-order")
    wanted = folded(text or "")
    chosen = [
        one
        for one in stood
        if kind in ("all", one[0].kind) and state in ("all", one[1]) and wanted in folded(_said(one[0]))
    ]
    if order == "By kind":
        return sorted(chosen, key=lambda one: KINDS.index(one[0].kind))
    return sorted(chosen, key=lambda one: one[0].number, reverse=order == "Newest first")


def _said(rule: Rule) -> str:
    return " ".join((rule.id, rule_words(rule), rule.note, *rule.target.skus))


def _kind_label(kind: str) -> str:
    return "All" if kind == "all" else kind_name(kind)


def _draw_rule(rule: Rule, state: State, problem: str, at_work: RulesAtWork) -> None:
    told = html_text(sentence(rule_words(rule)))
    why = f'<p class="v-broken">{html_text(sentence(problem))}</p>' if problem else ""
    note = f'<p class="v-note">{html_text(rule.note)}</p>' if rule.note else ""
    with st.container(key=f"rule-row-{rule.id}"):
        st.html(
            f'<div class="v-rule"><p><span class="v-kind">{kind_name(rule.kind)}</span>'
            f'<span class="v-state v-{state}">{state}</span></p><p class="v-does">{told}</p>{why}{note}</div>'
        )
        with st.container(key=f"rule-acts-{rule.id}", horizontal=True):
            st.button("Edit", key=f"rule-edit-{rule.id}", on_click=begin, args=(rule.kind, rule))
            st.button("Remove", key=f"rule-remove-{rule.id}", on_click=_remove, args=(rule, at_work))


def _remove(rule: Rule, at_work: RulesAtWork) -> None:
    def remove() -> str:
        at_work.rules.remove(at_work.actor, rule.id)
        return f"Removed: {rule_words(rule)}. “History” brings it back with one press."

    doing(remove)
