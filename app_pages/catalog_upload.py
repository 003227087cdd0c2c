"""A feed sent by the browser: kept, looked at, and applied once somebody has seen what it would do."""

import streamlit as st

from app_pages.access import actor
from app_pages.catalog_desk import ingest_desk, note, run_link, shop
from app_pages.catalog_dry_run import draw_dry_run
from app_pages.catalog_jobs import draw_job
from app_pages.resources import settings
from app_pages.wording import html_text, markdown_text, sentence
from env.errors import VitrineError
from env.roles import Action
from ingest.desk import IngestDesk, Wish
from ingest.dry_run import DryRun
from ingest.jobs import Job
from ingest.readers import READERS
from ingest.report import Report
from ingest.uploads import SUFFIXES, Upload
from tools.store_ingests import ingest_runs
from tools.store_load import sources

LOOKED = "found by looking"
_PROBLEM = "upload-problem"


def draw_upload() -> None:
    """Draw the step that the upload of the address has come to."""
    if not actor().may(Action.CHANGE_CATALOG):
        note("You may look at the catalogue, not change it.")
        return
    if problem := st.session_state.pop(_PROBLEM, ""):
        note(problem, role="alert")
    upload_id = st.query_params.get("upload", "")
    if not upload_id:
        _draw_first_step()
        return
    try:
        upload = ingest_desk().uploads.find(upload_id)
    except VitrineError as error:
        note(sentence(str(error)), role="alert")
        _draw_first_step()
        return
    _draw_steps(upload, ingest_desk())


def _draw_first_step() -> None:
    """Take a file."""
    if not shop().catalog.n_items():
        st.html(
            '<div class="v-teach"><h2 class="v-desk-title">Your first feed</h2><p>Export your products from your shop,'
            " or write a CSV: a row an item, with <b>sku</b>, <b>title</b>, <b>price</b> and <b>image</b> (an address,"
            " or a file packed beside it in a ZIP). Nothing changes before you have seen what would.</p></div>"
        )
    sent = st.file_uploader(
        "A feed: CSV, TSV, JSONL, XML or parquet, or a ZIP of one with its pictures",
        type=list(SUFFIXES),
        key=f"feed-{st.session_state.setdefault('n-uploads', 0)}",
        max_upload_size=_most_mb(),
    )
    if sent is None:
        note("Shopify, Google Merchant, Kaggle and plain feeds are told apart by looking. Nothing is written yet.")
        return
    try:
        upload = ingest_desk().receive(actor(), sent.name, sent.getvalue())
    except VitrineError as error:
        note(sentence(str(error)), role="alert")
        return
    st.session_state["n-uploads"] += 1
    st.query_params["upload"] = upload.id
    st.rerun()


def _most_mb() -> int:
    """What a feed may have, in whole megabytes; less where the server takes less (`streamlit run` without serve.py)."""
    return min(-(-settings().max_feed_bytes // 2**20), int(st.get_option("server.maxUploadSize")))


def _draw_steps(upload: Upload, at_desk: IngestDesk) -> None:
    applying, looking = at_desk.jobs.get(f"apply {upload.id}"), at_desk.jobs.get(f"look {upload.id}")
    if applying:
        _draw_applied(upload, applying)
        return
    _draw_wish(upload, looking)
    if looking and looking.state == "running":
        draw_job(looking, "look")
    elif looking and looking.problem:
        note(f"This feed cannot be read: {sentence(looking.problem)}", role="alert")
    elif looking and (found := at_desk.looked(upload)):
        draw_dry_run(found)
        _draw_apply(upload, found)


def _draw_wish(upload: Upload, looking: Job | None) -> None:
    """Ask how the feed is to be read."""
    wished = ingest_desk().wish(upload)
    st.html(f'<p class="v-sent">{html_text(upload.name)}</p>')
    known = list(sources(shop().database))
    guess = wished.source if wished else upload.name.rsplit(".", 1)[0]
    options = list(dict.fromkeys([guess, *known]))
    with st.form("wish", border=False):
        source = st.selectbox(
            "Stored under", options, key=f"source-{upload.id}", accept_new_options=True,
            help="Items of one source are one list: a feed that is the whole of it removes what it no longer has.",
        )  # fmt: skip
        kind = st.selectbox("Kind of feed", [LOOKED, *READERS], key=f"kind-{upload.id}")
        is_whole = st.toggle("This feed is the whole of its source: remove what it lacks", key=f"whole-{upload.id}")
        st.form_submit_button(
            "See what it would do" if looking is None else "Look again",
            key="look",
            type="primary" if looking is None else "secondary",
            disabled=bool(looking and looking.state == "running"),
            on_click=_look,
            args=(upload,),
        )
    del source, kind, is_whole  # read from the session once the form is sent
    st.button("Take another file", key="another", type="tertiary", on_click=_forget, args=(upload,))


def _look(upload: Upload) -> None:
    state = st.session_state
    kind = state[f"kind-{upload.id}"]
    wish = Wish(state[f"source-{upload.id}"] or "", "" if kind == LOOKED else kind, state[f"whole-{upload.id}"])
    try:
        ingest_desk().look(actor(), upload, wish)
    except VitrineError as error:
        state[_PROBLEM] = f"This feed cannot be read: {sentence(str(error))}"


def _forget(upload: Upload) -> None:
    at_desk = ingest_desk()
    if job := at_desk.jobs.get(f"look {upload.id}"):
        job.stop()
    at_desk.uploads.drop(upload)
    _leave()


def _draw_apply(upload: Upload, found: DryRun) -> None:
    if not found.n_to_write:
        note("All of it is stored as it is: there is nothing to apply.")
        return
    told = [
        f"{n:,} {word}"
        for n, word in ((found.n_new, "added"), (found.n_changed, "changed"), (found.n_removed, "removed"))
        if n
    ]
    note(f"Applying it writes exactly these rows: {', '.join(told)}. It can be undone.")
    st.button(
        markdown_text(f"Apply {found.n_to_write:,} changes"),
        key="apply",
        type="primary",
        on_click=_apply,
        args=(upload,),
    )


def _apply(upload: Upload) -> None:
    try:
        ingest_desk().apply(actor(), upload)
    except VitrineError as error:
        st.session_state[_PROBLEM] = sentence(str(error))


def _draw_applied(upload: Upload, job: Job) -> None:
    if job.state == "running":
        draw_job(job, "apply")
        return
    if job.problem:
        note(f"Not applied: {sentence(job.problem)}", role="alert")
        st.button("Look again", key="look-again", on_click=_start_again, args=(upload,))
    elif isinstance(job.result, Report):
        report = job.result
        word = "Stopped; what was done is kept." if report.is_stopped else "Applied."
        note(
            f"{word} {report.n_new:,} new, {report.n_changed:,} changed, {report.n_pruned:,} removed,"
            f" {report.n_unchanged:,} unchanged, {report.n_rejected:,} rejected."
        )
    runs = [run for run in ingest_runs(shop().database, limit=20) if run.upload == upload.id]
    if runs:
        st.html(f'<p class="v-note">{run_link(runs[0].id).replace(">run", ">See run")}: its report, and its undo.</p>')
    st.button("Send another feed", key="another", on_click=_leave)


def _start_again(upload: Upload) -> None:
    """What the last look showed no longer holds."""
    for step in ("apply", "look"):
        ingest_desk().jobs.forget(f"{step} {upload.id}")


def _leave() -> None:
    st.query_params.pop("upload", None)
