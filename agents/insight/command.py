"""`python -m agents insight` and `retention`: what shoppers talked about, and how long it is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from agents.asking import printable
from agents.insight.asked import FACETS
from agents.insight.block import Block, Cell
from agents.insight.csv_files import as_csv
from agents.insight.reading import BLOCKS, Insight
from agents.insight.telling import counted
from agents.retention import apply_retention, count_older, retention, set_retention
from env.database import Database, open_database
from env.errors import SettingsError
from env.roles import EVERYTHING
from env.settings import load_settings
from tools.insight import Scope
from tools.store_retention import GRACE_HOURS, Retention

_SHOWN_ROWS = 10


def insight(
    since: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="First day.")] = "",
    until: Annotated[str, typer.Option("--to", metavar="YYYY-MM-DD", help="Last day.")] = "",
    language: Annotated[str, typer.Option(help="Only messages in this language, e.g. de.")] = "",
    has_demos: Annotated[bool, typer.Option("--demos", help="Count the chats of demos too.")] = False,
    folder: Annotated[Path | None, typer.Option("--csv", metavar="DIR", help="Write one CSV file a question.")] = None,
) -> None:
    """What people looked for, what the shop did not have, how it did: over the stored turns, without personal text."""
    scope = Scope(_day(since), _day(until), language, has_demos=has_demos)
    with _opened() as database:
        for name, block in _blocks(Insight(database, EVERYTHING), scope):
            if folder is None:
                _print(block)
            else:
                _write(folder / f"{name}.csv", as_csv(block))
    if folder is not None:
        typer.echo(f"wrote {len(BLOCKS) + len(FACETS) - 1} files to {folder}")


def keeping(
    days: Annotated[int | None, typer.Option(help="Keep turns for so many days.")] = None,
    is_forever: Annotated[bool, typer.Option("--forever", help="Keep turns until they are deleted.")] = False,
    is_applied: Annotated[
        bool, typer.Option("--apply", help="Delete now what is older than the time in force.")
    ] = False,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """How long turns are kept: told, set, or applied. Without options nothing is changed."""
    if (days is not None) + is_forever + is_applied > 1:
        raise SettingsError("say one of --days, --forever and --apply")
    with _opened() as database:
        if days is not None:
            old = count_older(database, days)
            told = f"{counted(old.n_turns, 'turn')} and {counted(old.n_chats, 'whole chat')}"
            if not is_sure:
                typer.confirm(
                    f"Of what is stored now this would delete {told}. Keep turns for {days} days?", abort=True
                )
            set_retention(database, EVERYTHING, days)
        elif is_forever:
            set_retention(database, EVERYTHING, None)
        elif is_applied:
            gone = apply_retention(database)
            typer.echo("another process is at it" if gone is None else f"deleted {counted(gone.n_turns, 'turn')}")
        typer.echo(retention_words(retention(database)))


def retention_words(told: Retention) -> str:
    """The setting as a sentence or two."""
    now = _kept(told.days)
    if told.is_waiting:
        return (
            f"{now} From {told.applies_at:%Y-%m-%d %H:%M} UTC on: {_kept(told.next_days).lower()} A shorter time waits"
            f" {GRACE_HOURS} hours and can be taken back until then."
        )
    return now


def _kept(days: int | None) -> str:
    return (
        "Turns are kept until somebody deletes them." if days is None else f"Turns are kept for {counted(days, 'day')}."
    )


def _blocks(insight: Insight, scope: Scope) -> Iterator[tuple[str, Block]]:
    for name in BLOCKS:
        if name != "missed":
            yield name, insight.block(name, scope)
            continue
        for facet in FACETS:
            yield f"missed-{facet}", insight.block(name, scope, facet)


def _print(block: Block) -> None:
    console = Console()
    console.print(f"\n[bold]{block.question}[/bold]")
    console.print(printable(block.sentence), markup=False, highlight=False)
    if not block.rows:
        return
    table = Table(*block.columns, box=None)
    for row in block.rows[:_SHOWN_ROWS]:
        table.add_row(*(_told(name, cell) for name, cell in zip(block.columns, row.cells, strict=True)))
    console.print(table, markup=False)


def _told(column: str, cell: Cell) -> str:
    if cell is None:
        return "-"
    if column.endswith("share"):
        return f"{100 * float(str(cell)):.0f} %"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    # Rich reads square brackets as markup.
    return printable(str(cell)).replace("[", "\\[")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise SettingsError(f"cannot write {str(path)!r}: {error.strerror}; name another folder") from error


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise SettingsError(f"{text!r} is no day; write it as 2026-03-31") from error


@contextmanager
def _opened() -> Iterator[Database]:
    with open_database(load_settings()) as database:
        yield database
