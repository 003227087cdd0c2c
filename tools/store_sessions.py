"""Chats in Postgres: one row a session with its state, one row a turn with what was said and shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from env.database import Database

_READ = "SELECT state FROM sessions WHERE id = %(id)s"
_WRITE = """
    INSERT INTO sessions (id, state) VALUES (%(id)s, %(state)s)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, updated_at = now()
"""
# The session's row is written first and stays locked, so two tabs on one chat never claim one number.
_ADD_TURN = """
    INSERT INTO turns (session_id, number, message, has_photo, record)
    SELECT %(id)s, coalesce(max(number), 0) + 1, %(message)s, %(has_photo)s, %(record)s
    FROM turns WHERE session_id = %(id)s
    RETURNING number
"""
_CHANGE_LAST_TURN = """
    UPDATE turns SET record = record || %(changes)s
    WHERE session_id = %(id)s AND number = (SELECT max(number) FROM turns WHERE session_id = %(id)s)
"""
_TURNS = """
    SELECT number, message, has_photo, record, created_at FROM turns WHERE session_id = %(id)s ORDER BY number
"""
_DELETE = "DELETE FROM sessions WHERE id = %(id)s"


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One stored turn. `number` counts from 1; `record` is what `agents.record` wrote. Photos are never stored."""

    number: int
    message: str
    has_photo: bool
    record: Mapping[str, Any]
    created_at: datetime


class SessionStore:
    """Reads and writes chats. Every session is reached by its own id alone: knowing it is the permission."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, session_id: str) -> Mapping[str, Any] | None:
        """The state of a session, or None where there is no such session yet."""
        with self._database.connection() as connection:
            row = connection.execute(_READ, {"id": session_id}).fetchone()
        return row[0] if row else None

    def add_turn(
        self, session_id: str, state: Mapping[str, Any], message: str, has_photo: bool, record: Mapping[str, Any]
    ) -> int:
        """Store the state and one more turn, both or neither; the number of the turn."""
        parameters = {"id": session_id, "message": _storable(message), "has_photo": has_photo}
        with self._database.connection() as connection:
            connection.execute(_WRITE, {"id": session_id, "state": _json(state)})
            row = connection.execute(_ADD_TURN, {**parameters, "record": _json(record)}).fetchone()
        assert row is not None
        return int(row[0])

    def change_last_turn(self, session_id: str, state: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
        """Store the state and overwrite these parts of the newest turn's record, both or neither."""
        with self._database.connection() as connection:
            connection.execute(_WRITE, {"id": session_id, "state": _json(state)})
            connection.execute(_CHANGE_LAST_TURN, {"id": session_id, "changes": _json(changes)})

    def turns(self, session_id: str) -> list[TurnRow]:
        """The turns of a session in order; empty where there is no such session."""
        with self._database.connection() as connection:
            return [TurnRow(*row) for row in connection.execute(_TURNS, {"id": session_id})]

    def delete(self, session_id: str) -> None:
        """Remove a session and all its turns for good."""
        with self._database.connection() as connection:
            connection.execute(_DELETE, {"id": session_id})


def _storable(text: str) -> str:
    # Postgres text and jsonb hold no NUL.
    return text.replace("\x00", "")


def _json(value: Mapping[str, Any]) -> Jsonb:
    return Jsonb(_without_nul(value))


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, Mapping):
        return {name: _without_nul(inner) for name, inner in value.items()}
    return [_without_nul(inner) for inner in value] if isinstance(value, list | tuple) else value
