"""What the parts of the rules page share."""

from dataclasses import dataclass

import streamlit as st

from agents.desk import Desk
from env.roles import Actor
from tools.catalog import Catalog
from tools.rule_editing import RuleDesk
from tools.rules import Kind, Rule
from tools.vocabulary import Vocabulary

# Where the rule that is being written waits in the session's state.
DRAFT = "rule-draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule that is being written. `seen` is the stored one, None for a new one; `token` makes its widgets its own."""

    kind: Kind
    seen: Rule | None
    token: int


@dataclass(frozen=True, slots=True)
class RulesAtWork:
    """Who is here, and what they work with."""

    actor: Actor
    desk: Desk
    rules: RuleDesk

    @property
    def catalog(self) -> Catalog:
        """The shop's catalogue."""
        return self.desk.shop.catalog

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the whole catalogue, hidden items and all."""
        return self.catalog.without_rules().vocabulary()


def begin(kind: Kind, seen: Rule | None = None) -> None:
    """Open the editor."""
    token = st.session_state.get("rule-token", 0) + 1
    st.session_state["rule-token"] = token
    st.session_state[DRAFT] = Draft(kind, seen, token)


def leave() -> None:
    """Close the editor."""
    st.session_state.pop(DRAFT, None)
