"""The gate on the page: what is asked of a version, and what it says about each."""

from collections.abc import Mapping

import streamlit as st

from agents.workbench.gate import GatePolicy, check_gate, read_policy, set_policy
from agents.workbench.scorers import Scorer
from agents.workbench.versions import TESTED
from app_pages.resources import desk
from app_pages.said import doing, draw_failure, draw_said
from app_pages.wording import html_text
from app_pages.workbench_shared import scorers, versions
from env.errors import VitrineError
from env.roles import Action, Actor

_MOST_VERSIONS = 4


def draw_gate(actor: Actor) -> None:
    """Draw the policy and the verdict on the newest versions."""
    database = desk().shop.database
    try:
        policy, known = read_policy(database), scorers()
    except VitrineError as error:
        draw_failure(str(error))
        return
    _draw_policy(policy, known, actor)
    for name in TESTED:
        for version in versions().versions(name)[:_MOST_VERSIONS]:
            if version == versions().in_force(name):
                continue
            verdict = check_gate(database, name, version, versions(), known)
            sign, words = ("✓", "may be published") if verdict.is_open else ("✕", "may not be published")
            kind = "better" if verdict.is_open else "worse"
            reasons = "".join(f"<li>{html_text(reason)}</li>" for reason in verdict.reasons)
            st.html(
                f'<div class="v-bench-gate"><p><b class="v-bench-{kind}">{sign} {words}</b>: {html_text(name)}'
                f" {html_text(version)}</p><ul>{reasons}</ul></div>"
            )


def _draw_policy(policy: GatePolicy, measures: Mapping[str, Scorer], actor: Actor) -> None:
    may = actor.may(Action.PUBLISH_PROMPTS)
    with st.form(key="gate-policy", border=False):
        st.checkbox("A version has to pass the gate", policy.is_on, key="gate-on", disabled=not may)
        st.number_input("Cases at least", 1, 100_000, policy.min_cases, key="gate-cases", disabled=not may)
        st.number_input(
            "New contract violations at most", 0, 1_000, policy.max_new_violations, key="gate-new", disabled=not may
        )
        st.multiselect(
            "Not worse on",
            list(measures),
            [name for name in policy.not_worse if name in measures],
            key="gate-worse",
            format_func=lambda name: measures[name].words,
            disabled=not may,
        )
        st.form_submit_button("Set", key="gate-set", on_click=_set, args=(actor,), disabled=not may)
    draw_said("gate")


def _set(actor: Actor) -> None:
    asked = {
        "is_on": st.session_state["gate-on"],
        "min_cases": st.session_state["gate-cases"],
        "max_new_violations": st.session_state["gate-new"],
        "not_worse": tuple(st.session_state["gate-worse"]),
    }

    def put() -> str:
        set_policy(actor, desk().shop.database, asked, scorers())
        return "the gate asks for that from now on"

    doing(put, "gate")
