"""Numbered SQL files that bring a database to the shape this code expects; forward only."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import psycopg

from env.errors import DatabaseError

MIGRATIONS_DIR = Path(__file__).resolve().parent / "migrations"
_LOCK_KEY = 0x56495452  # any fixed number: one migrating process at a time

_CREATE_TABLE = """
    CREATE TABLE IF NOT EXISTS schema_migrations (
        version     integer PRIMARY KEY,
        name        text NOT NULL,
        checksum    text NOT NULL,
        applied_at  timestamptz NOT NULL DEFAULT now()
    )
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: `0001_items.sql` has version 1. The checksum ignores how lines end."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path = MIGRATIONS_DIR) -> tuple[Migration, ...]:
    """The migrations of a folder in order.

    Raises:
        DatabaseError: a file name does not begin with four digits, or the numbers do not run 1, 2, 3, ...
    """
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        number = re.match(r"(\d{4})_", path.name)
        if number is None or int(number[1]) != len(found) + 1:
            raise DatabaseError(f"migration {path.name!r} should be named {len(found) + 1:04d}_<what>.sql")
        found.append(Migration(len(found) + 1, path.name, path.read_text(encoding="utf-8")))
    return tuple(found)


def migrate(connection: psycopg.Connection, folder: Path = MIGRATIONS_DIR) -> tuple[int, ...]:
    """Apply what is missing, each file in a transaction of its own; the versions applied now.

    `connection` must be in autocommit mode. Several processes may call this at once.

    Raises:
        DatabaseError: the database is newer than this code, an applied file was changed, or one fails.
    """
    known = read_migrations(folder)
    connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK_KEY])
    try:
        connection.execute(_CREATE_TABLE)
        rows = connection.execute("SELECT version, name, checksum FROM schema_migrations ORDER BY version").fetchall()
        for version, name, checksum in rows:
            _check_applied(known, version, name, checksum)
        missing = known[len(rows) :]
        for migration in missing:
            _apply(connection, migration)
        return tuple(migration.version for migration in missing)
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_KEY])


def _check_applied(known: tuple[Migration, ...], version: int, name: str, checksum: str) -> None:
    if version > len(known):
        raise DatabaseError(
            f"the database is at migration {name!r}, this code knows only {len(known)}; update the code"
        )
    if known[version - 1].checksum != checksum:
        raise DatabaseError(
            f"migration {known[version - 1].name!r} was changed after it ran; restore it and add a new file instead"
        )


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    try:
        with connection.transaction():
            connection.execute(migration.sql.encode())
            connection.execute(
                "INSERT INTO schema_migrations (version, name, checksum) VALUES (%s, %s, %s)",
                [migration.version, migration.name, migration.checksum],
            )
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseError(
            f"migration {migration.name!r} needs more rights: {error.diag.message_primary}; "
            "let an administrator run CREATE EXTENSION vector in this database, or make this user its owner"
        ) from error
    except psycopg.Error as error:
        reason = str(error).splitlines()[0]
        raise DatabaseError(f"migration {migration.name!r} failed and was undone: {reason}") from error
