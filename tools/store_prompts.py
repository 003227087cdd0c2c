"""Versions of prompts in Postgres: written, put into force and taken out of it, with a log of that."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from psycopg import Connection
from psycopg.types.json import Jsonb

from env.database import Database
from env.errors import PromptConflictError

PromptStatus = Literal["shipped", "draft", "published", "retired"]
ChangeKind = Literal["publish", "roll back", "retire"]

_COLUMNS = """
    SELECT name, version, status, template, variables, author, note, parent, n_edits, edited_by,
        created_at, edited_at, published_at, retired_at
    FROM prompt_versions
"""
_LIST = f"{_COLUMNS} WHERE name = %(name)s ORDER BY created_at DESC, version DESC"
_READ = f"{_COLUMNS} WHERE name = %(name)s AND version = %(version)s"
_PUBLISHED = f"{_COLUMNS} WHERE status = 'published' ORDER BY name"
_NUMBER = """
    INSERT INTO prompt_numbers (name, newest) VALUES (%(name)s, 1)
    ON CONFLICT (name) DO UPDATE SET newest = prompt_numbers.newest + 1
    RETURNING newest
"""
_ADD = """
    INSERT INTO prompt_versions (name, version, template, variables, author, note, parent, edited_by)
    VALUES (%(name)s, %(version)s, %(template)s, %(variables)s, %(author)s, %(note)s, %(parent)s, %(author)s)
"""
_SAVE = """
    UPDATE prompt_versions
    SET template = %(template)s, variables = %(variables)s, note = %(note)s, edited_by = %(author)s, edited_at = now(),
        n_edits = n_edits + 1
    WHERE name = %(name)s AND version = %(version)s AND status = 'draft' AND n_edits = %(n_edits)s
"""
_DELETE = """
    DELETE FROM prompt_versions
    WHERE name = %(name)s AND version = %(version)s AND status = 'draft' AND n_edits = %(n_edits)s
"""
_SHELVE = """
    UPDATE prompt_versions SET status = 'retired', retired_at = now()
    WHERE name = %(name)s AND version = %(version)s AND status = 'draft' AND n_edits = %(n_edits)s
"""
# One change of what is in force at a time, so that the ids of the log are seen in order: a later one never becomes
# visible before an earlier one.
_ONE_AT_A_TIME = "LOCK TABLE prompt_publications IN SHARE ROW EXCLUSIVE MODE"
_IN_FORCE = "SELECT version FROM prompt_versions WHERE name = %(name)s AND status = 'published'"
_TAKE_OUT = """
    UPDATE prompt_versions SET status = 'retired', retired_at = now() WHERE name = %(name)s AND status = 'published'
"""
_PUT_IN = """
    UPDATE prompt_versions SET status = 'published', published_at = now(), retired_at = NULL
    WHERE name = %(name)s AND version = %(version)s AND (%(n_edits)s::bigint IS NULL OR n_edits = %(n_edits)s)
"""
_LOG = """
    INSERT INTO prompt_publications (name, kind, from_version, to_version, author, note, reasons, run_id)
    VALUES (%(name)s, %(kind)s, %(from)s, %(to)s, %(author)s, %(note)s, %(reasons)s, %(run_id)s)
"""
_READ_LOG = """
    SELECT name, kind, from_version, to_version, author, note, reasons, run_id, created_at
    FROM prompt_publications WHERE name = %(name)s ORDER BY id
"""
_NEWEST_CHANGE = "SELECT coalesce(max(id), 0) FROM prompt_publications"


@dataclass(frozen=True, slots=True)
class PromptRow:
    """One version. `n_edits` grows with every writing; times are None where that has not happened."""

    name: str
    version: str
    status: PromptStatus
    template: Mapping[str, str]
    variables: tuple[str, ...]
    author: str
    note: str
    parent: str
    n_edits: int = 0
    edited_by: str = ""
    created_at: datetime | None = None
    edited_at: datetime | None = None
    published_at: datetime | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of what is in force. A version without a row is the one that shipped at that time."""

    name: str
    kind: ChangeKind
    from_version: str
    to_version: str
    author: str
    note: str = ""
    reasons: tuple[str, ...] = ()
    run_id: int = 0
    created_at: datetime | None = None


class PromptStore:
    """Reads and writes versions. Who may, and what is fit to be published, is decided in agents/workbench."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, name: str) -> tuple[PromptRow, ...]:
        """The versions of a name, newest first; none where nobody made one."""
        with self._database.connection() as connection:
            return tuple(_row(row) for row in connection.execute(_LIST, {"name": name}))

    def read(self, name: str, version: str) -> PromptRow | None:
        """One version, or None where there is none."""
        with self._database.connection() as connection:
            row = connection.execute(_READ, {"name": name, "version": version}).fetchone()
        return _row(row) if row else None

    def published(self) -> tuple[PromptRow, ...]:
        """The versions in force, at most one a name."""
        with self._database.connection() as connection:
            return tuple(_row(row) for row in connection.execute(_PUBLISHED))

    def newest_change(self) -> int:
        """A number that grows whenever what is in force changes: cheap enough to ask before every turn."""
        with self._database.connection() as connection:
            row = connection.execute(_NEWEST_CHANGE).fetchone()
        return int(row[0]) if row else 0

    def log(self, name: str) -> tuple[Change, ...]:
        """Every change of what is in force under a name, oldest first."""
        with self._database.connection() as connection:
            rows = connection.execute(_READ_LOG, {"name": name})
            return tuple(replace(change, reasons=tuple(change.reasons)) for change in (Change(*row) for row in rows))

    def add(self, draft: PromptRow, shipped: str) -> str:
        """Store a new draft under the next number of its name, "<shipped>.<number>"; its version."""
        with self._database.connection() as connection:
            row = connection.execute(_NUMBER, {"name": draft.name}).fetchone()
            assert row is not None
            version = f"{shipped}.{row[0]}"
            connection.execute(_ADD, _parameters(draft) | {"version": version})
        return version

    def save(self, draft: PromptRow, author: str) -> None:
        """Write a draft in place, as read with its `n_edits`.

        Raises:
            PromptConflictError: it was written, published or deleted meanwhile; nothing is changed.
        """
        self._write(_SAVE, draft, _parameters(draft) | {"author": author})

    def delete(self, draft: PromptRow) -> None:
        """Remove a draft; raises PromptConflictError like `save`."""
        self._write(_DELETE, draft, _parameters(draft))

    def shelve(self, draft: PromptRow) -> None:
        """Retire a draft that was never published; raises PromptConflictError like `save`."""
        self._write(_SHELVE, draft, _parameters(draft))

    def put_into_force(self, change: Change, shipped: str, n_edits: int | None = None) -> None:
        """Make `to_version` the one in force instead of `from_version`, and log it, all or nothing.

        `shipped` is the version of the file, in force while no row is; `n_edits` is that of the row as it was judged.

        Raises:
            PromptConflictError: another version is in force by now, or `to_version` was edited or deleted meanwhile.
        """
        with self._database.connection() as connection:
            connection.execute(_ONE_AT_A_TIME)
            row = connection.execute(_IN_FORCE, {"name": change.name}).fetchone()
            current = str(row[0]) if row else shipped
            if current != change.from_version:
                raise PromptConflictError(
                    f"{current!r} of prompt {change.name!r} is in force by now, not {change.from_version!r};"
                    " look again before you change it"
                )
            _swap(connection, change, shipped, n_edits)

    def _write(self, statement: str, draft: PromptRow, parameters: Mapping[str, object]) -> None:
        with self._database.connection() as connection:
            if connection.execute(statement, parameters).rowcount == 1:
                return
        raise PromptConflictError(_told(draft, self.read(draft.name, draft.version)))


def _swap(connection: Connection, change: Change, shipped: str, n_edits: int | None) -> None:
    connection.execute(_TAKE_OUT, {"name": change.name})
    if change.to_version != shipped:
        parameters = {"name": change.name, "version": change.to_version, "n_edits": n_edits}
        if connection.execute(_PUT_IN, parameters).rowcount != 1:
            raise PromptConflictError(
                f"version {change.to_version!r} of prompt {change.name!r} was edited or deleted meanwhile;"
                " look at it again before you publish it"
            )
    logged = {
        "name": change.name, "kind": change.kind, "from": change.from_version, "to": change.to_version,
        "author": change.author, "note": change.note, "reasons": list(change.reasons), "run_id": change.run_id,
    }  # fmt: skip
    connection.execute(_LOG, logged)


def _told(draft: PromptRow, now: PromptRow | None) -> str:
    """Why a draft could not be written."""
    what = f"draft {draft.version!r} of prompt {draft.name!r}"
    if now is None:
        return f"{what} was deleted meanwhile; save yours as a new draft"
    if now.status != "draft":
        return f"{what} is {now.status} by now and stays as it is; save yours as a new draft"
    when = f"{now.edited_at:%H:%M}" if now.edited_at else "meanwhile"
    return f"{what} was changed by {now.edited_by!r} at {when}; take theirs, or save yours as a new draft"


def _parameters(row: PromptRow) -> dict[str, object]:
    return {
        "name": row.name, "version": row.version, "template": Jsonb(dict(row.template)),
        "variables": list(row.variables), "author": row.author, "note": row.note, "parent": row.parent,
        "n_edits": row.n_edits,
    }  # fmt: skip


def _row(row: tuple[Any, ...]) -> PromptRow:
    name, version, status, template, variables, *others = row
    return PromptRow(name, version, status, template, tuple(variables), *others)
