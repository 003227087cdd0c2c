"""Near-duplicates without a group become one design: the same photo, or the same title and all but the same vector."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.rows import class_row

# Looked at side by side on 40 thousand real items: at 0.999 two plain ties or rings of one brand meet, at 0.9995 only
# photos that were saved twice.
NEAR_IDENTICAL = 0.9995
# A photo under more titles than these stands for a missing one.
_MOST_TITLES = 6
_BLOCK = 1_000

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('vitrine fold', 0))"

# What was written, what could be a duplicate of it, and the designs that either belongs to.
_AFFECTED = """
    WITH written AS MATERIALIZED (
        SELECT unfolded.sku, image, title_key, folded_into FROM unfolded LEFT JOIN items USING (sku)
    ), alike AS MATERIALIZED (
        SELECT sku, folded_into FROM written
        UNION SELECT items.sku, items.folded_into FROM items JOIN written USING (image) WHERE item_group_id IS NULL
        UNION SELECT items.sku, items.folded_into FROM items JOIN written USING (title_key) WHERE item_group_id IS NULL
    ), touched AS (
        SELECT sku FROM alike
        UNION SELECT items.sku FROM items JOIN (
            SELECT folded_into FROM alike UNION SELECT sku FROM alike
        ) AS standing (folded_into) USING (folded_into)
    )
    SELECT sku, coalesce(image, '') AS image, coalesce(title_key, '') AS title_key, category,
        coalesce(gender, '') AS gender, item_group_id IS NOT NULL AS has_group, folded_into,
        embedding IS NOT NULL AS is_seen
    FROM items JOIN touched USING (sku)
    ORDER BY sku
"""
_VECTORS = "SELECT sku, embedding FROM items WHERE sku = ANY (%(skus)s)"
# Locked in the order of their SKU, as a load does it, so that the two wait for each other and never deadlock.
_FOLD = """
    WITH changed AS MATERIALIZED (
        SELECT items.sku, given.stand_in FROM items
        JOIN unnest(%(skus)s::text[], %(stand_ins)s::text[]) AS given (sku, stand_in) USING (sku)
        ORDER BY items.sku FOR NO KEY UPDATE OF items
    )
    UPDATE items SET folded_into = stand_in FROM changed WHERE items.sku = changed.sku
"""


@dataclass(frozen=True, slots=True)
class Folded:
    """How many items were folded into how many designs, of those that were looked at."""

    n_items: int
    n_designs: int


@dataclass(frozen=True, slots=True)
class _Row:
    sku: str
    image: str
    title_key: str
    category: str
    gender: str
    has_group: bool
    folded_into: str | None
    is_seen: bool


def fold(connection: psycopg.Connection) -> Folded:
    """Fold what was written since the last time; all of it or, on any error, nothing. Seconds for 40 thousand items."""
    with connection.transaction():
        connection.execute(_LOCK)
        with connection.cursor(row_factory=class_row(_Row)) as cursor:
            rows = cursor.execute(_AFFECTED).fetchall()
        stand_ins = _stand_ins([row.sku for row in rows], _duplicates(connection, rows))
        changed = {row.sku: stand_ins.get(row.sku) for row in rows if stand_ins.get(row.sku) != row.folded_into}
        if changed:
            connection.execute(_FOLD, {"skus": list(changed), "stand_ins": list(changed.values())})
        connection.execute("DELETE FROM unfolded")
    return Folded(len(stand_ins), len(set(stand_ins.values())))


def _duplicates(connection: psycopg.Connection, rows: Sequence[_Row]) -> Iterator[tuple[str, str]]:
    """Pairs of SKUs that are one design. A merchant's own groups are left as they are."""
    lone = [row for row in rows if not row.has_group]
    for alike in _shared(lone, lambda row: row.image and (row.image, row.category, row.gender)):
        if len({row.title_key for row in alike}) <= _MOST_TITLES:
            yield from ((alike[0].sku, other.sku) for other in alike[1:])
    same_title = list(_shared([row for row in lone if row.is_seen], lambda row: row.title_key))
    for start in range(0, len(same_title), _BLOCK):
        yield from _same_vectors(connection, same_title[start : start + _BLOCK])


def _shared(rows: Iterable[_Row], key: Callable[[_Row], object]) -> Iterator[list[_Row]]:
    """The rows that share a key with others, in SKU order; an empty key is not shared."""
    by_key: dict[object, list[_Row]] = defaultdict(list)
    for row in rows:
        by_key[key(row)].append(row)
    return (alike for shared, alike in by_key.items() if shared and len(alike) > 1)


def _same_vectors(connection: psycopg.Connection, groups: Sequence[Sequence[_Row]]) -> Iterator[tuple[str, str]]:
    """Pairs of SKUs within a group with all but the same vector."""
    skus = [row.sku for group in groups for row in group]
    found = connection.cursor(binary=True).execute(_VECTORS, {"skus": skus})
    vector_of = {sku: vector.to_numpy() for sku, vector in found}
    for group in groups:
        vectors: NDArray[np.float32] = np.stack([vector_of[row.sku] for row in group])  # (n, dim)
        for start in range(0, len(group), _BLOCK):
            likeness = vectors[start : start + _BLOCK] @ vectors.T  # (n_block, n)
            for place, other in np.argwhere(likeness >= NEAR_IDENTICAL):
                if start + place < other:
                    yield group[start + place].sku, group[other].sku


def _stand_ins(skus: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The first SKU of each set of duplicates, for each of the set; an item without duplicates is left out."""
    parent = {sku: sku for sku in skus}

    def root(sku: str) -> str:
        while parent[sku] != sku:
            parent[sku] = parent[parent[sku]]
            sku = parent[sku]
        return sku

    for first, second in pairs:
        low, high = sorted((root(first), root(second)))
        parent[high] = low
    roots = {sku: root(sku) for sku in skus}
    shared = {stand_in for sku, stand_in in roots.items() if sku != stand_in}
    return {sku: stand_in for sku, stand_in in roots.items() if stand_in in shared}
