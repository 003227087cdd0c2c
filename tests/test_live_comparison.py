"""Live comparisons on stored rows: who gets which version, what is counted, who may change it, and the guard."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from agents.desk import Desk, open_desk
from agents.live.book import LiveBook, Plan
from agents.live.command import report_lines
from agents.live.guard import Guard
from agents.live.report import live_report, report_from_json, report_json
from agents.live.serving import LivePrompts
from agents.live.versions import versions_of
from agents.prompt import load_prompt
from agents.prompts_in_force import SHIPPED_PROMPTS, PromptsInForce
from env.database import Database
from env.errors import AccessError, ComparisonError
from env.roles import ANYBODY, EVERYTHING, Actor, Role
from tests.live_shoppers import TRIED, Crowd, come, tried, two_versions
from tests.stocked_shop import ask
from tools.shop import Shop
from tools.store_live import Comparison, LiveStore
from tools.store_live_counts import LiveCounts

PLAN = Plan("assistant", TRIED)
ANNA = Actor("anna", frozenset({Role.MERCHANDISER}))


@pytest.fixture(scope="module")
def live_database(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Database]:
    with new_database() as url, Database(url) as opened:
        yield opened


@pytest.fixture
def book(live_database: Database) -> Iterator[LiveBook]:
    """A book in which nothing runs before and after a test."""
    book = LiveBook(live_database, two_versions())
    yield book
    for comparison in book.every():
        if comparison.is_running:
            book.stop(EVERYTHING, comparison.id)


@pytest.fixture
def store(live_database: Database) -> LiveStore:
    return LiveStore(live_database)


def prompts(store: LiveStore, book: LiveBook, every_s: float = 3600.0) -> LivePrompts:
    return LivePrompts(SHIPPED_PROMPTS, store, Guard(book, store, every_s))


def sides(source: LivePrompts, n: int, offset: int = 0) -> list[str]:
    return [source.in_force(f"s{number}").arm for number in range(offset, offset + n)]


def test_sessions_get_their_version_and_keep_it_when_the_share_changes(book: LiveBook, store: LiveStore) -> None:
    source = prompts(store, book)
    assert source.in_force("s0").arm == ""
    started = book.start(ANNA, PLAN)
    assert (started.version_a, started.version_b, started.started_by) == (
        load_prompt("assistant").version,
        TRIED,
        "anna",
    )
    before = sides(source, 40)
    assert {"A", "B"} == set(before)
    at_b = source.in_force(f"s{before.index('B')}")
    assert (at_b.comparison, at_b.prompt("assistant")) == (str(started.id), tried())
    assert source.in_force(f"s{before.index('A')}").prompt("assistant") == load_prompt("assistant")
    book.change_share(ANNA, started.id, 0.99)
    assert sides(source, 40) == before
    assert sides(source, 40, offset=40).count("B") > 35
    book.stop(ANNA, started.id, "enough seen")
    assert source.in_force(f"s{before.index('B')}").prompt("assistant") == load_prompt("assistant")
    assert [event.what for event in book.events(started.id)] == [
        f"started: {TRIED} gets 50% of new sessions, {started.version_a} the others",
        "share of B changed from 50% to 99%",
        "ended: enough seen",
    ]


def test_two_prompts_are_compared_at_once_and_one_prompt_only_once(book: LiveBook, store: LiveStore) -> None:
    first = book.start(ANNA, PLAN)
    with pytest.raises(ComparisonError, match=r"^prompt 'assistant' is being compared already; end that"):
        book.start(ANNA, PLAN)
    second = book.start(ANNA, replace(PLAN, prompt="classifier"))
    found = prompts(store, book).in_force("both")
    assert found.comparison == f"{first.id},{second.id}"
    assert len(found.arm.split(",")) == 2


def test_only_those_who_may_change_anything(book: LiveBook) -> None:
    started = book.start(ANNA, PLAN)
    told = "^this needs leave to compare versions on shoppers: 'somebody' is shopper"
    changes: list[Callable[[], object]] = [
        lambda: book.start(ANYBODY, replace(PLAN, prompt="classifier")),
        lambda: book.change_share(ANYBODY, started.id, 0.9),
        lambda: book.stop(ANYBODY, started.id),
        lambda: book.use_b(ANYBODY, started.id),
    ]
    for change in changes:
        with pytest.raises(AccessError, match=told):
            change()
    assert book.find(started.id) == started


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (replace(PLAN, version="9"), "version '9' of 'assistant' may not meet shoppers: it was never published"),
        (replace(PLAN, version=load_prompt("assistant").version), "is in force already; compare another"),
        (replace(PLAN, share_b=1.0), "a share of 1 for B is none; take 0.01 to 0.99"),
        (replace(PLAN, decided_by="time"), "outcome 'time' decides nothing; take one of cart, save, click, thumbs"),
        (replace(PLAN, prompt="poet"), "there is no prompt 'poet' to compare; take one of assistant, classifier"),
        (replace(PLAN, min_sessions=0), "fewest sessions of an arm: 0 cannot be; take 1 or more"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_the_reason(book: LiveBook, plan: Plan, told: str) -> None:
    with pytest.raises(ComparisonError) as error:
        book.start(ANNA, plan)
    assert told in str(error.value)
    assert not [comparison for comparison in book.every() if comparison.is_running]


def counted(book: LiveBook, database: Database, a: Crowd, b: Crowd) -> Comparison:
    started = book.start(ANNA, PLAN)
    come(database, started.id, a, b)
    return started


def test_figures_are_by_session_and_say_what_is_shown(book: LiveBook, live_database: Database) -> None:
    started = counted(book, live_database, Crowd(400, 0.1), Crowd(400, 0.25))
    report = book.report(started.id)
    cart = report.deciding
    assert (report.a.n_sessions, report.b.n_sessions, report.n_waiting) == (400, 400, 0)
    assert cart.a.mean == pytest.approx(0.1)
    assert cart.b.mean == pytest.approx(0.25)
    assert (cart.shown, cart.low is not None and cart.low > 0) == ("better", True)
    assert (report.a.p50_ms, report.b.p95_ms) == (100.0, 200.0)
    assert report.figures["time"].shown == "worse"
    assert (report.figures["violations"].a.n_sessions, report.figures["failures"].a.mean) == (0, 0.0)
    assert report.points[-1].n_sessions == 800
    lines = report_lines(report)
    assert lines[1].startswith("B clearly wins by “Put into the bag”: +15.0 points [+")
    assert lines[1].endswith("]. Put it in force for all, or let it run on.")
    assert lines[4].startswith("* Put into the bag")
    assert report_from_json(report.comparison, json.loads(json.dumps(report_json(report)))) == report


def test_a_session_counts_once_its_time_is_over_and_with_what_happened_in_it(
    book: LiveBook, store: LiveStore, live_database: Database
) -> None:
    started = counted(book, live_database, Crowd(3, 1.0), Crowd(3, 0.0))
    with live_database.connection() as connection:
        late = "UPDATE outcomes SET created_at = now() WHERE session_id = %(id)s"
        connection.execute(late, {"id": f"shopper {started.id} A 0"})
        connection.execute(
            "UPDATE live_sessions SET assigned_at = now() WHERE session_id = %(id)s",
            {"id": f"shopper {started.id} B 0"},
        )
    report = book.report(started.id)
    assert (report.a.n_sessions, report.b.n_sessions, report.n_waiting) == (3, 2, 1)
    assert report.deciding.a.mean == pytest.approx(2 / 3)


def test_the_guard_ends_a_comparison_whose_b_loses_and_keeps_the_figures(
    book: LiveBook, store: LiveStore, live_database: Database
) -> None:
    started = counted(book, live_database, Crowd(300, 0.3), Crowd(300, 0.1))
    source = prompts(store, book, every_s=0.0)
    names = [f"shopper {started.id} B {n}" for n in range(3)]
    assert {source.in_force(name).arm for name in names} <= {"B", ""}
    looking = Guard(book, store, 0.0).watch(started)
    if looking:
        looking.join(30)
    ended = book.find(started.id)
    assert (ended.state, ended.ended_by) == ("stopped by guard", "the guard")
    assert ended.reason.startswith("B is worse by “Put into the bag”: A 30.0 %")
    assert source.in_force(names[0]).prompt("assistant") == load_prompt("assistant")
    with live_database.connection() as connection:
        connection.execute("DELETE FROM sessions WHERE id LIKE %(like)s", {"like": f"shopper {started.id} %"})
        left = connection.execute("SELECT count(*) FROM live_sessions WHERE comparison_id = %(id)s", {"id": started.id})
        assert left.fetchone() == (0,)
    assert book.report(started.id).a.n_sessions == 300


def test_the_guard_also_ends_it_where_models_fail_more_often(book: LiveBook, live_database: Database) -> None:
    started = counted(book, live_database, Crowd(300, 0.2), Crowd(300, 0.2, failed=0.15))
    ended = Guard(book, LiveStore(live_database)).look(started.id)
    assert ended.reason.startswith("B is worse by “Failures”")


def test_a_version_put_into_force_meanwhile_holds_at_once_and_ends_the_comparison(
    live_database: Database, book: LiveBook, store: LiveStore
) -> None:
    class Published:
        def in_force(self, session_id: str) -> PromptsInForce:
            return PromptsInForce({"assistant": replace(tried(), version="2.2")})

    started = book.start(ANNA, PLAN)
    replaced = LiveBook(live_database, replace(two_versions(), in_force=lambda name: "2.2"))
    guard = Guard(replaced, store, 3600.0)
    found = LivePrompts(Published(), store, guard).in_force("s1")
    assert (found.prompt("assistant").version, found.comparison) == ("2.2", "")
    ended = guard.look(started.id)
    assert (ended.state, ended.reason) == ("ended", "2.2 was put into force for all")


def test_sides_that_no_lot_would_give_are_told(book: LiveBook, live_database: Database) -> None:
    started = counted(book, live_database, Crowd(200, 0.2), Crowd(120, 0.2))
    assert report_lines(book.report(started.id))[2].startswith(
        "Mind: 200 sessions of A and 120 of B are not what a lot"
    )


def test_two_alike_are_left_running(book: LiveBook, live_database: Database) -> None:
    started = counted(book, live_database, Crowd(300, 0.2), Crowd(300, 0.21))
    assert Guard(book, LiveStore(live_database)).look(started.id).is_running
    assert live_report(started, LiveCounts(live_database)).deciding.shown == "no difference shown"


def test_a_look_is_taken_once_in_its_time_however_many_turns_there_are(book: LiveBook, store: LiveStore) -> None:
    started = book.start(ANNA, PLAN)
    assert not store.claim_check(started.id, 3600.0)
    assert store.claim_check(started.id, 0.0)


def test_b_for_all_publishes_it_and_ends_the_comparison(live_database: Database, book: LiveBook) -> None:
    published: list[tuple[str, str, str]] = []
    versions = replace(
        two_versions(), publish=lambda actor, name, version, note: published.append((actor.name, name, version))
    )
    started = LiveBook(live_database, versions).start(ANNA, PLAN)
    with pytest.raises(ComparisonError, match=f"^version '{TRIED}' cannot be published from here; use the workbench$"):
        book.use_b(ANNA, started.id)
    edited = replace(versions, prompt=lambda name, version: replace(tried(name), template={"all": "Say no."}))
    with pytest.raises(ComparisonError, match=f"^version '{TRIED}' was edited after the comparison began"):
        LiveBook(live_database, edited).use_b(ANNA, started.id)
    assert book.find(started.id).is_running
    ended = LiveBook(live_database, versions).use_b(ANNA, started.id)
    assert published == [("anna", "assistant", TRIED)]
    assert (ended.state, ended.reason) == ("ended", f"{TRIED} is used for all")
    with pytest.raises(ComparisonError, match=f"^comparison {started.id} has ended on .*: {TRIED} is used for all$"):
        book.change_share(ANNA, started.id, 0.9)


def test_a_comparison_that_cannot_be_read_breaks_no_turn(
    shop: Shop, book: LiveBook, caplog: pytest.LogCaptureFixture
) -> None:
    desk = open_desk(shop)
    started = LiveBook(shop.database, two_versions()).start(ANNA, PLAN)
    turned = desk.new_session()
    ask(desk, turned, "white dresses")
    assert record(desk, turned.id)["live"] == {str(started.id): turned.prompts.arm}
    with shop.database.connection() as connection:
        connection.execute("UPDATE live_comparisons SET content_b = '{}'")
    fresh = desk.new_session()
    _, evidence, _ = ask(desk, fresh, "white dresses")
    assert (bool(evidence.hits), "live" in record(desk, fresh.id)) == (True, False)
    assert f"version '{TRIED}' of prompt 'assistant' is no prompt" in caplog.text
    with shop.database.connection() as connection:
        connection.execute("ALTER TABLE live_comparisons RENAME TO live_gone")
    _, evidence, _ = ask(desk, fresh, "black belts")
    assert (bool(evidence.hits), "live comparisons left aside for a turn" in caplog.text) == (True, True)
    with shop.database.connection() as connection:
        connection.execute("ALTER TABLE live_gone RENAME TO live_comparisons")


def record(desk: Desk, session_id: str) -> dict[str, object]:
    return dict(desk.turns(session_id)[-1].record)


def test_versions_of_a_keeper_are_those_that_may_meet_shoppers() -> None:
    class Keeper:
        def in_force(self, name: str) -> str:
            return "2"

        def versions(self, name: str) -> tuple[str, ...]:
            return ("2.2", "2.1", "2")

        def prompt(self, name: str, version: str) -> object:
            return tried(name)

    versions = versions_of(Keeper(), lambda name, version: version != "2.2")  # type: ignore[arg-type]
    assert list(versions.ready("assistant")) == ["2.1", "2"]
