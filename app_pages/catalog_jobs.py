"""A long job on the page: how far it is, how fast, how long it still takes, and a way to end it."""

from collections.abc import Callable

import streamlit as st

from app_pages.catalog_desk import note
from app_pages.wording import markdown_text
from ingest.jobs import Job

LOOK_S = 0.7


def draw_job(job: Job, key: str, can_stop: bool = True) -> None:
    """Draw a job that is at work; the page is drawn anew as soon as it ends."""
    note("You may close this page: the work goes on.")
    st.fragment(_draw, run_every=LOOK_S)(job, key, can_stop)


def _draw(job: Job, key: str, can_stop: bool) -> None:
    if job.state != "running":
        st.rerun()
    st.progress(job.progress.share, text=markdown_text(_told(job)))
    if can_stop:
        stop: Callable[[], None] = job.stop
        st.button("Stop", key=f"stop-{key}", on_click=stop, disabled=job.is_stopping)


def _told(job: Job) -> str:
    progress = job.progress
    if job.is_stopping:
        return f"{job.title}: storing what is done ..."
    if not progress.n_done:
        return f"{job.title} ..."
    left = f", {_duration(progress.left_s)} left" if progress.left_s is not None else ""
    return f"{job.title}: {progress.n_done:,} of {progress.n_total:,}, {progress.per_s:,.0f} a second{left}"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
