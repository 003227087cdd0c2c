"""What shoppers do with items on the page, handed on to be counted."""

from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from agents.noticing import notice
from app_pages.chat import Chat
from app_pages.keeping import Keeping
from app_pages.resources import desk
from tools.cart import shop_url
from tools.item import Item
from tools.store_outcomes import OutcomeKind

# Where waits what was done with cards of a turn that is still at work, and so has no stored number yet.
_WAITING = "noticed-waiting"


@dataclass(frozen=True, slots=True)
class _Noticed:
    """Something done with an item of turn `view` of a chat; 0 where no turn in particular is meant."""

    session_id: str
    view: int
    sku: str
    kind: OutcomeKind


def noticing(keeping: Keeping, chat: Chat, view: int = 0) -> Keeping:
    """The same, but what is done with an item counts for turn `view` of this chat, else for the last that showed it."""
    noticed = partial(_notice, chat, view)
    return replace(keeping, notice=noticed, link=partial(_link, chat.session_id) if chat.views else shop_url)


def keep_noticed(chat: Chat) -> None:
    """Count what waited for its turn to be stored."""
    waiting: list[_Noticed] = st.session_state.pop(_WAITING, [])
    for noticed in waiting:
        # Another chat has begun meanwhile where the ids differ: whose numbers mean something else.
        if noticed.session_id == chat.session_id:
            _notice(chat, noticed.view, noticed.sku, noticed.kind)


def _notice(chat: Chat, view: int, sku: str, kind: OutcomeKind) -> None:
    shown = chat.views[view - 1] if 0 < view <= len(chat.views) else None
    if shown is not None and not shown.has_ended:
        st.session_state.setdefault(_WAITING, []).append(_Noticed(chat.session_id, view, sku, kind))
        return
    notice(desk().outcomes, chat.session_id, sku, kind, shown.done.number if shown and shown.done else 0)


def _link(session_id: str, item: Item) -> str:
    """The way to an item's own page past our own door, where it is counted."""
    return f"/follow?{urlencode({'session': session_id, 'sku': item.sku})}" if shop_url(item) else ""
