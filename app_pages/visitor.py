"""Who is in the shop: a shopper of the house, a guest of a demo by their link, or whoever stands at the kiosk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import streamlit as st

from agents.demo.audience import counted, join, left, new_audience, require_open, used_up
from agents.events import Message, TurnEvent
from app_pages.access import actor
from app_pages.resources import Around, demo_store, settings
from app_pages.shopper import browser_id
from app_pages.shopper_cookie import COOKIE
from app_pages.wording import html_text, sentence
from env.errors import DemoError
from tools.store_demo import Audience

GUEST, KIOSK = "guest", "kiosk"
DEFAULT_IDLE_MINUTES = 3
MOST_IDLE_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody in the shop. `audience` is set for guests and at the kiosk: their things are kept under its id."""

    kind: Literal["shopper", "guest", "kiosk"] = "shopper"
    audience: Audience | None = None


SHOPPER = Visitor()


def visitor() -> Visitor:
    """Whoever uses this page, found once for as long as it is open.

    Raises:
        DemoError: a guest link cannot let anybody in, or the shop is for guests only.
    """
    if "visitor" not in st.session_state:
        found = _arrived()
        st.session_state.visitor = found
        if found.audience:
            # Before anybody asks who the shopper is: nothing of the browser's own chats is to be seen.
            st.session_state.shopper = found.audience.shopper
    known: Visitor = st.session_state.visitor
    return known


def is_visiting() -> bool:
    """Whether the address is that of a guest or of a kiosk: no way leads behind the counter then."""
    return GUEST in st.query_params or KIOSK in st.query_params


def home_url() -> str:
    """Where the wordmark leads: the shop, as whoever one is in it."""
    for name in (GUEST, KIOSK):
        if name in st.query_params:
            return f"/?{name}={quote(st.query_params[name], safe='')}"
    return "/"


def idle_minutes() -> int:
    """After how many minutes without a touch the kiosk starts over, from the address."""
    told = st.query_params.get(KIOSK, "")
    return min(max(int(told), 1), MOST_IDLE_MINUTES) if told.isdecimal() and told.isascii() else DEFAULT_IDLE_MINUTES


def around(found: Visitor) -> Around | None:
    """What is done around each turn of a visitor: turns of a demo are counted, and refused where none is left."""
    return audience_around(found.audience.shopper) if found.audience else None


def audience_around(shopper: str) -> Around:
    """The same for somebody in a demo."""
    store = demo_store()

    def turn(_: Message, begin: Callable[[], Iterator[TurnEvent]]) -> Iterator[TurnEvent]:
        return counted(store, shopper, begin)

    return Around(turn, lambda: require_open(store, shopper))


def draw_left(found: Visitor) -> None:
    """Draw what a guest has left."""
    if found.audience is None or found.kind != "guest":
        return
    have = left(demo_store(), found.audience)
    if have is None or have.link.has_ended:
        told = "This demo has ended. Thank you for coming."
    elif not have.n_turns:
        told = f"{sentence(used_up(have.link))} Thank you for trying it."
    else:
        told = f"You are a guest of a demo: {have.n_turns} of {have.link.n_turns} questions left."
    st.html(f'<p class="v-guest" role="status">{html_text(told)}</p>')


def draw_refused(error: DemoError) -> None:
    """Draw why somebody is not let in."""
    told = html_text(sentence(str(error)))
    st.html(f'<div class="v-closed" role="alert"><h1>Not open to you just now</h1><p>{told}</p></div>')


def _arrived() -> Visitor:
    store = demo_store()
    if GUEST in st.query_params:
        browser = browser_id(st.context.cookies.get(COOKIE, ""))
        return Visitor("guest", join(store, st.query_params[GUEST], browser))
    if KIOSK in st.query_params:
        for gone in store.stale("kiosk", 2 * MOST_IDLE_MINUTES):
            store.forget(gone)
        return Visitor("kiosk", store.audience(new_audience(store, "kiosk")))
    if settings().guests_only and not actor().is_staff:
        raise DemoError("this shop is open to guests of a demo only; scan the code that the presenter shows")
    return SHOPPER
