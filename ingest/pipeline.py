"""A feed becomes the catalogue: rows are read, checked, embedded and stored in chunks, each of them for good.

A run that is stopped or killed loses at most its last chunk; the next run skips what is stored and goes on.
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, replace

from PIL import Image

from env.errors import CatalogError
from ingest.ahead import ahead
from ingest.candidates import Candidate, Candidates
from ingest.feed import DEFAULTS, Feed, Options
from ingest.normalise import Normaliser
from ingest.pictures import Found, PictureReader
from ingest.progress import Watcher, silent
from ingest.report import Report, Tally
from ingest.row import Note, Place, Rejected, RowError
from tools.item import Item
from tools.shop import Shop
from tools.store_load import Loader, LoadRow, StoredState, open_loader
from tools.taxonomy import load_taxonomy

CHUNK_BYTES = 64 * 1024 * 1024
BATCH_PICTURES = 32
N_THREADS = 8
AHEAD = 2 * BATCH_PICTURES
_HASH_VERSION = "1"  # raised when what the hash covers changes, so that every row is written again


@dataclass(frozen=True, slots=True)
class _Identified:
    place: Place
    item: Item
    found: Found
    content_hash: str


@dataclass(frozen=True, slots=True)
class _Decoded:
    item: Item
    content_hash: str
    image: Image.Image


def run(
    shop: Shop,
    feed: Feed,
    options: Options = DEFAULTS,
    watcher: Watcher = silent,
    stop: threading.Event | None = None,
) -> Report:
    """Ingest a feed; setting `stop` ends the run soon, with all that was done stored.

    Raises:
        FeedError: not a single row could be read.
        CatalogError: another ingest of the same source is at work.
        DatabaseError: the database went away.
        EmbedderError: the checkpoint cannot be used.
    """
    if options.is_pruning and options.limit is not None:
        raise CatalogError("a limited read cannot tell what the feed no longer has; leave out the limit or the pruning")
    began_s = time.monotonic()
    tally = Tally()
    normaliser = Normaliser(load_taxonomy(), options.currency or shop.settings.currency)
    with (
        open_loader(shop.database, feed.name) as loader,
        closing(PictureReader(shop.settings, shop.pictures)) as pictures,
        ThreadPoolExecutor(N_THREADS, "ingest") as pool,
    ):
        candidates = Candidates(feed, options, normaliser, tally)
        work = _Run(shop, feed, options, loader, pictures, pool, candidates, tally, stop or threading.Event())
        is_stopped = not work.go(watcher)
        n_pruned = work.prune() if options.is_pruning and not is_stopped else 0
        fingerprint = shop.embedder.fingerprint
        return Report(
            kind=feed.kind, source=feed.name, embedder=fingerprint, n_read=tally.n_read, n_new=tally.n_new,
            n_changed=tally.n_changed, n_unchanged=tally.n_unchanged, n_pruned=n_pruned,
            n_stale=loader.n_stale(fingerprint), seconds=time.monotonic() - began_s, is_stopped=is_stopped,
            rejected=tally.rejected, notes=tally.notes,
        )  # fmt: skip


@dataclass(slots=True)
class _Run:
    """One run over one feed."""

    shop: Shop
    feed: Feed
    options: Options
    loader: Loader
    pictures: PictureReader
    pool: Executor
    candidates: Candidates
    tally: Tally
    stop: threading.Event

    def go(self, watcher: Watcher) -> bool:
        """Read and write chunk by chunk; False where the run was stopped before the feed's end."""
        n_total = self.feed.reader.n_rows(self.feed.path)
        if self.options.limit is not None:
            n_total = min(n_total, self.options.limit)
        watcher(0, n_total)
        fingerprint = self.shop.embedder.fingerprint
        identified = ahead(self.pool, self._identify, self.candidates, AHEAD)
        for chunk in _chunks(identified, self.options.chunk_rows):
            rows: list[LoadRow] = []
            for batch in self._batches(ahead(self.pool, self._decode, self._fresh(chunk), AHEAD)):
                rows += self._embed(batch)
                watcher(self.tally.n_decided + len(rows), n_total)
            written = self.loader.write(rows, fingerprint)
            self.tally.n_new += written.n_new
            self.tally.n_changed += written.n_changed
            watcher(self.tally.n_decided, n_total)
            if self.stop.is_set():
                return False
        return True

    def prune(self) -> int:
        """Remove what the feed no longer has, unless rows were unreadable or not a single one was good."""
        if not self.candidates.is_whole or self.tally.n_decided == self.tally.n_rejected:
            end = Place(self.tally.n_read, "row")
            self.tally.tell(Note(end, "nothing_pruned", "a row that could not be read may be an item of the catalogue"))
            return 0
        return self.loader.delete([sku for sku in self.loader.skus() if self.candidates.is_gone(sku)])

    def _identify(self, candidate: Candidate) -> _Identified | Rejected:
        try:
            found = self.pictures.find(candidate.picture)
        except RowError as error:
            return Rejected(candidate.place, error.reason, error.detail)
        return _Identified(candidate.place, candidate.item, found, content_hash(candidate.item, found.identity))

    def _fresh(self, chunk: Iterable[_Identified | Rejected]) -> Iterator[_Identified]:
        """Those of a chunk that the catalogue does not hold as they are; the others are counted."""
        good = []
        for one in chunk:
            if isinstance(one, Rejected):
                self.tally.tell(one)
            else:
                good.append(one)
        states = self.loader.states([one.item.sku for one in good])
        for one in good:
            if not self.options.is_forced and self._is_unchanged(one, states.get(one.item.sku)):
                self.tally.n_unchanged += 1
            else:
                yield one

    def _is_unchanged(self, one: _Identified, state: StoredState | None) -> bool:
        return (
            state is not None
            and state.content_hash == one.content_hash
            and state.embedder == self.shop.embedder.fingerprint
            and state.source == self.feed.name
            and state.image != ""
            and self.shop.pictures.path(state.image).exists()
        )

    def _decode(self, one: _Identified) -> _Decoded | Rejected:
        try:
            image, name = self.pictures.decode(one.found)
        except RowError as error:
            return Rejected(one.place, error.reason, error.detail)
        return _Decoded(replace(one.item, image=name), one.content_hash, image)

    def _embed(self, batch: list[_Decoded | Rejected]) -> list[LoadRow]:
        good = []
        for one in batch:
            if isinstance(one, Rejected):
                self.tally.tell(one)
            else:
                good.append(one)
        if not good:
            return []
        vectors = self.shop.embedder.embed_images([one.image for one in good])
        return [
            LoadRow(one.item, one.content_hash, pooled, tokens)
            for one, pooled, tokens in zip(good, vectors.pooled, vectors.tokens, strict=True)
        ]

    def _batches(self, decoded: Iterable[_Decoded | Rejected]) -> Iterator[list[_Decoded | Rejected]]:
        """Cut into lists for the model; once the run is to stop, what is there makes the last one."""
        batch: list[_Decoded | Rejected] = []
        for one in decoded:
            batch.append(one)
            if self.stop.is_set():
                break
            if len(batch) == BATCH_PICTURES:
                yield batch
                batch = []
        if batch:
            yield batch


def content_hash(item: Item, picture_identity: str) -> str:
    """Hash of everything an item says and of its picture's identity; the picture's name in the store is left out."""
    told = asdict(replace(item, image="")) | {"hash_version": _HASH_VERSION, "picture": picture_identity}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _chunks(ones: Iterable[_Identified | Rejected], n_rows: int) -> Iterator[list[_Identified | Rejected]]:
    """Cut into lists of `n_rows`, sooner where their pictures outgrow CHUNK_BYTES."""
    chunk: list[_Identified | Rejected] = []
    n_bytes = 0
    for one in ones:
        chunk.append(one)
        n_bytes += len(one.found.data or b"") if isinstance(one, _Identified) else 0
        if len(chunk) == n_rows or n_bytes >= CHUNK_BYTES:
            yield chunk
            chunk, n_bytes = [], 0
    if chunk:
        yield chunk
