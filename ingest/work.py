"""What an engine is given and gives: rows whose pictures are found, rows with vectors."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol, TypeVar

from ingest.pictures import Found, PictureReader, describe
from ingest.row import Place, Rejected, raw_text
from tools.item import Item
from tools.shop import Shop
from tools.store_load import LoadRow

One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Identified:
    """A row whose picture is found and not yet decoded. `content_hash` covers both."""

    place: Place
    item: Item
    found: Found
    content_hash: str
    origins: Mapping[str, str] | None = None

    @property
    def raw(self) -> str:
        """What is left of its raw row, for a refusal."""
        item = self.item
        return raw_text({"sku": item.sku, "title": item.title, "image": describe(self.found.picture)})


@dataclass(frozen=True, slots=True)
class Means:
    """What engines work with: the shop, a reader of the feed's pictures, threads, pictures in a batch."""

    shop: Shop
    pictures: PictureReader
    pool: Executor
    n_batch: int


class Engine(Protocol):
    """Decodes, stores and embeds pictures, by the shop's embedder whatever the engine."""

    def embed(self, rows: Iterable[Identified], stop: threading.Event) -> Iterator[list[LoadRow | Rejected]]:
        """Every row once, with its vectors or refused, in any order, in batches as they get done.

        `rows` is read no further ahead than keeps the engine busy. Once `stop` is set, what is not embedded yet is
        left out, soon.

        Raises:
            EmbedderError: the checkpoint cannot be used, or not everywhere.
            CatalogError: a picture cannot be stored.
        """
        ...


def batches(ones: Iterable[One], n_batch: int) -> Iterator[list[One]]:
    """Cut into lists of `n_batch`; only the last one may be shorter."""
    batch: list[One] = []
    for one in ones:
        batch.append(one)
        if len(batch) == n_batch:
            yield batch
            batch = []
    if batch:
        yield batch
