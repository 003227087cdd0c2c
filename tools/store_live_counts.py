"""What happened in the sessions of a live comparison, counted in Postgres from turns, feedback and outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from env.database import Database
from tools.store_live import Arm

# The chats of demos count nowhere. A session stands still here: only what happened within its window counts, and only
# once that is over.
_SESSIONS = """
    SELECT s.arm, s.share_b, s.assigned_at, t.n_turns, t.n_failed, t.n_violations, t.mean_log_ms,
        f.n_rated, f.n_up, o.has_click, o.has_save, o.has_cart
    FROM live_sessions s
    JOIN live_comparisons c ON c.id = s.comparison_id
    CROSS JOIN LATERAL (SELECT s.assigned_at + make_interval(mins => c.window_minutes) AS until) w
    CROSS JOIN LATERAL (
        SELECT count(*) AS n_turns,
            count(*) FILTER (WHERE jsonb_path_exists(record, '$.failures[*]')) AS n_failed,
            sum(CASE jsonb_typeof(record -> 'violations')
                WHEN 'array' THEN jsonb_array_length(record -> 'violations')
                WHEN 'number' THEN (record ->> 'violations')::double precision::integer
            END) AS n_violations,
            avg(ln(greatest((record #>> '{timings_ms,total}')::double precision, 1))) AS mean_log_ms
        FROM turns
        WHERE turns.session_id = s.session_id AND created_at BETWEEN s.assigned_at AND w.until
    ) t
    CROSS JOIN LATERAL (
        SELECT count(*) AS n_rated, count(*) FILTER (WHERE is_good) AS n_up
        FROM feedback
        WHERE feedback.session_id = s.session_id AND updated_at BETWEEN s.assigned_at AND w.until
    ) f
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(kind IN ('open', 'link')), false) AS has_click,
            coalesce(bool_or(kind = 'save'), false) AS has_save,
            coalesce(bool_or(kind = 'cart'), false) AS has_cart
        FROM outcomes
        WHERE outcomes.session_id = s.session_id AND created_at BETWEEN s.assigned_at AND w.until
    ) o
    WHERE s.comparison_id = %(id)s AND s.session_id NOT IN (SELECT session_id FROM demo_sessions)
        AND w.until <= coalesce(c.ended_at, now()) AND t.n_turns > 0
    ORDER BY s.assigned_at, s.session_id
"""
_WAITING = """
    SELECT count(*)
    FROM live_sessions s JOIN live_comparisons c ON c.id = s.comparison_id
    WHERE s.comparison_id = %(id)s AND s.session_id NOT IN (SELECT session_id FROM demo_sessions)
        AND s.assigned_at + make_interval(mins => c.window_minutes) > now()
"""
_LATENCY = """
    SELECT s.arm,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY (t.record #>> '{timings_ms,total}')::double precision),
        percentile_cont(0.95) WITHIN GROUP (ORDER BY (t.record #>> '{timings_ms,total}')::double precision)
    FROM live_sessions s
    JOIN live_comparisons c ON c.id = s.comparison_id
    JOIN turns t ON t.session_id = s.session_id AND t.created_at BETWEEN s.assigned_at
        AND s.assigned_at + make_interval(mins => c.window_minutes)
    WHERE s.comparison_id = %(id)s AND s.session_id NOT IN (SELECT session_id FROM demo_sessions)
        AND t.record #> '{timings_ms,total}' IS NOT NULL
        AND s.assigned_at + make_interval(mins => c.window_minutes) <= coalesce(c.ended_at, now())
    GROUP BY s.arm
"""
_USUAL = """
    WITH recent AS (
        SELECT id, created_at + make_interval(mins => %(window_minutes)s) AS until
        FROM sessions
        WHERE created_at > now() - make_interval(days => %(days)s)
            AND created_at + make_interval(mins => %(window_minutes)s) <= now()
    )
    SELECT count(*),
        count(*) FILTER (WHERE EXISTS (SELECT FROM outcomes
            WHERE session_id = recent.id AND kind = 'cart' AND outcomes.created_at <= until)),
        count(*) FILTER (WHERE EXISTS (SELECT FROM outcomes
            WHERE session_id = recent.id AND kind = 'save' AND outcomes.created_at <= until)),
        count(*) FILTER (WHERE EXISTS (SELECT FROM outcomes
            WHERE session_id = recent.id AND kind IN ('open', 'link') AND outcomes.created_at <= until)),
        count(*) FILTER (WHERE EXISTS (SELECT FROM feedback WHERE session_id = recent.id)),
        count(*) FILTER (WHERE EXISTS (SELECT FROM feedback WHERE session_id = recent.id AND is_good))
    FROM recent
"""


@dataclass(frozen=True, slots=True)
class Usual:
    """What sessions of late came to: how many there were a day, and the share of each outcome, None where unknown."""

    sessions_a_day: float
    shares: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class SessionCount:
    """What one session came to. `share_b` is the share of B when the session was given its side.

    `n_violations` is None where no turn of it tells; `mean_log_ms` is the mean natural logarithm of the turns' total
    milliseconds, None where no turn came to its end.
    """

    arm: Arm
    share_b: float
    assigned_at: datetime
    n_turns: int
    n_failed: int
    n_violations: int | None
    mean_log_ms: float | None
    n_rated: int
    n_up: int
    has_click: bool
    has_save: bool
    has_cart: bool


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of whole turns: the middle one, and the one that 95 of 100 stay below."""

    p50_ms: float
    p95_ms: float


class LiveCounts:
    """Reads what a comparison's sessions came to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sessions(self, comparison_id: int) -> list[SessionCount]:
        """Every counted session, in the order they were given their sides."""
        with (
            self._database.connection() as connection,
            connection.cursor(row_factory=class_row(SessionCount)) as cursor,
        ):
            return cursor.execute(_SESSIONS, {"id": comparison_id}).fetchall()

    def n_waiting(self, comparison_id: int) -> int:
        """How many sessions are still within their window."""
        with self._database.connection() as connection:
            row = connection.execute(_WAITING, {"id": comparison_id}).fetchone()
        assert row is not None
        return int(row[0])

    def latency(self, comparison_id: int) -> Mapping[Arm, Latency]:
        """How long the turns of counted sessions took, by side; a side without turns is left out."""
        with self._database.connection() as connection:
            rows = connection.execute(_LATENCY, {"id": comparison_id}).fetchall()
        return {arm: Latency(p50_ms, p95_ms) for arm, p50_ms, p95_ms in rows}

    def usual(self, days: int, window_minutes: int) -> Usual:
        """What the sessions of the last `days` came to, each within its first minutes."""
        with self._database.connection() as connection:
            row = connection.execute(_USUAL, {"days": days, "window_minutes": window_minutes}).fetchone()
        assert row is not None
        n, n_cart, n_save, n_click, n_rated, n_up = row
        shares = {"cart": (n_cart, n), "save": (n_save, n), "click": (n_click, n), "thumbs": (n_up, n_rated)}
        return Usual(n / days, {name: part / whole if whole else None for name, (part, whole) in shares.items()})
