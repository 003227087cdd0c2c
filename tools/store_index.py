"""The HNSW index over the pooled vectors: how it is built and how far it is walked, by the size of the catalogue."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

import psycopg

from env.database import Database, connect
from env.errors import CatalogError, DatabaseError

# The steps of a growing catalogue: a walk looks at more of a larger graph to find the same share of the true
# neighbours, and a very large one is built with more links. docs/operations.md holds the figures.
_MEDIUM = 100_000
_LARGE = 500_000
_VERY_LARGE = 2_000_000

# The number names only: values of an index's options and of SET cannot be parameters.
_BUILD = """
    CREATE INDEX CONCURRENTLY items_embedding_new ON items USING hnsw (embedding vector_ip_ops)
    WITH (m = {m}, ef_construction = {ef_construction})
"""
_SWAP = """
    DROP INDEX IF EXISTS items_embedding;
    ALTER INDEX items_embedding_new RENAME TO items_embedding;
"""
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('vitrine reindex', 0))"
_N_EMBEDDED = "SELECT count(*) FROM items WHERE embedding IS NOT NULL"


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """How a graph is built: links of a row in each layer (twice that in the lowest), and rows looked at for each."""

    m: int
    ef_construction: int


@dataclass(frozen=True, slots=True)
class Built:
    """What a rebuild made, of how many rows, in what time."""

    plan: IndexPlan
    n_rows: int
    size_bytes: int
    seconds: float


def index_plan(n_rows: int) -> IndexPlan:
    """How to build the index of so many rows."""
    return IndexPlan(16, 100) if n_rows <= _VERY_LARGE else IndexPlan(24, 160)


def walk_settings(n_rows: int) -> Mapping[str, str]:
    """The settings of one search that walks the index of so many rows: names and values for `set_config`.

    The order may be relaxed, as candidates are sorted by their exact distance afterwards.
    """
    ef_search = 200 if n_rows <= _MEDIUM else 300 if n_rows <= _LARGE else 400
    return {
        "hnsw.iterative_scan": "relaxed_order",
        "hnsw.ef_search": str(ef_search),
        "hnsw.max_scan_tuples": "100000",
        "hnsw.scan_mem_multiplier": "4",
    }


def build_memory_mb(n_rows: int, plan: IndexPlan) -> int:
    """Memory the graph of so many rows takes while it is built; with less Postgres builds it many times slower.

    A vector's 4 bytes a number, 16 bytes a link of which the lowest layer has twice m, and pgvector's own record.
    """
    row_bytes = 4 * 256 + 16 * 2 * plan.m + 160
    return 64 + n_rows * row_bytes * 5 // 4 // 2**20


def rebuild_index(
    database: Database, plan: IndexPlan | None = None, memory_mb: int = 4096, n_workers: int = 1
) -> Built:
    """Build the index anew beside the old one, which serves searches until it is replaced; writes go on as well.

    For after a bulk load and when the catalogue has outgrown the plan it was built with. `plan` is `index_plan` of
    the number of items if not given. It takes as much memory as the graph needs, at most `memory_mb`, and `n_workers`
    processes beside its own.

    Raises:
        CatalogError: another rebuild is at work.
        DatabaseError: the database cannot be reached, or refuses; the old index is as it was.
    """
    with connect(database.url) as connection:
        try:
            row = connection.execute(_LOCK).fetchone()
            if row is None or not row[0]:
                raise CatalogError("the index is being rebuilt already; wait for that to end")
            return _rebuild(connection, plan, memory_mb, n_workers)
        except psycopg.Error as error:
            raise DatabaseError(f"the index could not be rebuilt: {str(error).splitlines()[0]}") from error


def _rebuild(connection: psycopg.Connection, plan: IndexPlan | None, memory_mb: int, n_workers: int) -> Built:
    begun = time.monotonic()
    n_rows = _number(connection, _N_EMBEDDED)
    plan = plan or index_plan(n_rows)
    connection.execute("DROP INDEX IF EXISTS items_embedding_new")  # what a killed rebuild left
    wanted = {
        "maintenance_work_mem": f"{min(memory_mb, build_memory_mb(n_rows, plan))}MB",
        "max_parallel_maintenance_workers": str(n_workers),
    }
    for name, value in wanted.items():
        connection.execute("SELECT set_config(%s, %s, false)", [name, value])
    connection.execute(_BUILD.format(m=plan.m, ef_construction=plan.ef_construction).encode())
    with connection.transaction():
        connection.execute(_SWAP)
    # Fresh statistics for the planner, and the map of rows visible to all that index-only scans need.
    connection.execute("VACUUM (ANALYZE) items")
    size_bytes = _number(connection, "SELECT pg_relation_size('items_embedding')")
    return Built(plan, n_rows, size_bytes, time.monotonic() - begun)


def drop_index(database: Database) -> None:
    """Drop the index before a bulk load into an empty catalogue; searches compare all rows until `rebuild_index`."""
    with database.connection() as connection:
        connection.execute("DROP INDEX IF EXISTS items_embedding")


def prewarm(database: Database) -> None:
    """Read the table and its indexes into the server's memory after a restart; the vector index last, to stay there.

    Raises:
        DatabaseError: the server has no extension pg_prewarm, or this user may not create it.
    """
    with database.connection() as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        connection.execute("SELECT pg_prewarm('items')")
        connection.execute(
            """
            SELECT pg_prewarm(indexrelid) FROM pg_index WHERE indrelid = 'items'::regclass
            ORDER BY indexrelid = to_regclass('items_embedding')
            """
        )


def _number(connection: psycopg.Connection, query: LiteralString) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
