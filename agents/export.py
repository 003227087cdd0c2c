"""A chat to take along: what was said and shown, as data."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.chat_titles import chat_title
from agents.wording import Wording, load_texts
from tools.store_chats import ChatRow
from tools.store_feedback import Verdict
from tools.store_sessions import TurnRow

_HANDLE = re.compile(r"\[(\d{1,3})\]")
_WEB = re.compile(r"https?://[^\s<>\"'\\]+")


@dataclass(frozen=True, slots=True)
class ExportedItem:
    """One card: the item as it was called and cost when it was shown. `link` is a web address or ""."""

    number: int
    title: str
    pays_cents: int | None
    currency: str
    link: str


@dataclass(frozen=True, slots=True)
class ExportedTurn:
    """One message and the reply to it, in which every `[n]` has become the title of card n."""

    asked_at: datetime
    message: str
    has_photo: bool
    reply: str
    items: tuple[ExportedItem, ...]
    is_stopped: bool
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class ExportedChat:
    """A whole chat. No vectors, no ids, nothing of the machinery."""

    title: str
    created_at: datetime
    turns: tuple[ExportedTurn, ...]


def exported(chat: ChatRow, turns: list[TurnRow]) -> ExportedChat:
    """The chat to take along. Turns stored before titles were kept show their items by nothing but their number."""
    words = Wording(load_texts("en"), chat.id)
    return ExportedChat(chat_title(chat, words), chat.created_at, tuple(_turn(turn) for turn in turns))


def _turn(row: TurnRow) -> ExportedTurn:
    hits = [hit for part in row.record["parts"] for hit in part["hits"]]
    items = tuple(_item(number, hit) for number, hit in enumerate(hits, 1))
    return ExportedTurn(
        asked_at=row.created_at,
        message=row.message,
        has_photo=row.has_photo,
        reply=_resolved(row.record["reply"], items),
        items=items,
        is_stopped=row.record["is_stopped"],
        verdict=row.verdict,
    )


def _item(number: int, hit: dict[str, Any]) -> ExportedItem:
    link = hit.get("link") or ""
    return ExportedItem(
        number,
        hit.get("title", f"#{number}"),
        hit.get("pays_cents"),
        hit.get("currency", ""),
        link if _WEB.fullmatch(link) else "",
    )


def _resolved(reply: str, items: tuple[ExportedItem, ...]) -> str:
    def title(match: re.Match[str]) -> str:
        number = int(match[1])
        return f"“{items[number - 1].title}”" if 0 < number <= len(items) else match[0]

    return _HANDLE.sub(title, reply)
