"""Items with the vectors of their pictures, a page at a time: for whoever looks at all of the catalogue."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from psycopg.rows import dict_row

from env.database import Database
from tools.item import Item
from tools.store import read_item
from tools.store_sql import ITEM_COLUMNS

_AT_ONCE = 1_000
_COUNT = "SELECT count(*) FROM items WHERE image IS NOT NULL AND embedding IS NOT NULL AND embedder = %(embedder)s"
# A page begins after the last row of the one before, so that no transaction lasts as long as the whole.
_PAGE = f"""
    SELECT {ITEM_COLUMNS}, embedding FROM items
    WHERE sku > %(after)s AND image IS NOT NULL AND embedding IS NOT NULL AND embedder = %(embedder)s
    ORDER BY sku LIMIT %(limit)s
"""


def n_pictured(database: Database, embedder: str) -> int:
    """How many items have a picture with a vector of this embedder (its fingerprint)."""
    with database.connection() as connection:
        (n_items,) = connection.execute(_COUNT, {"embedder": embedder}).fetchone() or (0,)
    return int(n_items)


def pictured_items(database: Database, embedder: str) -> Iterator[list[tuple[Item, NDArray[np.float32]]]]:
    """Pages of those items with their pooled vectors (dim,), in SKU order."""
    after = ""
    while True:
        with database.connection() as connection, connection.cursor(row_factory=dict_row, binary=True) as cursor:
            rows = cursor.execute(_PAGE, {"after": after, "embedder": embedder, "limit": _AT_ONCE}).fetchall()
        if not rows:
            return
        vectors = [row.pop("embedding").to_numpy().astype(np.float32) for row in rows]
        yield list(zip(map(read_item, rows), vectors, strict=True))
        after = rows[-1]["sku"]
