"""Runs of the workbench and their results, in Postgres: what was asked for, how far it is, what came out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg.types.json import Jsonb

from env.database import Database
from tools.store_cases import CaseRow

Status = Literal["queued", "running", "stopped", "done", "failed"]
SILENT_S = 60
"""A run at work that was silent for so long has lost its process."""

_ADD = """
    INSERT INTO bench_runs (title, variants, cases, n_results, has_judge, started_by)
    VALUES (%(title)s, %(variants)s, %(cases)s, %(n_results)s, %(has_judge)s, %(started_by)s)
    RETURNING id
"""
_RUNS = """
    SELECT id, title,
        CASE WHEN status = 'running' AND beat_at < now() - make_interval(secs => %(silent_s)s) THEN 'stopped'
            ELSE status END,
        variants, n_results, (SELECT count(*) FROM bench_results WHERE run_id = id), has_judge, problem, seconds_worked,
        started_by, created_at, ended_at, jsonb_array_length(cases), wants_stop
    FROM bench_runs WHERE (%(id)s::bigint IS NULL OR id = %(id)s) ORDER BY id DESC LIMIT %(most)s
"""
_CASES = "SELECT cases FROM bench_runs WHERE id = %(id)s"
# One run at a time: the oldest in the queue, once no other is at work. The lock keeps two processes from both looking.
_LOCK = "SELECT pg_advisory_xact_lock(%(key)s)"
_CLAIM = """
    UPDATE bench_runs SET status = 'running', beat_at = now(), wants_stop = false, problem = '', ended_at = NULL
    WHERE id = (SELECT min(id) FROM bench_runs WHERE status = 'queued') AND NOT EXISTS (
        SELECT FROM bench_runs WHERE status = 'running' AND beat_at >= now() - make_interval(secs => %(silent_s)s))
    RETURNING id
"""
_LOCK_KEY = 0x42454E43  # any fixed number
# Time counts from one sign of life to the next, so that a night without a process does not.
_BEAT = """
    UPDATE bench_runs SET beat_at = now(), seconds_worked = seconds_worked + least(
        extract(epoch FROM now() - beat_at), %(silent_s)s)
    WHERE id = %(id)s AND status = 'running'
    RETURNING NOT wants_stop
"""
_END = """
    UPDATE bench_runs SET status = %(status)s, problem = %(problem)s, ended_at = now(), wants_stop = false
    WHERE id = %(id)s AND status = 'running'
"""
_STOP = """
    UPDATE bench_runs SET wants_stop = true, status = CASE WHEN status = 'queued' THEN 'stopped' ELSE status END
    WHERE id = %(id)s AND status IN ('queued', 'running')
"""
_RESUME = """
    UPDATE bench_runs SET status = 'queued', wants_stop = false, problem = '', ended_at = NULL
    WHERE id = %(id)s AND (status IN ('stopped', 'failed')
        OR (status = 'running' AND beat_at < now() - make_interval(secs => %(silent_s)s)))
"""
_PUT_RESULT = """
    INSERT INTO bench_results (run_id, variant, case_id, result)
    VALUES (%(id)s, %(variant)s, %(case_id)s, %(result)s)
    ON CONFLICT (run_id, variant, case_id) DO UPDATE SET result = excluded.result
"""
_RESULTS = "SELECT variant, case_id, result FROM bench_results WHERE run_id = %(id)s ORDER BY case_id, variant"
_FORGET = (
    "DELETE FROM cart_lines WHERE shopper = %(shopper)s",
    "DELETE FROM saved_items WHERE shopper = %(shopper)s",
    "DELETE FROM profiles WHERE shopper = %(shopper)s",
)
_POLICY = "SELECT policy, set_by, set_at FROM gate_policies ORDER BY id DESC LIMIT 1"
_SET_POLICY = "INSERT INTO gate_policies (policy, set_by) VALUES (%(policy)s, %(set_by)s)"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run: how far it is, and how long it has worked. A run whose process died reads as stopped."""

    id: int
    title: str
    status: Status
    variants: tuple[Mapping[str, Any], ...]
    n_results: int
    n_done: int
    has_judge: bool
    problem: str
    seconds_worked: float
    started_by: str
    created_at: datetime
    ended_at: datetime | None
    n_cases: int
    wants_stop: bool

    @property
    def per_s(self) -> float | None:
        """Turns a second, None before the first."""
        return self.n_done / self.seconds_worked if self.n_done and self.seconds_worked else None

    @property
    def left_s(self) -> float | None:
        """Seconds until the end at this rate, None where no rate is known."""
        return (self.n_results - self.n_done) / self.per_s if self.per_s else None


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to be put into the queue."""

    title: str
    variants: tuple[Mapping[str, Any], ...]
    cases: tuple[CaseRow, ...]
    started_by: str
    has_judge: bool = False


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What came out of one case for one variant (its place from 0)."""

    variant: int
    case_id: str
    result: Mapping[str, Any]


class RunStore:
    """Reads and writes runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run: NewRun) -> int:
        """Put a run into the queue; its number."""
        row = self._one(
            _ADD,
            title=run.title,
            variants=Jsonb(list(run.variants)),
            cases=Jsonb([case.to_json() for case in run.cases]),
            n_results=len(run.variants) * len(run.cases),
            has_judge=run.has_judge,
            started_by=run.started_by,
        )
        assert row is not None
        return int(row[0])

    def runs(self, most: int = 50) -> list[RunRow]:
        """The newest runs first."""
        return self._runs(None, most)

    def run(self, run_id: int) -> RunRow | None:
        """One run, None where there is none of this number."""
        return next(iter(self._runs(run_id, 1)), None)

    def cases(self, run_id: int) -> tuple[CaseRow, ...]:
        """The cases as they were when the run was asked for."""
        row = self._one(_CASES, id=run_id)
        return tuple(CaseRow.from_json(case) for case in row[0]) if row else ()

    def claim(self) -> int | None:
        """Take the oldest run of the queue to work; None where there is none, or another run is at work."""
        with self._database.connection() as connection:
            connection.execute(_LOCK, {"key": _LOCK_KEY})
            row = connection.execute(_CLAIM, {"silent_s": SILENT_S}).fetchone()
        return int(row[0]) if row else None

    def beat(self, run_id: int) -> bool:
        """Give a sign of life; whether the run is to go on."""
        row = self._one(_BEAT, id=run_id, silent_s=SILENT_S)
        return bool(row and row[0])

    def end(self, run_id: int, status: Status, problem: str = "") -> None:
        """Say how a run at work ended."""
        self._do(_END, id=run_id, status=status, problem=problem)

    def stop(self, run_id: int) -> bool:
        """Ask a run to stop; whether there was anything to stop."""
        return self._do(_STOP, id=run_id) > 0

    def resume(self, run_id: int) -> bool:
        """Put a stopped run back into the queue; what it has done stays. Whether it could be."""
        return self._do(_RESUME, id=run_id, silent_s=SILENT_S) > 0

    def put_result(self, run_id: int, row: ResultRow) -> None:
        """Keep what came out of one case."""
        self._do(_PUT_RESULT, id=run_id, variant=row.variant, case_id=row.case_id, result=Jsonb(dict(row.result)))

    def results(self, run_id: int) -> list[ResultRow]:
        """All results of a run so far."""
        with self._database.connection() as connection:
            return [ResultRow(*row) for row in connection.execute(_RESULTS, {"id": run_id})]

    def forget_shopper(self, shopper: str) -> None:
        """Delete what a played shopper put into the bag, saved or told of themselves."""
        with self._database.connection() as connection:
            for statement in _FORGET:
                connection.execute(statement, {"shopper": shopper})

    def policy(self) -> tuple[Mapping[str, Any], str, datetime] | None:
        """The gate's policy with who set it when; None where nobody has."""
        row = self._one(_POLICY)
        return (row[0], row[1], row[2]) if row else None

    def set_policy(self, policy: Mapping[str, Any], set_by: str) -> None:
        """Let this policy count from now on."""
        self._do(_SET_POLICY, policy=Jsonb(dict(policy)), set_by=set_by)

    def _runs(self, run_id: int | None, most: int) -> list[RunRow]:
        parameters = {"id": run_id, "most": most, "silent_s": SILENT_S}
        with self._database.connection() as connection:
            rows = connection.execute(_RUNS, parameters).fetchall()
        return [_run(*row) for row in rows]

    def _one(self, statement: str, **parameters: object) -> Sequence[Any] | None:
        with self._database.connection() as connection:
            return connection.execute(statement, parameters).fetchone()

    def _do(self, statement: str, **parameters: object) -> int:
        with self._database.connection() as connection:
            return connection.execute(statement, parameters).rowcount


def _run(*columns: Any) -> RunRow:
    """A run from its columns; lists come out of JSON."""
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in columns]
    return RunRow(*values)
