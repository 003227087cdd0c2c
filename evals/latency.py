"""How long a search takes, by its kind, beside the seed method in the same run."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from PIL import Image

from evals.latency_kinds import Asking, TimedEmbedder, askings
from evals.results_record import Record, data_name, record
from evals.retrieval_baseline import opened
from evals.retrieval_gallery import Bench, open_bench
from evals.retrieval_source import open_source, settings_with
from evals.seed_method import SeedMethod
from tools.catalog import Catalog
from tools.item import Item

_N_WARM = 3
_BATCH = 32
_TOP_K = 8
_COLUMNS = {
    "rows": "n_matching", "p50": "p50_ms", "p95": "p95_ms", "embed": "embed_p50_ms", "data": "database_p50_ms",
    "seed50": "seed_p50_ms", "seed95": "seed_p95_ms", "ratio": "seed_ratio",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timing:
    """Searches of one kind: wall-clock milliseconds of the whole, and the medians of its two parts.

    `seed_ratio` is the seed method's median over ours on the same queries: 2 means that ours takes half the time.
    """

    kind: str
    n: int
    n_matching: int
    p50_ms: float
    p95_ms: float
    embed_p50_ms: float
    database_p50_ms: float
    seed_p50_ms: float
    seed_p95_ms: float
    seed_ratio: float


@dataclass(frozen=True, slots=True)
class LatencyReport:
    """What was timed, on which catalogue. Pictures a second are decoded and embedded on one thread."""

    sources: tuple[str, ...]
    embedder: str
    fingerprint: str
    n_items: int
    timings: tuple[Timing, ...]
    pictures_per_s: float
    seed_pictures_per_s: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals latency`."""
    add = parser.add_argument
    add("sources", nargs="+", metavar="SOURCE", help="what `python -m ingest` reads, `demo`, or the `shop` as it is")
    add("--queries", type=int, default=60, metavar="N", help="searches of each kind")
    add("--embedder", metavar="E", help="checkpoint folder or hub id (default: the EMBEDDER setting)")
    add("--json", action="store_true", help="one JSON object instead of a table")


def run(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    made = measured(arguments)
    sys.stdout.write(f"{json.dumps(asdict(made), ensure_ascii=False, indent=1) if arguments.json else told(made)}\n")


def measured(arguments: argparse.Namespace) -> Record:
    """Measure as the command line says."""
    settings = settings_with(arguments.embedder)
    with open_source(arguments.sources, settings) as shop:
        report = measure_latency(open_bench(shop, arguments.queries), tuple(map(data_name, arguments.sources)))
    return record("latency", arguments.sources, [f"--queries {arguments.queries}"], report)


def measure_latency(bench: Bench, sources: tuple[str, ...] = ()) -> LatencyReport:
    """Each kind of search in turn, ours and the seed method's query by query, after a few that are not counted."""
    shop = bench.shop
    timed = TimedEmbedder(shop.embedder)
    catalog = Catalog(shop.database, lambda: timed, shop.settings)
    with opened(bench) as seed:
        timings = [_timing(kind, asked, catalog, timed, seed) for kind, asked in askings(bench).items()]
        pictures = [item for item in bench.draw("pictures", bench.askers) if item.image]
        ours, theirs = _pictures_per_s(bench, pictures, seed)
    return LatencyReport(
        sources,
        shop.settings.embedder,
        shop.embedder.fingerprint,
        len(bench.gallery.items),
        tuple(timings),
        ours,
        theirs,
    )


def _timing(kind: str, asked: Sequence[Asking], catalog: Catalog, timed: TimedEmbedder, seed: SeedMethod) -> Timing:
    whole, embedding, theirs, n_matching = [], [], [], 0
    for asking in [*asked[:_N_WARM], *asked]:
        query = replace(asking.query, top_k=_TOP_K)
        timed.spent_s = 0.0
        whole.append(_ms(lambda query=query: catalog.search(query)))  # type: ignore[misc]
        embedding.append(timed.spent_s * 1000)
        theirs.append(_ms(lambda asking=asking: _asked_of_seed(asking, seed)))  # type: ignore[misc]
        n_matching = catalog.count(query.filters)
    n_warm = min(_N_WARM, len(asked))
    ours, inside, seeds = np.array(whole[n_warm:]), np.array(embedding[n_warm:]), np.array(theirs[n_warm:])
    p50, p95 = np.percentile(ours, (50, 95))
    seed_p50, seed_p95 = np.percentile(seeds, (50, 95))
    figures = (p50, p95, np.median(inside), np.median(ours - inside), seed_p50, seed_p95, seed_p50 / p50)
    return Timing(kind, len(ours), n_matching, *(round(float(figure), 2) for figure in figures))


def _asked_of_seed(asking: Asking, seed: SeedMethod) -> list[Item]:
    return seed.search(asking.query.text, asking.query.photo, asking.limits, _TOP_K)


def _ms(work: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    work()
    return (time.perf_counter() - began_s) * 1000


def _pictures_per_s(bench: Bench, items: Sequence[Item], seed: SeedMethod) -> tuple[float, float]:
    """Decoded and embedded in batches, and one at a time in fp32."""

    def opened_pictures(some: Sequence[Item]) -> list[Image.Image]:
        return [bench.shop.pictures.open(item.image) for item in some]

    def in_batches() -> None:
        for at in range(0, len(items), _BATCH):
            bench.embedder.embed_images(opened_pictures(items[at : at + _BATCH]))

    def one_by_one() -> None:
        for item in items:
            seed.embed_photo(*opened_pictures([item]))

    return tuple(round(len(items) / (_ms(work) / 1000), 1) for work in (in_batches, one_by_one))  # type: ignore[return-value]


def told(made: Record) -> str:
    """A record for people."""
    report = made.report
    lines = [
        f"{made.command}: {report['n_items']:,} items, {report['fingerprint']}, {made.machine}",
        f"{'kind':34} " + " ".join(f"{name:>7}" for name in _COLUMNS),
    ]
    for timing in report["timings"]:
        figures = " ".join(f"{timing[name]:7,.1f}" for name in _COLUMNS.values())
        lines.append(f"{timing['kind']:34} {figures}")
    lines.append(f"pictures a second: {report['pictures_per_s']}, seed method {report['seed_pictures_per_s']}")
    return "\n".join(lines)
