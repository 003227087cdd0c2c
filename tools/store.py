"""Reading the catalogue: filtered, best first or sorted, one hit a design."""

from collections.abc import Mapping, Sequence

import numpy as np
import psycopg
from psycopg.rows import dict_row, kwargs_row

from env.database import Database
from env.errors import CatalogError
from tools import store_rank_sql, store_sql
from tools.item import Item
from tools.likeness import N_VOTERS
from tools.query import Filters, Hit, Sort
from tools.sizes import size_order
from tools.store_count import RowCounts
from tools.store_filters import Parameters, filter_parameters
from tools.store_index import walk_settings
from tools.store_lexicon import Lexicon
from tools.store_plan import N_CANDIDATES, N_CANDIDATES_BY_KIND, Plan, choose_plan
from tools.store_probe import Probe, Vector

__all__ = ["Probe", "Store", "Vector"]

_MOST_VARIANTS = 24
_ROWS_A_DESIGN = 30
_MOST_ROWS = 10**9


class Store:
    """The catalogue's rows as Items and Hits. All filters apply before any cut; ties are broken by sku."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts = RowCounts()
        self._lexicon = Lexicon()

    def count(self, filters: Filters) -> int:
        """Number of rows that pass."""
        with self._database.connection() as connection:
            return self._counts.count(connection, filters)

    def nearest(self, probe: Probe, filters: Filters, top_k: int, n_matching: int) -> list[Hit]:
        """The `top_k` designs that fit the probe best, best first, each by its best item; all there are if fewer.

        `n_matching` is `count(filters)`: it decides between comparing all and walking the index.
        """
        n_candidates = max(N_CANDIDATES_BY_KIND if probe.kinds else N_CANDIDATES, 4 * top_k)
        with self._database.connection() as connection:
            n_items = self._counts.count(connection, Filters())
            parameters = filter_parameters(filters) | probe.parameters() | {"top_k": top_k}
            parameters |= self._lexicon.parameters(connection, probe.words, probe.parts == ("text",))
            while True:
                plan = choose_plan(n_matching, n_candidates)
                settings = walk_settings(n_items) if plan == "walk" else {}
                parameters |= {
                    "n_candidates": n_candidates,
                    "n_near": n_candidates if "vector" in probe.parts else 0,
                }
                hits = _ranked(connection, parameters, plan, settings)
                is_all = plan == "exact" and n_candidates >= n_matching
                if len(hits) >= top_k or is_all:
                    return hits
                n_candidates *= 10  # many candidates fell into few designs, or the index walk ended early

    def kinds_near(self, photo_vector: Vector) -> list[tuple[str, float]]:
        """The categories of the 48 designs nearest to a photo's pooled vector (256,), each with its cosine to it."""
        with self._database.connection() as connection:
            _set(connection, walk_settings(self._counts.count(connection, Filters())))
            parameters = {"photo": photo_vector, "n_near": 4 * N_VOTERS, "n_voters": N_VOTERS}
            return [(kind, likeness) for kind, likeness in connection.execute(store_rank_sql.KINDS_NEAR, parameters)]

    def sorted_by(
        self, sort: Sort, filters: Filters, top_k: int, currency: str, only_skus: Sequence[str] | None = None
    ) -> list[Hit]:
        """The first `top_k` designs in price, rating or date order; unknown values last, other currencies after ours.

        "relevance" means rating here: without a probe nothing else is known. `only_skus` narrows to those rows.
        """
        parameters = filter_parameters(filters, only_skus) | {"sort": sort, "top_k": top_k, "currency": currency}
        statement = store_sql.limited(store_sql.SORTED, parameters)
        n_rows = _ROWS_A_DESIGN * top_k
        with self._database.connection() as connection, connection.cursor(row_factory=kwargs_row(_hit)) as cursor:
            while True:
                hits = cursor.execute(statement, parameters | {"n_rows": n_rows}).fetchall()
                if len(hits) >= top_k or n_rows >= _MOST_ROWS:
                    return hits
                n_rows *= 100  # few designs of many variants, or few rows altogether

    def items(self, skus: Sequence[str]) -> list[Item]:
        """The items of these SKUs in the order asked; a SKU that is not in the catalogue is left out."""
        with self._database.connection() as connection, connection.cursor(row_factory=kwargs_row(_item)) as cursor:
            found = {item.sku: item for item in cursor.execute(store_sql.ITEMS, {"skus": list(skus)})}
        return [found[sku] for sku in skus if sku in found]

    def variants(self, skus: Sequence[str], filters: Filters) -> dict[str, list[Item]]:
        """For each SKU the items of its design that pass, by SKU, at most 24; itself is among them if it passes."""
        by_sku: dict[str, list[Item]] = {sku: [] for sku in skus}
        parameters = filter_parameters(filters) | {"skus": list(by_sku), "most": _MOST_VARIANTS}
        with self._database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            for row in cursor.execute(store_sql.limited(store_sql.VARIANTS, parameters), parameters):
                by_sku[row.pop("asked_sku")].append(_item(**row))
        return by_sku

    def vectors_and_design(self, sku: str) -> tuple[Vector, Vector, tuple[str, ...]]:
        """An item's pooled vector (256,), its query tokens (n_tokens, 256), and the SKUs of its design, its own too.

        Raises:
            CatalogError: there is no such item, or it has no picture to compare.
        """
        with self._database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(store_sql.DESIGN_AND_VECTORS, {"sku": sku}).fetchone()
        if row is None:
            raise CatalogError(f"no item has the SKU {sku!r}; it may have left the catalogue")
        if row["embedding"] is None:
            raise CatalogError(f"item {sku!r} has no picture, so nothing looks like it; ingest it with one")
        pooled: Vector = row["embedding"].to_numpy().astype(np.float32)
        tokens = np.array([token.to_numpy() for token in row["token_embeddings"] or ()], np.float32)
        return pooled, tokens, tuple(row["members"])


def _ranked(
    connection: psycopg.Connection, parameters: Parameters, plan: Plan, settings: Mapping[str, str]
) -> list[Hit]:
    _set(connection, settings)
    statement = store_rank_sql.NEAREST_WALKED if plan == "walk" else store_rank_sql.NEAREST_EXACT
    with connection.cursor(row_factory=kwargs_row(_hit)) as cursor:
        return cursor.execute(store_sql.limited(statement, parameters), parameters).fetchall()


def _set(connection: psycopg.Connection, settings: Mapping[str, str]) -> None:
    if settings:
        connection.execute(store_rank_sql.SET, {"names": list(settings), "values": list(settings.values())})


def _item(**row: object) -> Item:
    columns = {name: value for name, value in row.items() if value is not None}  # what is absent is as Item has it
    columns["category_path"] = tuple(columns["category_path"])  # type: ignore[arg-type]
    sizes: dict[str, int | None] = columns["sizes"]  # type: ignore[assignment]
    columns["sizes"] = {size: sizes[size] for size in sorted(sizes, key=size_order)}
    return Item(**columns)  # type: ignore[arg-type]


def read_item(row: Mapping[str, object]) -> Item:
    """The item of a row with the columns of `store_sql.ITEM_COLUMNS`."""
    return _item(**row)


def _hit(score: float, **columns: object) -> Hit:
    return Hit(_item(**columns), score)
