"""The ingests and undos, newest first."""

import streamlit as st

from app_pages.catalog_desk import address, note, shop, state_html, table_html, when
from app_pages.wording import html_text
from tools.store_copies import KEPT_DAYS, KEPT_RUNS
from tools.store_ingests import IngestRun, ingest_runs

PAGE_ROWS = 50
_BEFORE = "runs-before"


def draw_runs() -> None:
    """Draw a page of runs."""
    before: list[int] = st.session_state.setdefault(_BEFORE, [])
    runs = ingest_runs(shop().database, limit=PAGE_ROWS, before=before[-1] if before else 0)
    if not runs and not before:
        note(
            "No ingest was kept yet. Choose “Upload a feed” above, or ingest one on the command line: it shows up here."
        )
        return
    note(
        f"Each run keeps the rows it changed or removed, so that it can be undone: the {KEPT_RUNS} newest of a source"
        f" that changed anything, for {KEPT_DAYS} days."
    )
    head = ["Run", "When", "Who", "Source", "New", "Changed", "Removed", "Rejected", "State"]
    st.html(table_html("Ingests", head, [_cells(run) for run in runs], numbers=frozenset({4, 5, 6, 7})))
    with st.container(key="desk-ways", horizontal=True):
        if before:
            st.button("Newer", key="runs-newer", on_click=_newer)
        if len(runs) == PAGE_ROWS:
            st.button("Older", key="runs-older", on_click=before.append, args=(runs[-1].id,))


def _newer() -> None:
    st.session_state[_BEFORE].pop()


def _cells(run: IngestRun) -> list[str]:
    name = f'<b>Run {run.id}</b><span class="v-sku">{html_text(run.kind)}</span>'
    file = f'<span class="v-sku">{html_text(run.file_name)}</span>' if run.file_name else ""
    return [
        f'<a href="{address(run=str(run.id))}" target="_self">{name}</a>',
        when(run.started_at),
        html_text(run.actor),
        f'<span class="v-value">{html_text(run.source)}</span>{file}',
        *(f"{n:,}" for n in (run.n_new, run.n_changed, run.n_removed, run.n_rejected)),
        state_html(run),
    ]
