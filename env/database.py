"""The database: embedded or any Postgres with pgvector, migrated, behind one connection pool."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psycopg
from pgvector.psycopg import register_vector
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool, PoolTimeout

from env.errors import DatabaseError
from env.migrate import migrate
from env.postgres_server import PostgresServer, start_postgres
from env.settings import Settings

MIN_PGVECTOR = (0, 8)
_CONNECT_TIMEOUT_S = 10
_POOL_SIZE = 8

# A prepared statement is planned anew for the filters it really has: a generic plan for "any of these limits may be
# absent" would scan the whole table.
_OWN_PLANS = "SET plan_cache_mode = force_custom_plan"


class Database:
    """An open, migrated database. `pool` gives psycopg connections that know vector and halfvec."""

    def __init__(self, url: str, server: PostgresServer | None = None) -> None:
        self.url = url
        self._server = server
        self.pool = ConnectionPool(
            url,
            kwargs={"connect_timeout": _CONNECT_TIMEOUT_S},
            min_size=1,
            max_size=_POOL_SIZE,
            timeout=_CONNECT_TIMEOUT_S,
            configure=_configure,
            check=ConnectionPool.check_connection,
            open=True,
        )

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """A connection in a transaction: committed at the end, rolled back on any error.

        Raises:
            DatabaseError: the database cannot be reached (any more), or refuses what was sent.
        """
        try:
            with self.pool.connection() as connection:
                yield connection
        except PoolTimeout as error:
            raise DatabaseError(f"the database at {where(self.url)} does not answer; is it running?") from error
        except psycopg.OperationalError as error:
            raise DatabaseError(f"lost the database at {where(self.url)}: {_first_line(error)}; try again") from error
        except psycopg.Error as error:
            raise DatabaseError(f"the database refused a statement: {_first_line(error)}") from error

    def close(self) -> None:
        """Close the pool, and give back the embedded server if there is one. Safe to call twice."""
        self.pool.close()
        if self._server is not None:
            self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _configure(connection: psycopg.Connection) -> None:
    register_vector(connection)
    connection.execute(_OWN_PLANS)
    connection.commit()


def open_database(settings: Settings) -> Database:
    """Open the database of the settings: DATABASE_URL, or the embedded Postgres of DATA_DIR; then migrate it.

    Raises:
        DatabaseError: it cannot be started, reached, or used; the text says why and never holds a password.
    """
    url = settings.database_url.get_secret_value()
    if url:
        prepare(url)
        return Database(url)
    server = start_postgres(settings.data_dir, settings.postgres_memory_mb)
    try:
        prepare(server.url)
        return Database(server.url, server)
    except BaseException:
        server.close()
        raise


def prepare(url: str) -> tuple[int, ...]:
    """Check that the database at `url` can serve the shop and bring it to the present shape; migrations applied."""
    try:
        with connect(url) as connection:
            _check_pgvector(connection, url)
            return migrate(connection)
    except psycopg.Error as error:
        raise DatabaseError(f"cannot prepare the database at {where(url)}: {_first_line(error)}") from error


def connect(url: str) -> psycopg.Connection:
    """One connection in autocommit mode.

    Raises:
        DatabaseError: no server answers there, or it refuses the user, the password or the database.
    """
    try:
        return psycopg.connect(url, autocommit=True, prepare_threshold=None, connect_timeout=_CONNECT_TIMEOUT_S)
    except psycopg.ProgrammingError:
        # The text quotes the whole URL, password included: it must not travel on, not even as the cause.
        raise DatabaseError(
            "DATABASE_URL cannot be read; write it as postgresql://user:password@host:5432/database"
        ) from None
    except psycopg.OperationalError as error:
        raise DatabaseError(_explain_refusal(url, str(error))) from error


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What is behind a connection, for `python -m env check`. `embedders` maps fingerprint to number of items."""

    server_version: str
    pgvector_version: str
    n_migrations: int
    n_items: int
    embedders: Mapping[str, int]


def describe(database: Database) -> DatabaseFacts:
    """Versions and contents of an open database."""
    with database.connection() as connection:
        row = connection.execute(
            """
            SELECT current_setting('server_version'), extversion,
                (SELECT count(*) FROM schema_migrations), (SELECT count(*) FROM items)
            FROM pg_extension WHERE extname = 'vector'
            """
        ).fetchone()
        embedders = connection.execute(
            "SELECT embedder, count(*) FROM items WHERE embedder IS NOT NULL GROUP BY embedder ORDER BY embedder"
        ).fetchall()
    if row is None:
        raise DatabaseError(
            f"the database at {where(database.url)} has lost pgvector; run CREATE EXTENSION vector in it"
        )
    server, pgvector, n_migrations, n_items = row
    return DatabaseFacts(server, pgvector, n_migrations, n_items, dict(embedders))


def where(url: str) -> str:
    """Server and database of a URL, for people: never its password."""
    parts = conninfo_to_dict(url)
    return repr(f"{parts.get('host') or 'localhost'}:{parts.get('port') or 5432}/{parts.get('dbname') or ''}")


def _explain_refusal(url: str, said: str) -> str:
    reasons = {
        "password authentication failed": "it refuses the user or the password; check DATABASE_URL",
        "no password supplied": "it wants a password; add it to DATABASE_URL",
        "does not exist": "that database or user does not exist there; create it or correct DATABASE_URL",
        "could not translate host name": "the host name is unknown; correct DATABASE_URL",
        "failed to resolve host": "the host name is unknown; correct DATABASE_URL",
        "too many clients": "all its connections are taken; close some or raise max_connections",
    }
    for mark, reason in reasons.items():
        if mark in said:
            return f"cannot use the database at {where(url)}: {reason}"
    return f"no database answers at {where(url)}; start it or correct DATABASE_URL ({said.splitlines()[0]})"


def _check_pgvector(connection: psycopg.Connection, url: str) -> None:
    row = connection.execute(
        "SELECT default_version, installed_version FROM pg_available_extensions WHERE name = 'vector'"
    ).fetchone()
    if row is None:
        raise DatabaseError(
            f"Postgres at {where(url)} has no pgvector; install it there (package postgresql-<version>-pgvector) "
            "or use the image pgvector/pgvector"
        )
    offered, installed = row
    wanted = ".".join(map(str, MIN_PGVECTOR))
    if _version(offered) < MIN_PGVECTOR:
        raise DatabaseError(f"Postgres at {where(url)} offers pgvector {offered}; update it to {wanted} or newer")
    if installed is not None and _version(installed) < MIN_PGVECTOR:
        raise DatabaseError(
            f"the database at {where(url)} uses pgvector {installed}, {wanted} or newer is needed; "
            "run ALTER EXTENSION vector UPDATE in it"
        )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
