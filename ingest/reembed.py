"""New vectors for stored items, from their stored pictures: after the embedder was changed."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image

from env.errors import CatalogError
from ingest.ahead import ahead
from ingest.progress import Watcher, silent
from tools.shop import Shop
from tools.store_load import Loader, StalePicture, open_loader

CHUNK_ITEMS = 256
_BATCH = 32
_N_THREADS = 4
_LOCK_NAME = "reembed"


@dataclass(frozen=True, slots=True)
class Reembedded:
    """What a run did: items with new vectors, and the SKUs of those whose picture is missing or damaged."""

    n_done: int
    missing: tuple[str, ...]
    is_stopped: bool


def reembed(shop: Shop, watcher: Watcher = silent, stop: threading.Event | None = None) -> Reembedded:
    """Give every item vectors of the present embedder; what is done stays done, so that a stopped run goes on.

    An item whose picture is gone loses its vectors: it can be filtered still, not compared.

    Raises:
        CatalogError: another such run is at work.
        DatabaseError: the database went away.
        EmbedderError: the checkpoint cannot be used.
    """
    fingerprint = shop.embedder.fingerprint
    missing: list[str] = []
    n_done, after = 0, ""
    with open_loader(shop.database, _LOCK_NAME) as loader, ThreadPoolExecutor(_N_THREADS, "reembed") as pool:
        n_total = loader.n_stale(fingerprint)
        while chunk := loader.stale_pictures(fingerprint, after, CHUNK_ITEMS):
            pictures = list(zip(chunk, ahead(pool, lambda one: _open(shop, one), chunk, _BATCH), strict=True))
            gone = [one.sku for one, image in pictures if image is None]
            n_done += _store(shop, loader, [(one.sku, image) for one, image in pictures if image is not None])
            loader.drop_vectors(gone)
            missing += gone
            after = chunk[-1].sku
            watcher(n_done + len(missing), n_total)
            if stop is not None and stop.is_set():
                return Reembedded(n_done, tuple(missing), True)
        loader.finish()
    return Reembedded(n_done, tuple(missing), False)


def _open(shop: Shop, one: StalePicture) -> Image.Image | None:
    """Open a stored picture; None is no failure but an answer here: the item is told as missing its picture."""
    try:
        return shop.pictures.open(one.image)
    except CatalogError:
        return None


def _store(shop: Shop, loader: Loader, pictures: Sequence[tuple[str, Image.Image]]) -> int:
    fingerprint = shop.embedder.fingerprint
    for begin in range(0, len(pictures), _BATCH):
        batch = pictures[begin : begin + _BATCH]
        vectors = shop.embedder.embed_images([image for _, image in batch])
        loader.set_vectors([sku for sku, _ in batch], vectors.pooled, vectors.tokens, fingerprint)
    return len(pictures)
