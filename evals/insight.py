"""How long insight takes over many turns: a made-up log is written to a scratch database and every figure is read."""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from agents.insight import Insight
from agents.insight.reading import BLOCKS
from env.database import Database
from env.postgres_server import start_postgres
from env.roles import EVERYTHING
from env.settings import load_settings
from evals.insight_log import synthetic_turns
from tools.insight import Scope
from tools.store_synthetic import scratch_database
from tools.store_synthetic_turns import write_turns

_N_SKUS = 4_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals insight`."""
    parser.add_argument("--turns", type=int, default=100_000, metavar="N", help="how many turns to count")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(arguments: argparse.Namespace) -> None:
    """Measure and print, in a Postgres of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="vitrine-insight-") as folder:
        os.chmod(folder, 0o711)  # where we are root, the server is another user, who must pass
        server = start_postgres(Path(folder), load_settings().postgres_memory_mb)
        try:
            url, _ = scratch_database(server, "insight")
            with Database(url) as database:
                write_ms = _write_ms(database, arguments.turns)
                seconds = _read(database)
        finally:
            server.close()
    told = {"turns": arguments.turns, "write_ms_a_turn": round(write_ms, 3), **seconds}
    text = json.dumps(told) if arguments.json else "\n".join(f"{name}: {value}" for name, value in told.items())
    sys.stdout.write(f"{text}\n")


def _write_ms(database: Database, n_turns: int) -> float:
    """Fill the log; how long one turn took to store, in batches."""
    started_s = time.perf_counter()
    skus = [f"SKU-{number}" for number in range(_N_SKUS)]
    for n_done in write_turns(database, synthetic_turns(n_turns, skus)):
        if n_done % 10_000 == 0:
            sys.stderr.write(f"{n_done} turns stored, {n_done / (time.perf_counter() - started_s):.0f} a second\n")
    return 1000 * (time.perf_counter() - started_s) / n_turns


def _read(database: Database) -> dict[str, float]:
    """Seconds by block, read once before so that the tables are in memory."""
    insight = Insight(database, EVERYTHING)
    seconds: dict[str, float] = {}
    for name in BLOCKS:
        insight.block(name, Scope())
        started_s = time.perf_counter()
        block = insight.block(name, Scope())
        seconds[name] = round(time.perf_counter() - started_s, 3)
        picked = next((row.pick for row in block.rows if row.pick), None)
        if picked is not None:
            started_s = time.perf_counter()
            insight.n_behind(Scope(), picked)
            insight.behind(Scope(), picked, 20)
            seconds[f"{name} behind"] = round(time.perf_counter() - started_s, 3)
    return seconds
