"""The newest turn of each chat with the state it began from: all that is needed to look at it again as it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from env.database import Database

# A state is kept for the newest turn only. A turn that was stopped before it was read tells nothing.
_LATEST = """
    SELECT listed.id, turn.number, turn.message, turn.has_photo, turn.record, listed.state_before, turn.created_at
    FROM (
        SELECT id, state_before, updated_at FROM sessions
        WHERE state_before IS NOT NULL AND (%(id)s::text IS NULL OR id = %(id)s)
        ORDER BY updated_at DESC, id LIMIT %(limit)s
    ) AS listed
    JOIN LATERAL (
        SELECT number, message, has_photo, record, created_at FROM turns
        WHERE session_id = listed.id ORDER BY number DESC LIMIT 1
    ) AS turn ON jsonb_typeof(turn.record -> 'intent') = 'object'
    ORDER BY listed.updated_at DESC, listed.id
"""


@dataclass(frozen=True, slots=True)
class LatestTurn:
    """The newest turn of a chat. `state_before` is the session as it stood when the message came."""

    session_id: str
    number: int
    message: str
    has_photo: bool
    record: Mapping[str, Any]
    state_before: Mapping[str, Any]
    created_at: datetime


class LatestTurnStore:
    """Reads them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, limit: int) -> tuple[LatestTurn, ...]:
        """Of the chats written last, at most `limit`, newest first."""
        return self._read(None, limit)

    def find(self, session_id: str) -> LatestTurn | None:
        """Of one chat, or None where there is none to look at again."""
        return next(iter(self._read(session_id, 1)), None)

    def _read(self, session_id: str | None, limit: int) -> tuple[LatestTurn, ...]:
        with self._database.connection() as connection:
            rows = connection.execute(_LATEST, {"id": session_id, "limit": limit})
            return tuple(LatestTurn(*row) for row in rows)
