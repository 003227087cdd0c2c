"""The turns behind a figure: what was said, without personal text, and what was shown."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.scrub import scrubbed
from tools.insight import StoredTurn

_HANDLE = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A card as it was shown. `chosen` says what was done with it ("open", "save", ...)."""

    place: int
    sku: str
    title: str
    why: str
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TurnBehind:
    """One turn without personal text. `outcome` is "" where nothing was looked for; `wanted` and `limits` are one line
    for each part of the search, `record` what the rest of its telling is drawn from."""

    session_id: str
    number: int
    asked_at: datetime
    message: str
    has_photo: bool
    reply: str
    route: str
    language: str
    outcome: str
    items: tuple[ShownItem, ...]
    relaxed: tuple[str, ...]
    failures: tuple[str, ...]
    found: tuple[tuple[str, str], ...]
    timings_ms: dict[str, float]
    is_good: bool | None
    said: str


def behind(turn: StoredTurn) -> TurnBehind:
    """A stored turn as insight shows it. What a record lacks is left out."""
    record = turn.record
    intent = record.get("intent") or {}
    parts = record.get("parts") or []
    items = _items(parts, turn.chosen)
    return TurnBehind(
        turn.session_id,
        turn.number,
        turn.created_at,
        scrubbed(turn.message),
        turn.has_photo,
        scrubbed(_HANDLE.sub(lambda found: _title(found, items), str(record.get("reply", "")))),
        str(intent.get("route", "")),
        str(intent.get("language", "")),
        turn.outcome,
        items,
        tuple(str(told) for part in parts for told in part.get("relaxed", ())),
        tuple(str(line) for line in record.get("failures") or ()),
        tuple(_found(record, parts)),
        {name: float(ms) for name, ms in (record.get("timings_ms") or {}).items()},
        turn.is_good,
        scrubbed(turn.said),
    )


def _title(found: re.Match[str], items: tuple[ShownItem, ...]) -> str:
    place = int(found[1])
    return f"“{items[place - 1].title}”" if 0 < place <= len(items) else found[0]


def _items(parts: list[dict[str, Any]], chosen: tuple[str, ...]) -> tuple[ShownItem, ...]:
    done: dict[str, list[str]] = {}
    for each in chosen:
        kind, _, sku = each.partition(" ")
        done.setdefault(sku, []).append(kind)
    hits = [hit for part in parts for hit in part.get("hits", ())]
    return tuple(
        ShownItem(
            place,
            hit["sku"],
            str(hit.get("title", hit["sku"])),
            str(hit.get("why", "")),
            tuple(done.get(hit["sku"], ())),
        )
        for place, hit in enumerate(hits, 1)
    )


def _found(record: Any, parts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """How the cards came about, line by line: what was read, what it was held against, who did it."""
    lines = []
    if record.get("text"):
        lines.append(("looked for", scrubbed(str(record["text"]))))
    for part in parts:
        lines.append(("wanted", _slots_words(part.get("slots") or {}) or "anything"))
        lines.append(("matching", f"{part.get('n_matching', 0)} items, {len(part.get('hits', ()))} shown"))
    lines += [(stage, str(backend)) for stage, backend in (record.get("backends") or {}).items()]
    lines += [(f"prompt {name}", str(version)) for name, version in (record.get("prompt_versions") or {}).items()]
    return lines


def _slots_words(slots: dict[str, Any]) -> str:
    told = []
    for name, value in slots.items():
        if name in ("count_said", "count", "sort", "currency") or not value:
            continue
        if name in ("price_min_cents", "price_max_cents"):
            side = "at least" if name == "price_min_cents" else "at most"
            told.append(f"{side} {int(value) / 100:g} {slots.get('currency', '')}".strip())
        elif isinstance(value, dict):
            kept = (f"{facet} {', '.join(map(str, inner))}" for facet, inner in value.items())
            told += [f"not {one}" for one in kept] if name == "exclude" else list(kept)
        else:
            told.append(", ".join(map(str, value)) if isinstance(value, list) else str(value))
    return scrubbed("; ".join(told))
