"""`python -m agents workbench prompts`: versions of prompts, from a draft to the next turn and back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from agents.asking import printable
from agents.workbench.preview import preview
from agents.workbench.prompt_book import PromptBook
from agents.workbench.prompt_diff import diff_of
from agents.workbench.prompt_editing import edited
from agents.workbench.prompt_files import as_yaml, from_yaml
from agents.workbench.prompt_values import values_of
from agents.workbench.promptfoo import as_promptfoo, from_promptfoo, is_promptfoo
from agents.workbench.prompts_told import change_line, diff_line, row_json, row_line
from agents.workbench.publishing import gate_of
from env.database import Database, open_database
from env.errors import PromptConflictError, PromptError, SettingsError
from env.roles import EVERYTHING
from env.settings import load_settings
from tools.shop import Shop, open_shop
from tools.store_latest import LatestTurn, LatestTurnStore
from tools.store_prompts import PromptRow

prompts_app = typer.Typer(help="Versions of prompts: list, edit, compare, publish, roll back.", no_args_is_help=True)

_Name = Annotated[str, typer.Argument(help="The prompt: assistant or classifier.")]
_Version = Annotated[str, typer.Argument(help="A version, as `list` names it.")]
_Note = Annotated[str, typer.Option(help="Why, for whoever reads the log.")]
_Session = Annotated[str, typer.Option(help="Fill it with the newest turn of this chat; without: of the latest chat.")]
_N_TESTS = 20


class Form(StrEnum):
    """What a file looks like."""

    YAML = "yaml"
    PROMPTFOO = "promptfoo"


@prompts_app.command("list")
def list_prompts(
    name: Annotated[str, typer.Argument(help="Only this prompt.")] = "",
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the versions of each prompt; a star marks what is in force."""
    with _book() as (book, _):
        for each in (name,) if name else book.names():
            standing = book.standing(each)
            for row in book.rows(each):
                is_on = row.version == standing.version.version
                typer.echo(row_json(row, is_on) if json_lines else row_line(row, is_on))
            if standing.problem:
                typer.echo(f"  the shipped version answers: {standing.problem}", err=True)


@prompts_app.command()
def show(
    name: _Name, version: Annotated[str, typer.Argument(help="A version; without: the one in force.")] = ""
) -> None:
    """Write a version to stdout as YAML."""
    with _book() as (book, _):
        typer.echo(as_yaml(book.read(name, version or book.in_force(name))), nl=False)


@prompts_app.command()
def new(
    name: _Name,
    parent: Annotated[str, typer.Option("--from", help="Begin with this version; without: the one in force.")] = "",
    note: _Note = "",
) -> None:
    """Begin a draft."""
    with _book() as (book, _):
        draft = book.draft(EVERYTHING, name, parent or book.in_force(name), note)
    typer.echo(f"draft {draft.version} of {name}, made from {draft.parent}")


@prompts_app.command()
def edit(
    name: _Name,
    version: _Version,
    file: Annotated[
        Path | None, typer.Option(help="Take the text from this YAML file; without: open an editor.")
    ] = None,
    note: _Note = "",
) -> None:
    """Change a draft, in your editor or from a file; what is wrong with it is told with its line."""
    with _book() as (book, _):
        row = book.read(name, version)
        if row.status != "draft":
            raise PromptError(f"version {version!r} is {row.status} and stays as it is; `new {name} --from {version}`")
        found = from_yaml(_read(file), book.names()) if file else edited(as_yaml(row), book.names())
        if found is None:
            typer.echo("nothing changed")
            return
        if found.name != name:
            raise PromptError(f"the text is of prompt {found.name!r}, the draft of {name!r}; leave the name as it is")
        typer.echo(_saved(book, row, replace(found, note=note or found.note)))


@prompts_app.command()
def delete(name: _Name, version: _Version) -> None:
    """Delete a draft for good."""
    with _book() as (book, _):
        book.delete(EVERYTHING, book.read(name, version))
    typer.echo(f"deleted draft {version} of {name}")


@prompts_app.command()
def diff(name: _Name, old: _Version, new: _Version) -> None:
    """Show what differs: lines with - and +, words that changed in them as [-old-] and {+new+}."""
    with _book() as (book, _):
        pieces = diff_of(book.read(name, old).template, book.read(name, new).template)
    for piece in pieces:
        if piece.is_changed:
            typer.echo(f"@@ {piece.piece}")
            for line in piece.lines:
                typer.echo(diff_line(line))
    if not any(piece.is_changed for piece in pieces):
        typer.echo("no difference")


@prompts_app.command("preview")
def preview_version(name: _Name, version: _Version, session: _Session = "") -> None:
    """Show what a model would be told, with a turn that really happened; no model is asked."""
    with _shop() as shop:
        turn = _turns(shop, session, 1)[0]
        prompt = PromptBook(shop.database).prompt(name, version)
        for message in preview(prompt, turn, shop):
            typer.echo(f"--- {message.role}")
            for part in message.parts:
                typer.echo("\n".join(printable(line) for line in part.splitlines()))


@prompts_app.command()
def publish(name: _Name, version: _Version, note: _Note = "") -> None:
    """Put a version into force from the next turn on, if the gate lets it."""
    with _book() as (book, database):
        change = book.publish(EVERYTHING, name, version, note, gate_of(database))
    for reason in change.reasons:
        typer.echo(f"the gate: {reason}")
    typer.echo(f"{change.to_version} of {name} is in force instead of {change.from_version}")


@prompts_app.command()
def rollback(
    name: _Name,
    note: _Note = "",
    to: Annotated[str, typer.Option(help="An earlier version; without: the last one in force before.")] = "",
) -> None:
    """Return to a version that was in force before; one that does not fit the code is refused with the reason."""
    with _book() as (book, _):
        change = book.rollback(EVERYTHING, name, note, version=to)
    typer.echo(f"{change.to_version} of {name} is in force again instead of {change.from_version}")


@prompts_app.command()
def retire(name: _Name, version: _Version, note: _Note = "") -> None:
    """Put a version aside; from the one in force the shop returns to the shipped one."""
    with _book() as (book, _):
        book.retire(EVERYTHING, name, version, note)
        typer.echo(f"{version} of {name} is retired; in force is {book.in_force(name)}")


@prompts_app.command()
def log(name: _Name) -> None:
    """List every change of what is in force, oldest first."""
    with _book() as (book, _):
        for change in book.log(name):
            typer.echo(change_line(change))


@prompts_app.command()
def export(
    name: _Name,
    version: _Version,
    form: Annotated[Form, typer.Option("--as", help="What to write.")] = Form.YAML,
    n_turns: Annotated[
        int, typer.Option("--turns", min=0, max=_N_TESTS, help="So many of the latest turns become tests of promptfoo.")
    ] = 0,
) -> None:
    """Write a version to stdout as YAML or as a promptfoo configuration."""
    if form is Form.YAML or not n_turns:
        with _book() as (book, _):
            row = book.read(name, version)
        typer.echo(as_yaml(row) if form is Form.YAML else as_promptfoo(row, (), load_settings()), nl=False)
        return
    with _shop() as shop:
        values = [values_of(name, turn, shop) for turn in _turns(shop, "", n_turns)]
        typer.echo(as_promptfoo(PromptBook(shop.database).read(name, version), values, shop.settings), nl=False)


@prompts_app.command("import")
def import_version(
    file: Annotated[Path, typer.Argument(help="YAML of a version, or a promptfoo configuration.")], note: _Note = ""
) -> None:
    """Read a file as a new draft; one that is not sound is refused with line and reason."""
    text = _read(file)
    with _book() as (book, _):
        found = (from_promptfoo if is_promptfoo(text) else from_yaml)(text, book.names())
        draft = book.add(EVERYTHING, replace(found, note=note or found.note))
    typer.echo(f"draft {draft.version} of {draft.name}, read from {printable(str(file))}")


def _saved(book: PromptBook, row: PromptRow, found: PromptRow) -> str:
    """Save a draft; where somebody was quicker, what was written becomes a draft of its own."""
    try:
        book.save(EVERYTHING, row, found.template, found.variables, found.note)
    except PromptConflictError as error:
        draft = book.add(EVERYTHING, replace(found, parent=row.version))
        return f"{error}\nyours is draft {draft.version} of {row.name}"
    return f"saved draft {row.version} of {row.name}"


@contextmanager
def _book() -> Iterator[tuple[PromptBook, Database]]:
    with open_database(load_settings()) as database:
        yield PromptBook(database), database


@contextmanager
def _shop() -> Iterator[Shop]:
    with open_shop(load_settings()) as shop:
        yield shop


def _turns(shop: Shop, session: str, limit: int) -> tuple[LatestTurn, ...]:
    store = LatestTurnStore(shop.database)
    found = tuple(turn for turn in (store.find(session),) if turn) if session else store.list(limit)
    if not found:
        which = f"chat {session!r} has no turn" if session else "no chat has a turn"
        raise PromptError(f'{which} that could be looked at again; ask something: python -m agents ask "red shoes"')
    return found


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"cannot read {str(file)!r}: {reason}; name a YAML file, or - for stdin") from error
