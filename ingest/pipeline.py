"""A feed becomes the catalogue: rows are read, checked, embedded and stored in chunks, each of them for good.

A run that is stopped or killed loses at most its last chunk; the next run skips what is stored and goes on.
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace

from env.errors import CatalogError, VitrineError
from env.roles import Action
from ingest.ahead import ahead
from ingest.candidates import Candidate, Candidates
from ingest.engine import open_engine
from ingest.feed import DEFAULTS, Feed, Options
from ingest.normalise import Normaliser
from ingest.pictures import PictureReader
from ingest.progress import Watcher, silent
from ingest.report import Report, Tally
from ingest.row import Note, Place, Rejected, RowError, raw_text
from ingest.work import Engine, Identified, Means
from tools.item import Item
from tools.shop import Shop
from tools.store_ingests import RunEnd, RunStart
from tools.store_load import Loader, LoadRow, StoredState, open_loader
from tools.taxonomy import load_taxonomy

GROUP_BYTES = 64 * 1024 * 1024
BATCH_PICTURES = 32
N_THREADS = 8
_HASH_VERSION = "1"  # raised when what the hash covers changes, so that every row is written again


def run(
    shop: Shop,
    feed: Feed,
    options: Options = DEFAULTS,
    watcher: Watcher = silent,
    stop: threading.Event | None = None,
) -> Report:
    """Ingest a feed; setting `stop` ends the run soon, with all that was done stored.

    Raises:
        AccessError: the actor of the options may not change the catalogue.
        FeedError: not a single row could be read.
        CatalogError: another ingest of the same source is at work.
        DatabaseError: the database went away.
        SettingsError: there is no such engine, or what it needs is not installed.
        EmbedderError: the checkpoint cannot be used.
    """
    if options.is_pruning and options.limit is not None:
        raise CatalogError("a limited read cannot tell what the feed no longer has; leave out the limit or the pruning")
    options.actor.require(Action.CHANGE_CATALOG)
    with open_loader(shop.database, feed.name) as loader:
        if options.before_writing is not None:
            options.before_writing(loader)
        loader.begin(
            RunStart(options.actor.name, feed.name, feed.kind, options.file_name or feed.path.name, options.upload)
        )
        try:
            report = _ingest(shop, feed, options, loader, watcher, stop or threading.Event())
        except VitrineError as error:
            loader.end(RunEnd("failed", str(error)))
            raise
        loader.end(_end(report))
    return report


def _ingest(
    shop: Shop, feed: Feed, options: Options, loader: Loader, watcher: Watcher, stop: threading.Event
) -> Report:
    """The run between its beginning and its end, which are kept."""
    began_s = time.monotonic()
    tally = Tally()
    normaliser = Normaliser(load_taxonomy(), options.currency or shop.settings.currency)
    with (
        closing(PictureReader(shop.settings, shop.pictures)) as pictures,
        ThreadPoolExecutor(N_THREADS, "ingest") as pool,
    ):
        candidates = Candidates(feed, options, normaliser, tally)
        means = Means(shop, pictures, pool, min(BATCH_PICTURES, options.chunk_rows))
        work = _Run(means, feed, options, loader, candidates, tally, watcher, stop)
        with open_engine(options.engine, means) as engine:
            is_stopped = not work.go(engine)
        n_pruned = work.prune() if options.is_pruning and not is_stopped else 0
        loader.finish()
        fingerprint = shop.embedder.fingerprint
        return Report(
            kind=feed.kind, source=feed.name, embedder=fingerprint, n_read=tally.n_read, n_new=tally.n_new,
            n_changed=tally.n_changed, n_unchanged=tally.n_unchanged, n_pruned=n_pruned,
            n_stale=loader.n_stale(fingerprint), seconds=time.monotonic() - began_s, is_stopped=is_stopped,
            rejected=tally.rejected, notes=tally.notes,
        )  # fmt: skip


def _end(report: Report) -> RunEnd:
    return RunEnd(
        "stopped" if report.is_stopped else "done",
        n_read=report.n_read,
        n_unchanged=report.n_unchanged,
        n_rejected=report.n_rejected,
        report=report.as_json(),
    )


@dataclass(slots=True)
class _Run:
    """One run over one feed."""

    means: Means
    feed: Feed
    options: Options
    loader: Loader
    candidates: Candidates
    tally: Tally
    watcher: Watcher
    stop: threading.Event
    n_total: int = 0
    unwritten: list[LoadRow] = field(default_factory=list)

    def go(self, engine: Engine) -> bool:
        """Read, embed and write; False where the run was stopped before the feed's end."""
        n_rows = self.feed.reader.n_rows(self.feed.path)
        self.n_total = n_rows if self.options.limit is None else min(n_rows, self.options.limit)
        self._show()
        for batch in engine.embed(self._fresh(), self.stop):
            for one in batch:
                if isinstance(one, Rejected):
                    self.tally.tell(one)
                else:
                    self.unwritten.append(one)
            self._show()
            if len(self.unwritten) >= self.options.chunk_rows:
                self._write()
        self._write()
        self._show()
        return not self.stop.is_set()

    def _show(self) -> None:
        self.watcher(self.tally.n_decided + len(self.unwritten), self.n_total)

    def _write(self) -> None:
        written = self.loader.write(self.unwritten, self.means.shop.embedder.fingerprint)
        self.unwritten.clear()
        self.tally.n_new += written.n_new
        self.tally.n_changed += written.n_changed

    def prune(self) -> int:
        """Remove what the feed no longer has, unless rows were unreadable or not a single one was good."""
        if not self.candidates.is_whole or self.tally.n_decided == self.tally.n_rejected:
            end = Place(self.tally.n_read, "row")
            self.tally.tell(Note(end, "nothing_pruned", "a row that could not be read may be an item of the catalogue"))
            return 0
        return self.loader.delete([sku for sku in self.loader.skus() if self.candidates.is_gone(sku)])

    def _identify(self, candidate: Candidate) -> Identified | Rejected:
        try:
            found = self.means.pictures.find(candidate.picture)
        except RowError as error:
            item = candidate.item
            return Rejected(
                candidate.place, error.reason, error.detail, raw_text({"sku": item.sku, "title": item.title})
            )
        digest = content_hash(candidate.item, found.identity)
        return Identified(candidate.place, candidate.item, found, digest, candidate.origins)

    def _fresh(self) -> Iterator[Identified]:
        """The rows that the catalogue does not hold as they are; the others are counted."""
        n_ahead = 2 * self.means.n_batch
        for group in _groups(ahead(self.means.pool, self._identify, self.candidates, n_ahead), n_ahead):
            if self.stop.is_set():
                return
            states = self.loader.states([one.item.sku for one in group if isinstance(one, Identified)])
            for one in group:
                if isinstance(one, Rejected):
                    self.tally.tell(one)
                elif not self.options.is_forced and is_unchanged(
                    self.means.shop, self.feed.name, one.content_hash, states.get(one.item.sku)
                ):
                    self.tally.n_unchanged += 1
                else:
                    yield one
            self._show()


def is_unchanged(shop: Shop, source: str, digest: str, state: StoredState | None) -> bool:
    """Whether a row of this `content_hash`, from this source, is stored as it is, picture and vectors included."""
    return (
        state is not None
        and state.content_hash == digest
        and state.embedder == shop.embedder.fingerprint
        and state.source == source
        and state.image != ""
        and shop.pictures.path(state.image).exists()
    )


def content_hash(item: Item, picture_identity: str) -> str:
    """Hash of everything an item says and of its picture's identity; the picture's name in the store is left out."""
    told = asdict(replace(item, image="")) | {"hash_version": _HASH_VERSION, "picture": picture_identity}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _groups(ones: Iterable[Identified | Rejected], n_rows: int) -> Iterator[list[Identified | Rejected]]:
    """Cut into lists of `n_rows`, sooner where their pictures outgrow GROUP_BYTES."""
    group: list[Identified | Rejected] = []
    n_bytes = 0
    for one in ones:
        group.append(one)
        n_bytes += len(one.found.data or b"") if isinstance(one, Identified) else 0
        if len(group) == n_rows or n_bytes >= GROUP_BYTES:
            yield group
            group, n_bytes = [], 0
    if group:
        yield group
