"""Reading the catalogue: filtered, nearest first or sorted, one hit per group."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from psycopg.rows import dict_row, kwargs_row

from env.database import Database
from env.errors import CatalogError
from tools import store_sql
from tools.item import Item
from tools.query import Filters, Hit, Sort
from tools.sizes import size_order
from tools.store_filters import Parameters, filter_parameters

Vector = NDArray[np.float32]

# Up to this many matching rows all are compared (about 10 ms); above it the HNSW index is walked.
EXACT_UP_TO = 10_000
_N_CANDIDATES = 200
_MOST_FROM_INDEX = 2_000
_MOST_WORDED = 1_000
# A row that holds all the words stands as if it were this much nearer.
_WORD_WEIGHT = 0.1
_MOST_VARIANTS = 24


@dataclass(frozen=True, slots=True)
class Probe:
    """What items are compared with: unit vectors (256,) of words and of a photo, one of them at least.

    `photo_weight` in [0, 1] counts where both are given. `text` are the words to look for in titles and brands;
    `avoid_vector` (256,) are words that push away what is like them. `rerank` compares words with
    every query-token vector of a candidate instead of its pooled vector.
    """

    text: str = ""
    text_vector: Vector | None = None
    photo_vector: Vector | None = None
    photo_weight: float = 0.5
    rerank: bool = True
    avoid_vector: Vector | None = None

    def parameters(self) -> Parameters:
        """The parameters of the ranking statements; a side of weight 0 is left out altogether."""
        weight = 0.0 if self.photo_vector is None else 1.0 if self.text_vector is None else self.photo_weight
        text_vector = self.text_vector if weight < 1 else None
        photo_vector = self.photo_vector if weight > 0 else None
        return {
            "vector": _blend(text_vector, photo_vector, weight),
            "text": self.text if weight < 1 else "",
            "text_vector": text_vector,
            "photo_vector": photo_vector,
            "photo_weight": weight,
            "rerank": self.rerank,
            "word_weight": _WORD_WEIGHT * (1 - weight),
        }


def _blend(text: Vector | None, photo: Vector | None, weight: float) -> Vector:
    """The unit vector between words (weight 0) and photo (weight 1)."""
    if text is None or photo is None:
        either = photo if text is None else text
        if either is None:
            raise ValueError("a probe needs words or a photo")
        return either
    mixed = (1 - weight) * text + weight * photo
    length = float(np.linalg.norm(mixed))
    return photo if length == 0 else (mixed / length).astype(np.float32)


class Store:
    """The catalogue's rows as Items and Hits. All filters apply before any cut; ties are broken by sku."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, filters: Filters) -> int:
        """Number of rows that pass."""
        with self._database.connection() as connection:
            row = connection.execute(store_sql.COUNT, filter_parameters(filters)).fetchone()
        return int(row[0]) if row else 0

    def nearest(self, probe: Probe, filters: Filters, top_k: int, n_matching: int) -> list[Hit]:
        """The `top_k` groups nearest to the probe, nearest first, each by its best item; all there are if fewer.

        `n_matching` is `count(filters)`: it decides between comparing all and walking the index.
        """
        n_candidates = max(_N_CANDIDATES, 4 * top_k)
        while True:
            is_indexed = n_matching > EXACT_UP_TO and n_candidates <= _MOST_FROM_INDEX
            hits = self._nearest_of(probe, filters, top_k, n_candidates, is_indexed)
            is_all = n_candidates >= n_matching and not is_indexed
            if len(hits) >= top_k or is_all:
                return hits
            n_candidates *= 10  # many candidates fell into few groups, or the index walk ended early

    def _nearest_of(self, probe: Probe, filters: Filters, top_k: int, n_candidates: int, is_indexed: bool) -> list[Hit]:
        parameters = filter_parameters(filters) | probe.parameters()
        parameters |= {"top_k": top_k, "n_candidates": n_candidates, "n_worded": _MOST_WORDED}
        with self._database.connection() as connection:
            if is_indexed:
                connection.execute(store_sql.WALK_ON)
            statement = store_sql.NEAREST_INDEXED if is_indexed else store_sql.NEAREST_EXACT
            with connection.cursor(row_factory=kwargs_row(_hit)) as cursor:
                return cursor.execute(statement, parameters).fetchall()

    def sorted_by(
        self, sort: Sort, filters: Filters, top_k: int, currency: str, only_skus: Sequence[str] | None = None
    ) -> list[Hit]:
        """The first `top_k` groups in price, rating or date order; unknown values last, other currencies after ours.

        "relevance" means rating here: without a probe nothing else is known. `only_skus` narrows to those rows.
        """
        parameters = filter_parameters(filters, only_skus) | {"sort": sort, "top_k": top_k, "currency": currency}
        with self._database.connection() as connection, connection.cursor(row_factory=kwargs_row(_hit)) as cursor:
            return cursor.execute(store_sql.SORTED, parameters).fetchall()

    def items(self, skus: Sequence[str]) -> list[Item]:
        """The items of these SKUs in the order asked; a SKU that is not in the catalogue is left out."""
        with self._database.connection() as connection, connection.cursor(row_factory=kwargs_row(_item)) as cursor:
            found = {item.sku: item for item in cursor.execute(store_sql.ITEMS, {"skus": list(skus)})}
        return [found[sku] for sku in skus if sku in found]

    def variants(self, groups: Sequence[str], filters: Filters) -> dict[str, list[Item]]:
        """The items of each group that pass, by SKU, at most 24 a group."""
        by_group: dict[str, list[Item]] = {group: [] for group in groups if group}
        parameters = filter_parameters(filters) | {"groups": list(by_group), "most": _MOST_VARIANTS}
        with self._database.connection() as connection, connection.cursor(row_factory=kwargs_row(_item)) as cursor:
            for item in cursor.execute(store_sql.VARIANTS, parameters):
                by_group[item.item_group_id].append(item)
        return by_group

    def vector_and_group(self, sku: str) -> tuple[Vector, tuple[str, ...]]:
        """An item's pooled vector (256,) and the SKUs of its group, itself included.

        Raises:
            CatalogError: there is no such item, or it has no picture to compare.
        """
        with self._database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(store_sql.GROUP_AND_VECTOR, {"sku": sku}).fetchone()
        if row is None:
            raise CatalogError(f"no item has the SKU {sku!r}; it may have left the catalogue")
        if row["embedding"] is None:
            raise CatalogError(f"item {sku!r} has no picture, so nothing looks like it; ingest it with one")
        vector: Vector = row["embedding"].to_numpy().astype(np.float32)
        return vector, tuple(row["members"])


def _item(**columns: object) -> Item:
    columns["category_path"] = tuple(columns["category_path"])  # type: ignore[arg-type]
    sizes: dict[str, int | None] = columns["sizes"]  # type: ignore[assignment]
    columns["sizes"] = {size: sizes[size] for size in sorted(sizes, key=size_order)}
    return Item(**columns)  # type: ignore[arg-type]


def _hit(score: float, **columns: object) -> Hit:
    return Hit(_item(**columns), score)
