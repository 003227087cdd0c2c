"""The shopper's chats in the sidebar: opened, named, taken along, deleted."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from agents.chat_titles import chat_title
from agents.desk import Desk
from agents.export import ExportedChat, exported
from agents.export_files import as_json, as_markdown, file_name
from agents.wording import Wording, load_texts
from app_pages.chat import Chat
from app_pages.shopper import draw_login
from app_pages.wording import html_text
from tools.store_chats import MAX_TITLE_CHARS, ChatRow

N_LISTED = 40


def draw_chats(chat: Chat, desk: Desk, shopper: str) -> None:
    """Draw the sidebar. A browser that keeps no cookies has no list: whose it would be cannot be told."""
    if not shopper:
        return
    n_listed = st.session_state.setdefault("n-chats", N_LISTED)
    rows = desk.chats.list(shopper, n_listed + 1)
    with st.sidebar:
        st.html('<h2 class="v-chats-title">Your chats</h2>')
        st.html('<p class="v-new-chat"><a href="/" target="_self">New chat</a></p>')
        st.html(chats_html(rows[:n_listed], chat.session_id, _timezone()))
        if len(rows) > n_listed:
            st.button("Older chats", key="older-chats", on_click=_list_more)
        current = desk.chats.find(chat.session_id) if chat.views else None
        if current is not None:
            _draw_current(current, chat, desk, shopper)
        draw_login()


def chats_html(rows: Iterable[ChatRow], current_id: str, zone: tzinfo) -> str:
    """The list as links, last used first, by day. Following one loads the page: nothing of another chat stays."""
    words, today = Wording(load_texts("en"), ""), datetime.now(zone).date()
    groups: dict[str, list[str]] = {"Today": [], "Earlier": []}
    for row in rows:
        is_today = row.updated_at.astimezone(zone).date() == today
        groups["Today" if is_today else "Earlier"].append(_link_html(row, row.id == current_id, words))
    lists = "".join(f"<h3>{day}</h3><ul>{''.join(links)}</ul>" for day, links in groups.items() if links)
    return f'<nav class="v-chats" aria-label="Your chats">{lists or "<p>None so far.</p>"}</nav>'


def _link_html(row: ChatRow, is_current: bool, words: Wording) -> str:
    mark = ' aria-current="page"' if is_current else ""
    return (
        f'<li><a href="/?session={html_text(row.id)}" target="_self"{mark}>{html_text(chat_title(row, words))}</a></li>'
    )


def _draw_current(row: ChatRow, chat: Chat, desk: Desk, shopper: str) -> None:
    """What can be done with the chat that is open."""
    name = row.id
    st.html('<h3 class="v-chats-title">This chat</h3>')
    with st.popover("Rename", key=f"rename-open-{name}", width="stretch"), st.form(f"rename-form-{name}", border=False):
        title = chat_title(row, Wording(load_texts("en"), ""))
        st.text_input("Name", title, max_chars=MAX_TITLE_CHARS, key=f"rename-{name}")
        st.form_submit_button(
            "Rename",
            key=f"rename-send-{name}",
            on_click=lambda: desk.chats.rename(name, st.session_state[f"rename-{name}"], shopper),
        )
    for label, ending in (("Export as Markdown", "md"), ("Export as JSON", "json")):
        taken = exported(row, [])
        st.download_button(
            label,
            partial(_file, row, desk, ending),
            file_name(taken, ending),
            {"md": "text/markdown", "json": "application/json"}[ending],
            key=f"export-{ending}-{name}",
            on_click="ignore",
            width="stretch",
        )
    with st.popover("Delete", key=f"delete-open-{name}", width="stretch"):
        st.markdown("Delete this chat for good? Its messages, replies and thumbs are gone then.")
        st.button("Delete for good", key=f"delete-{name}", type="primary", on_click=_delete, args=(chat, desk, shopper))


def _file(row: ChatRow, desk: Desk, ending: str) -> str:
    taken: ExportedChat = exported(row, desk.turns(row.id))
    return as_json(taken) if ending == "json" else as_markdown(taken, desk.shop.settings.locale)


def _delete(chat: Chat, desk: Desk, shopper: str) -> None:
    """The chat is stopped first: a turn at work finds it gone and is not kept."""
    chat.stop()
    desk.chats.delete(chat.session_id, shopper)
    del st.session_state.chat
    st.query_params.clear()


def _list_more() -> None:
    st.session_state["n-chats"] += N_LISTED


def _timezone() -> tzinfo:
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
