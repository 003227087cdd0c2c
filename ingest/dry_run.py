"""What an ingest would do, row by row, without doing any of it."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ingest.ahead import ahead
from ingest.candidates import Candidate, Candidates
from ingest.differences import Change, differences
from ingest.feed import DEFAULTS, Feed, Options
from ingest.normalise import Normaliser
from ingest.pictures import Found, PictureReader
from ingest.pipeline import content_hash, is_unchanged
from ingest.progress import Watcher, silent
from ingest.report import Tally, Told
from ingest.row import Note, Place, Rejected, RemotePicture, RowError, raw_text
from ingest.seen import SeenWriter
from ingest.work import batches
from tools.item import Item
from tools.shop import Shop
from tools.store_load import Loader, StoredState
from tools.store_peek import open_peek
from tools.taxonomy import load_taxonomy

# Examples kept of each kind of change, and pictures downloaded to see whether they can be.
MAX_SHOWN = 100
MAX_DOWNLOADS = 100
_GROUP = 64
_N_THREADS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """An item that would come or go."""

    sku: str
    title: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would happen. `new`, `changed` and `removed` hold the first MAX_SHOWN, `n_by_field` all changes by field.

    `n_untried` pictures of new or changed rows are on the web and were not asked for.
    """

    kind: str
    source: str
    n_read: int
    n_new: int
    n_changed: int
    n_unchanged: int
    n_removed: int
    n_rejected: int
    n_untried: int
    seconds: float
    is_stopped: bool
    new: tuple[Line, ...]
    changed: tuple[Change, ...]
    removed: tuple[Line, ...]
    n_by_field: Mapping[str, int]
    rejected: Mapping[str, Told]
    notes: Mapping[str, Told]

    @property
    def n_to_write(self) -> int:
        """Items that would be added, changed or removed."""
        return self.n_new + self.n_changed + self.n_removed


def dry_run(
    shop: Shop,
    feed: Feed,
    options: Options = DEFAULTS,
    watcher: Watcher = silent,
    stop: threading.Event | None = None,
    seen: Path | None = None,
) -> DryRun:
    """Read a feed as `ingest.run` would and say what it would do. Nothing is stored, no picture either.

    What was met in the catalogue is written to the file `seen`, for `ingest.seen.check_seen` before it is applied.

    Raises:
        FeedError: not a single row could be read.
        DatabaseError: the database went away.
        EmbedderError: the checkpoint cannot be used.
    """
    began_s = time.monotonic()
    tally = Tally()
    normaliser = Normaliser(load_taxonomy(), options.currency or shop.settings.currency)
    candidates = Candidates(feed, options, normaliser, tally)
    with (
        open_peek(shop.database, feed.name) as loader,
        closing(PictureReader(shop.settings, shop.pictures)) as pictures,
        ThreadPoolExecutor(_N_THREADS, "dry-run") as pool,
        SeenWriter(seen) as writer,
    ):
        work = _DryRun(shop, feed, loader, pictures, pool, tally, writer)
        is_stopped = not work.go(candidates, watcher, stop or threading.Event(), options.limit)
        if options.is_pruning and not is_stopped:
            work.prune(candidates)
        return work.result(time.monotonic() - began_s, is_stopped)


@dataclass(frozen=True, slots=True)
class _Row:
    candidate: Candidate
    found: Found
    digest: str


@dataclass(slots=True)
class _DryRun:
    """One dry run on its way."""

    shop: Shop
    feed: Feed
    loader: Loader
    pictures: PictureReader
    pool: ThreadPoolExecutor
    tally: Tally
    seen: SeenWriter
    n_tried: int = 0
    n_removed: int = 0
    new: list[Line] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    removed: list[Line] = field(default_factory=list)
    by_field: Counter[str] = field(default_factory=Counter)

    def go(self, candidates: Candidates, watcher: Watcher, stop: threading.Event, limit: int | None) -> bool:
        n_rows = self.feed.reader.n_rows(self.feed.path)
        n_total = n_rows if limit is None else min(n_rows, limit)
        watcher(0, n_total)
        for group in batches(ahead(self.pool, self._identify, candidates, _GROUP), _GROUP):
            if stop.is_set():
                return False
            self._decide(group)
            watcher(self.tally.n_decided, n_total)
        watcher(self.tally.n_decided, self.tally.n_decided)
        return not stop.is_set()

    def _identify(self, candidate: Candidate) -> _Row | Rejected:
        try:
            found = self.pictures.find(candidate.picture)
        except RowError as error:
            return _rejected(candidate, error)
        return _Row(candidate, found, content_hash(candidate.item, found.identity))

    def _decide(self, group: Sequence[_Row | Rejected]) -> None:
        rows = [one for one in group if isinstance(one, _Row)]
        states = self.loader.states([row.candidate.item.sku for row in rows])
        fresh: list[_Row] = []
        for one in group:
            if isinstance(one, Rejected):
                self.tally.tell(one)
                continue
            state = states.get(one.candidate.item.sku)
            self.seen.add(one.candidate.item.sku, state)
            if is_unchanged(self.shop, self.feed.name, one.digest, state):
                self.tally.n_unchanged += 1
            else:
                fresh.append(one)
        problems = self.pool.map(self._problem, fresh)
        good = [row for row, error in zip(fresh, problems, strict=True) if self._is_good(row, error)]
        stored = {
            item.sku: item for item in self.shop.catalog.without_rules().items([row.candidate.item.sku for row in good])
        }
        for row in good:
            self._tell(row, states.get(row.candidate.item.sku), stored.get(row.candidate.item.sku))

    def _problem(self, row: _Row) -> RowError | None:
        """Why a picture cannot be had; None where it can, or where nobody tried."""
        if isinstance(row.found.picture, RemotePicture):
            self.n_tried += 1
            if self.n_tried > MAX_DOWNLOADS:
                return None
        try:
            self.pictures.check(row.found)
        except RowError as error:
            return error
        return None

    def _is_good(self, row: _Row, error: RowError | None) -> bool:
        if error is not None:
            self.tally.tell(_rejected(row.candidate, error))
        return error is None

    def _tell(self, row: _Row, state: StoredState | None, stored: Item | None) -> None:
        item = row.candidate.item
        if state is None or stored is None:
            self.tally.n_new += 1
            if len(self.new) < MAX_SHOWN:
                self.new.append(Line(item.sku, item.title))
            return
        self.tally.n_changed += 1
        has_picture = content_hash(stored, row.found.identity) == state.content_hash
        change = differences(stored, item, state, self.feed.name, has_picture)
        self.by_field.update(one.field for one in change.fields)
        if len(self.changed) < MAX_SHOWN:
            self.changed.append(change)

    def prune(self, candidates: Candidates) -> None:
        """Tell what the feed no longer has, by the rule of the ingest itself."""
        if not candidates.is_whole or self.tally.n_decided == self.tally.n_rejected:
            end = Place(self.tally.n_read, "row")
            self.tally.tell(Note(end, "nothing_pruned", "a row that could not be read may be an item of the catalogue"))
            return
        for skus in batches(self._gone(candidates), _GROUP):
            states = self.loader.states(skus)
            for sku in skus:
                self.seen.add(sku, states.get(sku))
            self.n_removed += len(skus)
            if len(self.removed) < MAX_SHOWN:
                self.removed += [Line(item.sku, item.title) for item in self.shop.catalog.without_rules().items(skus)]
        self.seen.add_source(self.loader)

    def _gone(self, candidates: Candidates) -> Iterator[str]:
        return (sku for sku in self.loader.skus() if candidates.is_gone(sku))

    def result(self, seconds: float, is_stopped: bool) -> DryRun:
        tally = self.tally
        return DryRun(
            kind=self.feed.kind, source=self.feed.name, n_read=tally.n_read, n_new=tally.n_new,
            n_changed=tally.n_changed, n_unchanged=tally.n_unchanged, n_removed=self.n_removed,
            n_rejected=tally.n_rejected, n_untried=max(0, self.n_tried - MAX_DOWNLOADS), seconds=seconds,
            is_stopped=is_stopped, new=tuple(self.new), changed=tuple(self.changed),
            removed=tuple(self.removed[:MAX_SHOWN]), n_by_field=dict(self.by_field.most_common()),
            rejected=tally.rejected, notes=tally.notes,
        )  # fmt: skip


def _rejected(candidate: Candidate, error: RowError) -> Rejected:
    item = candidate.item
    return Rejected(candidate.place, error.reason, error.detail, raw_text({"sku": item.sku, "title": item.title}))
