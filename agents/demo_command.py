"""`python -m agents demo`: journeys played without a page, recordings kept and removed, reports as files."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from agents.asking import printable
from agents.demo.journey import find_journey, journeys
from agents.demo.library import put_back, recordings, remove, removed
from agents.demo.playing import Headless, Played
from agents.demo.report import report_html
from agents.desk import open_desk
from env.database import open_database
from env.errors import DemoError
from env.roles import EVERYTHING
from env.settings import load_settings
from tools.shop import open_shop
from tools.store_demo import REMOVED_DAYS, DemoStore

demo_app = typer.Typer(help="Demos: list, play, record, remove, report.", no_args_is_help=True)


@demo_app.command("list")
def list_journeys() -> None:
    """List the journeys: name, steps, title."""
    for journey in journeys():
        typer.echo(f"{journey.name:<10}  {len(journey.steps):>2} steps  {journey.title}")


@demo_app.command()
def play(
    journey: Annotated[str, typer.Argument(help="The journey's name.")],
    is_quick: Annotated[bool, typer.Option("--quick", help="Without the pauses of typing and looking.")] = False,
    record: Annotated[Path | None, typer.Option(help="Keep it as a recording in this file.", metavar="FILE")] = None,
) -> None:
    """Play a journey in a fresh session and print the times of every step; 1 where a step failed.

    A step whose press is not offered by this catalogue is skipped and told so; that is no failure.
    """
    found, began_s = find_journey(journey), time.monotonic()
    with open_shop(load_settings()) as shop:
        desk = open_desk(shop)
        stage = Headless.begin(desk)
        typer.echo(f"{found.title}, session {stage.session.id}")
        n_failed = 0
        for played in stage.play(found, _no_pause if is_quick else time.sleep):
            n_failed += bool(played.problem)
            typer.echo(_line(played, time.monotonic() - began_s))
        typer.echo(f"the end after {time.monotonic() - began_s:.1f} s")
        if record is not None:
            captions = {step.say: step.caption for step in found.steps if step.say}
            made = stage.tape.recording(found.title, shop.pictures, stage.photos, captions)
            _write(record, json.dumps(made.to_json(), ensure_ascii=False, separators=(",", ":")) + "\n")
    if n_failed:
        raise DemoError(f"{n_failed} of {len(found.steps)} steps of {journey!r} failed, as told above")


@demo_app.command("recordings")
def list_recordings(
    is_removed: Annotated[bool, typer.Option("--removed", help="Those that were removed and can be put back.")] = False,
) -> None:
    """List the recordings: id, day, title."""
    with open_database(load_settings()) as database:
        store = DemoStore(database)
        for one in removed(store) if is_removed else recordings(store):
            day = f"{one.recorded_at:%Y-%m-%d}" if one.recorded_at else "ships     "
            typer.echo(printable(f"{one.id:<24}  {day}  {one.title}"))


@demo_app.command("remove")
def remove_recording(recording: Annotated[str, typer.Argument(help='Its id: "kept:7".')]) -> None:
    """Take a kept recording off the list; `put-back` undoes that for a week."""
    with open_database(load_settings()) as database:
        remove(DemoStore(database), EVERYTHING, recording)
    typer.echo(f"removed {recording}; for {REMOVED_DAYS} days `python -m agents demo put-back {recording}` undoes that")


@demo_app.command("put-back")
def put_back_recording(recording: Annotated[str, typer.Argument(help='Its id: "kept:7".')]) -> None:
    """Put a removed recording back on the list."""
    with open_database(load_settings()) as database:
        put_back(DemoStore(database), EVERYTHING, recording)
    typer.echo(f"{recording} is on the list again")


@demo_app.command()
def report(
    session: Annotated[str, typer.Argument(help="The chat's id.")],
    out: Annotated[Path | None, typer.Option(help="Write to this file, not to stdout.", metavar="FILE")] = None,
) -> None:
    """Write a chat as one HTML file, its pictures inside. Photos of shoppers are stored nowhere, so none are in it."""
    with open_shop(load_settings()) as shop:
        page = report_html(open_desk(shop), session)
    if out is None:
        typer.echo(page, nl=False)
    else:
        _write(out, page)


def _no_pause(_: float) -> None:
    """Go on at once."""


def _line(played: Played, since_s: float) -> str:
    told = f"failed: {played.problem}" if played.problem else f"{played.n_cards} cards"
    told = f"skipped: {played.skip}" if played.skip else told
    times = f"typed {played.typed_s:4.1f} s, cards {played.first_s:5.2f} s, answered {played.answered_s:5.2f} s"
    return printable(f"{since_s:6.1f} s  {played.place}. {played.said[:60]:<60}  {times}  {told}")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DemoError(f"cannot write {str(file)!r}: {error.strerror}; name a file in a folder that exists") from error
