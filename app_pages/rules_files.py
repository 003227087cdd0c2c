"""Rules out of the shop and into it, as files."""

import streamlit as st

from app_pages.rules_state import RulesAtWork
from app_pages.said import doing
from app_pages.wording import html_text, sentence
from env.errors import RuleError
from tools.rule_files import Imported, export_rules, import_rules
from tools.rules import Rule

_MOST_TOLD = 20


def draw_files(at_work: RulesAtWork) -> None:
    """Draw what can be taken away and what can be brought in; a file is shown before it changes anything."""
    rules = at_work.catalog.rules.rule_set.rules
    st.html('<h2 class="v-desk-title">Take them away</h2>')
    with st.container(key="rules-export", horizontal=True):
        st.download_button("YAML", export_rules(rules, "yaml"), "rules.yaml", "application/yaml", key="rules-yaml")
        st.download_button("CSV", export_rules(rules, "csv"), "rules.csv", "text/csv", key="rules-csv")
    st.html('<h2 class="v-desk-title">Bring some in</h2>')
    sent = st.file_uploader("A YAML or CSV file as it is written above", type=["yaml", "yml", "csv"], key="rules-file")
    if sent is None:
        return
    try:
        found = import_rules(sent.getvalue(), "csv" if sent.name.lower().endswith(".csv") else "yaml")
    except RuleError as error:
        st.html(f'<p class="v-broken" role="alert">{html_text(sentence(str(error)))}</p>')
        return
    st.html(_found_html(found, rules))
    if found.rules:
        label = f"Import {len(found.rules)} rule{'s' if len(found.rules) > 1 else ''}"
        st.button(label, key="rules-import", type="primary", on_click=_import, args=(at_work, found, sent.name))


def _found_html(found: Imported, known: tuple[Rule, ...]) -> str:
    by_id = {rule.id: rule for rule in known}
    n_new = sum(rule.id not in by_id for rule in found.rules)
    n_changed = sum(rule.id in by_id and by_id[rule.id] != rule for rule in found.rules)
    n_same = len(found.rules) - n_new - n_changed
    rows = "".join(f"<li>Row {bad.row}: {html_text(sentence(bad.why))}</li>" for bad in found.rejected[:_MOST_TOLD])
    more = f"<li>and {len(found.rejected) - _MOST_TOLD} more</li>" if len(found.rejected) > _MOST_TOLD else ""
    told = f"{n_new} new, {n_changed} changed, {n_same} as they are, {len(found.rejected)} left out."
    return f'<p class="v-note">{told} Rules that the file does not name stay.</p><ul class="v-broken">{rows}{more}</ul>'


def _import(at_work: RulesAtWork, found: Imported, name: str) -> None:
    def bring_in() -> str:
        n_changed = at_work.rules.put_all(at_work.actor, found.rules, f"imported from {name[:80]}")
        return f"{n_changed} rules new or changed. “History” takes it back with one press."

    doing(bring_in)
