"""Items whose picture surely shows something else than their row says: mistakes of a feed, found by looking."""

import threading
from collections import Counter
from dataclasses import dataclass

from env.errors import CatalogError
from ingest.progress import Watcher
from tools.item import Item
from tools.seeing import Seen, open_eyes
from tools.seeing_item import likely_mistakes
from tools.shop import Shop
from tools.store_seen import n_pictured, pictured_items

MOST_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The row of `item` says `said` of an attribute, its picture shows what was `seen`."""

    item: Item
    said: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class Found:
    """The surest first, ties by SKU; and how many items were looked at."""

    rows: tuple[Disagreement, ...]
    n_looked_at: int
    is_stopped: bool

    @property
    def n_items(self) -> int:
        """How many items disagree about anything."""
        return len({one.item.sku for one in self.rows})

    def by_attribute(self) -> Counter[str]:
        """How many disagree about each attribute."""
        return Counter(one.seen.attribute for one in self.rows)


def disagreements(shop: Shop, watcher: Watcher, stop: threading.Event) -> Found:
    """Look at every item whose picture has a vector of the embedder at work, the surest MOST_KEPT at most.

    Raises:
        CatalogError: nothing is told from this embedder's vectors, or no item has one.
    """
    fingerprint = shop.embedder.fingerprint
    eyes, n_items = open_eyes(fingerprint), n_pictured(shop.database, fingerprint)
    if not eyes.is_calibrated:
        raise CatalogError(
            f"pictures cannot be read with the embedder {fingerprint!r}; run `python -m evals seeing SOURCE"
            " --calibrate`, or set EMBEDDER back"
        )
    if not n_items:
        raise CatalogError(f"no item has a picture with a vector of {fingerprint!r}; run `python -m ingest reembed`")
    found: list[Disagreement] = []
    n_done = 0
    for page in pictured_items(shop.database, fingerprint):
        for item, vector in page:
            found += [
                Disagreement(item, one.said, one.seen)
                for one in likely_mistakes(item, vector, eyes)
                if one.seen is not None
            ]
        if len(found) > 2 * MOST_KEPT:
            found = _surest(found)
        n_done += len(page)
        watcher(n_done, n_items)
        if stop.is_set():
            break
    return Found(tuple(_surest(found)), n_done, stop.is_set())


def _surest(found: list[Disagreement]) -> list[Disagreement]:
    return sorted(found, key=lambda one: (-one.seen.confidence, one.item.sku, one.seen.attribute))[:MOST_KEPT]
