"""The engine of one machine: threads decode ahead of the model, whose batches are full."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PIL import Image

from ingest.ahead import ahead
from ingest.row import Rejected, RowError
from ingest.work import Engine, Identified, Means, batches
from tools.store_load import LoadRow


@dataclass(frozen=True, slots=True)
class _Decoded:
    row: Identified
    image: Image.Image
    name: str


@contextmanager
def open_local(means: Means) -> Iterator[Engine]:
    """The local engine; it needs nothing to be closed."""
    yield LocalEngine(means)


class LocalEngine:
    """Rows come out in the order they went in."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def embed(self, rows: Iterable[Identified], stop: threading.Event) -> Iterator[list[LoadRow | Rejected]]:
        """See Engine. A refused row takes no place in a batch."""
        refused: list[Rejected] = []
        for batch in batches(self._decoded(rows, stop, refused), self._means.n_batch):
            if stop.is_set():
                return
            yield [*refused, *self._embed(batch)]
            refused.clear()
        if refused and not stop.is_set():
            yield [*refused]

    def _decoded(
        self, rows: Iterable[Identified], stop: threading.Event, refused: list[Rejected]
    ) -> Iterator[_Decoded]:
        """Rows with their pictures, decoded two batches ahead; those that cannot be are put aside."""
        for one in ahead(self._means.pool, self._decode, rows, 2 * self._means.n_batch):
            if stop.is_set():
                return
            if isinstance(one, Rejected):
                refused.append(one)
            else:
                yield one

    def _decode(self, row: Identified) -> _Decoded | Rejected:
        try:
            image, name = self._means.pictures.decode(row.found)
        except RowError as error:
            return Rejected(row.place, error.reason, error.detail, row.raw)
        return _Decoded(row, image, name)

    def _embed(self, batch: Sequence[_Decoded]) -> list[LoadRow]:
        vectors = self._means.shop.embedder.embed_images([one.image for one in batch])
        return [
            LoadRow(replace(one.row.item, image=one.name), one.row.content_hash, pooled, tokens, one.row.origins)
            for one, pooled, tokens in zip(batch, vectors.pooled, vectors.tokens, strict=True)
        ]
