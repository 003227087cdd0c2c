"""How far the judge can be trusted: it is held against the thumbs of shoppers, and how that came out is kept."""

import streamlit as st

from agents.workbench.judge import judge_name
from agents.workbench.report_words import duration
from agents.workbench.thumbs import MIN_TURNS, MOST_TURNS, ThumbsBook, agreement_words, measured_words
from app_pages.moments import moment
from app_pages.resources import desk, settings
from app_pages.said import doing, draw_failure, draw_said
from app_pages.wording import html_text
from env.roles import Actor
from tools.store_thumbs import ThumbCheck

_LOOK_S = 2.0
_PLACE = "thumbs"
_NO_MODEL = (
    "The judge is a chat model and none is set. Set ASSISTANT in env/llm.env to one that is asked over the network"
    " (gemini, vertexai, openai or ollama) and start the page again; then it is held against shoppers' thumbs here."
)
_NO_THUMBS = (
    "No shopper has given a thumb yet. Once some replies have a thumb up or down, it is told here how often the judge"
    " thinks the same of them."
)


def thumbs_book() -> ThumbsBook:
    """The thumbs of this shop."""
    return ThumbsBook(desk().shop.database, settings())


def trust_words(book: ThumbsBook) -> str:
    """How far the points of the judge can be trusted, as far as that was measured."""
    found = book.measured()
    if found is None:
        return "How far the judge's points can be trusted is not known: it was never held against shoppers' thumbs."
    return f"{agreement_words(found)} {measured_words(found, moment(found.started_at), book.settings)}"


def draw_thumbs(actor: Actor) -> None:
    """Draw how many turns have a thumb, what was measured, and the way to measure it."""
    book = thumbs_book()
    draw_said(_PLACE)
    n_thumbed, newest = book.store.n_thumbed(), book.newest()
    if book.measured() is not None:
        st.html(f'<p class="v-bench-lead">{html_text(trust_words(book))}</p>')
    st.html(f'<p class="v-note">{html_text(_thumbs_words(n_thumbed))}</p>')
    if not judge_name(settings()):
        st.html(f'<p class="v-note">{html_text(_NO_MODEL)}</p>')
        return
    with st.container(key="thumbs-now"):
        if newest is not None and newest.status == "running":
            _follow(actor)
            return
        if newest is not None and newest.status in ("stopped", "failed"):
            _draw_broken_off(newest)
    if n_thumbed:
        st.button("Hold the judge against thumbs", key="thumbs-start", on_click=_start, args=(actor,))


def _thumbs_words(n_thumbed: int) -> str:
    if not n_thumbed:
        return _NO_THUMBS
    told = f"{n_thumbed} turn{' has' if n_thumbed == 1 else 's have'} a thumb."
    if n_thumbed < MIN_TURNS:
        return f"{told} With fewer than {MIN_TURNS} nobody can say how far the judge is to be trusted."
    asked = f"the newest {MOST_TURNS}" if n_thumbed > MOST_TURNS else "all"
    return f"{told} The judge is asked about {asked} of them, one question to its model each."


@st.fragment(run_every=_LOOK_S)
def _follow(actor: Actor) -> None:
    """A check at work, looked at again every two seconds; once it is over the whole page is drawn with the result."""
    check = thumbs_book().newest()
    if check is None or check.status != "running":
        st.rerun()
    n_done = check.n_judged + check.n_failed
    left = f", about {duration((check.n_turns - n_done) / check.per_s)} left" if check.per_s else ""
    rate = f", {check.per_s:.1f} a second" if check.per_s else ""
    st.progress(n_done / max(check.n_turns, 1), f"{n_done} of {check.n_turns} turns judged{rate}{left}")
    if check.wants_stop:
        st.html('<p class="v-note">Stops after the turn at work. What was judged counts.</p>')
    else:
        st.button("Stop", key="thumbs-stop", on_click=_stop, args=(actor, check.id))


def _draw_broken_off(check: ThumbCheck) -> None:
    n_done = check.n_judged + check.n_failed
    told = f"the last time it was {check.status} after {n_done} of {check.n_turns} turns"
    draw_failure(f"{told}: {check.problem}" if check.problem else told)


def _start(actor: Actor) -> None:
    def start() -> str:
        thumbs_book().start_apart(actor)
        return "The judge is at work. It goes on when this page is closed."

    doing(start, _PLACE)


def _stop(actor: Actor, check_id: int) -> None:
    def stop() -> str:
        thumbs_book().stop(actor, check_id)
        return ""

    doing(stop, _PLACE)
