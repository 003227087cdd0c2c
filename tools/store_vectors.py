"""The stored vectors themselves: all at once for whoever measures them, or those of some items."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from env.database import Database

_PAGE = 1_000
_VECTORS = """
    SELECT sku, embedding, token_embeddings FROM items
    WHERE embedding IS NOT NULL AND token_embeddings IS NOT NULL
    ORDER BY sku
"""
_POOLED = "SELECT sku, embedding FROM items WHERE sku = ANY (%(skus)s) AND embedding IS NOT NULL"


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """Of each item with a picture, in SKU order: `pooled` (n, dim) and `tokens` (n, n_query_tokens, dim), float32."""

    skus: tuple[str, ...]
    pooled: NDArray[np.float32]
    tokens: NDArray[np.float32]


def read_vectors(database: Database) -> StoredVectors:
    """Every stored vector; about 10 KB an item in memory. Without any the arrays are of shape (0, 0) and (0, 0, 0)."""
    skus: list[str] = []
    pooled: list[NDArray[np.float32]] = []
    tokens: list[NDArray[np.float32]] = []
    with (
        database.connection() as connection,
        connection.cursor("vectors", binary=True) as cursor,
    ):
        cursor.itersize = _PAGE
        for sku, vector, halves in cursor.execute(_VECTORS):
            skus.append(sku)
            pooled.append(vector.to_numpy().astype(np.float32))
            tokens.append(np.stack([half.to_numpy() for half in halves]).astype(np.float32))
    if not skus:
        return StoredVectors((), np.zeros((0, 0), np.float32), np.zeros((0, 0, 0), np.float32))
    return StoredVectors(tuple(skus), np.stack(pooled), np.stack(tokens))


def read_pooled(database: Database, skus: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """The pooled vector (256,) of each of these items that has one."""
    with database.connection() as connection:
        rows = connection.execute(_POOLED, {"skus": list(skus)}).fetchall()
    return {sku: vector.to_numpy().astype(np.float32) for sku, vector in rows}
