"""Turns drawn again after a reload, from what was stored of them."""

from collections.abc import Mapping
from typing import Any

from agents.desk import Desk
from agents.events import Evidence, PartFound, TurnDone
from agents.intent_json import intent_from_json, slots_from_json
from app_pages.turn_view import TurnView
from tools.catalog import Catalog
from tools.item import Item
from tools.query import Filters, Hit
from tools.store_sessions import TurnRow

# An item by its SKU, with the others of its group.
_Groups = Mapping[str, tuple[Item, tuple[Item, ...]]]


def restored_views(desk: Desk, session_id: str) -> tuple[TurnView, ...]:
    """The stored turns of a chat; none where there is no such chat. Photos are not stored, so none come back.

    Rows are read afresh: prices are today's, and items that have left the catalogue are left out.
    """
    if not session_id.isprintable():
        return ()
    rows = desk.turns(session_id)
    skus = {hit["sku"] for row in rows for part in row.record["parts"] for hit in part["hits"]}
    catalog = desk.shop.catalog
    groups = {item.sku: (item, _others(item, catalog)) for item in catalog.items(sorted(skus))}
    return tuple(_view(number, row, groups) for number, row in enumerate(rows, start=1))


def _others(item: Item, catalog: Catalog) -> tuple[Item, ...]:
    return tuple(other for other in catalog.variants(item.sku) if other.sku != item.sku)


def _view(number: int, row: TurnRow, groups: _Groups) -> TurnView:
    record = row.record
    intent = {**record["intent"], "text": record["text"]} if record["intent"] else None
    return TurnView(
        number=number,
        text=row.message,
        has_photo=row.has_photo,
        intent=intent_from_json(intent) if intent else None,
        evidence=Evidence(
            tuple(_part(part, groups) for part in record["parts"]),
            tuple(record["facts"]),
            tuple(record.get("seen", ())),
        ),
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


def _part(part: Mapping[str, Any], groups: _Groups) -> PartFound:
    hits = tuple(
        Hit(groups[hit["sku"]][0], hit["score"], hit["why"], groups[hit["sku"]][1])
        for hit in part["hits"]
        if hit["sku"] in groups
    )
    return PartFound(slots_from_json(part["slots"]), Filters(), hits, part["n_matching"], tuple(part["relaxed"]))
