"""Turns drawn again after a reload, from what was stored of them."""

from collections.abc import Mapping
from typing import Any

from agents.desk import Desk
from agents.events import Evidence, PartFound, TurnDone
from agents.intent_json import intent_from_json, slots_from_json
from app_pages.turn_view import TurnView
from tools.item import Item
from tools.query import Filters, Hit
from tools.store_sessions import TurnRow


def restored_views(desk: Desk, session_id: str) -> tuple[TurnView, ...]:
    """The stored turns of a chat; none where there is no such chat. Photos are not stored, so none come back.

    Rows are read afresh: prices are today's, and items that have left the catalogue are left out.
    """
    if not session_id.isprintable():
        return ()
    rows = desk.turns(session_id)
    skus = {hit["sku"] for row in rows for part in row.record["parts"] for hit in part["hits"]}
    items = {item.sku: item for item in desk.shop.catalog.items(sorted(skus))}
    return tuple(_view(number, row, items) for number, row in enumerate(rows, start=1))


def _view(number: int, row: TurnRow, items: Mapping[str, Item]) -> TurnView:
    record = row.record
    intent = {**record["intent"], "text": record["text"]} if record["intent"] else None
    return TurnView(
        number=number,
        text=row.message,
        has_photo=row.has_photo,
        intent=intent_from_json(intent) if intent else None,
        evidence=Evidence(tuple(_part(part, items) for part in record["parts"]), tuple(record["facts"])),
        reply=record["reply"],
        done=TurnDone(
            record["reply"],
            tuple(record["suggestions"]),
            record["backends"],
            record["prompt_versions"],
            record["timings_ms"],
            tuple(record["failures"]),
        ),
        is_stopped=record["is_stopped"],
    )


def _part(part: Mapping[str, Any], items: Mapping[str, Item]) -> PartFound:
    hits = tuple(
        Hit(items[hit["sku"]], hit["score"], hit["why"]) for hit in part["hits"] if hit["sku"] in items
    )
    return PartFound(slots_from_json(part["slots"]), Filters(), hits, part["n_matching"], tuple(part["relaxed"]))
