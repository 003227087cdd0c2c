"""Chats in Postgres: one row a session with its state, one row a turn with what was said and shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from env.database import Database
from env.errors import ChatGoneError
from tools.store_feedback import Verdict

_READ = """
    SELECT state, shopper, version, coalesce((SELECT max(number) FROM turns WHERE session_id = id), 0)
    FROM sessions WHERE id = %(id)s
"""
_VERSION = "SELECT version FROM sessions WHERE id = %(id)s"
_BEFORE = "SELECT state_before FROM sessions WHERE id = %(id)s"
_BEGIN = """
    INSERT INTO sessions (id, state, shopper, state_before) VALUES (%(id)s, %(state)s, %(shopper)s, %(before)s)
    ON CONFLICT (id) DO NOTHING
    RETURNING version
"""
# A chat that belongs to a shopper is written for that shopper alone, and one that was deleted is not written again.
_GO_ON = """
    UPDATE sessions
    SET state = %(state)s, state_before = coalesce(%(before)s, state_before), version = version + 1, updated_at = now()
    WHERE id = %(id)s AND shopper IN ('', %(shopper)s)
    RETURNING version
"""
_DROP_NEWEST = """
    DELETE FROM turns WHERE session_id = %(id)s AND number = %(replaces)s
    AND number = (SELECT max(number) FROM turns WHERE session_id = %(id)s)
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
    SELECT number, message, has_photo, record, created_at, is_good, reasons, said
    FROM turns LEFT JOIN feedback USING (session_id, number)
    WHERE session_id = %(id)s ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One stored chat. `version` grows with every write; `newest` is the number of its last turn, 0 without any."""

    state: Mapping[str, Any]
    shopper: str = ""
    version: int = 0
    newest: int = 0


@dataclass(frozen=True, slots=True)
class NewTurn:
    """One turn to store. `before` is the state it began from; `replaces` the newest turn's number where it takes its
    place, else 0."""

    message: str
    has_photo: bool
    record: Mapping[str, Any]
    before: Mapping[str, Any]
    replaces: int = 0


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One stored turn. `number` counts from 1; `record` is what `agents.record` wrote. Photos are never stored."""

    number: int
    message: str
    has_photo: bool
    record: Mapping[str, Any]
    created_at: datetime
    verdict: Verdict | None = None


class SessionStore:
    """Reads and writes chats by their ids. Who may read which is decided one step above, in `agents.desk`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, session_id: str) -> SessionRow | None:
        """A session, or None where there is no such session yet."""
        with self._database.connection() as connection:
            row = connection.execute(_READ, {"id": session_id}).fetchone()
        return SessionRow(*row) if row else None

    def version(self, session_id: str) -> int:
        """How often a session was written, 0 where there is none: cheap enough to ask before every turn."""
        with self._database.connection() as connection:
            row = connection.execute(_VERSION, {"id": session_id}).fetchone()
        return int(row[0]) if row else 0

    def state_before(self, session_id: str) -> Mapping[str, Any] | None:
        """The state that the newest turn began from; None where it is not known."""
        with self._database.connection() as connection:
            row = connection.execute(_BEFORE, {"id": session_id}).fetchone()
        return row[0] if row else None

    def add_turn(self, session_id: str, session: SessionRow, turn: NewTurn) -> tuple[int, int]:
        """Store the state and one more turn, both or neither; the number of the turn and the session's new version.

        Raises:
            ChatGoneError: the session belongs to another shopper, or was deleted since it was read.
        """
        parameters = {"id": session_id, "message": _storable(turn.message), "has_photo": turn.has_photo}
        with self._database.connection() as connection:
            version = _write(connection, session_id, session, turn.before)
            if turn.replaces:
                connection.execute(_DROP_NEWEST, {"id": session_id, "replaces": turn.replaces})
            row = connection.execute(_ADD_TURN, {**parameters, "record": _json(turn.record)}).fetchone()
        assert row is not None
        return int(row[0]), version

    def change_last_turn(self, session_id: str, session: SessionRow, changes: Mapping[str, Any]) -> int:
        """Store the state and overwrite these parts of the newest turn's record, both or neither; the new version.

        Raises:
            ChatGoneError: the session belongs to another shopper, or was deleted since it was read.
        """
        with self._database.connection() as connection:
            version = _write(connection, session_id, session, None)
            connection.execute(_CHANGE_LAST_TURN, {"id": session_id, "changes": _json(changes)})
        return version

    def turns(self, session_id: str) -> list[TurnRow]:
        """The turns of a session in order; empty where there is no such session."""
        with self._database.connection() as connection:
            return [_turn(row) for row in connection.execute(_TURNS, {"id": session_id})]


def _write(connection: Connection, session_id: str, session: SessionRow, before: Mapping[str, Any] | None) -> int:
    """Begin the session where it was never stored, else go on with it; its version afterwards."""
    parameters = {
        "id": session_id,
        "shopper": session.shopper,
        "state": _json(session.state),
        "before": None if before is None else _json(before),
    }
    row = None if session.version else connection.execute(_BEGIN, parameters).fetchone()
    row = row or connection.execute(_GO_ON, parameters).fetchone()
    if row is None:
        raise ChatGoneError(f"there is no chat {session_id!r} any more; start a new one")
    return int(row[0])


def _turn(row: tuple[Any, ...]) -> TurnRow:
    number, message, has_photo, record, created_at, is_good, reasons, said = row
    verdict = None if is_good is None else Verdict(is_good, tuple(reasons), said)
    return TurnRow(number, message, has_photo, record, created_at, verdict)


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
