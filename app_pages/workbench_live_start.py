"""Starting a live comparison: what against what, by what it is decided, and how many sessions that takes."""

import math
from collections.abc import Callable

import streamlit as st

from agents.live.book import MIN_SESSIONS, WINDOW_MINUTES, Plan
from agents.live.measures import DECIDING, MEASURES
from agents.live.power import sessions_needed
from agents.live.versions import Versions
from app_pages.access import may
from app_pages.resources import desk
from app_pages.wording import html_text, markdown_text, sentence
from env.errors import ComparisonError
from env.roles import Action
from tools.store_live import WhenWon
from tools.store_live_counts import LiveCounts, Usual

_USUAL_DAYS = 28
# Where the shop knows no share of its own yet.
_GUESSED_PERCENT = 10.0
_WHEN_B_WINS: dict[WhenWon, str] = {
    "tell": "Tell me, here and on the command line",
    "publish": "Put B in force for all, if the gate lets it, and end the comparison",
}


def draw_start(versions: Versions, busy: set[str], start: Callable[[Plan], None]) -> None:
    """Draw the form; of prompts that are being compared already (`busy`) nothing can be started."""
    free = [name for name in versions.names if name not in busy]
    if not free:
        return
    st.html('<h3 class="v-live-title">Start a comparison</h3>')
    with st.container(key="live-start"):
        name = st.selectbox("Prompt", free, key="live-prompt", format_func=str.capitalize)
        in_force = versions.in_force(name)
        others = [version for version in versions.ready(name) if version != in_force]
        if not others:
            st.html(
                f'<p class="v-live-state">Only version {html_text(in_force)} of it may meet shoppers. Make another one'
                " under Prompts and run it over the test set: once it passes the gate it can be chosen here.</p>"
            )
            return
        label = f"Version to try as B (A is {markdown_text(in_force)}, the one in force)"
        version = st.selectbox(label, others, key="live-version")
        if note := _unused_words(name):
            st.html(f'<p class="v-note">{note}</p>')
        _draw_plan(name, version, start, has_publish=versions.publish is not None)


def _unused_words(name: str) -> str:
    """That no prompt of this name is at work here, as on a machine that answers without a model."""
    at_work = desk()
    used = {*at_work.classifier.prompt_names, *at_work.assistant.prompt_names}
    if name in used:
        return ""
    return (
        "On this machine nothing is asked of a model by this prompt, so both versions would answer alike. Set"
        " CLASSIFIER or ASSISTANT to a model first; see docs/settings.md."
    )


def _draw_plan(name: str, version: str, start: Callable[[Plan], None], *, has_publish: bool) -> None:
    share = st.slider("B's share of new sessions, in percent", 1, 99, 50, key="live-new-share")
    decided_by = st.selectbox(
        "Decided by the share of …", DECIDING, key="live-by",
        format_func=lambda each: MEASURES[each].phrase,
    )  # fmt: skip
    usual = LiveCounts(desk().shop.database).usual(_USUAL_DAYS, WINDOW_MINUTES)
    known = usual.shares[decided_by]
    with st.container(key="live-effect", horizontal=True):
        today = st.number_input(
            "That share today, %", 0.1, 99.9, _in_reach(known), 0.5, key=f"live-today-{decided_by}", format="%.1f"
        )
        effect = st.number_input(
            "Difference that matters, points", 0.1, 50.0, _a_third_of(today), 0.5, key=f"live-effect-{decided_by}"
        )
    needed = _needed(today / 100, effect / 100, share / 100)
    if isinstance(needed, str):
        st.html(f'<p class="v-note v-problem">{html_text(needed)}</p>')
        return
    st.html(f'<p class="v-live-lead">{_needed_words(needed, effect, usual)}</p>')
    when_b_wins = _draw_when_b_wins(has_publish=has_publish)
    with st.expander("More", key="live-more"):
        fewest = st.number_input("Conclude nothing before each side has so many sessions", 10, 10_000, MIN_SESSIONS)
        minutes = st.number_input("A session counts after so many minutes", 1, 1440, WINDOW_MINUTES)
    plan = Plan(name, version, share / 100, decided_by, needed, int(fewest), int(minutes), when_b_wins)
    st.button("Start the comparison", key="live-go", type="primary", on_click=start, args=(plan,))


def _draw_when_b_wins(*, has_publish: bool) -> WhenWon:
    """What the guard is to do; to publish is offered to those who may."""
    if not has_publish or not may(Action.PUBLISH_PROMPTS):
        return "tell"
    return st.radio(
        "Once B clearly wins and fails no more often", list(_WHEN_B_WINS), key="live-when-b-wins",
        format_func=_WHEN_B_WINS.__getitem__,
        help="A B that clearly loses is always taken back.",
    )  # fmt: skip


def _in_reach(share: float | None) -> float:
    return min(max(round(share * 100, 1), 0.1), 99.9) if share is not None else _GUESSED_PERCENT


def _a_third_of(percent: float) -> float:
    """A change that is worth a comparison, in whole points: what is smaller takes very long to be shown."""
    return min(max(float(round(percent / 3)), 1.0), 50.0)


def _needed(today: float, effect: float, share_b: float) -> int | str:
    """Sessions of both arms, or why that cannot be. A rise is counted with where there is room for one."""
    try:
        return sessions_needed(today, effect if today + effect < 1 else -effect, share_b)
    except ComparisonError as error:
        return sentence(str(error))


def _needed_words(needed: int, effect: float, usual: Usual) -> str:
    told = (
        f"To show a difference of {effect:g} points, four times in five, it takes about <b>{needed:,} sessions</b> of"
        " both versions together; a larger one shows sooner, and you may look at any time."
    )
    if not usual.sessions_a_day:
        return f"{told} How long that is cannot be told yet: no session came in the last {_USUAL_DAYS} days."
    days = math.ceil(needed / usual.sessions_a_day)
    return f"{told} At {usual.sessions_a_day:,.1f} sessions a day, as lately, that is {days:,} day{'s' * (days != 1)}."
