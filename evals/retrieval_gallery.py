"""What is searched and who asks: the items of the measured shop with their vectors, and those that may be queries."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from env.errors import FeedError
from tools.embedder import Embedder
from tools.item import Item
from tools.shop import Shop
from tools.store_vectors import read_vectors

_SEED = 7
_TEXT_BATCH = 64
_Query = TypeVar("_Query")


@dataclass(frozen=True, slots=True)
class Gallery:
    """Items with pictures, by SKU, and their vectors: `pooled` (n, dim), `tokens` (n, n_query_tokens, dim)."""

    name: str
    items: tuple[Item, ...]
    pooled: NDArray[np.float32]
    tokens: NDArray[np.float32]

    def only(self, name: str, skus: Collection[str]) -> "Gallery":
        """The part of the gallery with these SKUs."""
        rows = [row for row, item in enumerate(self.items) if item.sku in skus]
        return Gallery(name, tuple(self.items[row] for row in rows), self.pooled[rows], self.tokens[rows])

    def column(self, field: str) -> NDArray[np.object_]:
        """One text of each item, (n,); titles in lower case."""
        values = np.array([getattr(item, field) for item in self.items], dtype=object)
        return np.array([value.casefold() for value in values], dtype=object) if field == "title" else values

    def same_thing(self, items: Sequence[Item]) -> NDArray[np.bool_]:
        """Which item is as good as the asked one: itself, its group, the same photo. (n_items_asked, n)."""
        alike = np.zeros((len(items), len(self.items)), bool)
        for field in ("sku", "item_group_id", "image"):
            asked = np.array([getattr(item, field) for item in items], dtype=object)[:, None]
            alike |= ((self.column(field)[None, :] == asked) & (asked != "")).astype(bool)
        return alike


@dataclass(frozen=True, slots=True)
class Bench:
    """One measurement's material.

    `gallery` is the whole shop, `unseen` the part of it that nothing was trained on (None where that is not known, or
    where it is all). Queries are made of items of `askers` only; about `n_queries` of a kind, drawn by a fixed seed.
    """

    shop: Shop
    gallery: Gallery
    askers: tuple[Item, ...]
    n_queries: int
    unseen: Gallery | None = None

    @property
    def embedder(self) -> Embedder:
        """The embedder of the shop."""
        return self.shop.embedder

    def galleries(self) -> tuple[Gallery, ...]:
        """What is searched from the picture alone."""
        return (self.gallery,) if self.unseen is None else (self.gallery, self.unseen)

    def draw(self, name: str, queries: Sequence[_Query], share: float = 1.0) -> list[_Query]:
        """Some of the queries, `share` times `n_queries`, the same for the same name; all of them where few."""
        n_wanted = max(1, round(share * self.n_queries))
        if len(queries) <= n_wanted:
            return list(queries)
        return random.Random(f"{_SEED} {name}").sample(list(queries), n_wanted)

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of many texts, (n_texts, dim); alike lengths go together, so that little is padding."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        vectors = np.zeros((len(texts), self.embedder.dim), np.float32)
        for at in range(0, len(order), _TEXT_BATCH):
            places = order[at : at + _TEXT_BATCH]
            vectors[places] = self.embedder.embed_query_text([texts[place] for place in places])
        return vectors


def open_bench(shop: Shop, n_queries: int, unseen: Path | None = None, gallery: Path | None = None) -> Bench:
    """Read the shop's vectors and find out who may ask.

    `unseen` lists the SKUs that nothing was trained on, one a line, and `gallery` more of them that are searched but
    ask nothing. Whoever writes the first list answers for it: no item of the same title or photo was trained on either.

    Raises:
        CatalogError: the stored vectors are another embedder's.
        FeedError: the shop has no pictures, or none of the listed SKUs.
    """
    shop.catalog.check_embedder()
    stored = read_vectors(shop.database)
    if not stored.skus:
        raise FeedError("the catalogue holds no item with a picture; nothing can be measured")
    items = tuple(shop.catalog.items(stored.skus))
    whole = Gallery(f"all {len(items):,}", items, stored.pooled, stored.tokens)
    if unseen is None:
        return Bench(shop, whole, items, n_queries)
    asking = read_skus(unseen)
    searched = asking | (read_skus(gallery) if gallery else set())
    part = whole.only("", searched)
    askers = tuple(item for item in part.items if item.sku in asking)
    if not askers:
        raise FeedError(f"{str(unseen)!r} lists no item of this catalogue; it holds SKUs, one a line")
    return Bench(shop, whole, askers, n_queries, replace(part, name=f"unseen {len(part.items):,}"))


def read_skus(path: Path) -> set[str]:
    """The SKUs of a list, one a line; lines that start with # are comments.

    Raises:
        FeedError: it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise FeedError(f"cannot read {str(path)!r}: {error.strerror}; it lists SKUs, one a line") from error
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}
