"""One item as its keeper sees it: where it came from, what stands near it, what happened to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import psycopg
from psycopg.rows import dict_row

from env.database import Database
from env.errors import CatalogError
from tools.item import Item
from tools.store import read_item
from tools.store_index import walk_settings
from tools.store_rank_sql import SET
from tools.store_sql import ITEM_COLUMNS

N_NEIGHBOURS = 12

_RECORD = f"""
    SELECT {ITEM_COLUMNS}, source, coalesce(embedder, '') AS embedder, created_at, updated_at, last_ingest, origins,
        design, coalesce(folded_into, '') AS folded_into
    FROM items WHERE sku = %(sku)s
"""
_NEIGHBOURS = f"""
    WITH probe AS MATERIALIZED (SELECT embedding AS wanted, design AS own, embedder AS made_by FROM items
        WHERE sku = %(sku)s AND embedding IS NOT NULL),
    near AS MATERIALIZED (
        SELECT sku AS near_sku, embedding <#> (SELECT wanted FROM probe) AS distance FROM items
        WHERE embedding IS NOT NULL AND sku <> %(sku)s
        ORDER BY embedding <#> (SELECT wanted FROM probe) LIMIT %(limit)s
    )
    SELECT -distance AS score, design = own AS is_variant, {ITEM_COLUMNS}
    FROM near JOIN items ON sku = near_sku CROSS JOIN probe WHERE embedder = made_by
    ORDER BY distance, sku
"""
_DUPLICATES = f"SELECT {ITEM_COLUMNS} FROM items WHERE folded_into = %(into)s AND sku <> %(sku)s ORDER BY sku LIMIT 50"
_HISTORY = f"""
    SELECT ingest_id, what, ingests.actor, ingests.kind, ingests.started_at, item_copies.last_ingest AS copied_last,
        {ITEM_COLUMNS.replace("sku,", "item_copies.sku,", 1)}, item_copies.source AS copied_source
    FROM item_copies JOIN ingests ON ingests.id = ingest_id
    WHERE item_copies.sku = %(sku)s ORDER BY ingest_id DESC
"""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An item near another by its vector. `score` is their cosine similarity; a variant is of the same design."""

    item: Item
    score: float
    is_variant: bool


@dataclass(frozen=True, slots=True)
class Past:
    """What one run did to an item. `before` is None where the run added it or brought it back."""

    run: int
    actor: str
    kind: str
    started_at: datetime
    what: Literal["new", "changed", "removed"]
    before: Item | None
    source_before: str


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """Everything stored about an item. `origins` is None where nobody noted where its values came from."""

    item: Item
    source: str
    embedder: str
    created_at: datetime
    updated_at: datetime
    last_ingest: int | None
    origins: Mapping[str, str] | None
    folded_into: str
    duplicates: tuple[Item, ...]
    neighbours: tuple[Neighbour, ...]


def read_record(database: Database, sku: str, n_items: int) -> ItemRecord | None:
    """The record of an item; None where the catalogue does not hold it (any more)."""
    with database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(_RECORD, {"sku": sku}).fetchone()
        if row is None:
            return None
        row.pop("design")
        told = {name: row.pop(name) for name in ("source", "embedder", "created_at", "updated_at", "last_ingest")}
        told |= {"origins": row.pop("origins"), "folded_into": row.pop("folded_into")}
        duplicates = cursor.execute(_DUPLICATES, {"into": told["folded_into"] or sku, "sku": sku}).fetchall()
        return ItemRecord(
            item=read_item(row),
            duplicates=tuple(map(read_item, duplicates)),
            neighbours=_neighbours(connection, sku, n_items),
            **told,
        )


def read_history(database: Database, sku: str) -> tuple[Past, ...]:
    """What the runs whose rows are kept did to an item, newest first."""
    with database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        return tuple(_past(row) for row in cursor.execute(_HISTORY, {"sku": sku}).fetchall())


def last_known(history: Sequence[Past], sku: str) -> Item:
    """How an item looked that is no longer there.

    Raises:
        CatalogError: nothing is known of it.
    """
    found = next((past.before for past in history if past.before is not None), None)
    if found is None:
        raise CatalogError(f"no item has the SKU {sku!r}, and no kept run knew one")
    return found


def _neighbours(connection: psycopg.Connection, sku: str, n_items: int) -> tuple[Neighbour, ...]:
    settings = walk_settings(n_items)
    connection.execute(SET, {"names": list(settings), "values": list(settings.values())})
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_NEIGHBOURS, {"sku": sku, "limit": N_NEIGHBOURS}).fetchall()
    near = []
    for row in rows:
        score, is_variant = float(row.pop("score")), bool(row.pop("is_variant"))
        near.append(Neighbour(read_item(row), score, is_variant))
    return tuple(near)


def _past(row: dict[str, object]) -> Past:
    row.pop("copied_last")
    run, what, actor, kind, started_at, source = (
        row.pop(name) for name in ("ingest_id", "what", "actor", "kind", "started_at", "copied_source")
    )
    before = None if what == "new" else read_item(row)
    return Past(run, actor, kind, started_at, what, before, str(source or ""))  # type: ignore[arg-type]
