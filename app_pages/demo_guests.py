"""Guest links: made with limits, shown as a code to scan, watched and ended."""

import math
from datetime import UTC, datetime

import segno
import streamlit as st

from agents.demo.audience import MAX_GUESTS, MAX_MINUTES, MAX_TURNS, end_link, make_link, open_link_again
from app_pages.resources import demo_store, settings
from app_pages.visitor import GUEST
from app_pages.wording import html_text, sentence
from env.errors import VitrineError
from env.roles import Actor
from tools.store_demo import GuestLink

N_LINKS = 10
_NOTE = "guest-note"


def draw_guests(who: Actor) -> None:
    """Draw the form for a new link and the links there are."""
    st.html("<h2 class='v-desk-title'>Guests</h2><p>A link that opens the shop for a room, for a while.</p>")
    if settings().access == "local":
        st.html(
            '<p class="v-note">This shop serves this computer alone, and so do its guest links. To open it to a room,'
            " set HOST and ACCESS=login or proxy, and GUESTS_ONLY=true to let in guests alone; docs/demo.md tells"
            " how.</p>"
        )
    with st.form("guest-form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input("Guests", 1, MAX_GUESTS, 30, key="guest-n", width=140)
        st.number_input("Questions each", 1, MAX_TURNS, 10, key="guest-turns", width=160)
        st.number_input("Minutes", 1, MAX_MINUTES, 60, key="guest-minutes", width=140)
        st.form_submit_button("Make a guest link", key="guest-make", on_click=_make, args=(who,))
    if note := st.session_state.pop(_NOTE, ""):
        st.html(f'<p class="v-note v-problem" role="alert">{html_text(sentence(note))}</p>')
    links = demo_store().links(N_LINKS)
    if not links:
        st.html('<p class="v-empty">No guest links so far. Make one, and its code appears here to be scanned.</p>')
    _draw_links(who, links)


@st.fragment(run_every=5)
def _draw_links(who: Actor, _: tuple[GuestLink, ...]) -> None:
    """Draw the links with what is used of them, anew every few seconds while guests come in."""
    for link in demo_store().links(N_LINKS):
        with st.container(key=f"guest-link-{link.token}"):
            st.html(link_html(link, guest_url(link.token)))
            if not link.has_ended:
                st.button("End it now", key=f"end-{link.token}", on_click=_end, args=(who, link.token))
            elif link.token == st.session_state.get("guest-ended"):
                st.button("Open it again", key=f"again-{link.token}", on_click=_open_again, args=(who, link.token))


def guest_url(token: str) -> str:
    """The address of a link, under the name by which the presenter reached this page."""
    host = st.context.headers.get("Host") or f"{settings().host}:{settings().port}"
    is_secure = (st.context.url or "").startswith("https") or st.context.headers.get("X-Forwarded-Proto") == "https"
    return f"{'https' if is_secure else 'http'}://{host}/?{GUEST}={token}"


def link_html(link: GuestLink, url: str) -> str:
    """A link with its code, its limits and what is used."""
    questions = "question" if link.n_turns_used == 1 else "questions"
    used = f"{link.n_joined} of {link.n_guests} guests, {link.n_turns_used} {questions} asked, {link.n_turns} for each"
    if link.has_ended:
        return f'<div class="v-link v-gone"><p><b>Ended.</b> {used}.</p></div>'
    # A picture and no inline SVG, which Streamlit takes out of HTML.
    code = segno.make(url, error="m").png_data_uri(scale=8, border=2, dark="#2a2320", light="#fffdfa")
    return (
        f'<div class="v-link"><img class="v-code" src="{code}" alt="Code of the guest link, to be scanned">'
        f'<div><p><a href="{html_text(url)}" target="_blank" rel="noopener">{html_text(url)}</a></p>'
        f"<p>{used}. Open for {_minutes_left(link)} more.</p></div></div>"
    )


def _minutes_left(link: GuestLink) -> str:
    minutes = max(1, math.ceil((link.ends_at - datetime.now(UTC)).total_seconds() / 60))
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _make(who: Actor) -> None:
    state = st.session_state
    try:
        given = {"n_guests": state["guest-n"], "n_turns": state["guest-turns"], "minutes": state["guest-minutes"]}
        make_link(demo_store(), who, **given)
    except VitrineError as error:
        state[_NOTE] = str(error)


def _end(who: Actor, token: str) -> None:
    end_link(demo_store(), who, token)
    st.session_state["guest-ended"] = token


def _open_again(who: Actor, token: str) -> None:
    open_link_again(demo_store(), who, token)
