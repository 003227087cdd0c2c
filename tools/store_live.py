"""Live comparisons in Postgres: what is compared, which session is on which side, and what was done by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from env.database import Database

Arm = Literal["A", "B"]
LiveState = Literal["running", "stopped by guard", "ended"]
WhenWon = Literal["tell", "publish"]
"""What the guard does once B clearly wins: tell it, or put B in force for all."""

_START = """
    INSERT INTO live_comparisons (
        prompt, version_a, version_b, content_a, content_b, share_b, decided_by, min_sessions, planned_sessions,
        window_minutes, when_b_wins, started_by
    ) VALUES (
        %(prompt)s, %(version_a)s, %(version_b)s, %(content_a)s, %(content_b)s, %(share_b)s, %(decided_by)s,
        %(min_sessions)s, %(planned_sessions)s, %(window_minutes)s, %(when_b_wins)s, %(started_by)s
    )
    ON CONFLICT (prompt) WHERE state = 'running' DO NOTHING
    RETURNING id
"""
_READ = """
    SELECT id, prompt, version_a, version_b, content_a, content_b, share_b, decided_by, min_sessions, planned_sessions,
        window_minutes, when_b_wins, state, started_by, started_at, ended_by, ended_at, reason, result, won_at,
        win_problem
    FROM live_comparisons WHERE id = %(id)s
"""
_RUNNING = """
    SELECT id, prompt, version_a, version_b, content_a, content_b, share_b, decided_by, min_sessions, planned_sessions,
        window_minutes, when_b_wins, state, started_by, started_at, ended_by, ended_at, reason, result, won_at,
        win_problem
    FROM live_comparisons WHERE state = 'running' ORDER BY id
"""
_ALL = """
    SELECT id, prompt, version_a, version_b, content_a, content_b, share_b, decided_by, min_sessions, planned_sessions,
        window_minutes, when_b_wins, state, started_by, started_at, ended_by, ended_at, reason, result, won_at,
        win_problem
    FROM live_comparisons ORDER BY id DESC
"""
_SHARE = "UPDATE live_comparisons SET share_b = %(share_b)s WHERE id = %(id)s AND state = 'running' RETURNING id"
_END = """
    UPDATE live_comparisons
    SET state = %(state)s, ended_by = %(actor)s, ended_at = now(), reason = %(reason)s, result = %(result)s
    WHERE id = %(id)s AND state = 'running'
    RETURNING id
"""
_EVENT = "INSERT INTO live_events (comparison_id, actor, what) VALUES (%(id)s, %(actor)s, %(what)s)"
_EVENTS = "SELECT happened_at, actor, what FROM live_events WHERE comparison_id = %(id)s ORDER BY id"
_SIDES = """
    SELECT comparison_id, arm FROM live_sessions
    WHERE session_id = %(session)s AND comparison_id = ANY(%(ids)s)
"""
# Two first turns of one session at once: the side that was written first holds for both.
_ASSIGN = """
    INSERT INTO live_sessions (comparison_id, session_id, arm, share_b)
    VALUES (%(id)s, %(session)s, %(arm)s, %(share_b)s)
    ON CONFLICT (comparison_id, session_id) DO UPDATE SET arm = live_sessions.arm
    RETURNING arm
"""
# Of two that look at once one is to act. Where it died before it had published, another does later.
_WIN = """
    UPDATE live_comparisons SET won_at = now()
    WHERE id = %(id)s AND state = 'running' AND (won_at IS NULL
        OR (when_b_wins = 'publish' AND win_problem = '' AND won_at < now() - make_interval(mins => 5)))
    RETURNING id
"""
_WIN_PROBLEM = "UPDATE live_comparisons SET win_problem = %(problem)s WHERE id = %(id)s"
_CLAIM = """
    UPDATE live_comparisons SET checked_at = now()
    WHERE id = %(id)s AND state = 'running' AND checked_at <= now() - make_interval(secs => %(every_s)s)
    RETURNING id
"""


@dataclass(frozen=True, slots=True)
class NewComparison:
    """One to be started. `version_a` is in force, `version_b` gets `share_b` in (0, 1) of the sessions.

    `content_a` and `content_b` are what the versions say.
    """

    prompt: str
    version_a: str
    version_b: str
    content_a: Mapping[str, Any]
    content_b: Mapping[str, Any]
    share_b: float
    decided_by: str
    min_sessions: int
    planned_sessions: int
    window_minutes: int
    when_b_wins: WhenWon = "tell"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One as it is stored. `result` holds the figures of its end, None while it runs.

    `won_at` is when the guard first saw B clearly win, `win_problem` why it could not put B in force then.
    """

    id: int
    prompt: str
    version_a: str
    version_b: str
    content_a: Mapping[str, Any]
    content_b: Mapping[str, Any]
    share_b: float
    decided_by: str
    min_sessions: int
    planned_sessions: int
    window_minutes: int
    when_b_wins: WhenWon
    state: LiveState
    started_by: str
    started_at: datetime
    ended_by: str
    ended_at: datetime | None
    reason: str
    result: Mapping[str, Any] | None
    won_at: datetime | None
    win_problem: str

    @property
    def is_running(self) -> bool:
        """Whether sessions are being given sides."""
        return self.state == "running"


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """Something that was done to a comparison."""

    happened_at: datetime
    actor: str
    what: str


class LiveStore:
    """Reads and writes comparisons. Who may is decided one step above, in `agents.live.book`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, new: NewComparison, actor: str, what: str) -> int | None:
        """Store one as running; its id, or None where one of this prompt runs already."""
        values = {name: getattr(new, name) for name in NewComparison.__slots__}
        values |= {"content_a": Jsonb(new.content_a), "content_b": Jsonb(new.content_b)}
        with self._database.connection() as connection:
            row = connection.execute(_START, {**values, "started_by": actor}).fetchone()
            if row is not None:
                connection.execute(_EVENT, {"id": row[0], "actor": actor, "what": what})
        return int(row[0]) if row else None

    def read(self, comparison_id: int) -> Comparison | None:
        """One by its id; None where there is none."""
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(Comparison)) as cursor:
            return cursor.execute(_READ, {"id": comparison_id}).fetchone()

    def running(self) -> list[Comparison]:
        """Those that run, at most one a prompt, the oldest first."""
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(Comparison)) as cursor:
            return cursor.execute(_RUNNING).fetchall()

    def every(self) -> list[Comparison]:
        """All there ever were, the newest first."""
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(Comparison)) as cursor:
            return cursor.execute(_ALL).fetchall()

    def change_share(self, comparison_id: int, share_b: float, actor: str, what: str) -> bool:
        """Give new sessions to B by this share; whether it still runs."""
        with self._database.connection() as connection:
            row = connection.execute(_SHARE, {"id": comparison_id, "share_b": share_b}).fetchone()
            if row is not None:
                connection.execute(_EVENT, {"id": comparison_id, "actor": actor, "what": what})
        return row is not None

    def end(
        self, comparison_id: int, state: LiveState, actor: str, reason: str, result: Mapping[str, Any] | None
    ) -> bool:
        """End it, from the next turn on; whether it was still running."""
        values = {"id": comparison_id, "state": state, "actor": actor, "reason": reason, "what": f"{state}: {reason}"}
        with self._database.connection() as connection:
            stored = {**values, "result": None if result is None else Jsonb(result)}
            row = connection.execute(_END, stored).fetchone()
            if row is not None:
                connection.execute(_EVENT, values)
        return row is not None

    def claim_win(self, comparison_id: int, actor: str, what: str) -> bool:
        """Note that B clearly wins; whether this caller was the first and is to act on it."""
        with self._database.connection() as connection:
            row = connection.execute(_WIN, {"id": comparison_id}).fetchone()
            if row is not None:
                connection.execute(_EVENT, {"id": comparison_id, "actor": actor, "what": what})
        return row is not None

    def tell_win_problem(self, comparison_id: int, actor: str, problem: str) -> None:
        """Keep why B could not be put in force though it won."""
        with self._database.connection() as connection:
            connection.execute(_WIN_PROBLEM, {"id": comparison_id, "problem": problem})
            connection.execute(_EVENT, {"id": comparison_id, "actor": actor, "what": f"not put in force: {problem}"})

    def events(self, comparison_id: int) -> list[LiveEvent]:
        """What was done to it, in order."""
        with self._database.connection() as connection, connection.cursor(row_factory=class_row(LiveEvent)) as cursor:
            return cursor.execute(_EVENTS, {"id": comparison_id}).fetchall()

    def sides(self, session_id: str, comparison_ids: Sequence[int]) -> Mapping[int, Arm]:
        """The sides that a session was given, by comparison."""
        with self._database.connection() as connection:
            rows = connection.execute(_SIDES, {"session": session_id, "ids": list(comparison_ids)}).fetchall()
        return {int(comparison_id): arm for comparison_id, arm in rows}

    def assign(self, comparison_id: int, session_id: str, arm: Arm, share_b: float) -> Arm:
        """Keep the side of a session, unless it has one; the side it has now."""
        values = {"id": comparison_id, "session": session_id, "arm": arm, "share_b": share_b}
        with self._database.connection() as connection:
            row = connection.execute(_ASSIGN, values).fetchone()
        assert row is not None
        found: Arm = row[0]
        return found

    def claim_check(self, comparison_id: int, every_s: float) -> bool:
        """Whether a look at the figures is due; where it is, this caller alone is to take it."""
        with self._database.connection() as connection:
            row = connection.execute(_CLAIM, {"id": comparison_id, "every_s": every_s}).fetchone()
        return row is not None
