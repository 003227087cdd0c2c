"""The test set and its runs from the command line: cases, run, runs, report, rescore, gate."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from agents.workbench.case_book import CaseBook
from agents.workbench.case_file import read_case_file, written_cases
from agents.workbench.gate import check_gate, read_policy, set_policy
from agents.workbench.report_words import report_lines, run_line
from agents.workbench.run_book import RunBook
from agents.workbench.run_report import RunReport
from agents.workbench.scorers import load_scorers
from agents.workbench.thumbs import MOST_TURNS, ThumbsBook, agreement_words, measured_words
from agents.workbench.variants import PRACTICE, Variant
from agents.workbench.versions import TESTED, PromptVersions, versions_of
from agents.workbench.worker import RunWorker, bench_folder
from env.database import Database, open_database
from env.errors import BenchError
from env.logs import configure_logging
from env.roles import EVERYTHING
from env.settings import load_settings
from tools.shop import open_shop

runs_app = typer.Typer(no_args_is_help=True)
_KEYS = ("assistant", "classifier", "by", "model", "label")
_CLOSED = 2
"""Exit status of `gate` where it is closed, apart from the 1 of a failure."""


@runs_app.command()
def cases(
    add: Annotated[Path | None, typer.Option(help="Take in the cases of a CSV or JSONL file.", metavar="FILE")] = None,
    screens: Annotated[Path | None, typer.Option(help="JSON with the states that rows name by `screen`.")] = None,
    turn: Annotated[tuple[str, int] | None, typer.Option(help="Take in a stored turn: CHAT NUMBER.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="Take this case out; may be repeated.")] = None,
    restore: Annotated[list[str] | None, typer.Option(help="Put a removed case back; may be repeated.")] = None,
) -> None:
    """Write the test set to stdout as JSON lines, or change it."""
    with _database() as database:
        book = CaseBook.of(database)
        if add is not None:
            _add_file(book, add, screens)
        if turn is not None:
            taken = book.add_turn(EVERYTHING, *turn)
            told = "added" if taken.is_new else "was there already:"
            typer.echo("; ".join((f"{told} {taken.case.id}", *taken.notes)))
        if remove:
            typer.echo(f"removed {book.remove(EVERYTHING, remove)}; --restore puts them back")
        if restore:
            typer.echo(f"restored {book.restore(EVERYTHING, restore)}")
        if not any((add, turn, remove, restore)):
            typer.echo(written_cases(book.cases()), nl=False)


def _add_file(book: CaseBook, path: Path, screens: Path | None) -> None:
    try:
        data = path.read_bytes()
        states = json.loads(screens.read_text(encoding="utf-8"))["screens"] if screens else {}
    except (OSError, ValueError, KeyError) as error:
        raise BenchError(f"cannot read the cases of {str(path)!r}: {error}") from error
    found = read_case_file(data, path.name, states)
    n_new = book.put(EVERYTHING, found.cases)
    typer.echo(f"{n_new} added, {len(found.cases) - n_new} written over, {len(found.refused)} refused")
    for refused in found.refused:
        typer.echo(f"line {refused.line}: {refused.reason}", err=True)


@runs_app.command()
def run(
    variants: Annotated[
        list[str] | None,
        typer.Argument(help="Two or more, e.g. assistant=3,by=openai,model=gpt-4o; `by` is a backend's name."),
    ] = None,
    case: Annotated[list[str] | None, typer.Option(help="Only this case; may be repeated.")] = None,
    title: Annotated[str, typer.Option(help="What to call the run.")] = "",
    has_judge: Annotated[bool, typer.Option("--judge", help="Let the configured model judge each reply.")] = False,
    resume: Annotated[int, typer.Option(help="Take up this run instead.", metavar="RUN")] = 0,
) -> None:
    """Play variants over the test set, then report. Ctrl-C stops; `--resume` goes on."""
    settings = load_settings()
    configure_logging(settings)
    with open_shop(settings) as shop:
        versions = versions_of(shop.database)
        book = RunBook.of(shop.database, settings, versions)
        if resume:
            book.resume(EVERYTHING, resume)
            run_id = resume
        else:
            asked = [_variant(text) for text in variants or ()]
            chosen = CaseBook.of(shop.database).cases(case or None)
            run_id = book.start(EVERYTHING, asked, chosen, title, has_judge)
        worker = RunWorker(shop, versions)
        try:
            worker.work(lambda at_work: typer.echo(f"\r{run_line(book.run(at_work))}\033[K", nl=False, err=True))
        except KeyboardInterrupt:
            book.store.end(run_id, "stopped")
            typer.echo(f"\nstopped; go on with: python -m agents workbench run --resume {run_id}", err=True)
            raise typer.Exit(130) from None
        typer.echo("", err=True)
        _tell(shop.database, book.report(run_id))


def _variant(text: str) -> Variant:
    pairs = dict(part.split("=", 1) for part in text.split(",") if "=" in part)
    if unknown := [part for part in text.split(",") if part.partition("=")[0] not in _KEYS or "=" not in part]:
        raise BenchError(f"cannot read {unknown[0]!r} of the variant {text!r}; write {', '.join(_KEYS)} as name=value")
    prompts = {name: pairs[name] for name in TESTED if name in pairs}
    backend = pairs.get("by", PRACTICE)
    # LLaVA writes and cannot answer in a shape.
    reader = "offline" if backend == "llava" else backend
    return Variant(pairs.get("label", text), prompts, {}, reader, backend, pairs.get("model", ""))


@runs_app.command("runs")
def list_runs() -> None:
    """List the runs, the newest first."""
    with _database() as database:
        for row in _book(database).store.runs():
            typer.echo(run_line(row))


@runs_app.command()
def report(run_id: Annotated[int, typer.Argument(metavar="RUN")]) -> None:
    """Say what a run came to, by the labels it was played with."""
    with _database() as database:
        _tell(database, _book(database).report(run_id))


@runs_app.command()
def rescore(run_id: Annotated[int, typer.Argument(metavar="RUN")]) -> None:
    """Report a run by the labels and scorers of today; no model is called."""
    with _database() as database:
        _tell(database, _book(database).report(run_id, with_labels_of_today=True))


@runs_app.command()
def gate(
    name: Annotated[str, typer.Argument(help="A prompt, to ask whether a version of it may be published.")] = "",
    version: Annotated[str, typer.Argument()] = "",
    change: Annotated[
        list[str] | None, typer.Option("--set", help="Set the policy: is_on, min_cases, max_new_violations, not_worse.")
    ] = None,
) -> None:
    """Show or set the gate's policy, or ask it about a version (exit status 2 where it is closed)."""
    settings = load_settings()
    with _database() as database:
        scorers = load_scorers(bench_folder(settings))
        if change:
            asked = dict(part.partition("=")[::2] for part in change)
            measures = {"not_worse": asked["not_worse"].split(",")} if "not_worse" in asked else {}
            set_policy(EVERYTHING, database, {**read_policy(database).model_dump(), **asked, **measures}, scorers)
        if not name:
            typer.echo(read_policy(database).model_dump_json())
            return
        verdict = check_gate(database, name, version, versions_of(database), scorers)
    typer.echo("\n".join(("open" if verdict.is_open else "closed", *verdict.reasons)))
    if not verdict.is_open:
        raise typer.Exit(_CLOSED)


@runs_app.command()
def judge(
    most: Annotated[int, typer.Option(min=1, help="Ask the judge about so many turns at most.")] = MOST_TURNS,
) -> None:
    """Hold the model judge against the thumbs of shoppers; asks the configured chat model. How it came out is kept."""
    with _database() as database:
        book = ThumbsBook(database, load_settings())

        def told() -> None:
            check = book.newest()
            if check is not None:
                n_done = check.n_judged + check.n_failed
                typer.echo(f"\r{n_done} of {check.n_turns} turns judged\033[K", nl=False, err=True)

        book.start(EVERYTHING, most)(told)
        typer.echo("", err=True)
        check = book.newest()
        if check is not None:
            typer.echo(agreement_words(check))
            if check.problem:
                raise BenchError(f"the judge was given up: {check.problem}")


def _tell(database: Database, report: RunReport) -> None:
    for line in (*report_lines(report), *_trust_lines(database, report)):
        typer.echo(line)


def _trust_lines(database: Database, report: RunReport) -> list[str]:
    """How far the judged scores of a report can be trusted; nothing where it has none."""
    if not report.run.has_judge:
        return []
    book = ThumbsBook(database, load_settings())
    found = book.measured()
    if found is None:
        return ["The judge was never held against shoppers' thumbs: python -m agents workbench judge"]
    return [agreement_words(found), measured_words(found, f"{found.started_at:%Y-%m-%d %H:%M}", book.settings)]


@contextmanager
def _database() -> Iterator[Database]:
    with open_database(load_settings()) as database:
        yield database


def _book(database: Database) -> RunBook:
    versions: PromptVersions = versions_of(database)
    return RunBook.of(database, load_settings(), versions)
