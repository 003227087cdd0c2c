"""Synthetic items in bulk: rows of one width, laid out by numpy as a binary COPY stream (PostgreSQL manual, COPY).

For measuring only. The databases they go into are made here and carry what is known about them as their comment.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray
from psycopg import sql

from env.database import Database, connect, prepare
from env.errors import DatabaseError
from env.postgres_server import PostgresServer
from tools.store_load import COUNT_WORDS

EMBEDDER = "synthetic"
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_TEXT_OID = 25
_COLUMNS = (
    "sku", "source", "title", "category", "category_path", "brand", "color", "gender", "availability", "currency",
    "price_cents", "embedding", "token_embeddings", "embedder", "content_hash",
)  # fmt: skip
_COPY = f"COPY items ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT BINARY)"


@dataclass(frozen=True, slots=True)
class SyntheticRows:
    """Items of equal width: every text column holds ASCII words of one length.

    `texts` maps a column to its values (n,), `paths` are the category paths (n, depth), `pooled` (n, 256) and
    `tokens` (n, n_tokens, 256) unit vectors.
    """

    texts: dict[str, NDArray[np.bytes_]]
    paths: NDArray[np.bytes_]
    price_cents: NDArray[np.int32]
    pooled: NDArray[np.float32]
    tokens: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on disk: the rows, their query-token vectors (TOAST), the vector index, and all other indexes."""

    rows: int
    tokens: int
    vector_index: int
    other_indexes: int


def scratch_database(server: PostgresServer, name: str) -> tuple[str, str]:
    """URL of the database `name`, and the note that a finished load left on it; without one it is new and empty."""
    with connect(server.url) as admin:
        row = admin.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if row is not None and row[0]:
            return server.database_url(name), row[0]
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = server.database_url(name)
    prepare(url)
    return url, ""


def note_loaded(database: Database, name: str, note: str) -> None:
    """Leave a note that the database `name` is complete, for `scratch_database`."""
    with database.connection() as connection:
        # A comment is a literal to Postgres, never a parameter.
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(note)))


def read_sizes(database: Database) -> Sizes:
    """What the catalogue takes."""
    with database.connection() as connection:
        row = connection.execute(
            """
            SELECT pg_relation_size('items'), pg_table_size('items') - pg_relation_size('items'),
                coalesce(pg_relation_size(to_regclass('items_embedding')), 0),
                pg_indexes_size('items') - coalesce(pg_relation_size(to_regclass('items_embedding')), 0)
            """
        ).fetchone()
    if row is None:
        raise DatabaseError("the database did not tell its sizes; try again")
    return Sizes(*map(int, row))


def exact_scan(database: Database, vector: NDArray[np.float32], top_k: int) -> list[str]:
    """The SKUs of the nearest rows to a unit vector (256,), every row compared: what an index is measured against."""
    with database.connection() as connection:
        connection.execute("SELECT set_config('enable_indexscan', 'off', true)")
        rows = connection.execute(
            "SELECT sku FROM items ORDER BY embedding <#> %(vector)s LIMIT %(top_k)s",
            {"vector": vector, "top_k": top_k},
        )
        return [sku for (sku,) in rows]


def copy_rows(database: Database, parts: Iterable[SyntheticRows]) -> int:
    """Add rows to an empty catalogue in one COPY and count their words; the number added. Their SKUs must be new."""
    n_rows = 0
    with database.connection() as connection, connection.cursor() as cursor:
        row = cursor.execute("SELECT 'halfvec'::regtype::oid::int").fetchone()
        with cursor.copy(_COPY) as copy:
            copy.write(_HEADER)
            for part in parts:
                copy.write(_records(part, row[0] if row else 0).tobytes())
                n_rows += len(part.pooled)
            copy.write(_TRAILER)
        cursor.execute(COUNT_WORDS)
    return n_rows


def _records(rows: SyntheticRows, halfvec_oid: int) -> NDArray[np.void]:
    """The rows as COPY wants them: (n,) records of length-prefixed big-endian fields in the order of _COLUMNS."""
    n_rows = len(rows.pooled)
    fields: dict[str, tuple[DTypeLike, object]] = {
        **{name: (values.dtype, values) for name, values in rows.texts.items()},
        "category_path": _array(_TEXT_OID, rows.paths.dtype, rows.paths),
        "price_cents": (">i4", rows.price_cents),
        "embedding": _vector(">f4", rows.pooled),
        "token_embeddings": _array(halfvec_oid, _vector(">f2", rows.tokens[0])[0], _vector(">f2", rows.tokens)[1]),
    }
    layout: list[tuple[str, DTypeLike]] = [("n_fields", ">i2")]
    for name in _COLUMNS:
        layout += [(f"{name}.size", ">i4"), (name, fields[name][0])]
    records = np.zeros(n_rows, np.dtype(layout))
    records["n_fields"] = len(_COLUMNS)
    for name in _COLUMNS:
        records[name] = fields[name][1]
        records[f"{name}.size"] = records.dtype[name].itemsize
    return records


def _vector(kind: str, values: NDArray[np.float32]) -> tuple[np.dtype, NDArray[np.void]]:
    """vector and halfvec as pgvector sends them: dimensions, a reserved zero, the numbers."""
    dim = values.shape[-1]
    sent = np.zeros(values.shape[:-1], [("dim", ">i2"), ("unused", ">i2"), ("numbers", kind, (dim,))])
    sent["dim"], sent["numbers"] = dim, values
    return sent.dtype, sent


def _array(oid: int, kind: np.dtype, values: NDArray[np.generic]) -> tuple[np.dtype, NDArray[np.void]]:
    """A one-dimensional Postgres array a row: dimensions, no NULLs, element type, length, lower bound, elements."""
    n_rows, length = values.shape
    element = [("size", ">i4"), ("value", kind)]
    head = [(name, ">i4") for name in ("n_dims", "has_null", "oid", "length", "lower")]
    sent = np.zeros(n_rows, [*head, ("elements", element, (length,))])
    sent["n_dims"], sent["oid"], sent["length"], sent["lower"] = 1, oid, length, 1
    sent["elements"]["size"], sent["elements"]["value"] = kind.itemsize, values
    return sent.dtype, sent
