"""Searches in a synthetic catalogue by the shop's own path, compared with every row compared."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
import psutil
from numpy.typing import NDArray
from PIL import Image

from env.database import Database
from env.errors import DatabaseError
from env.postgres_process import find_postmaster
from env.postgres_server import PostgresServer
from env.settings import Settings
from evals.scale_items import ADJECTIVES, DIM, N_TOKENS, NOUNS, SHARES, draw, drawn, make_clusters, sku
from tools.catalog import Catalog
from tools.embedder import ImageEmbeddings
from tools.query import Filters, Hit, Query
from tools.store import Probe, Store
from tools.store_synthetic import EMBEDDER, exact_scan

TOP_K = 10
PER_MILLE = (1000, *SHARES)
_PROBE_SEED = 10**9
_N_REPEATED = 3


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of a search by the clock, and what the processors spent on one on average, here and in the server.

    On a busy machine the latter tells what the clock cannot.
    """

    p50_ms: float
    p95_ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Point:
    """Searches under one filter. `recall_at_10` in [0, 1] is that of the nearest vectors, against every admitted row
    compared; the times are of whole searches, which also vote on what a photo shows and compare query tokens.

    `first_count_ms` is what counting the admitted rows takes where it is not remembered yet: once a filter.
    """

    per_mille: int
    n_matching: int
    first_count_ms: float
    recall_at_10: float
    photo: Times
    words: Times


@dataclass(frozen=True, slots=True)
class Searched:
    """All points, and what comparing every row of the table takes."""

    exact_scan_ms: float
    points: tuple[Point, ...]


class KnownVectors:
    """An embedder that knows its queries: a picture is the number of its vector, two words are one of 64."""

    fingerprint = EMBEDDER
    dim = DIM
    n_query_tokens = N_TOKENS

    def __init__(self, photos: NDArray[np.float32], texts: Mapping[str, NDArray[np.float32]]) -> None:
        self._photos = photos
        self._texts = texts

    def embed_query_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of known words, (n, 256)."""
        return np.stack([self._texts[text] for text in texts])

    def embed_images(self, images: Sequence[Image.Image]) -> ImageEmbeddings:
        """The vectors that numbered pictures stand for."""
        numbers = [int.from_bytes(image.tobytes()[:3]) for image in images]
        pooled = self._photos[numbers]
        return ImageEmbeddings(pooled, np.repeat(pooled[:, None], N_TOKENS, axis=1))

    def score_itm(self, text: str, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Nothing matches: there are no pictures behind synthetic items."""
        return np.zeros(len(images), np.float32)


def numbered_picture(number: int) -> Image.Image:
    """The picture that stands for a vector."""
    return Image.frombytes("RGB", (1, 1), number.to_bytes(3))


def measure_searches(server: PostgresServer, database: Database, n_rows: int, seed: int, n_queries: int) -> Searched:
    """Search under each filter, everything once to warm up and once by the clock."""
    clusters = make_clusters()
    photos = draw(clusters, n_queries, _PROBE_SEED)
    words = [f"{one.decode()} {other.decode()}" for one, other in product(ADJECTIVES, NOUNS)][:n_queries]
    texts = dict(zip(words, draw(clusters, len(words), _PROBE_SEED + 1), strict=True))
    embedder = KnownVectors(photos, texts)

    def catalog() -> Catalog:
        return Catalog(database, lambda: embedder, Settings())

    shared, store = catalog(), Store(database)
    truths = nearest_of_all(photos, n_rows, seed)
    exact_ms = _median_ms([partial(exact_scan, database, vector, TOP_K) for vector in photos[:_N_REPEATED]])
    points = []
    for per_mille in PER_MILLE:
        filters = Filters(facets={"category": (SHARES[per_mille],)} if per_mille in SHARES else {})
        pictures = [Query(photo=numbered_picture(number), filters=filters, top_k=TOP_K) for number in range(n_queries)]
        first_count_ms = _median_ms([partial(catalog().count, filters) for _ in range(_N_REPEATED)])
        photo = _timed(server, shared, pictures)
        told = _timed(server, shared, [Query(text=text, filters=filters, top_k=TOP_K) for text in words])
        n_matching = shared.count(filters)
        near = [store.nearest(Probe(photo_vector=vector), filters, TOP_K, n_matching) for vector in photos]
        right = recall(near, truths[per_mille])
        points.append(Point(per_mille, n_matching, first_count_ms, right, photo, told))
    return Searched(exact_ms, tuple(points))


def _median_ms(calls: Sequence[Callable[[], object]]) -> float:
    spent_ms = []
    for call in calls:
        begun = time.perf_counter()
        call()
        spent_ms.append((time.perf_counter() - begun) * 1000)
    return float(np.median(spent_ms))


def _timed(server: PostgresServer, catalog: Catalog, queries: Sequence[Query]) -> Times:
    for query in queries:
        catalog.search(query)
    spent_ms, begun_cpu_s = [], _cpu_s(server)
    for query in queries:
        begun = time.perf_counter()
        catalog.search(query)
        spent_ms.append((time.perf_counter() - begun) * 1000)
    cpu_ms = (_cpu_s(server) - begun_cpu_s) * 1000 / len(queries)
    return Times(float(np.quantile(spent_ms, 0.5)), float(np.quantile(spent_ms, 0.95)), cpu_ms)


def _cpu_s(server: PostgresServer) -> float:
    """Processor time of this process, and of the server's processes and those it has seen end."""
    postmaster = find_postmaster(server.home / "data")
    if postmaster is None:
        raise DatabaseError("the scratch Postgres has ended; see server.log beside its data, and run again")
    process = psutil.Process(postmaster.pid)
    times = [process.cpu_times(), *(child.cpu_times() for child in process.children())]
    ended = times[0].children_user + times[0].children_system
    spent_s: float = time.process_time() + ended + sum(one.user + one.system for one in times)
    return spent_s


def recall(found: Sequence[Sequence[Hit]], truth: NDArray[np.int64]) -> float:
    """The share of the true nearest rows, numbers (n_queries, k) or -1 where there are fewer, that were found."""
    wanted = [{sku(number) for number in numbers if number >= 0} for numbers in truth.tolist()]
    n_found = sum(len(skus & {hit.item.sku for hit in one}) for skus, one in zip(wanted, found, strict=True))
    return n_found / max(1, sum(map(len, wanted)))


def nearest_of_all(probes: NDArray[np.float32], n_rows: int, seed: int) -> dict[int, NDArray[np.int64]]:
    """By numpy, the numbers of the rows nearest to each probe under each filter: (n_probes, 10), -1 for none."""
    nothing = np.full((len(probes), TOP_K), -np.inf, np.float32), np.full((len(probes), TOP_K), -1)
    best = dict.fromkeys(PER_MILLE, nothing)
    for part in drawn(make_clusters(), n_rows, seed):
        scores = probes @ part.pooled.T  # (n_probes, n)
        for per_mille, (high, numbers) in best.items():
            inside = np.flatnonzero(part.place < per_mille)
            high = np.concatenate([high, scores[:, inside]], axis=1)
            numbers = np.concatenate([numbers, np.tile(part.first + inside, (len(probes), 1))], axis=1)
            order = np.argpartition(-high, TOP_K - 1, axis=1)[:, :TOP_K]
            best[per_mille] = np.take_along_axis(high, order, 1), np.take_along_axis(numbers, order, 1)
    return {per_mille: numbers for per_mille, (_, numbers) in best.items()}
