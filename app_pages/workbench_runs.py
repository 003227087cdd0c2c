"""The tab of the runs: what is at work, how to start one, what came out, and the gate."""

import streamlit as st

from agents.workbench.report_words import duration
from app_pages.access import require
from app_pages.said import doing, draw_failure, draw_said
from app_pages.wording import html_text, markdown_text
from app_pages.workbench_gate import draw_gate
from app_pages.workbench_report import draw_report
from app_pages.workbench_setup import draw_setup
from app_pages.workbench_shared import case_book, run_book, worker
from app_pages.workbench_thumbs import draw_thumbs, thumbs_book, trust_words
from env.errors import VitrineError
from env.roles import Action, Actor
from tools.store_runs import RunRow

LOOK_S = 2.0
CHOSEN = "runs-chosen"
_TEACH = "A run plays two or more variants over the test set and says what is better, worse, or not to be told apart."


def draw_runs() -> None:
    """Draw the tab."""
    actor = require(Action.EDIT_PROMPTS)
    book = run_book()
    cases, runs = case_book().cases(), book.store.runs()
    draw_said()
    if not cases and not runs:
        st.html(
            f'<p class="v-bench-lead">{_TEACH}</p><p class="v-note">First put cases into the test set, in the tab'
            " beside this one.</p>"
        )
        return
    if any(run.status == "queued" for run in runs):
        worker().wake()
    # One place whatever is at work: what stands below keeps its own, and with it a press.
    with st.container(key="runs-now"):
        if any(_is_open(run) for run in runs):
            _follow(actor)
        else:
            _draw_stopped(runs[:1], actor)
    with st.expander("Compare versions", expanded=not runs, key="runs-setup"):
        st.html(f'<p class="v-note">{_TEACH}</p>')
        draw_setup(book, cases, actor)
    with st.expander("How far to trust the judge", key="runs-judge"):
        draw_thumbs(actor)
    with st.expander("The gate", key="runs-gate"):
        draw_gate(actor)
    _draw_reports([run for run in runs if run.n_done])


def _is_open(run: RunRow) -> bool:
    return run.status in ("queued", "running")


@st.fragment(run_every=LOOK_S)
def _follow(actor: Actor) -> None:
    """Runs at work, looked at again every two seconds; once none is left the whole page is drawn with the report."""
    runs = run_book().store.runs()
    at_work = [run for run in runs if _is_open(run)]
    if not at_work:
        st.session_state[CHOSEN] = runs[0].id if runs else 0
        st.rerun()
    for run in reversed(at_work):
        _draw_progress(run, actor)


def _draw_progress(run: RunRow, actor: Actor) -> None:
    left = f", {run.per_s:.1f} a second, about {duration(run.left_s)} left" if run.per_s and run.left_s else ""
    told_so = "waits for its turn" if run.status == "queued" else f"{run.n_done} of {run.n_results} turns{left}"
    with st.container(key=f"run-{run.id}", border=True):
        st.progress(run.n_done / max(run.n_results, 1), f"{markdown_text(run.title)}: {told_so}")
        if run.wants_stop:
            st.html('<p class="v-note">Stops after the turn at work. What is done stays.</p>')
        else:
            st.button("Stop", key=f"run-stop-{run.id}", on_click=_stop, args=(run.id, actor))


def _draw_stopped(runs: list[RunRow], actor: Actor) -> None:
    """The newest run where it did not come to its end."""
    for run in runs:
        if run.status not in ("stopped", "failed"):
            continue
        why = f" {run.problem}" if run.problem else ""
        with st.container(key=f"run-{run.id}", border=True):
            st.html(
                f"<p>Run {run.id}, “{html_text(run.title)}”, {run.status} after {run.n_done} of {run.n_results} turns."
                f"{html_text(why)}</p>"
            )
            st.button("Go on", key=f"run-resume-{run.id}", on_click=_resume, args=(run.id, actor))


def _draw_reports(runs: list[RunRow]) -> None:
    if not runs:
        return
    st.html('<h2 class="v-bench-title">What came out</h2>')
    titles = {run.id: f"{run.id}: {run.title}, {run.created_at:%d %b %H:%M}, by {run.started_by}" for run in runs}
    if st.session_state.get(CHOSEN) not in titles:
        st.session_state[CHOSEN] = runs[0].id
    run_id = st.selectbox("Run", list(titles), key=CHOSEN, format_func=lambda found: titles[found])
    is_today = st.toggle(
        "With the labels of today", key="runs-today", help="The stored replies are scored again; no model is called."
    )
    try:
        report = run_book().report(run_id, is_today)
        draw_report(report, trust_words(thumbs_book()) if report.run.has_judge else "")
    except VitrineError as error:
        draw_failure(str(error))


def _stop(run_id: int, actor: Actor) -> None:
    def stop() -> str:
        run_book().stop(actor, run_id)
        return ""

    doing(stop)


def _resume(run_id: int, actor: Actor) -> None:
    def go_on() -> str:
        run_book().resume(actor, run_id)
        worker().wake()
        return f"run {run_id} goes on"

    doing(go_on)
