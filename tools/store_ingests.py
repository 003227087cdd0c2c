"""The runs of ingests and undos: begun, counted, ended, and listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from env.database import Database
from env.errors import CatalogError

RunState = Literal["running", "done", "stopped", "failed", "interrupted"]

# Who holds the lock of a source is at work on it; a run that says so without holding it was killed.
_RUNS = """
    SELECT id, actor, source, kind, file_name, upload, problem, undoes, undone_by, n_new, n_changed, n_removed, n_read,
        n_unchanged, n_rejected, seconds, is_kept, started_at, ended_at,
        CASE WHEN state = 'running'
            AND pg_try_advisory_xact_lock_shared(hashtextextended('vitrine ingest ' || source, 0))
            THEN 'interrupted' ELSE state END AS state
    FROM ingests
"""
_LISTED = (
    _RUNS
    + """
    WHERE (%(source)s = '' OR source = %(source)s) AND (%(before)s = 0 OR id < %(before)s)
    ORDER BY id DESC LIMIT %(limit)s
"""
)
_ONE = _RUNS + " WHERE id = %(id)s"
_BEGIN = """
    INSERT INTO ingests (actor, source, kind, file_name, upload, undoes)
    VALUES (%(actor)s, %(source)s, %(kind)s, %(file_name)s, %(upload)s, %(undoes)s)
    RETURNING id
"""
# Whoever begins holds the source's lock: what still says it is running was killed.
_INTERRUPT = """
    UPDATE ingests SET state = 'interrupted', ended_at = coalesce(ended_at, now())
    WHERE source = %(source)s AND state = 'running'
"""
_COUNT = """
    UPDATE ingests SET n_new = n_new + %(new)s, n_changed = n_changed + %(changed)s, n_removed = n_removed + %(removed)s
    WHERE id = %(id)s
"""
_END = """
    UPDATE ingests SET state = %(state)s, problem = %(problem)s, ended_at = now(), report = %(report)s,
        n_read = %(n_read)s, n_unchanged = %(n_unchanged)s, n_rejected = %(n_rejected)s,
        seconds = extract(epoch FROM now() - started_at)
    WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class RunStart:
    """What is known of a run when it begins. `undoes` is the run that it takes back."""

    actor: str
    source: str
    kind: str
    file_name: str = ""
    upload: str = ""
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class RunEnd:
    """What came of a run; the rows it wrote were counted as they were written."""

    state: RunState
    problem: str = ""
    n_read: int = 0
    n_unchanged: int = 0
    n_rejected: int = 0
    report: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class IngestRun:
    """One run. `is_kept` says that the rows before it are still there, `undone_by` which run took it back."""

    id: int
    actor: str
    source: str
    kind: str
    file_name: str
    upload: str
    state: RunState
    problem: str
    undoes: int | None
    undone_by: int | None
    n_new: int
    n_changed: int
    n_removed: int
    n_read: int
    n_unchanged: int
    n_rejected: int
    seconds: float
    is_kept: bool
    started_at: datetime
    ended_at: datetime | None

    @property
    def n_touched(self) -> int:
        """Items that it added, changed or removed."""
        return self.n_new + self.n_changed + self.n_removed

    @property
    def items_per_s(self) -> float:
        """Rows decided a second; 0 where that is not known."""
        return (self.n_new + self.n_changed + self.n_unchanged + self.n_rejected) / self.seconds if self.seconds else 0


def begin_run(connection: psycopg.Connection, start: RunStart) -> int:
    """Note the beginning of a run, whose source's lock the caller holds; its number."""
    connection.execute(_INTERRUPT, {"source": start.source})
    row = connection.execute(
        _BEGIN,
        {
            "actor": start.actor, "source": start.source, "kind": start.kind, "file_name": start.file_name,
            "upload": start.upload, "undoes": start.undoes,
        },
    ).fetchone()  # fmt: skip
    assert row is not None
    return int(row[0])


def count_rows(connection: psycopg.Connection, run: int, new: int = 0, changed: int = 0, removed: int = 0) -> None:
    """Add to what a run has written, in the transaction that wrote it."""
    connection.execute(_COUNT, {"id": run, "new": new, "changed": changed, "removed": removed})


def end_run(connection: psycopg.Connection, run: int, end: RunEnd) -> None:
    """Note the end of a run."""
    connection.execute(
        _END,
        {
            "id": run, "state": end.state, "problem": end.problem, "n_read": end.n_read,
            "n_unchanged": end.n_unchanged, "n_rejected": end.n_rejected,
            "report": None if end.report is None else Jsonb(_storable(end.report)),
        },
    )  # fmt: skip


def ingest_runs(database: Database, source: str = "", limit: int = 50, before: int = 0) -> tuple[IngestRun, ...]:
    """The newest runs, newest first; of one source, or of those before run `before`, where these are given."""
    with database.connection() as connection, connection.cursor(row_factory=class_row(IngestRun)) as cursor:
        return tuple(cursor.execute(_LISTED, {"source": source, "before": before, "limit": limit}))


def ingest_run(database: Database, run: int) -> IngestRun:
    """One run.

    Raises:
        CatalogError: there is none of this number.
    """
    with database.connection() as connection, connection.cursor(row_factory=class_row(IngestRun)) as cursor:
        found = cursor.execute(_ONE, {"id": run}).fetchone()
    if found is None:
        raise CatalogError(f"there is no run {run}; `python -m ingest runs` lists them")
    return found


def run_report(database: Database, run: int) -> Mapping[str, object]:
    """The report of a run as JSON; {} where it left none."""
    with database.connection() as connection:
        row = connection.execute("SELECT report FROM ingests WHERE id = %(id)s", {"id": run}).fetchone()
    return dict(row[0]) if row and row[0] else {}


def _storable(value: object) -> object:
    """Text of feeds as JSON that Postgres takes: it knows no zero character and no half of a surrogate pair."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {str(_storable(key)): _storable(told) for key, told in value.items()}
    return [_storable(told) for told in value] if isinstance(value, list | tuple) else value
