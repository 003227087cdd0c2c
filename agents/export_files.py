"""An exported chat as a file: Markdown to read, JSON for programs."""

import json
import re
from dataclasses import asdict
from typing import Any

from agents.export import ExportedChat, ExportedItem, ExportedTurn
from agents.wording import Wording, load_texts
from tools.money import format_price

# Every sign that Markdown or the HTML within it gives a meaning to.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&])")
_UNFIT = re.compile(r"[^\w]+")


def as_markdown(chat: ExportedChat, locale: str) -> str:
    """The chat to read: texts of the shopper and of the catalogue stand for themselves and never become markup."""
    words = Wording(load_texts("en"), "")
    blocks = [f"# {_plain(chat.title)}"]
    for turn in chat.turns:
        blocks += _turn_blocks(turn, words, locale)
    return "\n\n".join(blocks) + "\n"


def as_json(chat: ExportedChat) -> str:
    """The chat for programs: `price_cents` in minor units of `currency`, times in ISO 8601, null for the unknown."""
    turns = [_turn_json(turn) for turn in chat.turns]
    whole = {"title": chat.title, "created_at": chat.created_at.isoformat(), "turns": turns}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def file_name(chat: ExportedChat, ending: str) -> str:
    """A name that every system takes ("vitrine-red-dresses.md")."""
    stem = _UNFIT.sub("-", chat.title.lower()).strip("-")[:40].strip("-")
    return f"vitrine-{stem or 'chat'}.{ending}"


def _turn_blocks(turn: ExportedTurn, words: Wording, locale: str) -> list[str]:
    said = [_plain(turn.message)] if turn.message else []
    said += [f"*{words.say('export.photo')}*"] if turn.has_photo else []
    blocks = [f"## {turn.asked_at:%Y-%m-%d %H:%M %Z}".rstrip(), f"**{words.say('export.you')}** {' '.join(said)}"]
    if turn.items:
        blocks.append("\n".join(_item_line(item, locale) for item in turn.items))
    if turn.reply:
        blocks.append(f"**{words.say('export.shop')}** {_plain(turn.reply)}")
    if turn.is_stopped:
        blocks.append(f"*{words.say('export.stopped')}*")
    return blocks


def _item_line(item: ExportedItem, locale: str) -> str:
    price = "" if item.pays_cents is None else f", {_plain(_price(item, locale))}"
    name = f"[{_plain(item.title)}](<{item.link}>)" if item.link else _plain(item.title)
    return f"{item.number}. {name}{price}"


def _price(item: ExportedItem, locale: str) -> str:
    return format_price(item.pays_cents or 0, item.currency, locale) if item.currency else f"{item.pays_cents}"


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _turn_json(turn: ExportedTurn) -> dict[str, Any]:
    return {
        "asked_at": turn.asked_at.isoformat(),
        "message": turn.message,
        "has_photo": turn.has_photo,
        "reply": turn.reply,
        "is_stopped": turn.is_stopped,
        "items": [
            {
                "number": item.number,
                "title": item.title,
                "price_cents": item.pays_cents,
                "currency": item.currency or None,
                "link": item.link or None,
            }
            for item in turn.items
        ],
        "feedback": asdict(turn.verdict) if turn.verdict else None,
    }
