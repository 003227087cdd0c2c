"""What the tabs of the workbench share: the test set, the runs, and the worker of this process."""

import streamlit as st

from agents.workbench.case_book import CaseBook
from agents.workbench.run_book import RunBook
from agents.workbench.scorers import Scorer, load_scorers
from agents.workbench.versions import PromptVersions, versions_of
from agents.workbench.worker import RunWorker, bench_folder
from app_pages.resources import desk, settings


def case_book() -> CaseBook:
    """The test set."""
    return CaseBook.of(desk().shop.database)


def versions() -> PromptVersions:
    """The versions that can be tried."""
    return versions_of(desk().shop.database)


def run_book() -> RunBook:
    """The runs."""
    return RunBook.of(desk().shop.database, settings(), versions())


def scorers() -> dict[str, Scorer]:
    """The measures by name, those of the team included; raises BenchError."""
    return dict(load_scorers(bench_folder(settings())))


def worker() -> RunWorker:
    """Who works on the queue in this process; a shop that was opened anew has one of its own."""
    return _worker(id(desk().shop))


@st.cache_resource(show_spinner=False, max_entries=2)
def _worker(shop: int) -> RunWorker:
    return RunWorker(desk().shop, versions())
