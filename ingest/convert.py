"""Any source as plain files: items.jsonl beside images/, for training and for moving a catalogue."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from time import monotonic

from env.errors import FeedError
from env.settings import Settings
from ingest.ahead import ahead
from ingest.candidates import Candidate, Candidates
from ingest.feed import DEFAULTS, Feed, Options
from ingest.normalise import Normaliser
from ingest.pictures import PictureReader
from ingest.progress import Watcher, silent
from ingest.report import Report, Tally
from ingest.row import Rejected, RowError
from tools.item import Item
from tools.pictures import PictureStore
from tools.taxonomy import load_taxonomy

_N_THREADS = 4
_AHEAD = 64


def convert(
    settings: Settings,
    feed: Feed,
    out: Path,
    options: Options = DEFAULTS,
    watcher: Watcher = silent,
    stop: threading.Event | None = None,
) -> Report:
    """Write a feed's good items to `out`/items.jsonl, in feed order, and their pictures to `out`/images.

    Raises:
        FeedError: not a single row could be read, or `out` holds an items.jsonl already.
    """
    target = out / "items.jsonl"
    if target.exists():
        raise FeedError(f"{str(target)!r} exists; choose another folder, or remove it")
    out.mkdir(parents=True, exist_ok=True)
    began_s, tally, is_stopped = monotonic(), Tally(), False
    unfinished = target.with_suffix(".part")
    n_total = feed.reader.n_rows(feed.path)
    with unfinished.open("w", encoding="utf-8") as file:
        for item in _items(settings, feed, out, options, tally):
            file.write(json.dumps(_told(item), ensure_ascii=False) + "\n")
            tally.n_new += 1
            watcher(tally.n_decided, n_total)
            if stop is not None and stop.is_set():
                is_stopped = True
                break
    unfinished.replace(target)
    return Report(
        kind=feed.kind, source=feed.name, embedder="", n_read=tally.n_read, n_new=tally.n_new, n_changed=0,
        n_unchanged=0, n_pruned=0, n_stale=0, seconds=monotonic() - began_s, is_stopped=is_stopped,
        rejected=tally.rejected, notes=tally.notes,
    )  # fmt: skip


def _items(settings: Settings, feed: Feed, out: Path, options: Options, tally: Tally) -> Iterator[Item]:
    normaliser = Normaliser(load_taxonomy(), options.currency or settings.currency)
    candidates = Candidates(feed, options, normaliser, tally)
    with (
        closing(PictureReader(settings, PictureStore(out / "images"))) as pictures,
        ThreadPoolExecutor(_N_THREADS, "convert") as pool,
    ):
        for item in ahead(pool, lambda candidate: _with_picture(candidate, pictures), candidates, _AHEAD):
            if isinstance(item, Rejected):
                tally.tell(item)
            else:
                yield item


def _with_picture(candidate: Candidate, pictures: PictureReader) -> Item | Rejected:
    try:
        _, name = pictures.decode(pictures.find(candidate.picture))
    except RowError as error:
        return Rejected(candidate.place, error.reason, error.detail)
    return replace(candidate.item, image=f"images/{name}")


def _told(item: Item) -> dict[str, object]:
    """What the item says, without what it leaves open."""
    told = {name: value for name, value in asdict(item).items() if value not in ("", None, (), {})}
    told.pop("category_path", None)  # follows from the category
    return told
