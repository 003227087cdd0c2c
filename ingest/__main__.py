"""`python -m ingest SOURCE`: fill the catalogue; also `demo`, `runs`, `undo`, `disagreements`, `convert`, `reembed` and
`reindex`."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from env.database import open_database
from env.errors import VitrineError
from env.settings import load_settings
from ingest.convert import convert
from ingest.demo import DEFAULT_GROUPS, DEFAULT_SEED
from ingest.demo_fill import fill_demo, fill_demo_if_empty
from ingest.desk_commands import add_desk_commands, tell_disagreements, tell_dry_run, tell_runs, undo_run
from ingest.engine import ENGINES
from ingest.feed import DEFAULTS, Options, find_feed
from ingest.pipeline import run
from ingest.progress import shown
from ingest.readers import READERS
from ingest.reembed import reembed
from ingest.report import Report
from tools.shop import open_shop
from tools.store_index import rebuild_index

STOPPED = 130
_USAGE = """python -m ingest SOURCE [options]
       python -m ingest demo [--if-empty] [--seed N] [--groups N]
       python -m ingest SOURCE --dry-run
       python -m ingest runs | undo [RUN]
       python -m ingest disagreements [--limit N] [--csv FILE]
       python -m ingest convert SOURCE --out DIR [options]
       python -m ingest reembed
       python -m ingest reindex [--memory-mb N] [--workers N]"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when done, 1 with one line on stderr when nothing could be read, 130 when stopped."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given and given[0] not in (*COMMANDS, "-h", "--help"):
        given.insert(0, "load")
    args = _parser().parse_args(given)
    stop = threading.Event()
    _stop_on_signals(stop)
    try:
        return COMMANDS[args.command](args, stop)
    except VitrineError as error:
        print(f"ingest: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("ingest: stopped at once; run the same command again to go on", file=sys.stderr)
        return STOPPED


def _stop_on_signals(stop: threading.Event) -> None:
    """The first Ctrl-C or SIGTERM ends the run after storing what is done, the second at once."""

    def on_signal(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, signal.default_int_handler)
        print("ingest: storing what is done ... (again to stop at once)", file=sys.stderr)

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)


def _load(args: argparse.Namespace, stop: threading.Event) -> int:
    feed = find_feed(args.source, args.kind, args.source_name)
    with open_shop(load_settings()) as shop:
        if args.dry_run:
            return tell_dry_run(shop, feed, _options(args), stop)
        with shown(f"Ingesting {feed.path.name or feed.path}") as watcher:
            report = run(shop, feed, _options(args), watcher, stop)
        return _tell(report, args.report)


def _demo(args: argparse.Namespace, stop: threading.Event) -> int:
    with open_shop(load_settings()) as shop:
        with shown("Drawing the demo catalogue") as watcher:
            report = (
                fill_demo_if_empty(shop, watcher, args.seed, args.groups, stop, args.first)
                if args.if_empty
                else fill_demo(shop, watcher, args.seed, args.groups, stop)
            )
        return 0 if report is None else _tell(report, args.report)


def _convert(args: argparse.Namespace, stop: threading.Event) -> int:
    feed = find_feed(args.source, args.kind, args.source_name)
    with shown(f"Converting {feed.path.name or feed.path}") as watcher:
        report = convert(load_settings(), feed, args.out, _options(args), watcher, stop)
    return _tell(report, args.report)


def _reembed(_: argparse.Namespace, stop: threading.Event) -> int:
    with open_shop(load_settings()) as shop, shown("Embedding") as watcher:
        done = reembed(shop, watcher, stop)
    print(f"new vectors for {done.n_done:,} items")
    if done.missing:
        print(f"{len(done.missing):,} items without a readable picture lost theirs: {', '.join(done.missing[:10])}")
    return STOPPED if done.is_stopped else 0


def _reindex(args: argparse.Namespace, _: threading.Event) -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # nothing is half done: the old index is there until the end
    with open_database(load_settings()) as database:
        print("building the vector index; searches go on with the old one ...", file=sys.stderr)
        built = rebuild_index(database, None, args.memory_mb, args.workers)
    told = f"m = {built.plan.m}, ef_construction = {built.plan.ef_construction}, {built.size_bytes / 1e6:,.0f} MB"
    print(f"index of {built.n_rows:,} items built in {built.seconds:,.0f} s ({told})")
    return 0


# In a folder of the same name a command is told from a source by its path: ./demo
COMMANDS: dict[str, Callable[[argparse.Namespace, threading.Event], int]] = {
    "load": _load,
    "demo": _demo,
    "convert": _convert,
    "reembed": _reembed,
    "reindex": _reindex,
    "runs": tell_runs,
    "undo": undo_run,
    "disagreements": tell_disagreements,
}


def _tell(report: Report, file: Path | None) -> int:
    if file is not None:
        file.write_text(report.to_json() + "\n", encoding="utf-8", errors="backslashreplace")
    for line in report.lines():
        print(line.encode(errors="backslashreplace").decode())
    if report.is_stopped:
        return STOPPED
    return 0 if report.n_good else 1


def _options(args: argparse.Namespace) -> Options:
    pruning, forced = getattr(args, "prune", False), getattr(args, "force", False)
    return Options(
        limit=args.limit,
        currency=args.currency or "",
        is_pruning=pruning,
        is_forced=forced,
        engine=getattr(args, "engine", DEFAULTS.engine),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingest", usage=_USAGE, description=__doc__)
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="SOURCE | demo | convert | reembed | reindex"
    )
    load = commands.add_parser("load", prog="python -m ingest", usage="python -m ingest SOURCE [options]")
    _add_source(load)
    load.add_argument("--prune", action="store_true", help="remove items of this source that the feed no longer has")
    load.add_argument("--force", action="store_true", help="write unchanged items again")
    load.add_argument(
        "--engine", default=DEFAULTS.engine, choices=ENGINES, help="what embeds: this process, or a Ray cluster"
    )
    load.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    add_desk_commands(commands)
    converting = commands.add_parser("convert", help="write a source as items.jsonl and images/")
    _add_source(converting)
    converting.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder without items.jsonl")
    demo = commands.add_parser("demo", help="the demo catalogue, drawn by code")
    demo.add_argument(
        "--if-empty", action="store_true", help="only where the catalogue is empty, or half filled by this"
    )
    demo.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="N")
    demo.add_argument("--groups", type=_positive, default=DEFAULT_GROUPS, metavar="N", help="designs, each in colours")
    demo.add_argument(
        "--first", type=_positive, default=0, metavar="N", help="with --if-empty: N designs now, the rest another time"
    )
    demo.add_argument("--report", type=Path, metavar="FILE", help="write the report as JSON")
    commands.add_parser("reembed", help="new vectors for all items, after the embedder was changed")
    reindex = commands.add_parser("reindex", help="build the vector index anew, after a bulk load or much growth")
    reindex.add_argument(
        "--memory-mb", type=_positive, default=4096, metavar="N", help="most memory the build may take"
    )
    reindex.add_argument("--workers", type=int, default=1, metavar="N", help="processes that help")
    return parser


def _add_source(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("source", type=Path, metavar="SOURCE", help="a feed file, or a folder of pictures")
    add("--kind", default="", choices=READERS, help="what the source is, where looking does not tell")
    add("--source-name", default="", metavar="NAME", help="what its items are stored under (default: its full path)")
    add("--currency", type=_currency, metavar="CODE", help="of prices that name none (default: CURRENCY)")
    add("--limit", type=_positive, metavar="N", help="read the first N rows only")
    add("--report", type=Path, metavar="FILE", help="write the report as JSON")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not 1 or more")
    return number


def _currency(text: str) -> str:
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise argparse.ArgumentTypeError(f"{text!r} is no currency code such as EUR")
    return text.upper()


if __name__ == "__main__":
    sys.exit(main())
