"""A demo to take home: one HTML file of a chat, its pictures inside, without a script and without anything remote."""

import base64
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from PIL import Image

from agents.chat_titles import chat_title
from agents.desk import Desk
from agents.wording import Wording, load_texts
from env.errors import CatalogError, ChatGoneError
from tools.money import format_price
from tools.pictures import PictureStore
from tools.store_sessions import TurnRow

_PAGE = Path(__file__).with_name("report.html")
_HANDLE = re.compile(r"\[(\d{1,3})\]")
_PICTURE_PX = (300, 400)
_MADE = {"classifier": "read by", "embedder": "found with", "assistant": "written by"}


@dataclass(frozen=True, slots=True)
class _Printer:
    """What the cards of a report are drawn from."""

    pictures: PictureStore
    images: Mapping[str, str]
    locale: str


def report_html(desk: Desk, session_id: str, photos: Mapping[int, str] | None = None, mark: str = "") -> str:
    """A chat as one HTML page. `photos` are data URLs of shoppers' photos by the turn's place, from 1, where somebody
    asked for them to be in it; they are stored nowhere. `mark` says what the chat was.

    Prices are those that were shown; a picture that has left the shop since is left out.

    Raises:
        ChatGoneError: there is no such chat.
    """
    chat = desk.chats.find(session_id)
    if chat is None:
        raise ChatGoneError(f"there is no chat {session_id!r}; `python -m agents chats list` names them")
    rows = desk.turns(session_id)
    printer = _Printer(desk.shop.pictures, _images(desk, rows), desk.shop.settings.locale)
    turns = [_turn(number, row, printer, (photos or {}).get(number, "")) for number, row in enumerate(rows, 1)]
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        title=_text(chat_title(chat, Wording(load_texts("en"), session_id))),
        told=_text(f"{_day(chat.created_at)}, {len(rows)} question{'' if len(rows) == 1 else 's'}. {mark}".strip()),
        turns="\n".join(turns),
    )


def _images(desk: Desk, rows: list[TurnRow]) -> dict[str, str]:
    skus = sorted({hit["sku"] for row in rows for hit in _hits(row)})
    return {item.sku: item.image for item in desk.shop.catalog.items(skus)}


def _hits(row: TurnRow) -> list[Mapping[str, Any]]:
    return [hit for part in row.record["parts"] for hit in part["hits"]]


def _turn(number: int, row: TurnRow, printer: _Printer, photo_url: str) -> str:
    hits, record = _hits(row), row.record
    photo = f'<img src="{_text(photo_url)}" alt="The shopper\'s photo">' if photo_url.startswith("data:image/") else ""
    if row.has_photo and not photo:
        photo = "<em>A photo, which was not kept.</em>"
    said = f"<p>{_text(row.message)}</p>" if row.message else ""
    cards = "".join(_card(number, place, hit, printer) for place, hit in enumerate(hits, 1))
    failures = "".join(f'<p class="note">{_text(failure)}</p>' for failure in record["failures"])
    stopped = '<p class="note">Stopped here.</p>' if record["is_stopped"] else ""
    return (
        f'<section><div class="said">{photo}{said}</div>'
        f"{f'<div class=cards>{cards}</div>' if cards else ''}"
        f'<div class="reply">{_reply(number, record["reply"], hits)}</div>{failures}{stopped}'
        f'<p class="made">{_text(_made(row))}</p></section>'
    )


def _card(turn: int, place: int, hit: Mapping[str, Any], printer: _Printer) -> str:
    picture = _picture_url(printer.images.get(hit["sku"], ""), printer.pictures)
    shown = f'<img src="{picture}" alt="">' if picture else '<span class="none">no picture</span>'
    cents, currency = hit.get("pays_cents"), hit.get("currency", "")
    price = format_price(cents, currency, printer.locale) if cents is not None and currency else ""
    title = _text(hit.get("title", hit["sku"]))
    return (
        f'<article id="card-{turn}-{place}"><div>{shown}<b>{place}</b></div><h3>{title}</h3>'
        f'<p class="price">{_text(price)}</p><p>{_text(hit["why"])}</p></article>'
    )


def _picture_url(name: str, pictures: PictureStore) -> str:
    if not name:
        return ""
    try:
        small = pictures.open(name)
    except CatalogError:
        return ""
    small.thumbnail(_PICTURE_PX, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=78)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode('ascii')}"


def _reply(turn: int, reply: str, hits: list[Mapping[str, Any]]) -> str:
    """Paragraphs in which `[n]` leads to card n."""

    def link(match: re.Match[str]) -> str:
        number = int(match[1])
        if not 1 <= number <= len(hits):
            return match[0]
        return f'<a href="#card-{turn}-{number}">{_text(hits[number - 1].get("title", match[0]))}</a>'

    paragraphs = [part for part in re.split(r"\n{2,}", reply.strip()) if part]
    return "".join(f"<p>{_HANDLE.sub(link, _text(part))}</p>".replace("\n", "<br>") for part in paragraphs)


def _made(row: TurnRow) -> str:
    backends = row.record["backends"]
    told = [f"{word} {backends[stage]}" for stage, word in _MADE.items() if stage in backends]
    total_ms = row.record["timings_ms"].get("total")
    took = [f"{total_ms / 1000:.1f} s"] if total_ms is not None else []
    return ", ".join([*told, *took])


def _day(when: datetime) -> str:
    return f"{when.day} {when:%B %Y}"


def _text(text: str) -> str:
    return escape(text, quote=True)
