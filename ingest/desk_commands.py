"""`python -m ingest SOURCE --dry-run`, `runs`, `undo` and `disagreements`: the catalogue desk without a page."""

import argparse
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from env.errors import CatalogError
from env.roles import EVERYTHING
from env.settings import load_settings
from ingest.desk_csv import disagreements_csv
from ingest.disagreements import Found, disagreements
from ingest.dry_run import DryRun, dry_run
from ingest.feed import Feed, Options
from ingest.progress import shown
from ingest.undo import last_undoable, undo
from tools.shop import Shop, open_shop
from tools.store_ingests import IngestRun, ingest_run, ingest_runs
from tools.store_load import sources

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

STOPPED = 130
_SHOWN = 10


def add_desk_commands(commands: "Commands") -> None:
    """Add `runs`, `undo` and `disagreements` to the parser."""
    runs = commands.add_parser("runs", help="the newest ingests and undos")
    runs.add_argument("--source-name", default="", metavar="NAME", help="those of one source only")
    runs.add_argument("--limit", type=int, default=20, metavar="N", help="how many (default: 20)")
    taking_back = commands.add_parser("undo", help="take the last ingest of a source back, or a given run")
    taking_back.add_argument("run", type=int, nargs="?", metavar="RUN", help="a number that `runs` lists")
    taking_back.add_argument("--source-name", default="", metavar="NAME", help="needed where there are several sources")
    looking = commands.add_parser("disagreements", help="items whose picture surely shows what their row does not say")
    looking.add_argument("--limit", type=int, default=20, metavar="N", help="print so many, surest first (default: 20)")
    looking.add_argument("--csv", type=Path, metavar="FILE", help="write all of them as CSV")


def tell_runs(args: argparse.Namespace, _: threading.Event) -> int:
    """List the runs, newest first."""
    with open_shop(load_settings()) as shop:
        runs = ingest_runs(shop.database, args.source_name, args.limit)
    _say(run_line(run) for run in runs)
    if not runs:
        _say(["no ingest was kept yet; `python -m ingest SOURCE` makes the first"])
    return 0


def undo_run(args: argparse.Namespace, _: threading.Event) -> int:
    """Take a run back."""
    with open_shop(load_settings()) as shop:
        run = ingest_run(shop.database, args.run) if args.run else last_undoable(shop, _source(shop, args.source_name))
        with shown(f"Undoing run {run.id}") as watcher:
            done = undo(shop, run.id, EVERYTHING, watcher)
    _say([f"{done.line()} (run {done.run}; `python -m ingest undo {done.run}` takes that back)"])
    return 0


def tell_dry_run(shop: Shop, feed: Feed, options: Options, stop: threading.Event) -> int:
    """Say what an ingest would do; 0 where it would find a row to use."""
    with shown(f"Looking at {feed.path.name or feed.path}") as watcher:
        found = dry_run(shop, feed, options, watcher, stop)
    _say(dry_run_lines(found))
    if found.is_stopped:
        return STOPPED
    return 0 if found.n_read > found.n_rejected else 1


def tell_disagreements(args: argparse.Namespace, stop: threading.Event) -> int:
    """Print the surest, and write all where a file is named; 130 when stopped before the end."""
    with open_shop(load_settings()) as shop, shown("Looking at the pictures") as watcher:
        found = disagreements(shop, watcher, stop)
    if args.csv is not None:
        try:
            args.csv.write_bytes(disagreements_csv(found.rows))
        except OSError as error:
            raise CatalogError(
                f"cannot write {str(args.csv)!r}: {error.strerror}; name a file in a folder that exists"
            ) from error
    _say(disagreement_lines(found, max(0, args.limit)))
    return STOPPED if found.is_stopped else 0


def disagreement_lines(found: Found, limit: int) -> Iterator[str]:
    """What was found, in one line each, and a line that counts it."""
    for one in found.rows[:limit]:
        title = " ".join(one.item.title.split())[:60]
        yield (
            f"{one.item.sku}  {one.seen.attribute}: the row says {one.said}, the picture looks {one.seen.value},"
            f" {one.seen.percent} %  {title}"
        )
    told = ", ".join(f"{name} {n:,}" for name, n in sorted(found.by_attribute().items()))
    yield (
        f"looked at {found.n_looked_at:,} pictures; {found.n_items:,} of them and their rows differ"
        f"{f' ({told})' if told else ''}: look before you change a row, about half are the picture misread"
    )


def run_line(run: IngestRun) -> str:
    """A run in one line."""
    counts = f"{run.n_new:,} new, {run.n_changed:,} changed, {run.n_removed:,} removed, {run.n_rejected:,} rejected"
    undone = f", undone by {run.undone_by}" if run.undone_by else f", undoes {run.undoes}" if run.undoes else ""
    return (
        f"{run.id:>5}  {run.started_at:%Y-%m-%d %H:%M}  {run.actor}  {run.kind} {run.source}  {counts}"
        f"  {run.state}{undone}{f' ({run.problem})' if run.problem else ''}"
    )


def dry_run_lines(found: DryRun) -> Iterator[str]:
    """A dry run for people."""
    yield (
        f"{found.kind} {found.source}: read {found.n_read:,}; would be {found.n_new:,} new, {found.n_changed:,}"
        f" changed, {found.n_removed:,} removed, {found.n_unchanged:,} unchanged, {found.n_rejected:,} rejected;"
        " nothing was written"
    )
    for change in found.changed[:_SHOWN]:
        told = "; ".join(f"{one.field}: {one.before!r} -> {one.after!r}" for one in change.fields)
        yield f"changed {change.sku}: {told}"
    for word, lines in (("new", found.new), ("removed", found.removed)):
        yield from (f"{word} {line.sku}: {line.title}" for line in lines[:_SHOWN])
    for word, by_reason in (("rejected", found.rejected), ("note", found.notes)):
        yield from (f"{word} {told.n:,} {reason} (first: {told.first[0].detail})" for reason, told in by_reason.items())
    if found.n_untried:
        yield f"{found.n_untried:,} pictures on the web were not asked for"


def _source(shop: Shop, name: str) -> str:
    known = sources(shop.database)
    if name or len(known) == 1:
        return name or known[0]
    if not known:
        raise CatalogError("the catalogue is empty: nothing is left to undo; `python -m ingest runs` lists what was")
    raise CatalogError(f"say whose ingest with --source-name: {', '.join(map(repr, known))}")


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line.encode(errors="backslashreplace").decode() + "\n")
