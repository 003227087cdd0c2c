"""Turns drawn again after a reload, from what was stored of them."""

from collections.abc import Mapping
from typing import Any

from agents.desk import Desk
from agents.events import Evidence, PartFound, TurnDone
from agents.intent_json import intent_from_json, slots_from_json
from agents.record import choice_from_json, filters_from_json
from app_pages.turn_view import TurnView
from tools.catalog import Catalog
from tools.item import Item
from tools.query import Hit
from tools.store_sessions import TurnRow

# An item by its SKU, with the others of its group.
_Groups = Mapping[str, tuple[Item, tuple[Item, ...]]]
_GONE = "No longer here"


def restored_views(desk: Desk, session_id: str) -> tuple[TurnView, ...]:
    """The stored turns of a chat; none where there is no such chat. Photos are not stored, so none come back.

    Rows are read afresh: prices are today's. An item that has left the catalogue keeps its place, so that the numbers
    in the reply still mean the same cards.
    """
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
        evidence=_evidence(record, groups),
        reply=record["reply"],
        done=TurnDone(
            record["reply"],
            tuple(record["suggestions"]),
            record["backends"],
            record["prompt_versions"],
            record["timings_ms"],
            tuple(record["failures"]),
            {label: intent_from_json(pressed) for label, pressed in record.get("pressed", {}).items()},
            row.number,
        ),
        is_stopped=record["is_stopped"],
        verdict=row.verdict,
    )


def _evidence(record: Mapping[str, Any], groups: _Groups) -> Evidence:
    """What was found. A turn stored before there was anything to press has nothing to press."""
    put_back = record.get("put_back")
    return Evidence(
        tuple(_part(part, groups) for part in record["parts"]),
        tuple(record["facts"]),
        tuple(choice_from_json(choice) for choice in record.get("choices", ())),
        tuple(record.get("dropped", ())),
        choice_from_json(put_back) if put_back else None,
        tuple(record.get("seen", ())),
    )


def _part(part: Mapping[str, Any], groups: _Groups) -> PartFound:
    hits = tuple(_hit(hit, groups) for hit in part["hits"] if hit["sku"] in groups or "title" in hit)
    filters = filters_from_json(part.get("filters", {}))
    return PartFound(
        slots_from_json(part["slots"]),
        filters,
        hits,
        part["n_matching"],
        tuple(part["relaxed"]),
        kept=slots_from_json(part.get("kept", {})),
    )


def _hit(hit: Mapping[str, Any], groups: _Groups) -> Hit:
    if hit["sku"] not in groups:
        return Hit(Item(hit["sku"], hit["title"], _GONE, availability="out_of_stock"), hit["score"])
    item, others = groups[hit["sku"]]
    return Hit(item, hit["score"], hit["why"], others, hit.get("placed", ""))
