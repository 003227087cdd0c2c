"""Loading the catalogue: items with their vectors go in by COPY and replace what they differ from."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import psycopg
from numpy.typing import NDArray
from pgvector import HalfVector, Vector
from pgvector.psycopg import register_vector
from psycopg.types.json import Jsonb

from env.database import Database, connect
from env.errors import CatalogError, DatabaseError
from tools.item import Item
from tools.store_copies import drop_outdated_copies, keep_changed, keep_removed
from tools.store_fold import Folded, fold
from tools.store_ingests import IngestRun, RunEnd, RunStart, begin_run, count_rows, end_run
from tools.store_load_sql import COPY, CREATE, TYPES, UPSERT
from tools.store_undo import Undone, undo_rows
from tools.title_key import title_key

_PAGE = 10_000

# Rows to be looked at when near-duplicates are folded; see `finish`.
_TO_FOLD = "INSERT INTO unfolded SELECT sku FROM incoming ON CONFLICT DO NOTHING"
_TO_FOLD_THESE = "INSERT INTO unfolded SELECT unnest(%(skus)s::text[]) ON CONFLICT DO NOTHING"
_HAS_UNFOLDED = "SELECT EXISTS (SELECT FROM unfolded)"
# In how many items each word occurs, for all who search from now on. Not by ts_stat: its tree degenerates where words
# come in order, as numbers in titles do (44 thousand items: 21 s instead of 0.4).
COUNT_WORDS = """
    WITH counted AS MATERIALIZED (
        SELECT word, count(*) AS n_items FROM items CROSS JOIN LATERAL unnest(tsvector_to_array(words)) AS said (word)
        GROUP BY word
    ), gone AS (
        DELETE FROM lexemes WHERE lexeme NOT IN (SELECT word FROM counted)
    ), told AS (
        UPDATE catalog_version SET version = version + 1
    )
    INSERT INTO lexemes SELECT word, n_items FROM counted
    ON CONFLICT (lexeme) DO UPDATE SET n_items = excluded.n_items WHERE lexemes.n_items <> excluded.n_items
"""


@dataclass(frozen=True, slots=True)
class StoredState:
    """What tells whether a stored row is up to date. `image` is its picture's name in the picture store."""

    content_hash: str
    embedder: str
    source: str
    image: str


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One item to store, with its unit vectors: `pooled` (dim,) and `tokens` (n_tokens, dim), float32.

    `origins` says of each field that is not simply the feed's where its value came from; None where nobody knows.
    """

    item: Item
    content_hash: str
    pooled: NDArray[np.float32]
    tokens: NDArray[np.float32]
    origins: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows a write added and how many it replaced."""

    n_new: int
    n_changed: int


@dataclass(frozen=True, slots=True)
class StalePicture:
    """An item whose vectors come from another embedder; `image` is "" where it has no picture."""

    sku: str
    image: str


class Loader:
    """One source's way into the catalogue. Every write is one transaction; see `open_loader`.

    Between `begin` and `end` it writes as a run, which keeps what it replaces or removes; else it keeps nothing.
    """

    def __init__(self, connection: psycopg.Connection, source: str) -> None:
        self._connection = connection
        self._source = source
        self._has_deleted = False
        self._run: int | None = None

    def begin(self, start: RunStart) -> int:
        """Write as a run from now on; its number."""
        self._run = begin_run(self._connection, start)
        return self._run

    def end(self, end: RunEnd) -> None:
        """Note how the run ended, and drop the copies that nobody will undo with any more."""
        if self._run is not None:
            end_run(self._connection, self._run, end)
            drop_outdated_copies(self._connection)
        self._run = None

    def states(self, skus: Sequence[str]) -> Mapping[str, StoredState]:
        """The state of those of the given SKUs that are stored, whatever their source."""
        rows = self._connection.execute(
            """
            SELECT sku, content_hash, coalesce(embedder, ''), source, coalesce(image, '')
            FROM items WHERE sku = ANY(%(skus)s)
            """,
            {"skus": list(skus)},
        )
        return {
            sku: StoredState(content_hash, embedder, source, image)
            for sku, content_hash, embedder, source, image in rows
        }

    def write(self, rows: Sequence[LoadRow], embedder: str) -> Written:
        """Add or replace items, on any error none of them. Their SKUs must differ; empty input writes nothing."""
        if not rows:
            return Written(0, 0)
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("TRUNCATE incoming")
            with cursor.copy(COPY) as copy:
                copy.set_types(TYPES)
                for row in rows:
                    copy.write_row(_values(row, self._source, embedder, self._run))
            if self._run is not None:
                keep_changed(self._connection, self._run, [row.item.sku for row in rows])
            is_new = [new for (new,) in cursor.execute(UPSERT)]
            cursor.execute(_TO_FOLD)
            written = Written(sum(is_new), len(is_new) - sum(is_new))
            if self._run is not None:
                count_rows(self._connection, self._run, new=written.n_new, changed=written.n_changed)
        return written

    def skus(self) -> Iterator[str]:
        """Every SKU of this source in order, a page at a time."""
        after = ""
        while True:
            page = self._connection.execute(
                "SELECT sku FROM items WHERE source = %(source)s AND sku > %(after)s ORDER BY sku LIMIT %(page)s",
                {"source": self._source, "after": after, "page": _PAGE},
            ).fetchall()
            if not page:
                return
            yield from (sku for (sku,) in page)
            after = page[-1][0]

    def delete(self, skus: Sequence[str]) -> int:
        """Remove items of this source; the number removed."""
        with self._connection.transaction():
            if self._run is not None:
                keep_removed(self._connection, self._run, self._source, skus)
            done = self._connection.execute(
                "DELETE FROM items WHERE source = %(source)s AND sku = ANY(%(skus)s)",
                {"source": self._source, "skus": list(skus)},
            )
            if self._run is not None:
                count_rows(self._connection, self._run, removed=done.rowcount)
        self._has_deleted = self._has_deleted or done.rowcount > 0
        return done.rowcount

    def finish(self) -> Folded:
        """After the last write: fold near-duplicates, count words, and tell the planner what the table holds now.

        Seconds for 40 thousand items; nothing where nothing changed. What a killed run left is done by the next one.
        """
        row = self._connection.execute(_HAS_UNFOLDED).fetchone()
        if not self._has_deleted and not (row and row[0]):
            return Folded(0, 0)
        folded = fold(self._connection)
        self._connection.execute(COUNT_WORDS)
        # Also marks the pages that all may see: without that no rows can be counted in an index alone.
        self._connection.execute("VACUUM (ANALYZE) items")
        self._has_deleted = False
        return folded

    def undo(self, run: IngestRun, undo: int, embedder: str) -> Undone:
        """Take back what a run of this source did; see tools/store_undo.py."""
        undone = undo_rows(self._connection, run, undo, embedder)
        self._has_deleted = self._has_deleted or undone.n_taken_out > 0
        return undone

    def n_stale(self, embedder: str) -> int:
        """How many items, of any source, carry vectors of another embedder than the given one."""
        row = self._connection.execute(
            "SELECT count(*) FROM items WHERE embedder <> %(embedder)s", {"embedder": embedder}
        ).fetchone()
        return int(row[0]) if row else 0

    def stale_pictures(self, embedder: str, after: str, limit: int) -> tuple[StalePicture, ...]:
        """The next items after SKU `after`, of any source, that lack vectors of the given embedder."""
        rows = self._connection.execute(
            """
            SELECT sku, coalesce(image, '') FROM items
            WHERE embedder IS DISTINCT FROM %(embedder)s AND sku > %(after)s
            ORDER BY sku LIMIT %(limit)s
            """,
            {"embedder": embedder, "after": after, "limit": limit},
        )
        return tuple(StalePicture(sku, image) for sku, image in rows)

    def set_vectors(
        self, skus: Sequence[str], pooled: NDArray[np.float32], tokens: NDArray[np.float32], embedder: str
    ) -> None:
        """Replace items' vectors in one transaction: `pooled` (n_items, dim), `tokens` (n_items, n_tokens, dim)."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(
                """
                UPDATE items SET embedding = %(pooled)s, token_embeddings = %(tokens)s::halfvec[],
                                 embedder = %(embedder)s, updated_at = now()
                WHERE sku = %(sku)s
                """,
                [
                    {"sku": sku, "pooled": Vector(vector), "tokens": _halves(matrix), "embedder": embedder}
                    for sku, vector, matrix in zip(skus, pooled, tokens, strict=True)
                ],
            )
            cursor.execute(_TO_FOLD_THESE, {"skus": list(skus)})

    def drop_vectors(self, skus: Sequence[str]) -> None:
        """Take the vectors away from items whose picture is gone: they can be filtered still, not compared."""
        self._connection.execute(
            """
            UPDATE items SET embedding = NULL, token_embeddings = NULL, embedder = NULL, updated_at = now()
            WHERE sku = ANY(%(skus)s) AND embedder IS NOT NULL
            """,
            {"skus": list(skus)},
        )


@contextmanager
def open_loader(database: Database, source: str) -> Iterator[Loader]:
    """A loader for one source, alone: the lock goes with the connection, also after kill -9.

    Raises:
        CatalogError: another load of this source is at work.
        DatabaseError: the database cannot be reached (any more), or refuses what was sent.
    """
    with connect(database.url) as connection:
        _lock(connection, source)
        register_vector(connection)
        connection.execute(CREATE)
        try:
            yield Loader(connection, source)
        except psycopg.Error as error:
            raise DatabaseError(f"the catalogue could not be written: {str(error).splitlines()[0]}") from error


def _lock(connection: psycopg.Connection, source: str) -> None:
    # The server needs a moment to notice that the client which held the lock was killed.
    connection.execute("SET lock_timeout = '3s'")
    try:
        connection.execute(
            "SELECT pg_advisory_lock(hashtextextended('vitrine ingest ' || %(source)s, 0))", {"source": source}
        )
    except psycopg.errors.LockNotAvailable as error:
        raise CatalogError(f"another ingest of {source!r} is at work; wait for it to end, or stop it") from error
    connection.execute("RESET lock_timeout")


def sources(database: Database) -> tuple[str, ...]:
    """The sources that items came from, in order."""
    with database.connection() as connection:
        return tuple(source for (source,) in connection.execute("SELECT DISTINCT source FROM items ORDER BY source"))


def _values(row: LoadRow, source: str, embedder: str, run: int | None) -> tuple[object, ...]:
    item = row.item
    return (
        item.sku, source, item.item_group_id or None, item.title, item.description or None, item.category,
        list(item.category_path), item.product_type or None, item.google_product_category or None, item.link or None,
        item.image_link or None, item.image or None, item.brand or None, item.gender or None, item.age_group or None,
        item.colour or None, item.material or None, item.pattern or None, item.usage or None, item.season or None,
        Jsonb(dict(item.sizes), dumps=_dump_json), item.price_cents, item.sale_price_cents,
        item.currency or None, item.availability or None, item.rating, item.n_ratings, Vector(row.pooled),
        _halves(row.tokens), embedder, row.content_hash, title_key(item) or None,
        run, None if row.origins is None else Jsonb(dict(row.origins)),
    )  # fmt: skip


def _halves(tokens: NDArray[np.float32]) -> list[HalfVector]:
    return [HalfVector(token) for token in tokens]


def _dump_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
