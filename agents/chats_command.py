"""`python -m agents chats`: the stored chats for whoever runs the shop: listed, exported, deleted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any

import typer

from agents.asking import printable
from agents.chat_titles import chat_title
from agents.export import exported
from agents.export_files import as_json, as_markdown
from agents.wording import Wording, load_texts
from env.database import Database, open_database
from env.errors import ChatGoneError, SettingsError
from env.settings import load_settings
from tools.store_chats import ChatRow, ChatStore
from tools.store_sessions import SessionStore

chats_app = typer.Typer(help="Stored chats: list, export, delete.", no_args_is_help=True)
_ALL = 1_000_000


class Form(StrEnum):
    """What an export looks like."""

    MARKDOWN = "md"
    JSON = "json"


@chats_app.command("list")
def list_chats(
    shopper: Annotated[str | None, typer.Option(help="Only the chats of this shopper; empty for nobody's.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=_ALL, help="So many at most, last used first.")] = 50,
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List chats: id, last use, turns, title."""
    words = Wording(load_texts("en"), "")
    with _opened() as database:
        for chat in ChatStore(database).list(shopper, limit):
            typer.echo(json.dumps(_chat_json(chat, words), ensure_ascii=False) if json_lines else _line(chat, words))


@chats_app.command()
def export(
    session: Annotated[str, typer.Argument(help="The chat's id.")],
    form: Annotated[Form, typer.Option("--as", help="What to write.")] = Form.MARKDOWN,
) -> None:
    """Write a chat to stdout: messages, replies, items with their price at that time."""
    with _opened() as database:
        chat = ChatStore(database).find(session)
        if chat is None:
            raise ChatGoneError(f"there is no chat {session!r}; `python -m agents chats list` names them")
        taken = exported(chat, SessionStore(database).turns(session))
    typer.echo(as_json(taken) if form is Form.JSON else as_markdown(taken, load_settings().locale), nl=False)


@chats_app.command()
def delete(
    session: Annotated[str, typer.Argument(help="The chat's id.")] = "",
    shopper: Annotated[str, typer.Option(help="Every chat of this shopper.")] = "",
    unused_days: Annotated[int, typer.Option(help="Every chat that nobody wrote in for so many days.")] = 0,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a chat, a shopper's chats or old ones for good, with their turns and feedback."""
    if sum(map(bool, (session, shopper, unused_days > 0))) != 1:
        raise SettingsError("say what to delete, one of: a chat's id, --shopper, --unused-days")
    if not is_sure:
        typer.confirm("Delete for good?", abort=True)
    with _opened() as database:
        chats = ChatStore(database)
        if session:
            n_deleted = int(chats.delete(session, None))
        else:
            n_deleted = chats.delete_all_of(shopper) if shopper else chats.delete_unused(unused_days)
    if session and not n_deleted:
        raise ChatGoneError(f"there is no chat {session!r}; `python -m agents chats list` names them")
    typer.echo(f"deleted {n_deleted} chat{'' if n_deleted == 1 else 's'}")


@contextmanager
def _opened() -> Iterator[Database]:
    with open_database(load_settings()) as database:
        yield database


def _line(chat: ChatRow, words: Wording) -> str:
    return printable(f"{chat.id}  {chat.updated_at:%Y-%m-%d %H:%M}  {chat.n_turns:>3}  {chat_title(chat, words)}")


def _chat_json(chat: ChatRow, words: Wording) -> dict[str, Any]:
    return {
        "session": chat.id,
        "shopper": chat.shopper or None,
        "title": chat_title(chat, words),
        "turns": chat.n_turns,
        "created_at": chat.created_at.isoformat(),
        "updated_at": chat.updated_at.isoformat(),
    }
