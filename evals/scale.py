"""How the catalogue grows: load, build, size, recall and speed at each selectivity, over synthetic items."""

import argparse
import json
import os
import shutil
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from env.database import Database
from env.errors import DatabaseError
from env.postgres_server import PostgresServer, start_postgres
from env.settings import load_settings
from evals.scale_items import make_clusters, parts
from evals.scale_picture import draw_growth
from evals.scale_search import Point, Times, measure_searches
from tools.store_index import drop_index, prewarm, rebuild_index
from tools.store_synthetic import Sizes, copy_rows, note_loaded, read_sizes, scratch_database

SEED = 0
_ROW_BYTES = 12_000  # a row with its token vectors and indexes, and the log of its load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals scale`."""
    add = parser.add_argument
    add("--rows", type=int, nargs="+", default=[44_000, 250_000, 1_000_000], metavar="N", help="sizes to measure")
    add("--queries", type=int, default=100, metavar="N", help="searches by photo, and at most 64 by words, each")
    add("--memory-mb", type=int, default=3_072, metavar="N", help="of the scratch Postgres, for tables and indexes")
    add("--build-memory-mb", type=int, default=3_072, metavar="N", help="most memory for building the vector index")
    add("--workers", type=int, default=1, metavar="N", help="processes that help to build it")
    add("--keep", action="store_true", help="keep DATA_DIR/scale; the next run then searches without loading")
    add("--out", type=Path, metavar="CURVE.png", help="draw recall and p95 by the number of items")
    add("--json", action="store_true", help="one JSON object instead of a table")


def run(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    folder = load_settings().data_dir / "scale"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)  # where we are root, the server is another user, who must pass
    server = start_postgres(folder, arguments.memory_mb)
    try:
        sizes = [_measure(server, n_rows, arguments) for n_rows in sorted(arguments.rows)]
    finally:
        home = server.home
        server.close()
        if not arguments.keep:
            shutil.rmtree(home)
            shutil.rmtree(folder, ignore_errors=True)
    report = ScaleReport(arguments.memory_mb, tuple(sizes))
    if arguments.out:
        draw_growth({size.n_rows: size.points for size in sizes}, arguments.out)
    sys.stdout.write(f"{json.dumps(asdict(report)) if arguments.json else told(report)}\n")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How a catalogue was filled and its index built."""

    load_s: float
    build_s: float
    m: int
    ef_construction: int


@dataclass(frozen=True, slots=True)
class Grown:
    """One size; `load_average` is the machine's while searching."""

    n_rows: int
    loaded: Loaded
    sizes: Sizes
    exact_scan_ms: float
    load_average: float
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class ScaleReport:
    """All sizes, and the memory the server had for tables and indexes."""

    memory_mb: int
    grown: tuple[Grown, ...]


def _measure(server: PostgresServer, n_rows: int, arguments: argparse.Namespace) -> Grown:
    name = f"scale_{n_rows}"
    url, note = scratch_database(server, name)
    with Database(url) as database:
        if not note:
            _check_disk(server.home, n_rows)
            note = json.dumps(asdict(_load(database, n_rows, arguments)))
            note_loaded(database, name, note)
        prewarm(database)
        searched = measure_searches(server, database, n_rows, SEED, arguments.queries)
        return Grown(
            n_rows=n_rows,
            loaded=Loaded(**json.loads(note)),
            sizes=read_sizes(database),
            exact_scan_ms=searched.exact_scan_ms,
            load_average=os.getloadavg()[0],
            points=searched.points,
        )


def _load(database: Database, n_rows: int, arguments: argparse.Namespace) -> Loaded:
    drop_index(database)
    begun = time.monotonic()
    copy_rows(database, parts(make_clusters(), n_rows, SEED))
    load_s = time.monotonic() - begun
    built = rebuild_index(database, None, arguments.build_memory_mb, arguments.workers)
    return Loaded(load_s, built.seconds, built.plan.m, built.plan.ef_construction)


def _check_disk(home: Path, n_rows: int) -> None:
    free, needed = shutil.disk_usage(home).free, n_rows * _ROW_BYTES
    if free < needed:
        raise DatabaseError(
            f"{n_rows:,} items need about {needed / 1e9:.0f} GB, the disk of {str(home)!r} has {free / 1e9:.0f}; "
            "measure fewer with --rows, or set DATA_DIR to another disk"
        )


def told(report: ScaleReport) -> str:
    """A report for people."""
    lines = [f"Postgres keeps {report.memory_mb:,} MB in memory; milliseconds of a search, embedding left out"]
    for grown in report.grown:
        loaded, sizes = grown.loaded, grown.sizes
        lines += [
            "",
            f"{grown.n_rows:,} items: loaded {grown.n_rows / loaded.load_s:,.0f} a second, index built in "
            f"{loaded.build_s:.0f} s (m = {loaded.m}, ef_construction = {loaded.ef_construction})",
            f"rows {_mb(sizes.rows)}, token vectors {_mb(sizes.tokens)}, vector index {_mb(sizes.vector_index)}, "
            f"other indexes {_mb(sizes.other_indexes)}; every row compared: {grown.exact_scan_ms:.0f} ms; "
            f"load average {grown.load_average:.1f}",
            f"{'admitted':>10} {'rows':>9} first count  recall@10  photo p50    p95    cpu  words p50    p95    cpu",
        ]
        lines += [
            f"{one.per_mille / 10:9.1f}% {one.n_matching:9,} {one.first_count_ms:11.1f} {one.recall_at_10:10.3f} "
            f"{_ms(one.photo)} {_ms(one.words)}"
            for one in grown.points
        ]
    return "\n".join(lines)


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.0f} MB"


def _ms(times: Times) -> str:
    return f"{times.p50_ms:10.1f} {times.p95_ms:6.1f} {times.cpu_ms:6.1f}"
