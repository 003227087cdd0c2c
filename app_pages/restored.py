"""Turns drawn again after a reload, from what was stored of them."""

from agents.desk import Desk
from agents.events import TurnDone
from agents.intent_json import intent_from_json
from agents.restored import Groups, groups_of, restored_evidence
from app_pages.turn_view import TurnView
from tools.store_sessions import TurnRow


def restored_views(desk: Desk, session_id: str) -> tuple[TurnView, ...]:
    """The stored turns of a chat; none where there is no such chat. Photos are not stored, so none come back.

    Rows are read afresh: prices are today's. An item that has left the catalogue keeps its place, so that the numbers
    in the reply still mean the same cards.
    """
    rows = desk.turns(session_id)
    groups = groups_of((row.record for row in rows), desk.shop.catalog)
    return tuple(_view(number, row, groups) for number, row in enumerate(rows, start=1))


def _view(number: int, row: TurnRow, groups: Groups) -> TurnView:
    record = row.record
    intent = {**record["intent"], "text": record["text"]} if record["intent"] else None
    return TurnView(
        number=number,
        text=row.message,
        has_photo=row.has_photo,
        intent=intent_from_json(intent) if intent else None,
        evidence=restored_evidence(record, groups),
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
