"""`python -m agents live`: two versions of a prompt on shoppers, begun, followed and ended from the command line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from agents.asking import printable
from agents.live.book import WINDOW_MINUTES, LiveBook, Plan
from agents.live.guard import Guard
from agents.live.measures import DECIDING, MEASURES
from agents.live.report import LiveReport, report_json
from agents.live.simulation import SCENARIOS, Played, play
from agents.live.versions import open_versions
from agents.live.words import (
    arm_words,
    difference_words,
    measure_label,
    state_words,
    uneven_words,
    verdict_words,
    won_words,
)
from env.database import open_database
from env.roles import EVERYTHING
from env.settings import load_settings
from tools.store_live import Comparison, LiveStore, WhenWon

live_app = typer.Typer(help="Two versions of a prompt on shoppers: start, share, stop.", no_args_is_help=True)

Id = Annotated[int, typer.Argument(help="The comparison's id, as `list` tells it.")]


@live_app.command()
def start(  # noqa: PLR0913 - a plan has as many sides, and each is an option
    prompt: Annotated[str, typer.Argument(help="The prompt's name, e.g. assistant.")],
    version: Annotated[str, typer.Argument(help="The version to try as B; A is the one in force.")],
    share: Annotated[float, typer.Option(help="B's share of new sessions, between 0 and 1.")] = 0.5,
    by: Annotated[str, typer.Option(help=f"The outcome that decides: {', '.join(DECIDING)}.")] = DECIDING[0],
    sessions: Annotated[int, typer.Option(help="How many sessions are planned: intervals are narrowest there.")] = 2000,
    minutes: Annotated[int, typer.Option(help="A session counts after so many minutes.")] = WINDOW_MINUTES,
    when_b_wins: Annotated[
        WhenWon,
        typer.Option(help="What the guard does once B clearly wins: tell, or publish B if the gate lets it."),
    ] = "tell",
) -> None:
    """Start a comparison; from the next turn on sessions are given sides."""
    with _opened() as book:
        plan = Plan(prompt, version, share, by, sessions, window_minutes=minutes, when_b_wins=when_b_wins)
        started = book.start(EVERYTHING, plan)
    typer.echo(f"started comparison {started.id}: {_line(started)}")


@live_app.command()
def share(comparison: Id, share: Annotated[float, typer.Argument(help="B's share of new sessions.")]) -> None:
    """Give B another share of new sessions; those that have a side keep it."""
    with _opened() as book:
        typer.echo(_line(book.change_share(EVERYTHING, comparison, share)))


@live_app.command()
def stop(comparison: Id, reason: Annotated[str, typer.Option(help="Kept with it.")] = "") -> None:
    """End a comparison: every session gets the version in force again."""
    with _opened() as book:
        typer.echo(_line(book.stop(EVERYTHING, comparison, reason)))


@live_app.command("list")
def list_comparisons() -> None:
    """List all comparisons, the newest first."""
    with _opened() as book:
        for comparison in book.every():
            typer.echo(_line(comparison))


@live_app.command()
def report(
    comparison: Id, as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False
) -> None:
    """Tell the figures of a comparison; the guard looks first, and acts where B clearly loses or wins."""
    with open_database(load_settings()) as database:
        book = LiveBook(database, open_versions(database))
        Guard(book, LiveStore(database)).look(comparison)
        told = book.report(comparison)
    typer.echo(json.dumps(report_json(told), ensure_ascii=False) if as_json else "\n".join(report_lines(told)))


@live_app.command()
def simulate(
    runs: Annotated[int, typer.Option(min=1, help="Runs of each scenario.")] = 100,
    seed: Annotated[int, typer.Option(help="The same seed draws the same shoppers.")] = 0,
) -> None:
    """Play comparisons with drawn shoppers, looking after every session."""
    typer.echo(f"{'scenario':34}{'A':>6}{'B':>6}{'sessions':>10}{'better':>8}{'worse':>7}{'none':>6}{'shown at':>10}")
    for scenario in SCENARIOS:
        typer.echo(_played_line(play(scenario, runs, seed)))


def report_lines(told: LiveReport) -> list[str]:
    """The figures as a table for a terminal."""
    comparison = told.comparison
    lines = [
        f"{comparison.prompt}: A {comparison.version_a}, B {comparison.version_b}, {state_words(told)}",
        *filter(None, [won_words(told)]),
        verdict_words(told),
        *filter(None, [uneven_words(told)]),
        f"counted: A {told.a.n_sessions} sessions, {told.a.n_turns} turns; B {told.b.n_sessions} sessions,"
        f" {told.b.n_turns} turns; {told.n_waiting} not over yet",
    ]
    for name in MEASURES:
        figure = told.figures[name]
        mark = "*" if name == comparison.decided_by else " "
        lines.append(
            f"{mark} {measure_label(name):22}{arm_words(figure.a, name):26}{arm_words(figure.b, name):26}"
            f"{difference_words(figure):32}{figure.shown}"
        )
    return [printable(line) for line in lines]


def _played_line(played: Played) -> str:
    scenario, shown = played.scenario, "-" if played.median_session is None else str(played.median_session)
    return (
        f"{scenario.label:34}{scenario.rate_a:>6.2f}{scenario.rate_b:>6.2f}{scenario.n_sessions:>10}"
        f"{played.n_better:>8}{played.n_worse:>7}{played.n_none:>6}{shown:>10}"
    )


def _line(comparison: Comparison) -> str:
    won = "  B CLEARLY WINS" if comparison.is_running and comparison.won_at else ""
    return printable(
        f"{comparison.id}  {comparison.prompt}  A {comparison.version_a}  B {comparison.version_b}"
        f"  {comparison.share_b:.0%} get B  by {comparison.decided_by}  {comparison.state}{won}"
        f"  {comparison.started_at:%Y-%m-%d %H:%M}  {comparison.started_by}  {comparison.reason}".rstrip()
    )


@contextmanager
def _opened() -> Iterator[LiveBook]:
    with open_database(load_settings()) as database:
        yield LiveBook(database, open_versions(database))
