"""What can be kept of a demo: a recording to play again, and a report to send afterwards."""

import re
from functools import partial

import streamlit as st

from agents.demo.library import keep
from agents.demo.report import report_html
from app_pages.demo_stage import Stage
from app_pages.resources import demo_store, desk
from app_pages.wording import html_text, sentence
from env.errors import VitrineError
from env.roles import Actor

_NOTE = "demo-keep-note"


def draw_keep_demo(stage: Stage, who: Actor) -> None:
    """Draw the ways to keep what was shown; nothing before there is anything, and nothing of a recording."""
    if stage.recording is not None or not any(view.done for view in stage.chat.views):
        return
    with st.expander("Keep this demo", key="demo-keep"):
        photos = {view.number: view.photo_url for view in stage.chat.views if view.photo_url}
        has_photos = bool(photos) and st.checkbox(
            "Put the photos that were sent into the report (they are stored nowhere else)", key="report-photos"
        )
        with st.container(key="demo-keep-tools", horizontal=True):
            st.download_button(
                "Report as one HTML file",
                partial(_report, stage, photos if has_photos else {}),
                _file_name(stage),
                "text/html",
                key="report-download",
                on_click="ignore",
            )
            st.button("Keep as a recording", key="keep-recording", on_click=_keep, args=(stage, who))
        if note := st.session_state.pop(_NOTE, ""):
            st.html(f'<p class="v-note" role="status">{html_text(note)}</p>')


def _report(stage: Stage, photos: dict[int, str]) -> str:
    return report_html(desk(), stage.chat.session_id, photos, f"Shown in a demo: {stage.player.journey.title}.")


def _file_name(stage: Stage) -> str:
    stem = re.sub(r"\W+", "-", stage.player.journey.title.lower()).strip("-")
    return f"vitrine-{stem or 'demo'}.html"


def _keep(stage: Stage, who: Actor) -> None:
    """Photos other than the journey's own are left out: a recording is played to strangers."""
    captions = {step.say: step.caption for step in stage.player.journey.steps if step.say}
    try:
        made = stage.tape.recording(
            stage.player.journey.title, desk().shop.pictures, tuple(stage.sent_photos), captions
        )
        keep(demo_store(), who, made)
    except VitrineError as error:
        st.session_state[_NOTE] = sentence(str(error))
        return
    st.session_state[_NOTE] = f"Kept: {len(made.turns)} turns. Play it from the demo page."
