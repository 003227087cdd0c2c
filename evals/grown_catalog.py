"""The demo catalogue grown: every item many times over, with another title and price and a little other looks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr

from tools.item import Item
from tools.shop import LazyEmbedder, Shop, open_shop
from tools.store_load import LoadRow, open_loader
from tools.store_vectors import StoredVectors, read_vectors

_NOISE = 0.35
_BATCH = 2_000
_WHOLE = "whole.json"


@contextmanager
def grown(shop: Shop, n_items: int) -> Iterator[Shop]:
    """A shop of `n_items` items in a database of its own, which is kept; the first are those of `shop`.

    Vectors of copies are those of their item with noise of a third of their length, so that they are near and differ.
    """
    folder = shop.settings.data_dir.parent / f"grown-{n_items}-{shop.embedder.fingerprint}"
    scratch = shop.settings.model_copy(update={"data_dir": folder, "database_url": SecretStr("")})
    with open_shop(scratch, LazyEmbedder(scratch)) as larger:
        if not (folder / _WHOLE).exists():
            _fill(larger, shop, n_items)
            (folder / _WHOLE).write_text(json.dumps({"n_items": larger.catalog.n_items()}))
        # Photos are taken of the first items, whose pictures lie with the smaller shop.
        yield replace(larger, pictures=shop.pictures)


def _fill(larger: Shop, shop: Shop, n_items: int) -> None:
    stored = read_vectors(shop.database)
    items = shop.catalog.items(stored.skus)
    with open_loader(larger.database, "grown") as loader:
        for first in range(0, n_items, _BATCH):
            numbers = range(first, min(first + _BATCH, n_items))
            rows = [_row(number, items, stored) for number in numbers]
            loader.write(rows, shop.embedder.fingerprint)
        loader.finish()


def _row(number: int, items: list[Item], stored: StoredVectors) -> LoadRow:
    time, place = divmod(number, len(items))
    item, pooled, tokens = items[place], stored.pooled[place], stored.tokens[place]
    if time:
        drawn = np.random.default_rng(number)
        cents = max(500, round((item.price_cents or 5_000) * drawn.uniform(0.6, 1.6) / 100) * 100 - 10)
        item = replace(
            item,
            sku=f"{item.sku}~{time}",
            item_group_id=f"{item.item_group_id}~{time}",
            title=f"{item.title} No {time}",
            price_cents=cents,
            sale_price_cents=None,
        )
        pooled, tokens = _moved(pooled, drawn), _moved(tokens, drawn)
    return LoadRow(item, f"grown {number}", pooled, tokens)


def _moved(vectors: NDArray[np.float32], drawn: np.random.Generator) -> NDArray[np.float32]:
    """Unit vectors near the given ones, (..., dim)."""
    noise = drawn.standard_normal(vectors.shape, np.float32)
    noise *= _NOISE / np.linalg.norm(noise, axis=-1, keepdims=True)
    moved = vectors + noise
    found: NDArray[np.float32] = (moved / np.linalg.norm(moved, axis=-1, keepdims=True)).astype(np.float32)
    return found
