"""The shop page: a conversation with cards."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.chat import Chat
from app_pages.chats import draw_chats
from app_pages.item_dialog import open_item
from app_pages.keeping import Keeping
from app_pages.keeping_bar import draw_keeping_bar, numbers_of
from app_pages.kiosk import draw_kiosk
from app_pages.linked_item import open_linked
from app_pages.live_chips import newest_search
from app_pages.noticed import keep_noticed, noticing
from app_pages.resources import desk, keeping, max_photo_mb, open_chat, settings, starters, wording
from app_pages.running_turn import RunningTurn
from app_pages.saved_panel import LOOK_AT
from app_pages.shelf import draw_shelf
from app_pages.shopper import is_signed_in, shopper
from app_pages.turn import Surroundings, TurnDrawing
from app_pages.turn_view import TurnView
from app_pages.visitor import Visitor, around, draw_left, draw_refused
from app_pages.visitor import visitor as found_visitor
from app_pages.welcome import draw_welcome
from env.errors import DemoError
from tools.query import Hit

# How long one look at a turn at work may take before the page asks whether the shopper has stopped it.
LOOK_S = 0.1


def draw_shop() -> None:
    """Draw the page, as whoever is in it.

    Raises:
        VitrineError: the shop cannot be opened.
    """
    try:
        visitor = found_visitor()
    except DemoError as error:
        draw_refused(error)
        return
    chat = _chat(visitor)
    draw_left(visitor)
    draw_conversation(chat)
    if visitor.kind == "kiosk":
        draw_kiosk(chat)
    elif visitor.kind == "shopper":
        # Last, so that the turn just answered is in the list.
        draw_chats(chat, desk(), shopper())


@dataclass(frozen=True, slots=True)
class Room:
    """Where a conversation is drawn. `mark` says over each turn what it is where it is not a turn of now; a room that
    is not `is_live` shows what is there and opens nothing."""

    mark: str = ""
    is_live: bool = True


SHOP_FLOOR = Room()


def draw_conversation(chat: Chat, room: Room = SHOP_FLOOR) -> None:
    """Draw a whole conversation, and follow its turn at work to the end.

    Raises:
        VitrineError: the shop cannot be opened.
    """
    tiles = () if chat.views else starters()
    held = noticing(keeping(chat.keeper), chat)
    numbers = draw_keeping_bar(held)
    stop = _draw_bar(chat)
    # One place for the welcome, so that the first turn clears it at once.
    with st.empty():
        if not chat.views:
            with st.container():
                if st.session_state.get("is_chat_missing"):
                    st.html('<p class="v-note" role="status">There is no such chat here. This is a new one.</p>')
                draw_welcome(tiles, chat.ask)
                if near := draw_shelf(held):
                    open_item(near, "", held, chat.ask)
    _open_saved(chat, held)
    open_linked(held, chat.ask)
    # Asked before the turns are drawn: a turn that ends meanwhile is followed to its end all the same.
    running = chat.running
    drawing = _draw_turns(chat, held, room)
    if running and drawing:
        _follow(running, drawing)
        if numbers_of(held) != numbers:
            # The turn saved something or filled the bag: the header, drawn before it, has to say so.
            st.rerun()
    stop.empty()
    keep_noticed(chat)


def _draw_turns(chat: Chat, held: Keeping, room: Room) -> TurnDrawing | None:
    """Draw all turns, and the card that was opened; the newest turn's drawing, None where there is none yet."""
    drawing, searched = None, newest_search(chat.views)
    for view in chat.views:
        around = Surroundings(
            wording(),
            chat,
            is_last=view.number == len(chat.views),
            is_searched=room.is_live and view.number == searched,
            max_chars=settings().max_message_chars,
            mark=room.mark,
        )
        drawing = TurnDrawing(view.number, around)
        drawing.update(view)
        if drawing.opened and room.is_live:
            open_card(chat, view, drawing.opened, held)
    return drawing


def _chat(visitor: Visitor) -> Chat:
    """This browser session's chat. Its id travels in the address, so that a reload continues it."""
    if "chat" not in st.session_state:
        wanted = st.query_params.get("session", "")
        st.session_state.chat = open_chat(wanted, shopper(), around(visitor), is_signed_in())
        st.session_state.is_chat_missing = bool(wanted) and st.session_state.chat.session_id != wanted
    chat: Chat = st.session_state.chat
    if chat.views and visitor.kind != "kiosk":
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


def _open_saved(chat: Chat, held: Keeping) -> None:
    """Open the item that was picked among the saved ones."""
    sku = st.session_state.pop(LOOK_AT, "")
    for item in held.catalog.items([sku]) if sku else ():
        open_item(Hit(item, 0.0), "", held, chat.ask)


def open_card(chat: Chat, view: TurnView, number: int, held: Keeping) -> None:
    """Open card `number` of a turn. More like it is asked for by number only while numbers mean this turn's cards."""
    newest = next((seen for seen in reversed(chat.views) if seen.hits), view)
    hit = view.hits[number - 1]
    name = f"number {number}" if view.number == newest.number else f"“{hit.item.title}”"
    open_item(hit, f"More like {name}", noticing(held, chat, view.number), chat.ask)


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
