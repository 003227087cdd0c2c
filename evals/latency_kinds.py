"""The kinds of searches that are timed."""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evals.retrieval_gallery import Bench
from evals.seed_method import NO_LIMITS, Limits
from tools.embedder import Embedder, ImageEmbeddings
from tools.query import Filters, Query

# Shares of the catalogue that a filter is to admit.
SHARES = (0.5, 0.1, 0.01, 0.001)
# A filter whose share is this many times off tells nothing about the share wanted.
_FAR_OFF = 3.0


@dataclass(frozen=True, slots=True)
class Asking:
    """One search, and its limits in the seed method's terms."""

    query: Query
    limits: Limits = NO_LIMITS


class TimedEmbedder:
    """An embedder that adds up the seconds spent in it: set `spent_s` to 0 before, read it afterwards."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.fingerprint = embedder.fingerprint
        self.dim = embedder.dim
        self.n_query_tokens = embedder.n_query_tokens
        self.spent_s = 0.0

    def embed_query_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the embedder's own."""
        began_s = time.perf_counter()
        vectors = self._embedder.embed_query_text(texts)
        self.spent_s += time.perf_counter() - began_s
        return vectors

    def embed_images(self, images: Sequence[Image.Image]) -> ImageEmbeddings:
        """As the embedder's own."""
        began_s = time.perf_counter()
        vectors = self._embedder.embed_images(images)
        self.spent_s += time.perf_counter() - began_s
        return vectors

    def score_itm(self, text: str, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """As the embedder's own."""
        began_s = time.perf_counter()
        scores = self._embedder.score_itm(text, images)
        self.spent_s += time.perf_counter() - began_s
        return scores


def askings(bench: Bench) -> dict[str, list[Asking]]:
    """The searches by kind: words are titles in lower case, photos the items' own, filters the catalogue's values."""
    items = bench.draw("latency", bench.askers)
    words = [Query(text=item.title.lower()) for item in items]
    photos = [Query(photo=bench.shop.pictures.open(item.image)) for item in items]
    both = [replace(photo, text=item.colour or item.title) for photo, item in zip(photos, items, strict=True)]
    kinds = {"words": words, "photo": photos, "photo and words": both}
    timed = {kind: [Asking(query) for query in queries] for kind, queries in kinds.items()}
    for share, limits in _filters(bench):
        filters = Filters(facets={facet: (value,) for facet, value in limits.items()})
        named = ", ".join(limits.values())
        timed[f"words, {share:.1%} ({named})"] = [
            Asking(replace(query, filters=filters), Limits(limits, {})) for query in words
        ]
    widest = Filters(facets={"category": (_widest(bench),)})
    timed["words, sorted by rating"] = [Asking(replace(query, filters=widest, sort="rating")) for query in words]
    return timed


def _widest(bench: Bench) -> str:
    return bench.shop.catalog.vocabulary().values("category")[0]


def _filters(bench: Bench) -> Iterator[tuple[float, Mapping[str, str]]]:
    """The share admitted, and the limits of one or two facets that come nearest to each wanted share."""
    counts: dict[tuple[tuple[str, str], ...], int] = {}
    for item in bench.gallery.items:
        gender, category, colour = (("gender", item.gender), ("category", item.category), ("colour", item.colour))
        combined: tuple[tuple[tuple[str, str], ...], ...] = ((gender,), (category,), (colour,), (category, colour))
        for named in combined:
            if all(value for _, value in named):
                counts[named] = counts.get(named, 0) + 1
    n_items = len(bench.gallery.items)
    for wanted in SHARES:
        nearest = min(sorted(counts), key=lambda one: abs(math.log(counts[one] / n_items / wanted)))
        share = counts[nearest] / n_items
        if max(share / wanted, wanted / share) <= _FAR_OFF:
            yield share, dict(nearest)
