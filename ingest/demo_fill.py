"""The demo catalogue into the shop, on wish or when the shop is empty."""

import threading
from pathlib import Path

from ingest.demo import DEFAULT_GROUPS, DEFAULT_SEED
from ingest.feed import Feed, Options
from ingest.pipeline import run
from ingest.progress import Watcher, silent
from ingest.readers.demo import DemoReader
from ingest.report import Report
from tools.shop import Shop
from tools.store_load import sources

SOURCE = "demo"
# Smaller than a feed's: drawing goes on while a chunk is embedded and stored.
_CHUNK_ROWS = 32
_MARK = "demo-unfinished"


def fill_demo(
    shop: Shop,
    watcher: Watcher = silent,
    seed: int = DEFAULT_SEED,
    n_groups: int = DEFAULT_GROUPS,
    stop: threading.Event | None = None,
) -> Report:
    """Ingest the demo items of a seed; errors as `ingest.run` has them."""
    feed = Feed("demo", SOURCE, Path(), DemoReader(seed, n_groups))
    return run(shop, feed, Options(chunk_rows=_CHUNK_ROWS), watcher, stop)


def fill_demo_if_empty(
    shop: Shop,
    watcher: Watcher = silent,
    seed: int = DEFAULT_SEED,
    n_groups: int = DEFAULT_GROUPS,
    stop: threading.Event | None = None,
    n_first: int = 0,
) -> Report | None:
    """Ingest the demo items into an empty catalogue, or finish a filling that was cut short; None where neither fits.

    A mark in the data folder tells a filling that was cut short from a catalogue whose keeper removed demo items.
    With `n_first` only so many groups are filled into an empty catalogue: a shop that can open soon, to be finished by
    another call.
    """
    mark = shop.settings.data_dir / _MARK
    stocked = sources(shop.database)
    if stocked and not (stocked == (SOURCE,) and mark.exists()):
        return None
    if n_first and stocked:
        return None
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    report = fill_demo(shop, watcher, seed, n_first or n_groups, stop)
    if not report.is_stopped and not n_first:
        mark.unlink(missing_ok=True)
    return report
