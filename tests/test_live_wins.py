"""What the guard does where B clearly wins: it tells that, or puts B in force the way a person does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from agents.live.book import LiveBook, Plan
from agents.live.command import live_app, report_lines
from agents.live.guard import Guard
from agents.live.simulation import SCENARIOS, play
from agents.live.versions import open_versions
from agents.live.words import won_words
from agents.prompt import load_prompt
from agents.workbench.gate import GatePolicy, set_policy
from agents.workbench.prompt_book import PromptBook
from agents.workbench.scorers import SCORERS
from env.database import Database
from env.errors import AccessError, ComparisonError
from env.roles import Action, Actor, Role
from tests.live_shoppers import TRIED, Crowd, come, two_versions
from tools.store_live import Comparison, LiveStore

ANNA = Actor("anna", frozenset({Role.MERCHANDISER}))
SHIPPED = load_prompt("assistant").version


class Comparer(Actor):
    """Somebody with leave to compare versions, and none to publish them."""

    def may(self, action: Action) -> bool:
        return action is Action.COMPARE_LIVE


@pytest.fixture(scope="module")
def live_database(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Database]:
    with new_database() as url, Database(url) as opened:
        yield opened


@pytest.fixture
def version(live_database: Database) -> Iterator[str]:
    """A version that may meet shoppers; the shipped one is in force, before and after."""
    set_policy(ANNA, live_database, {"is_on": False}, SCORERS)
    prompts = PromptBook(live_database)
    draft = prompts.draft(ANNA, "assistant", SHIPPED)
    template = {**draft.template, "system": draft.template["system"] + "Be brief.\n"}
    prompts.save(ANNA, draft, template, draft.variables, "")
    yield draft.version
    set_policy(ANNA, live_database, {"is_on": False}, SCORERS)
    while prompts.before("assistant"):
        prompts.rollback(ANNA, "assistant", "")
    with live_database.connection() as connection:
        connection.execute("DELETE FROM live_comparisons")
        connection.execute("DELETE FROM sessions")


@pytest.fixture
def book(live_database: Database) -> LiveBook:
    return LiveBook(live_database, open_versions(live_database))


def compared(book: LiveBook, database: Database, plan: Plan, a: Crowd, b: Crowd) -> Comparison:
    """A comparison that two crowds have been through, looked at by the guard."""
    started = book.start(ANNA, plan)
    come(database, started.id, a, b)
    return Guard(book, LiveStore(database)).look(started.id)


def test_a_b_that_wins_is_put_in_force_and_the_log_names_the_guard(
    book: LiveBook, live_database: Database, version: str
) -> None:
    plan = Plan("assistant", version, when_b_wins="publish")
    ended = compared(book, live_database, plan, Crowd(300, 0.1), Crowd(300, 0.3))
    assert (ended.state, ended.ended_by) == ("ended", "the guard")
    assert ended.reason.startswith(f"{version} is used for all: B is better by “Put into the bag”: A 10.0 %")
    prompts = PromptBook(live_database)
    assert prompts.in_force("assistant") == version
    change = prompts.log("assistant")[-1]
    assert (change.kind, change.to_version, change.author) == ("publish", version, "the guard")
    assert change.note.startswith(f"live comparison {ended.id}, started by anna: B is better by “Put into the bag”")
    assert change.reasons == ("the gate is switched off",)
    assert [(event.actor, event.what.partition(":")[0]) for event in book.events(ended.id)] == [
        ("anna", "started"),
        ("the guard", "B clearly wins"),
        ("the guard", "ended"),
    ]
    assert won_words(book.report(ended.id)) == ""


def test_without_that_choice_it_is_told_once_and_goes_on(book: LiveBook, live_database: Database, version: str) -> None:
    found = compared(book, live_database, Plan("assistant", version), Crowd(300, 0.1), Crowd(300, 0.3))
    assert (found.is_running, found.win_problem) == (True, "")
    assert found.won_at is not None
    again = Guard(book, LiveStore(live_database)).look(found.id)
    assert again.won_at == found.won_at
    assert [event.what.partition(":")[0] for event in book.events(found.id)] == ["started", "B clearly wins"]
    told = report_lines(book.report(found.id))[1]
    assert told.startswith("B clearly wins by “Put into the bag”: +20.0 points [+")
    assert PromptBook(live_database).in_force("assistant") == SHIPPED


def test_a_guard_that_died_before_it_had_published_is_made_up_for_later(
    book: LiveBook, live_database: Database, version: str
) -> None:
    store = LiveStore(live_database)
    started = book.start(ANNA, Plan("assistant", version, when_b_wins="publish"))
    come(live_database, started.id, Crowd(300, 0.1), Crowd(300, 0.3))
    assert store.claim_win(started.id, "the guard", "B clearly wins")
    assert Guard(book, store).look(started.id).is_running
    assert won_words(book.report(started.id)).endswith("The guard is putting it in force.")
    with live_database.connection() as connection:
        connection.execute("UPDATE live_comparisons SET won_at = now() - interval '6 minutes'")
    assert not Guard(book, store).look(started.id).is_running
    assert PromptBook(live_database).in_force("assistant") == version


def test_the_command_line_starts_it_so_and_marks_a_b_that_wins(
    live_database: Database, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", live_database.url)

    def run(*arguments: str) -> str:
        return CliRunner().invoke(live_app, arguments).stdout

    comparison = run("start", "assistant", version).split()[2].rstrip(":")
    come(live_database, int(comparison), Crowd(300, 0.1), Crowd(300, 0.3))
    assert "CLEARLY" not in run("list")
    assert run("report", comparison).splitlines()[1].startswith("B clearly wins by “Put into the bag”: +20.0 points")
    assert "  running  B CLEARLY WINS  " in run("list")
    run("stop", comparison)
    comparison = run("start", "assistant", version, "--when-b-wins", "publish").split()[2].rstrip(":")
    come(live_database, int(comparison), Crowd(300, 0.1), Crowd(300, 0.3))
    assert f" by the guard: {version} is used for all: B is better" in run("report", comparison)
    assert PromptBook(live_database).in_force("assistant") == version


def test_what_the_gate_refuses_stays_as_it_is_and_the_reason_is_told(
    book: LiveBook, live_database: Database, version: str
) -> None:
    started = book.start(ANNA, Plan("assistant", version, when_b_wins="publish"))
    come(live_database, started.id, Crowd(300, 0.1), Crowd(300, 0.3))
    set_policy(ANNA, live_database, GatePolicy().model_dump(), SCORERS)
    found = Guard(book, LiveStore(live_database)).look(started.id)
    assert found.is_running
    assert found.win_problem.startswith(f"the gate keeps '{version}' of prompt 'assistant' back: no finished run")
    assert f"The guard could not put it in force: {found.win_problem}" in won_words(book.report(started.id))
    n_told = len(book.events(started.id))
    assert Guard(book, LiveStore(live_database)).look(started.id) == found
    assert len(book.events(started.id)) == n_told
    assert PromptBook(live_database).in_force("assistant") == SHIPPED


@pytest.mark.parametrize(
    ("a", "b", "is_running"),
    [
        (Crowd(300, 0.2), Crowd(300, 0.21), True),
        (Crowd(300, 0.1), Crowd(300, 0.3, failed=0.15), False),
        # Twice as many sessions of one side as its share makes expect.
        (Crowd(400, 0.1), Crowd(200, 0.4), True),
    ],
    ids=["alike", "fails more often", "uneven"],
)
def test_no_other_b_is_put_in_force(
    book: LiveBook, live_database: Database, version: str, a: Crowd, b: Crowd, *, is_running: bool
) -> None:
    found = compared(book, live_database, Plan("assistant", version, when_b_wins="publish"), a, b)
    assert (found.is_running, found.won_at) == (is_running, None)
    assert PromptBook(live_database).in_force("assistant") == SHIPPED


def test_a_lead_that_was_shown_and_is_gone_is_no_win(book: LiveBook, live_database: Database, version: str) -> None:
    found = compared(book, live_database, Plan("assistant", version), Crowd(300, 0.1), Crowd(300, 0.3))
    report = book.report(found.id)
    assert report.b_wins
    gone = replace(report.deciding, low=-0.01)
    assert not replace(report, figures={**report.figures, "cart": gone}).b_wins


def test_two_alike_are_hardly_ever_a_win_however_often_the_guard_looks() -> None:
    """A look after every single session; the guard publishes where B is shown to be better."""
    alike = [scenario for scenario in SCENARIOS if scenario.rate_a == scenario.rate_b]
    played = [play(scenario, 40) for scenario in alike]
    assert len(played) == 3
    assert sum(each.n_better for each in played) <= 0.05 * sum(each.n_runs for each in played)


def test_to_let_the_guard_publish_needs_leave_to_publish(live_database: Database, book: LiveBook, version: str) -> None:
    ben = Comparer("ben", frozenset({Role.SHOPPER}))
    plan = Plan("assistant", version, when_b_wins="publish")
    with pytest.raises(AccessError, match=r"^this needs leave to publish prompts: 'ben' is shopper"):
        book.start(ben, plan)
    with pytest.raises(ComparisonError, match=r"^no version can be put in force from here; let the guard tell"):
        LiveBook(live_database, two_versions()).start(ANNA, replace(plan, version=TRIED))
    with pytest.raises(ComparisonError, match=r"^the guard cannot 'cheer' when B wins; take tell or publish$"):
        book.start(ANNA, replace(plan, when_b_wins="cheer"))  # type: ignore[arg-type]
    assert book.every() == []
    assert book.start(ben, replace(plan, when_b_wins="tell")).started_by == "ben"
