"""One ingest: what it did, what it refused and why, and its undo."""

import streamlit as st

from app_pages.access import actor
from app_pages.catalog_desk import ingest_desk, note, run_link, shop, state_html, table_html, title, when
from app_pages.catalog_jobs import draw_job
from app_pages.wording import html_text, sentence
from env.errors import VitrineError
from env.roles import Action
from ingest.desk import Wish
from ingest.desk_csv import ReportRow, by_reason, report_csv, report_rows
from ingest.undo import UndoReport
from tools.store_ingests import IngestRun, ingest_run, run_report
from tools.store_undo import why_not_undo

MOST_SHOWN = 50


def draw_run(number: int) -> None:
    """Draw the page of a run."""
    st.html('<p class="v-back"><a href="?view=Ingests" target="_self">All ingests</a></p>')
    try:
        run = ingest_run(shop().database, number)
    except VitrineError as error:
        note(sentence(str(error)), role="alert")
        return
    title(f"Run {run.id}", level=1)
    _draw_facts(run)
    _draw_undo(run)
    report = run_report(shop().database, run.id)
    _draw_rows("Rejected rows", "rejected", report_rows(report), list(by_reason(report)))
    notes = list(by_reason(report, "notes_by_reason"))
    if notes:
        _draw_rows("Notes on rows that were used", "notes", report_rows(report, "notes_by_reason"), notes)


def _draw_facts(run: IngestRun) -> None:
    rate = f"{run.seconds:,.1f} s, {run.items_per_s:,.1f} rows a second" if run.seconds else ""
    told = (
        ("State", state_html(run) + (f" {html_text(sentence(run.problem))}" if run.problem else "")),
        ("Source", html_text(run.source)),
        ("Feed", html_text(" ".join(word for word in (run.kind, run.file_name) if word))),
        ("Undoes", run_link(run.undoes) if run.undoes else ""),
        ("Undone by", run_link(run.undone_by) if run.undone_by else ""),
        ("Who", html_text(run.actor)),
        ("Began", when(run.started_at)),
        ("Took", rate),
    )
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in told if value)
    st.html(f'<dl class="v-run">{rows}</dl>{counts_html(run)}')


def counts_html(run: IngestRun) -> str:
    """The counts of a run as a row of figures."""
    told = (
        ("new", run.n_new), ("changed", run.n_changed), ("removed", run.n_removed), ("unchanged", run.n_unchanged),
        ("rejected", run.n_rejected),
    )  # fmt: skip
    return figures_html([(name, n) for name, n in told])


def figures_html(told: list[tuple[str, int]]) -> str:
    """Numbers with their names under them."""
    return '<ul class="v-figures">' + "".join(f"<li><b>{n:,}</b> {html_text(name)}</li>" for name, n in told) + "</ul>"


def _draw_undo(run: IngestRun) -> None:
    if not actor().may(Action.CHANGE_CATALOG):
        return
    job = ingest_desk().jobs.get(f"undo {run.id}")
    if job and job.state == "running":
        draw_job(job, f"undo-{run.id}", can_stop=False)
        return
    if job and job.problem:
        note(f"Not undone: {sentence(job.problem)}", role="alert")
    elif job and isinstance(job.result, UndoReport) and run.undone_by:
        note(sentence(job.result.line()))
    if why_not := why_not_undo(run):
        if run.undone_by is None:
            note(sentence(why_not))
    else:
        _draw_undo_button(run)
    if run.upload and run.state in ("stopped", "interrupted", "failed") and run.undone_by is None:
        st.button("Go on with this feed", key="go-on", on_click=_go_on, args=(run,))
        if problem := st.session_state.pop("go-on-problem", ""):
            note(problem, role="alert")


def _draw_undo_button(run: IngestRun) -> None:
    told = (
        ("Added items that go", run.n_new),
        ("Changed items put back as they were", run.n_changed),
        ("Removed items that come back", run.n_removed),
    )
    with st.popover("Undo this run"):
        note(
            " ".join(f"{words}: {n:,}." for words, n in told if n)
            + " Pictures and vectors too. The undo is a run that can be undone as well."
        )
        st.button("Undo now", key="undo-now", type="primary", on_click=_undo, args=(run.id,))


def _undo(number: int) -> None:
    ingest_desk().undo(actor(), number)


def _go_on(run: IngestRun) -> None:
    at_desk = ingest_desk()
    try:
        upload = at_desk.uploads.find(run.upload)
        at_desk.go_on(actor(), upload, Wish(run.source, run.kind))
    except VitrineError as error:
        st.session_state["go-on-problem"] = sentence(str(error))
        return
    st.query_params.from_dict({"view": "Upload a feed", "upload": upload.id})


def _draw_rows(name: str, key: str, rows: tuple[ReportRow, ...], reasons: list[tuple[str, int]]) -> None:
    title(name)
    if not rows:
        note("None.")
        return
    note(", ".join(f"{n:,} {reason}" for reason, n in reasons) + ".")
    st.html(
        table_html(
            name,
            ["Where", "Reason", "Detail", "The row said"],
            [[html_text(one) for one in (row.where, row.reason, row.detail, row.raw)] for row in rows[:MOST_SHOWN]],
        )
    )
    if len(rows) > MOST_SHOWN:
        note(f"The first {MOST_SHOWN} of {len(rows):,} that were kept; the file holds all of those.")
    st.download_button(
        f"Download {name.lower()}",
        data=lambda: report_csv(rows),
        file_name=f"{key}.csv",
        mime="text/csv",
        key=f"export-{key}",
        on_click="ignore",
    )
