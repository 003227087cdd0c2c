"""The demo catalogue as a source: items made and drawn by code, the drawing done in processes of their own."""

import io
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from pathlib import Path

from env.errors import FeedError
from ingest.ahead import ahead
from ingest.demo import DEFAULT_GROUPS, DEFAULT_SEED, DemoItem, demo_rows, draw
from ingest.prices import money_text
from ingest.row import InlinePicture, Place, RawRow

MAX_PROCESSES = 8
_AHEAD = 128
_JPEG_QUALITY = 90


class DemoReader:
    """Makes the demo items of one seed; the same seed gives the same items and pictures."""

    looks_for = "the command `demo`"

    def __init__(self, seed: int = DEFAULT_SEED, n_groups: int = DEFAULT_GROUPS) -> None:
        self._items = list(demo_rows(seed, n_groups))

    def matches(self, source: Path) -> bool:
        """See Reader. No file is the demo catalogue."""
        return False

    def n_rows(self, source: Path) -> int:
        """See Reader."""
        return len(self._items)

    def rows(self, source: Path) -> Iterator[RawRow]:
        """See Reader; `source` is not looked at."""
        # A fresh interpreter a process: copying one that runs a model's threads could hang.
        n_processes = min(os.cpu_count() or 1, MAX_PROCESSES)
        pool = ProcessPoolExecutor(n_processes, get_context("spawn"), initializer=_begin_process)
        try:
            pictures = ahead(pool, draw_jpeg, self._items, _AHEAD)
            for number, (item, data) in enumerate(zip(self._items, pictures, strict=True), start=1):
                yield _row(item, data, Place(number, "entry", item.sku))
        except BrokenProcessPool as error:
            raise FeedError("a process that draws the demo items was ended from outside; run it again") from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def draw_jpeg(item: DemoItem) -> bytes:
    """Draw an item's picture, as JPEG."""
    buffer = io.BytesIO()
    draw(item).convert("RGB").save(buffer, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return buffer.getvalue()


def _begin_process() -> None:
    """Leave Ctrl-C to the parent, and end with it, even where it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _row(item: DemoItem, data: bytes, place: Place) -> RawRow:
    return RawRow(
        place=place,
        sku=item.sku,
        title=item.title,
        description=item.description,
        categories=(item.category,),
        item_group_id=item.item_group_id,
        product_type=item.product_type,
        brand=item.brand,
        gender=item.gender,
        age_group=item.age_group,
        colour=item.colour,
        material=item.material,
        pattern=item.pattern,
        usage=item.usage,
        season=item.season,
        sizes={label: str(stock) for label, stock in item.sizes.items()},
        price=money_text(str(item.price_cents), item.currency),
        sale_price="" if item.sale_price_cents is None else money_text(str(item.sale_price_cents), item.currency),
        currency=item.currency,
        dot_is_decimal=True,
        availability=item.availability,
        rating="" if item.rating is None else str(item.rating),
        n_ratings=str(item.n_ratings),
        picture=InlinePicture(data),
    )
