"""The recordings on the demo page: played, removed, put back."""

from collections.abc import Callable

import streamlit as st

from agents.demo.library import Listed, open_recording, put_back, recordings, remove, removed
from app_pages.demo_stage import STAGE, set_up_recording
from app_pages.resources import demo_store
from app_pages.wording import html_text, markdown_text
from env.errors import VitrineError
from env.roles import Actor
from tools.store_demo import REMOVED_DAYS, DemoStore

PROBLEM = "demo-problem"
_NOTE = "recording-note"
_REMOVING = (
    f" Those that were kept here can be removed: they leave this list for everybody, can be put back for at"
    f" least {REMOVED_DAYS} days, and are then deleted for good."
)


def draw_recordings(who: Actor) -> None:
    """Draw the recordings there are, and those that can be put back."""
    listed = recordings(demo_store())
    about = "For a stage without a model: every turn is marked as recorded."
    told = _REMOVING if any(one.was_kept for one in listed) else ""
    st.html(f"<h2 class='v-desk-title'>Recorded</h2><p>{about}{told}</p>")
    if note := st.session_state.pop(_NOTE, ""):
        st.html(f'<p class="v-note" role="status">{html_text(note)}</p>')
    with st.container(key="recordings"):
        for one in listed:
            _draw_recording(one, who)
    gone = removed(demo_store())
    if gone:
        with st.expander(f"Removed recordings ({len(gone)})", key="removed-recordings"):
            for one in gone:
                label = markdown_text(f"Put back: {_told(one)}")
                args = (put_back, who, one, "is on the list again")
                st.button(label, key=f"put-back-{one.id}", on_click=_change, args=args)


def _draw_recording(one: Listed, who: Actor) -> None:
    with st.container(key=f"recording-{one.id.replace(':', '-')}", horizontal=True):
        st.button(markdown_text(f"Play: {_told(one)}"), key=f"replay-{one.id}", on_click=_replay, args=(one.id,))
        if one.was_kept:
            label = markdown_text(f"Remove {one.title}")
            args = (remove, who, one, f"is removed; below it can be put back for {REMOVED_DAYS} days")
            st.button("Remove", key=f"remove-{one.id}", on_click=_change, args=args, type="tertiary", help=label)


def _told(one: Listed) -> str:
    return f"{one.title}{f', {one.recorded_at:%d %B %Y}' if one.recorded_at else ', ships with the shop'}"


def _change(change: Callable[[DemoStore, Actor, str], None], who: Actor, one: Listed, done: str) -> None:
    try:
        change(demo_store(), who, one.id)
    except VitrineError as error:
        st.session_state[PROBLEM] = str(error)
        return
    st.session_state[_NOTE] = f"“{one.title}” {done}."


def _replay(name: str) -> None:
    try:
        st.session_state[STAGE] = set_up_recording(open_recording(demo_store(), name))
    except VitrineError as error:
        st.session_state[PROBLEM] = str(error)
