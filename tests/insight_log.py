"""A log of turns with known answers, written through the real stores with records as `agents.record` writes them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from agents.events import Evidence, PartFound, TurnDone
from agents.intent import Intent, Slots
from agents.record import turn_record
from agents.relax import Step
from env.database import Database
from tests.small_catalog import small_items
from tools.query import Filters, Hit
from tools.store_feedback import FeedbackStore, Verdict
from tools.store_outcomes import OutcomeKind, OutcomeStore
from tools.store_sessions import NewTurn, SessionRow, SessionStore

ITEMS = small_items()
RED_DRESS = Slots(categories=("Dresses",), colours=("red",))
BOOTS = Slots(categories=("Boots",), sizes=("42",), price_max_cents=4_500, currency="EUR")


@dataclass(frozen=True, slots=True)
class Logged:
    """One turn of the log. `shown` are places in ITEMS; `taken` is the limit given up; `did` are (place, kind)."""

    session: str
    at: datetime
    message: str
    intent: Intent = field(default_factory=lambda: Intent("search"))
    slots: Slots = RED_DRESS
    shown: tuple[int, ...] = (0, 1)
    taken: str = ""
    did: tuple[tuple[int, OutcomeKind], ...] = ()
    thumb: bool | None = None
    writer: str = "offline composer 1"
    version: str = ""
    total_ms: float = 100.0
    failures: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


def day(number: int, hour: int = 12) -> datetime:
    """A moment in March."""
    return datetime(2026, 3, number, hour, tzinfo=UTC)


def record_of(turn: Logged) -> dict[str, Any]:
    """The record as the conversation writes it."""
    step = Step(turn.taken, f"without {turn.taken}", turn.slots, len(turn.shown))
    part = PartFound(
        turn.slots,
        Filters(),
        tuple(Hit(ITEMS[place], 0.5, "why") for place in turn.shown),
        len(turn.shown),
        (f"nothing without {turn.taken}",) if turn.taken else (),
        steps=(step,) if turn.taken else (),
    )
    versions = {"assistant": turn.version} if turn.version else {}
    done = TurnDone(
        "Here is [1].",
        backends={"classifier": "offline rules 1", "assistant": turn.writer},
        prompt_versions=versions,
        timings_ms={"intent": 5.0, "retrieval": turn.total_ms - 15, "reply": 10.0, "total": turn.total_ms},
        failures=turn.failures,
    )
    return turn_record(replace(turn.intent, slots=turn.slots), Evidence((part,)), done) | turn.more


def write(database: Database, turns: list[Logged], shopper: str = "anna") -> None:
    """Store the turns, dated as they say."""
    sessions, thumbs, outcomes = SessionStore(database), FeedbackStore(database), OutcomeStore(database)
    for turn in turns:
        held = sessions.read(turn.session)
        row = SessionRow({"history": []}, held.shopper if held else shopper, held.version if held else 0)
        number, _ = sessions.add_turn(turn.session, row, NewTurn(turn.message, False, record_of(turn), {}))
        if turn.thumb is not None:
            thumbs.put(turn.session, number, Verdict(turn.thumb))
        for place, kind in turn.did:
            outcomes.put(turn.session, number, ITEMS[turn.shown[place - 1]].sku, kind)
        date_turn(database, turn.session, number, turn.at)


def date_turn(database: Database, session: str, number: int, at: datetime) -> None:
    """Let a turn have been asked at another time, and the chat have been used then."""
    with database.connection() as connection:
        connection.execute(
            "UPDATE turns SET created_at = %s WHERE (session_id, number) = (%s, %s)", (at, session, number)
        )
        # The figures follow a record that is written.
        connection.execute("UPDATE turns SET record = record WHERE (session_id, number) = (%s, %s)", (session, number))
        connection.execute("UPDATE sessions SET updated_at = %s, created_at = %s WHERE id = %s", (at, at, session))
