"""How long turns are kept, in Postgres: the setting, what it would delete, and the deleting."""

from dataclasses import dataclass
from datetime import datetime

from env.database import Database
from env.errors import DatabaseError

GRACE_HOURS = 24
"""A shorter time takes effect after so long, and can be taken back until then."""

_READ = """
    SELECT CASE WHEN applies_at <= now() THEN days ELSE days_before END, days, applies_at > now(), applies_at, set_by,
        set_at, applied_at, n_chats, n_turns
    FROM retention
"""
# What was in force stays so until the new one is; whoever changes a waiting one changes nothing that is in force.
_SET = """
    UPDATE retention SET
        days_before = CASE WHEN applies_at <= now() THEN days ELSE days_before END,
        days = %(days)s, set_by = %(set_by)s, set_at = now(),
        applies_at = CASE
            WHEN %(days)s::integer < coalesce(CASE WHEN applies_at <= now() THEN days ELSE days_before END, 2147483647)
            THEN now() + make_interval(hours => %(grace)s) ELSE now() END
"""
_COUNT = """
    SELECT
        (SELECT count(*) FROM sessions
            WHERE updated_at < cut AND NOT EXISTS (
                SELECT FROM turns WHERE session_id = sessions.id AND turns.created_at >= cut
            )),
        (SELECT count(*) FROM turns WHERE created_at < cut)
    FROM (SELECT now() - make_interval(days => %(days)s) AS cut) AS until
"""
# One process at a time: whoever finds the row locked has nothing to do.
_CLAIM = """
    SELECT CASE WHEN applies_at <= now() THEN days ELSE days_before END FROM retention
    WHERE applied_at IS NULL OR applied_at < now() - make_interval(hours => %(every_hours)s)
    FOR UPDATE SKIP LOCKED
"""
_DELETE_CHATS = """
    DELETE FROM sessions
    WHERE updated_at < now() - make_interval(days => %(days)s) AND NOT EXISTS (
        SELECT FROM turns WHERE session_id = sessions.id AND created_at >= now() - make_interval(days => %(days)s)
    )
"""
# The newest turn of a chat that goes on is young by then. What the chat remembers of its deleted turns goes with them;
# a page that has the chat open reads it again.
_DELETE_TURNS = """
    WITH gone AS (
        DELETE FROM turns WHERE created_at < now() - make_interval(days => %(days)s) RETURNING session_id
    ), kept AS (
        SELECT session_id, (
            SELECT count(*) FROM turns
            WHERE turns.session_id = gone.session_id AND created_at >= now() - make_interval(days => %(days)s)
        ) AS n_kept
        FROM gone GROUP BY session_id
    )
    UPDATE sessions SET version = version + 1,
        state = with_last_exchanges(state, n_kept), state_before = with_last_exchanges(state_before, n_kept - 1)
    FROM kept WHERE id = kept.session_id
"""
_DONE = "UPDATE retention SET applied_at = now(), n_chats = %(n_chats)s, n_turns = %(n_turns)s"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long turns are kept. `days` is in force, None for until they are deleted; `next_days` was set and is in force
    from `applies_at` on where `is_waiting`, else it is the same. `applied_at` is when old turns were last deleted, and
    how many chats and turns that were."""

    days: int | None
    next_days: int | None
    is_waiting: bool
    applies_at: datetime
    set_by: str
    set_at: datetime
    applied_at: datetime | None
    n_chats: int
    n_turns: int


@dataclass(frozen=True, slots=True)
class Old:
    """Whole chats, and turns of these and of chats that go on."""

    n_chats: int
    n_turns: int


class RetentionStore:
    """Reads, sets and applies the retention. Bags, saved items and preferences are never touched."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> Retention:
        """The setting."""
        with self._database.connection() as connection:
            row = connection.execute(_READ).fetchone()
        if row is None:
            raise DatabaseError("the table retention has lost its row; run INSERT INTO retention DEFAULT VALUES")
        return Retention(*row)

    def set(self, days: int | None, set_by: str) -> None:
        """Keep turns for so many days, None until they are deleted. A longer time is in force at once."""
        with self._database.connection() as connection:
            connection.execute(_SET, {"days": days, "set_by": set_by, "grace": GRACE_HOURS})

    def count_older(self, days: int) -> Old:
        """What is older than so many days."""
        with self._database.connection() as connection:
            row = connection.execute(_COUNT, {"days": days}).fetchone()
        assert row is not None
        return Old(*row)

    def apply(self, every_hours: int = 0) -> Old | None:
        """Delete what is older than the time in force; None where another process does, or did within `every_hours`."""
        with self._database.connection() as connection:
            claimed = connection.execute(_CLAIM, {"every_hours": every_hours}).fetchone()
            if claimed is None:
                return None
            n_chats = n_turns = 0
            if claimed[0] is not None:
                row = connection.execute(_COUNT, {"days": claimed[0]}).fetchone()
                n_turns = int(row[1]) if row else 0
                n_chats = connection.execute(_DELETE_CHATS, {"days": claimed[0]}).rowcount
                connection.execute(_DELETE_TURNS, {"days": claimed[0]})
            connection.execute(_DONE, {"n_chats": n_chats, "n_turns": n_turns})
            return Old(n_chats, n_turns)
