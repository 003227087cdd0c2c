"""The results page: written from the records of runs, and the runs themselves in one go."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from env.errors import FeedError
from env.settings import REPO_DIR
from evals import latency, retrieval
from evals.results_page import page
from evals.results_record import Record

RECORDS_DIR = REPO_DIR / "docs" / "results"
PAGE = REPO_DIR / "docs" / "results.md"
_MINI = REPO_DIR / "models" / "blip2-mini"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals results`."""
    add = parser.add_argument
    add("records", nargs="*", type=Path, metavar="RUN.json", help="kept runs (default: all of docs/results)")
    add(
        "--run",
        nargs="+",
        default=[],
        metavar="SOURCE",
        help="run everything on these first, and on the demo catalogue",
    )
    add("--photos", metavar="DIR", help="shoppers' own photos, for --run")
    add("--queries", default="400", metavar="N", help="for --run: about so many of a kind")


def run(arguments: argparse.Namespace) -> None:
    """Run and keep what is asked for, then write docs/results.md; with records named, print their page instead."""
    for name, kind, words in _runs(arguments) if arguments.run else ():
        sys.stderr.write(f"{name}\n")
        keep(name, made(kind, words))
    records = [read(path) for path in arguments.records or sorted(RECORDS_DIR.glob("*.json"))]
    if not records:
        raise FeedError("no run is kept in docs/results; make some with --run SOURCE, or name RUN.json files")
    if arguments.records:
        sys.stdout.write(page(records))
    else:
        PAGE.write_text(page(records), encoding="utf-8")


def _runs(arguments: argparse.Namespace) -> list[tuple[str, str, list[str]]]:
    """Name, kind and command line of each run."""
    unseen = ["--unseen", str(_MINI / "held_out.txt"), "--gallery", str(_MINI / "also_unseen.txt")]
    photos = ["--unseen-photos", str(_MINI / "held_out_photos.txt")]
    photos = ["--photos", arguments.photos, *photos] if arguments.photos else []
    queries = ["--queries", arguments.queries]
    return [
        ("retrieval", "retrieval", [*arguments.run, *unseen, *photos, "--baseline", *queries]),
        ("retrieval-demo", "retrieval", ["demo", "--baseline", "--queries", str(int(arguments.queries) // 4)]),
        ("latency", "latency", [*arguments.run]),
    ]


def made(kind: str, words: Sequence[str]) -> Record:
    """The record of one command, run in this process."""
    parser = argparse.ArgumentParser(prog=f"python -m evals {kind}")
    if kind == "latency":
        latency.add_arguments(parser)
        return latency.measured(parser.parse_args(words))
    retrieval.add_arguments(parser)
    return retrieval.measured(parser.parse_args(words))


def keep(name: str, made_now: Record) -> None:
    """Write a record to docs/results; one of the same name is replaced."""
    RECORDS_DIR.mkdir(parents=True, exist_ok=True)
    (RECORDS_DIR / f"{name}.json").write_text(as_json(made_now), encoding="utf-8")


def as_json(made_now: Record) -> str:
    """A record as text, rounded to what the figures bear."""
    return json.dumps(_rounded(asdict(made_now)), ensure_ascii=False, indent=0) + "\n"


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {name: _rounded(one) for name, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value


def read(path: Path) -> Record:
    """A kept record.

    Raises:
        FeedError: the file cannot be read, or is none.
    """
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise FeedError(f"{str(path)!r} is no record of a run ({error}); make one with --json") from error
