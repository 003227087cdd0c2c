"""The shop page: a conversation with cards."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.chat import Chat
from app_pages.item_dialog import open_item
from app_pages.resources import max_photo_mb, open_chat, settings, starters, wording
from app_pages.running_turn import RunningTurn
from app_pages.turn import Surroundings, TurnDrawing
from app_pages.turn_view import TurnView
from app_pages.welcome import draw_welcome

# How long one look at a turn at work may take before the page asks whether the shopper has stopped it.
LOOK_S = 0.1


def draw_shop() -> None:
    """Draw the page.

    Raises:
        VitrineError: the shop cannot be opened.
    """
    chat = _chat()
    tiles = () if chat.views else starters()
    stop = _draw_bar(chat)
    # One place for the welcome, so that the first turn clears it at once.
    with st.empty():
        if not chat.views:
            with st.container():
                draw_welcome(tiles, chat.ask)
    # Asked before the turns are drawn: a turn that ends meanwhile is followed to its end all the same.
    running = chat.running
    drawing = None
    for view in chat.views:
        around = Surroundings(wording(), chat.ask, chat.slide, chat.pick, is_last=view.number == len(chat.views))
        drawing = TurnDrawing(view.number, around)
        drawing.update(view)
        if drawing.opened:
            _open(chat, view, drawing.opened)
    if running and drawing:
        _follow(running, drawing)
    stop.empty()


def _chat() -> Chat:
    """This browser session's chat. Its id travels in the address, so that a reload continues it."""
    if "chat" not in st.session_state:
        st.session_state.chat = open_chat(st.query_params.get("session", ""))
    chat: Chat = st.session_state.chat
    if chat.views:
        st.query_params["session"] = chat.session_id
    return chat


def _draw_bar(chat: Chat) -> DeltaGenerator:
    """Draw the input at the bottom, and while a turn is at work a stop button over its send button."""
    with st.bottom.container(key="bar"):
        stop = st.empty()
        if chat.running:
            stop.button("Stop", key="stop", on_click=chat.stop)
        st.chat_input(
            "Describe it, or drop a photo",
            key="asked",
            accept_file=True,
            file_type="image",
            max_upload_size=max_photo_mb(),
            max_chars=settings().max_message_chars,
            on_submit=_ask_typed,
            args=(chat,),
        )
    return stop


def _open(chat: Chat, view: TurnView, number: int) -> None:
    """Open card `number` of a turn. More like it is asked for by number only while numbers mean this turn's cards."""
    newest = next((seen for seen in reversed(chat.views) if seen.hits), view)
    hit = view.hits[number - 1]
    name = f"number {number}" if view.number == newest.number else f"“{hit.item.title}”"
    open_item(hit, f"More like {name}", wording(), chat.ask)


def _ask_typed(chat: Chat) -> None:
    sent = st.session_state.asked
    chat.ask(sent.text or "", sent.files[0].getvalue() if sent.files else None)


def _follow(running: RunningTurn, drawing: TurnDrawing) -> None:
    """Draw the turn as it comes. Streamlit ends this loop when the shopper touches anything; the turn goes on."""
    view = running.view
    while True:
        drawing.update(view)
        if view.has_ended:
            return
        view = running.wait(view, LOOK_S)
        # Streamlit interrupts a script only where it talks to Streamlit, and nothing may be drawn for a while.
        _ = "chat" in st.session_state
