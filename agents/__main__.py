"""`python -m agents ask`, `chats` and `workbench`: the turn, the stored chats and the prompts, on the command line."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from agents.asking import answer, answer_lines, read_photo, told_json, told_text
from agents.chats_command import chats_app
from agents.demo_command import demo_app
from agents.desk import open_desk
from agents.events import Message
from agents.insight.command import insight, keeping
from agents.live.command import live_app
from agents.workbench.command import workbench_app
from env.errors import SettingsError, VitrineError
from env.logs import configure_logging
from env.settings import load_settings
from tools.shop import open_shop

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="The conversation without a page.")


app.add_typer(chats_app, name="chats")
app.command("insight")(insight)
app.command("retention")(keeping)
app.add_typer(demo_app, name="demo")
app.add_typer(workbench_app, name="workbench")
app.add_typer(live_app, name="live")


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="What a shopper would write; may be empty with --image.")] = "",
    image: Annotated[Path | None, typer.Option(help="A photo to send along.")] = None,
    photo_weight: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="From the words (0) to the photo (1), in this chat; unset: what suits the words."
        ),
    ] = None,
    session: Annotated[str, typer.Option(help="Go on with this chat, or start it under this id.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    batch: Annotated[
        Path | None,
        typer.Option(help="JSON lines {id, text, image?, photo_weight?, session?}; one result a line.", metavar="FILE"),
    ] = None,
) -> None:
    """Ask the shop one thing, or many with --batch."""
    if batch is not None and (text or image or session or photo_weight is not None):
        raise SettingsError("--batch brings its own messages; leave TEXT, --image, --photo-weight and --session away")
    settings = load_settings()
    configure_logging(settings)
    lines = _lines(batch) if batch else []
    with open_shop(settings) as shop:
        desk = open_desk(shop)
        if batch:
            for result in answer_lines(lines, desk):
                typer.echo(result)
            return
        photo = read_photo(image, settings) if image else None
        asked = desk.session(session) if session else desk.new_session()
        if photo_weight is not None:
            asked.photo_weight = photo_weight
        answered = answer(asked, Message(text, photo), desk)
        typer.echo(told_json(answered, shop.pictures) if as_json else told_text(answered, settings.locale))


def _lines(batch: Path) -> list[str]:
    try:
        return batch.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"cannot read the batch {str(batch)!r}: {reason}; name a file of JSON lines") from error


def main() -> None:
    """Run the command; anything that can be explained is one line on stderr."""
    try:
        app()
    except VitrineError as error:
        typer.echo(f"vitrine: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
