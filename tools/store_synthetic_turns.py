"""Turns in bulk, for measuring only: written through the same tables and triggers as a shopper's own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from psycopg.types.json import Jsonb

from env.database import Database

_SESSION = """
    INSERT INTO sessions (id, state, shopper, created_at, updated_at)
    VALUES (%(id)s, '{}', %(shopper)s, %(at)s, %(at)s) ON CONFLICT DO NOTHING
"""
_TURN = """
    INSERT INTO turns (session_id, number, message, has_photo, record, created_at)
    VALUES (%(id)s, %(number)s, %(message)s, false, %(record)s, %(at)s)
"""
_OUTCOMES = """
    INSERT INTO outcomes (session_id, number, sku, kind)
    SELECT session_id, number, shown[1 + (id %% 3)], 'open' FROM turn_figures WHERE id %% 4 = 0 AND shown <> '{}'
"""
_THUMBS = """
    INSERT INTO feedback (session_id, number, is_good)
    SELECT session_id, number, id %% 3 > 0 FROM turn_figures WHERE id %% 10 = 0
"""


@dataclass(frozen=True, slots=True)
class SyntheticTurn:
    """One turn of a made-up chat."""

    session_id: str
    number: int
    shopper: str
    message: str
    asked_at: datetime
    record: dict[str, Any]


def write_turns(database: Database, turns: Iterable[SyntheticTurn], n_batch: int = 1_000) -> Iterator[int]:
    """Store the turns, and yield how many are stored so far; at the end every fourth has an outcome."""
    n_done = 0
    left = iter(turns)
    while batch := list(islice(left, n_batch)):
        rows = [
            {"id": turn.session_id, "number": turn.number, "shopper": turn.shopper, "message": turn.message}
            | {"record": Jsonb(turn.record), "at": turn.asked_at}
            for turn in batch
        ]
        with database.connection() as connection, connection.cursor() as cursor:
            cursor.executemany(_SESSION, rows)
            cursor.executemany(_TURN, rows)
        n_done += len(batch)
        yield n_done
    with database.connection() as connection:
        connection.execute(_OUTCOMES, {})
        connection.execute(_THUMBS, {})
        connection.execute("ANALYZE turn_figures, turn_wants, turns, outcomes, feedback")
