"""The kiosk: a shop without staff beside it, that starts over when nobody has touched it for a while."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from app_pages.chat import Chat
from app_pages.resources import demo_store
from app_pages.visitor import home_url, idle_minutes, visitor

_SCRIPT = Path(__file__).with_name("kiosk.js")
COUNTDOWN_S = 20


def draw_kiosk(chat: Chat) -> None:
    """Draw nothing but what watches for idleness; before starting over there is a countdown that a touch ends."""
    data = {
        "idle_s": idle_minutes() * 60,
        "countdown_s": COUNTDOWN_S,
        "is_fresh": not chat.views,
        "is_over": bool(st.session_state.get("kiosk-over")),
        "home": home_url(),
    }
    _renderer()(key="kiosk", data=data, on_idle_change=start_over)


def start_over() -> None:
    """Forget whoever was here: chats, bag, saved items, preferences, photos; the browser then loads the page anew."""
    audience = visitor().audience
    chat: Chat | None = st.session_state.get("chat")
    if chat is not None:
        chat.stop()
    if audience is not None:
        demo_store().forget(audience.shopper)
    st.session_state.clear()
    st.session_state["kiosk-over"] = True


@st.cache_resource(show_spinner=False)
def _renderer() -> ComponentRenderer:
    return st.components.v2.component("vitrine_kiosk", js=_SCRIPT.read_text(encoding="utf-8"), isolate_styles=False)
