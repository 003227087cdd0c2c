"""The kiosk: a shop without staff beside it, that starts over when nobody has touched it for a while."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, cast

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from app_pages.chat import Chat
from app_pages.resources import demo_store
from app_pages.visitor import home_url, idle_minutes

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
    _renderer()(
        key="kiosk", data=data, on_idle_change=lambda: start_over(cast("MutableMapping[str, Any]", st.session_state))
    )


def start_over(state: MutableMapping[str, Any]) -> None:
    """Forget whoever was here: chats, bag, saved items, preferences, photos; the browser then loads the page anew.

    A turn still at work finds its session gone and keeps nothing.
    """
    if "chat" in state:
        state["chat"].stop()
    if "visitor" in state and state["visitor"].audience is not None:
        demo_store().forget(state["visitor"].audience.shopper)
    for name in list(state):
        del state[name]
    state["kiosk-over"] = True


@st.cache_resource(show_spinner=False)
def _renderer() -> ComponentRenderer:
    return st.components.v2.component("vitrine_kiosk", js=_SCRIPT.read_text(encoding="utf-8"), isolate_styles=False)
