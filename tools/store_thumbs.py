"""Turns that shoppers gave a thumb, and how far a judge agreed with those thumbs each time it was asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg.rows import class_row

from env.database import Database

CheckStatus = Literal["running", "stopped", "done", "failed"]
SILENT_S = 180
"""A check at work that was silent for so long has lost its process. One answer of a model may take its time."""

# The chats of demos count nowhere.
_THUMBED = """
    SELECT message, record, is_good FROM turns JOIN feedback USING (session_id, number)
    WHERE message <> '' AND session_id NOT IN (SELECT session_id FROM demo_sessions)
    ORDER BY feedback.updated_at DESC, session_id, number LIMIT %(most)s
"""
_N_THUMBED = """
    SELECT count(*) FROM turns JOIN feedback USING (session_id, number)
    WHERE message <> '' AND session_id NOT IN (SELECT session_id FROM demo_sessions)
"""
# One check at a time; the lock keeps two processes from both looking.
_LOCK = "SELECT pg_advisory_xact_lock(%(key)s)"
_LOCK_KEY = 0x5448554D  # any fixed number
_BEGIN = """
    INSERT INTO thumb_checks (judged_by, n_turns, started_by)
    SELECT %(judged_by)s, %(n_turns)s, %(started_by)s
    WHERE NOT EXISTS (SELECT FROM thumb_checks
        WHERE status = 'running' AND beat_at >= now() - make_interval(secs => %(silent_s)s))
    RETURNING id
"""
_BEAT = """
    UPDATE thumb_checks SET beat_at = now() WHERE id = %(id)s AND status = 'running' RETURNING NOT wants_stop
"""
_COUNT = """
    UPDATE thumb_checks SET
        n_both_up = n_both_up + (%(thumb)s AND %(judged)s)::integer,
        n_thumb_up = n_thumb_up + (%(thumb)s AND NOT %(judged)s)::integer,
        n_judge_up = n_judge_up + (%(judged)s AND NOT %(thumb)s)::integer,
        n_neither = n_neither + (NOT (%(thumb)s OR %(judged)s))::integer
    WHERE id = %(id)s
"""
_COUNT_FAILED = "UPDATE thumb_checks SET n_failed = n_failed + 1 WHERE id = %(id)s"
_STOP = "UPDATE thumb_checks SET wants_stop = true WHERE id = %(id)s AND status = 'running'"
_END = """
    UPDATE thumb_checks SET status = %(status)s, problem = %(problem)s, ended_at = now()
    WHERE id = %(id)s AND status = 'running'
"""
_CHECKS = """
    SELECT id, judged_by,
        CASE WHEN status = 'running' AND beat_at < now() - make_interval(secs => %(silent_s)s) THEN 'stopped'
            ELSE status END AS status,
        n_turns, n_both_up, n_thumb_up, n_judge_up, n_neither, n_failed, wants_stop, problem, started_by, started_at,
        extract(epoch FROM coalesce(ended_at, now()) - started_at)::double precision AS took_s
    FROM thumb_checks ORDER BY id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class ThumbedTurn:
    """A turn that a shopper gave a thumb: the message, the titles of its cards, the reply."""

    message: str
    titles: tuple[str, ...]
    reply: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class ThumbCheck:
    """One time that a judge was held against thumbs, how far it is, and in how many turns who was up.

    One whose process died reads as stopped. `n_thumb_up` counts turns in which only the thumb was, `n_judge_up` those
    in which only the judge was.
    """

    id: int
    judged_by: str
    status: CheckStatus
    n_turns: int
    n_both_up: int
    n_thumb_up: int
    n_judge_up: int
    n_neither: int
    n_failed: int
    wants_stop: bool
    problem: str
    started_by: str
    started_at: datetime
    took_s: float

    @property
    def n_judged(self) -> int:
        """Turns in which thumb and judge can be held against each other."""
        return self.n_both_up + self.n_thumb_up + self.n_judge_up + self.n_neither

    @property
    def per_s(self) -> float | None:
        """Turns a second, None before the first."""
        n_done = self.n_judged + self.n_failed
        return n_done / self.took_s if n_done and self.took_s else None


class ThumbStore:
    """Reads thumbs, and keeps how a judge did beside them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def n_thumbed(self) -> int:
        """How many turns have a thumb."""
        row = self._one(_N_THUMBED)
        return int(row[0]) if row else 0

    def thumbed(self, most: int) -> list[ThumbedTurn]:
        """The turns that were judged last by their shoppers."""
        with self._database.connection() as connection:
            rows = connection.execute(_THUMBED, {"most": most}).fetchall()
        return [
            ThumbedTurn(message, _titles(record), str(record.get("reply", "")), is_good)
            for message, record, is_good in rows
        ]

    def begin(self, judged_by: str, n_turns: int, started_by: str) -> int | None:
        """Begin a check; its number, or None where one is at work."""
        values = {"judged_by": judged_by, "n_turns": n_turns, "started_by": started_by, "silent_s": SILENT_S}
        with self._database.connection() as connection:
            connection.execute(_LOCK, {"key": _LOCK_KEY})
            row = connection.execute(_BEGIN, values).fetchone()
        return int(row[0]) if row else None

    def beat(self, check_id: int) -> bool:
        """Give a sign of life; whether the check is to go on."""
        row = self._one(_BEAT, id=check_id)
        return bool(row and row[0])

    def count(self, check_id: int, *, thumb: bool, judged: bool) -> None:
        """Count a turn by whether its thumb and its judge were up."""
        self._do(_COUNT, id=check_id, thumb=thumb, judged=judged)

    def count_failed(self, check_id: int) -> None:
        """Count a turn that the judge could not judge."""
        self._do(_COUNT_FAILED, id=check_id)

    def stop(self, check_id: int) -> bool:
        """Ask a check to stop; whether there was anything to stop."""
        return self._do(_STOP, id=check_id) > 0

    def end(self, check_id: int, status: CheckStatus, problem: str = "") -> None:
        """Say how a check at work ended."""
        self._do(_END, id=check_id, status=status, problem=problem)

    def checks(self, most: int = 20) -> list[ThumbCheck]:
        """The newest checks first."""
        values = {"most": most, "silent_s": SILENT_S}
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(ThumbCheck)) as cursor:
            return cursor.execute(_CHECKS, values).fetchall()

    def _one(self, statement: str, **parameters: object) -> tuple[Any, ...] | None:
        with self._database.connection() as connection:
            return connection.execute(statement, parameters).fetchone()

    def _do(self, statement: str, **parameters: object) -> int:
        with self._database.connection() as connection:
            return connection.execute(statement, parameters).rowcount


def _titles(record: dict[str, Any]) -> tuple[str, ...]:
    """Of a turn stored before titles were, none."""
    return tuple(hit["title"] for part in record.get("parts", ()) for hit in part["hits"] if hit.get("title"))
