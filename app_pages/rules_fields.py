"""The fields of a rule: what it does, and when."""

from typing import Any

import streamlit as st

from app_pages.cards import picture_html
from app_pages.resources import wording
from app_pages.rules_state import Draft, RulesAtWork
from app_pages.wording import html_text, markdown_text
from tools.query import Query
from tools.rules import MOST_PLACES, Rule

N_FOUND = 6
_EMPTY = Rule("", "hide")
_WAYS = {
    "two_way": "mean the same",
    "one_way": "the first also find the others",
    "replace": "the first are read as the other",
    "never": "are never taken for each other",
}
_MATCHES = {"exact": "these words exactly", "contains": "words with these in them", "any": "any words"}
_STEPS = {"boost": (1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0), "bury": (0.9, 0.75, 0.5, 0.33, 0.2, 0.1)}
_STEP_WORDS = ("barely", "a little", "clearly", "strongly", "very strongly", "as far as it goes", "to the top")
_SIGNED_IN = {"all": "signed in or not", "yes": "signed in", "no": "not signed in"}


def draw_effect(draft: Draft, at_work: RulesAtWork) -> dict[str, Any]:
    """Draw what the rule does; the fields as data for `read_rule`."""
    rule = draft.seen or _EMPTY
    if draft.kind == "synonym":
        return _draw_synonym(rule, draft)
    raw: dict[str, Any] = {}
    if draft.kind == "redirect":
        raw["name"] = st.text_input("Name of the collection, as shoppers read it", rule.name, key=_key(draft, "name"))
    raw |= _draw_target(rule, draft, at_work)
    if draft.kind == "pin":
        raw["place"] = st.number_input("At place", 1, MOST_PLACES, rule.place, key=_key(draft, "place"))
        raw["is_sponsored"] = st.checkbox(
            "Sponsored: shoppers are told so on the card", rule.is_sponsored, key=_key(draft, "sponsored")
        )
    if draft.kind in _STEPS:
        raw["factor"] = _draw_factor(rule, draft)
    return raw


def draw_scope(draft: Draft, at_work: RulesAtWork) -> dict[str, Any]:
    """Draw when the rule holds."""
    scope = (draft.seen or _EMPTY).scope
    matches = [match for match in _MATCHES if match != "any" or draft.kind != "redirect"]
    default = scope.match if draft.seen else "exact" if draft.kind in ("pin", "redirect") else "any"
    match = st.selectbox(
        "When a shopper looks for", matches, matches.index(default), format_func=_MATCHES.__getitem__,
        key=_key(draft, "match"),
    )  # fmt: skip
    raw: dict[str, Any] = {"match": match}
    if match != "any":
        raw["words"] = _draw_lines("The words, one phrase a line", scope.words, _key(draft, "words"))
    with st.expander("Only in a category, for some days, or for some shoppers"):
        known = list(at_work.vocabulary.values("category"))
        known += [name for name in scope.categories if name not in known]
        raw["categories"] = st.multiselect("In the categories", known, scope.categories, key=_key(draft, "categories"))
        with st.container(key="rule-days"):
            raw["starts"] = st.date_input("From", scope.starts, key=_key(draft, "starts"))
            raw["ends"] = st.date_input("To, this day too", scope.ends, key=_key(draft, "ends"))
        raw |= _draw_audience(draft)
        zone = at_work.catalog.rules.zone.key
        st.html(f'<p class="v-note">Days begin and end at midnight in {html_text(zone)}.</p>')
    return raw


def _draw_audience(draft: Draft) -> dict[str, Any]:
    audience = (draft.seen or _EMPTY).scope.audience
    languages, visitors = ["", "en", "de", "fr", "es", "zh"], ["all", "new", "returning"]
    with st.container(key="rule-audience"):
        return {
            "visitors": st.selectbox(
                "Shoppers", visitors, visitors.index(audience.visitors), key=_key(draft, "visitors")
            ),
            "language": st.selectbox(
                "Writing in", languages, languages.index(audience.language) if audience.language in languages else 0,
                format_func=lambda code: code or "any language", key=_key(draft, "language"),
            ),
            "signed_in": st.selectbox(
                "Who are", list(_SIGNED_IN), list(_SIGNED_IN).index(audience.signed_in),
                format_func=_SIGNED_IN.__getitem__, key=_key(draft, "signed-in"),
            ),
        }  # fmt: skip


def _draw_synonym(rule: Rule, draft: Draft) -> dict[str, Any]:
    way = st.selectbox("The words", list(_WAYS), list(_WAYS).index(rule.way), format_func=_WAYS.__getitem__,
                       key=_key(draft, "way"))  # fmt: skip
    raw: dict[str, Any] = {"way": way}
    first = "Words, one a line" if way == "two_way" else "The first, one a line"
    raw["terms"] = _draw_lines(first, rule.terms, _key(draft, "terms"))
    if way != "two_way":
        raw["others"] = _draw_lines("The others, one a line", rule.others, _key(draft, "others"))
    return raw


def _draw_target(rule: Rule, draft: Draft, at_work: RulesAtWork) -> dict[str, Any]:
    chosen = _chosen(rule, draft)
    key = f"{_key(draft, 'skus')}-{st.session_state.get(_key(draft, 'taken'), 0)}"
    _draw_finder(draft, at_work, key)
    raw: dict[str, Any] = {}
    if draft.kind == "pin":
        raw["skus"] = [sku for sku in [st.text_input("SKU of the item", "".join(chosen), key=key).strip()] if sku]
    else:
        raw["skus"] = _draw_lines("SKUs, one a line", chosen, key)
        raw["conditions"] = _draw_lines(
            "And all items with, one a line: brand=Alder, price_max=30",
            rule.target.conditions,
            _key(draft, "conditions"),
        )
    raw["is_design"] = st.checkbox(
        "The whole design: its other colours too", rule.target.is_design, key=_key(draft, "design")
    )
    return raw


def _draw_finder(draft: Draft, at_work: RulesAtWork, key: str) -> None:
    """Items by words, to be taken with a press."""
    text = st.text_input("Find an item by words", placeholder="black belt", key=_key(draft, "find"))
    # Always there, so that what comes after it keeps its place on the page when a run is cut short.
    with st.container(key="rule-found"):
        hits = at_work.catalog.without_rules().search(Query(text=text, top_k=N_FOUND)).hits if text else ()
        for hit in hits:
            with st.container(key=f"rule-found-{hit.item.sku}"):
                st.html(
                    f'<div class="v-picture">{picture_html(hit.item, wording())}</div>'
                    f'<p class="v-note">{html_text(hit.item.title)}</p>'
                )
                label = f"Take {markdown_text(hit.item.sku)}"
                st.button(label, key=f"take-{hit.item.sku}", on_click=_take, args=(hit.item.sku, key, draft))


def _take(sku: str, key: str, draft: Draft) -> None:
    """Take an item into a field of a new key: what a browser still sends for the old one is not written over it."""
    known = [] if draft.kind == "pin" else str(st.session_state.get(key, "")).splitlines()
    st.session_state[_key(draft, "taken")] = st.session_state.get(_key(draft, "taken"), 0) + 1
    st.session_state[_key(draft, "chosen")] = tuple(dict.fromkeys((*known, sku)))


def _chosen(rule: Rule, draft: Draft) -> tuple[str, ...]:
    """The SKUs as they were last taken, at first those of the rule."""
    found: tuple[str, ...] = st.session_state.get(_key(draft, "chosen"), rule.target.skus)
    return found


def _draw_factor(rule: Rule, draft: Draft) -> float:
    steps = list(_STEPS[draft.kind])
    value = rule.factor if draft.seen else steps[2]
    if value not in steps:
        steps = sorted((*steps, value), reverse=draft.kind == "bury")
    told = dict(zip(_STEPS[draft.kind], _STEP_WORDS, strict=False))
    factor: float = st.select_slider(
        "How far", steps, value, format_func=lambda step: f"{told.get(step, 'as set')} (× {step:g})",
        key=_key(draft, "factor"),
    )  # fmt: skip
    return factor


def _draw_lines(label: str, values: tuple[str, ...], key: str) -> list[str]:
    written = st.text_area(label, "\n".join(values), key=key, height=100)
    return [line.strip() for line in written.splitlines() if line.strip()]


def _key(draft: Draft, name: str) -> str:
    return f"r{draft.token}-{name}"
