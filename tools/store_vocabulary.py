"""What the catalogue holds as a whole: its version, its embedders, its words and prices."""

from collections.abc import Sequence

from env.database import Database
from tools import store_sql
from tools.query import FACETS
from tools.vocabulary import PriceRange, Vocabulary


def catalog_version(database: Database) -> int:
    """A number that grows with every change of the catalogue; cheap."""
    with database.connection() as connection:
        row = connection.execute(store_sql.VERSION).fetchone()
    return int(row[0]) if row else 0


def count_items(database: Database) -> int:
    """Number of items, with and without pictures."""
    with database.connection() as connection:
        row = connection.execute(store_sql.N_ITEMS).fetchone()
    return int(row[0]) if row else 0


def stored_embedders(database: Database) -> dict[str, int]:
    """Fingerprint of each embedder whose vectors are stored, and the number of items that carry them."""
    with database.connection() as connection:
        return {name: int(n_items) for name, n_items in connection.execute(store_sql.EMBEDDERS)}


def read_vocabulary(database: Database, hidden: Sequence[str] = ()) -> Vocabulary:
    """The vocabulary of all items but the hidden ones as of now, from one snapshot."""
    parameters = {"hidden": list(hidden)}
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    with database.connection() as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        n_items = sum(row[0] for row in connection.execute(store_sql.N_SHOWN, parameters))
        for facet, value, n_found in connection.execute(store_sql.FACET_COUNTS, parameters):
            counts[facet][value] = n_found
        prices = tuple(PriceRange(*row) for row in connection.execute(store_sql.PRICE_RANGES, parameters))
    return Vocabulary.of(n_items, counts, prices)
