"""The judge held against the thumbs of shoppers: measured over stored turns, stopped, given up, kept and told."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from typer.testing import CliRunner

from agents.workbench.runs_command import runs_app
from agents.workbench.thumbs import ThumbsBook, agreement_of, agreement_words, measured_words
from env.database import Database
from env.errors import AccessError, BenchError
from env.roles import ANYBODY, EVERYTHING
from env.settings import Settings
from tests.servers.local import LocalServer
from tests.servers.vendors import pointed_at, settings_for
from tests.servers.wire import Fault
from tests.thumbed_turns import give_thumbs, judge_server, take_thumbs


@pytest.fixture(scope="module")
def thumbed_database(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Database]:
    with new_database() as url, Database(url) as opened:
        yield opened


@pytest.fixture
def thumbed(thumbed_database: Database) -> Iterator[Database]:
    yield thumbed_database
    take_thumbs(thumbed_database)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with judge_server() as opened:
        yield opened


def book_of(database: Database, server: LocalServer, **changes: object) -> ThumbsBook:
    return ThumbsBook(database, settings_for(server.url, assistant="openai", openai_model="wise-1", **changes))


def measure(book: ThumbsBook, most: int = 50) -> None:
    book.start(EVERYTHING, most)(None)


def test_agreement_is_counted_kept_and_told_with_how_far_to_trust_it(thumbed: Database, server: LocalServer) -> None:
    give_thumbs(thumbed, 12, 9)
    book = book_of(thumbed, server)
    assert (book.store.n_thumbed(), book.newest(), book.measured()) == (21, None, None)
    measure(book)
    asked = server.requests[-1].ask.text
    assert "(1) Black belt" in asked
    assert "The belt (1) is black." in asked
    found = ThumbsBook(thumbed, Settings()).measured()
    assert found is not None
    assert (found.status, found.judged_by, found.started_by) == ("done", "openai: wise-1", "this computer")
    assert (found.n_both_up, found.n_thumb_up, found.n_judge_up, found.n_neither, found.n_failed) == (11, 1, 1, 8, 0)
    assert agreement_of(found).kappa == pytest.approx(1 - (2 / 21) / (1 - (12 * 12 + 9 * 9) / 21**2))
    assert agreement_words(found) == (
        "The judge agrees with the thumbs of shoppers in 90 % of 21 turns; Cohen's kappa is 0.81."
        " Its points stand well for what shoppers think."
    )
    told = measured_words(found, "today", settings_for(server.url, assistant="openai", openai_model="wiser-2"))
    assert told == (
        "Measured on today with openai: wise-1. The judge is openai: wiser-2 now: hold that against thumbs too."
    )


def test_few_thumbs_say_so_and_the_newest_are_asked_about(thumbed: Database, server: LocalServer) -> None:
    give_thumbs(thumbed, 2, 2)
    book = book_of(thumbed, server)
    measure(book, most=2)
    found = book.measured()
    assert found is not None
    assert (found.n_turns, found.n_judge_up, found.n_neither) == (2, 1, 1)
    assert agreement_words(found).endswith(" Fewer than 20 turns are too few to say how far it can be trusted.")


def test_thumbs_of_a_demo_count_nowhere(thumbed: Database, server: LocalServer) -> None:
    give_thumbs(thumbed, 1, 1)
    with thumbed.connection() as connection:
        connection.execute("INSERT INTO demo_audiences (shopper, kind) VALUES ('a guest', 'guest')")
        connection.execute("UPDATE sessions SET shopper = 'a guest' WHERE id = 'thumbed'")
    book = book_of(thumbed, server)
    assert (book.store.n_thumbed(), book.store.thumbed(10)) == (0, [])
    with pytest.raises(BenchError, match=r"^no shopper has given a thumb yet; there is nothing to hold the judge"):
        measure(book)


def test_it_is_stopped_and_what_was_judged_counts(thumbed: Database, server: LocalServer) -> None:
    give_thumbs(thumbed, 3, 3)
    book = book_of(thumbed, server)
    work = book.start(EVERYTHING)
    with pytest.raises(BenchError, match=r"^the judge is being held against thumbs already; wait for that, or stop"):
        book.start(EVERYTHING)
    running = book.newest()
    assert running is not None
    with pytest.raises(AccessError, match="edit prompts"):
        book.stop(ANYBODY, running.id)
    work(lambda: book.stop(EVERYTHING, running.id))
    ended = book.measured()
    assert ended is not None
    assert (ended.status, ended.n_judged, ended.n_turns) == ("stopped", 1, 6)
    with pytest.raises(BenchError, match=r"^the judge is not at work on thumbs; there is nothing to stop$"):
        book.stop(EVERYTHING, running.id)


def test_one_whose_process_died_reads_as_stopped_and_holds_up_nobody(thumbed: Database, server: LocalServer) -> None:
    give_thumbs(thumbed, 1, 1)
    book = book_of(thumbed, server)
    book.start(EVERYTHING)
    with thumbed.connection() as connection:
        connection.execute("UPDATE thumb_checks SET beat_at = now() - interval '10 minutes'")
    lost = book.newest()
    assert lost is not None
    assert lost.status == "stopped"
    measure(book)
    assert [check.status for check in book.store.checks()] == ["done", "stopped"]


def test_a_judge_that_never_answers_is_given_up_and_what_was_measured_before_stays(
    thumbed: Database, server: LocalServer
) -> None:
    give_thumbs(thumbed, 4, 4)
    book = book_of(thumbed, server, chat_max_retries=0)
    measure(book)
    before = book.measured()
    server.fail(Fault.REFUSED, 5)
    measure(book)
    failed = book.newest()
    assert failed is not None
    assert (failed.status, failed.n_failed, failed.n_judged) == ("failed", 5, 0)
    assert "The OpenAI-compatible server" in failed.problem
    assert book.measured() == before


def test_the_command_tells_it_and_asks_for_a_model_where_none_is_set(
    thumbed: Database, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_thumbs(thumbed, 3, 2)
    monkeypatch.setenv("DATABASE_URL", thumbed.url)
    refused = CliRunner().invoke(runs_app, ["judge"]).exception
    assert isinstance(refused, BenchError)
    assert "the judge needs a chat model and none is set; set ASSISTANT" in str(refused)
    for name, value in (pointed_at(server.url) | {"assistant": "openai"}).items():
        monkeypatch.setenv(name.upper(), str(value))
    told = CliRunner().invoke(runs_app, ["judge"])
    assert told.stdout.startswith("The judge agrees with the thumbs of shoppers in 60 % of 5 turns; Cohen's kappa is")
    assert "5 of 5 turns judged" in told.stderr
