"""The presenter's bar: where the journey stands, what to say, and how to go on."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from agents.demo.player import SPEEDS, Player
from app_pages.demo_stage import STAGE, Stage, leave, start_again
from app_pages.wording import html_text, sentence
from env.errors import NothingToPressError

_SCRIPT = Path(__file__).with_name("demo_bar.js")
_WIRE = "demo-wire"


def draw_bar(stage: Stage) -> None:
    """Draw the bar over the conversation, and the wire to the browser that types, waits and listens to keys."""
    player = stage.player
    with st.container(key="stage-bar"):
        st.html(bar_html(stage))
        with st.container(key="stage-tools", horizontal=True):
            is_over = player.phase == "done"
            label = "Pause" if player.is_playing else "Play"
            st.button(label, key="stage-play", on_click=_signal, args=("toggle",), disabled=is_over, type="primary")
            is_busy = player.phase == "answering"
            st.button("Next", key="stage-next", on_click=_signal, args=("next",), disabled=is_over or is_busy)
            st.button(
                "Reset", key="stage-reset", on_click=start_again, args=(stage,), help="A fresh session, from step 1"
            )
            st.selectbox(
                "Speed",
                SPEEDS,
                index=SPEEDS.index(player.speed),
                key="stage-speed",
                on_change=_change_speed,
                format_func=lambda speed: f"{speed:g}×",
                label_visibility="collapsed",
                width=76,
            )
            st.button("Leave", key="stage-leave", on_click=leave, args=(stage,), type="tertiary")
    _renderer()(key=_WIRE, data=_told(stage), on_signal_change=_on_wire)


def bar_html(stage: Stage) -> str:
    """What the bar says; texts of journeys and of errors are escaped here."""
    player = stage.player
    n_steps = len(player.journey.steps)
    place = "The end" if player.phase == "done" else f"Step {player.at + 1} of {n_steps}"
    before = "pressing" if player.step.press else "typing"
    after = "skipped" if player.at in player.skips else "answered"
    doing = {"typing": before, "answering": "the shop is answering", "looking": after, "ready": "ready"}
    state = "" if player.phase == "done" else f" · {doing[player.phase]}"
    caption = "That was the journey. Type to go on by yourself, or reset for the next audience."
    if player.phase != "done":
        caption = player.step.caption
    told = _told_wrong(player)
    mark = f'<p class="v-mark">{html_text(stage.recording.mark)}</p>' if stage.recording else ""
    return (
        f'<div class="v-stage"><p class="v-stage-place"><b>{html_text(player.journey.title)}</b> · {place}{state}</p>'
        f"<p class='v-stage-caption'>{html_text(caption)}</p>{told}{mark}</div>"
    )


def _told_wrong(player: Player) -> str:
    problem, skip = player.problems.get(player.at, ""), player.skips.get(player.at, "")
    if problem:
        told = html_text(sentence(problem))
        return f'<p class="v-stage-problem" role="alert">This step failed: {told} Next goes on.</p>'
    if skip:
        return f'<p class="v-stage-skip" role="status">This step was skipped: {html_text(sentence(skip))}</p>'
    return ""


def _told(stage: Stage) -> dict[str, str | int]:
    """What the browser needs: what to type and how quickly, or how long to wait."""
    player = stage.player
    action = {"typing": "type", "looking": "wait" if player.is_playing else ""}.get(player.phase, "")
    told: dict[str, str | int] = {"cue": f"{player.cue}/{player.is_playing}", "action": action}
    if action == "type":
        told |= {"text": player.step.say, "ms_per_char": player.ms_per_char, "wait_ms": player.typing_ms}
        told["target"] = _target(stage)
    elif action == "wait":
        told["wait_ms"] = player.looking_ms
    return told


def _target(stage: Stage) -> str:
    """The place on the page that a step is about to press, to be shown before it is."""
    press, number = stage.player.step.press, len(stage.chat.views)
    if press is None:
        return ""
    if press.card:
        return f".st-key-card-{number}-{press.card}"
    try:
        offer = stage.offer()
    except NothingToPressError:
        return ""
    keys = {
        "way": f"choose-{number}-{offer.place}",
        "suggestion": f"suggest-{number}-{offer.place}",
        "put_back": f"put-back-{number}",
    }
    return f".st-key-{keys[offer.kind]} button"


def _on_wire() -> None:
    sent = st.session_state[_WIRE].get("signal") or {}
    stage: Stage | None = st.session_state.get(STAGE)
    # A signal of a moment that has gone by since is late.
    if stage is None or sent.get("kind") not in ("keys", *_told_kinds(stage, str(sent.get("cue", "")))):
        return
    _signal(str(sent.get("key") if sent["kind"] == "keys" else sent["kind"]))


def _told_kinds(stage: Stage, cue: str) -> tuple[str, ...]:
    return ("typed", "waited", "taken") if cue == f"{stage.player.cue}/{stage.player.is_playing}" else ()


def _signal(kind: str) -> None:
    stage: Stage | None = st.session_state.get(STAGE)
    if stage is None:
        return
    player = stage.player
    match kind:
        case "toggle":
            stage.player = player.pause() if player.is_playing else player.play()
        case "next" if player.phase == "typing":
            stage.perform()
        case "next":
            stage.player = player.next()
        case "typed":
            stage.perform()
        case "waited":
            stage.player = player.looked()
        case "taken":
            stage.player = player.pause()


def _change_speed() -> None:
    stage: Stage | None = st.session_state.get(STAGE)
    if stage is not None:
        stage.player = stage.player.at_speed(st.session_state["stage-speed"])


@st.cache_resource(show_spinner=False)
def _renderer() -> ComponentRenderer:
    return st.components.v2.component("vitrine_stage", js=_SCRIPT.read_text(encoding="utf-8"), isolate_styles=False)
