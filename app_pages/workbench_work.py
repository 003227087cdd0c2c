"""A draft as it stands in the editor, saved or not: kept in the browser's session until it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from agents.prompt_check import Problem
from agents.workbench.soundness import check
from tools.store_prompts import PromptRow


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody is typing. `base` is the version as it was read: what it is saved over."""

    base: PromptRow
    template: Mapping[str, str]
    variables: tuple[str, ...]
    note: str

    @property
    def is_saved(self) -> bool:
        """Whether the store holds the same."""
        return self.row == self.base

    @property
    def row(self) -> PromptRow:
        """The version as it stands in the editor."""
        return replace(self.base, template=dict(self.template), variables=self.variables, note=self.note)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with it."""
        return check(self.base.name, self.template, self.variables)


def work_on(row: PromptRow) -> Work:
    """The work on a version: what was typed, else the version as it is."""
    found: Work | None = st.session_state.get(_key(row))
    return found or Work(replace(row, template=dict(row.template)), dict(row.template), row.variables, row.note)


def keep_work(work: Work) -> None:
    """Remember what is typed."""
    st.session_state[_key(work.base)] = work


def drop_work(row: PromptRow) -> None:
    """Forget what was typed: the version counts as it is stored."""
    st.session_state.pop(_key(row), None)


def _key(row: PromptRow) -> str:
    return f"workbench-work-{row.name}-{row.version}"
