"""The book of prompts over a real Postgres: drafts, the way into force and back, and what the next turn goes by."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from agents.desk import Desk, open_desk
from agents.prompt import load_prompt
from agents.workbench.gate_verdict import GateVerdict
from agents.workbench.prompt_book import PromptBook
from agents.workbench.serving import BookPrompts
from env.database import Database
from env.errors import AccessError, DatabaseError, GateClosedError, PromptConflictError, PromptError
from env.roles import ANYBODY, Actor, Role
from tests.servers.brain import answer as think
from tests.servers.gemini import Gemini
from tests.servers.local import LocalServer
from tests.servers.vendors import settings_for
from tests.servers.wire import Ask
from tests.stocked_shop import ask
from tools.shop import Shop
from tools.store_prompts import PromptRow

ANNA = Actor("anna", frozenset({Role.MERCHANDISER}))
BEN = Actor("ben", frozenset({Role.MERCHANDISER}))
SHIPPED = load_prompt("assistant")
NEW_WORDS = "You adore good tailoring above nearly everything else in this world.\n"


def open_gate(name: str, version: str) -> GateVerdict:
    return GateVerdict(True, (f"{name} {version} is not worse",), 7)


@pytest.fixture
def book(database: Database) -> PromptBook:
    return PromptBook(database)


def reworded(book: PromptBook, draft: PromptRow) -> PromptRow:
    """The draft with one more sentence."""
    template = {**draft.template, "system": draft.template["system"] + NEW_WORDS}
    return book.save(ANNA, draft, template, draft.variables, "warmer")


def published(book: PromptBook) -> PromptRow:
    """A new version, in force."""
    draft = reworded(book, book.draft(ANNA, "assistant", book.in_force("assistant")))
    book.publish(ANNA, "assistant", draft.version, "go", open_gate)
    return book.read("assistant", draft.version)


def test_a_fresh_book_holds_the_shipped_version_of_each_prompt(book: PromptBook) -> None:
    assert book.names() == ("assistant", "classifier")
    (row,) = book.rows("assistant")
    assert (row.version, row.status, row.template) == (SHIPPED.version, "shipped", SHIPPED.template)
    assert book.prompt("assistant", SHIPPED.version).template == SHIPPED.template
    assert book.in_force("assistant") == SHIPPED.version
    assert book.before("assistant") == ""


def test_drafts_are_numbered_after_the_shipped_version_and_no_number_comes_twice(book: PromptBook) -> None:
    first, second = (book.draft(ANNA, "assistant", SHIPPED.version) for _ in range(2))
    assert [first.version, second.version] == [f"{SHIPPED.version}.1", f"{SHIPPED.version}.2"]
    book.delete(ANNA, second)
    assert book.draft(BEN, "assistant", first.version).version == f"{SHIPPED.version}.3"
    assert [(row.version, row.author, row.parent) for row in book.rows("assistant")[:2]] == [
        (f"{SHIPPED.version}.3", "ben", first.version),
        (first.version, "anna", SHIPPED.version),
    ]
    assert book.draft(ANNA, "classifier", load_prompt("classifier").version).version.endswith(".1")


def test_the_second_of_two_writers_is_told_and_nothing_is_lost(book: PromptBook) -> None:
    mine = theirs = book.draft(ANNA, "assistant", SHIPPED.version)
    book.save(BEN, theirs, {**theirs.template, "photo": "Ben's photo:"}, theirs.variables, "")
    with pytest.raises(PromptConflictError, match=r"was changed by 'ben' at \d\d:\d\d; take theirs, or save yours"):
        book.save(ANNA, mine, {**mine.template, "photo": "Anna's photo:"}, mine.variables, "")
    assert book.read("assistant", mine.version).template["photo"] == "Ben's photo:"
    with pytest.raises(PromptConflictError, match="was changed by 'ben'"):
        book.delete(ANNA, mine)
    book.delete(ANNA, book.read("assistant", mine.version))
    with pytest.raises(PromptConflictError, match="was deleted meanwhile"):
        book.save(ANNA, mine, mine.template, mine.variables, "")


def test_publishing_rolling_back_and_retiring_are_a_stack_and_a_log(book: PromptBook) -> None:
    shipped = SHIPPED.version
    first = published(book)
    second = published(book)
    assert [row.status for row in book.rows("assistant")] == ["published", "retired", "shipped"]
    assert second.published_at is not None
    with pytest.raises(PromptConflictError, match="is published by now and stays as it is"):
        book.save(ANNA, second, second.template, second.variables, "")
    assert book.rollback(BEN, "assistant", "too warm", second.version).to_version == first.version
    assert book.rollback(BEN, "assistant", "").to_version == shipped
    assert book.in_force("assistant") == shipped
    with pytest.raises(PromptError, match="nothing to roll back"):
        book.rollback(BEN, "assistant", "")
    book.publish(ANNA, "assistant", first.version, "", open_gate)
    book.retire(ANNA, "assistant", first.version, "sale is over")
    assert book.in_force("assistant") == shipped
    assert book.rollback(ANNA, "assistant", "").to_version == first.version
    told = [(change.kind, change.from_version, change.to_version, change.author) for change in book.log("assistant")]
    assert told == [
        ("publish", shipped, first.version, "anna"),
        ("publish", first.version, second.version, "anna"),
        ("roll back", second.version, first.version, "ben"),
        ("roll back", first.version, shipped, "ben"),
        ("publish", shipped, first.version, "anna"),
        ("retire", first.version, shipped, "anna"),
        ("roll back", shipped, first.version, "anna"),
    ]
    change = book.log("assistant")[0]
    assert (change.note, change.reasons, change.run_id) == ("go", (f"assistant {first.version} is not worse",), 7)


def spoil(database: Database, version: str) -> None:
    """Let a stored version use a variable that the code fills in no more."""
    with database.connection() as connection:
        connection.execute(
            "UPDATE prompt_versions SET template = template || %(user)s WHERE version = %(version)s",
            {"user": Jsonb({"user": SHIPPED.template["user"] + "$weather\n"}), "version": version},
        )


def test_what_does_not_fit_the_code_is_not_rolled_back_to_and_is_passed_over(
    database: Database, book: PromptBook
) -> None:
    first, second, third = (published(book).version for _ in range(3))
    spoil(database, second)
    assert (book.before("assistant"), book.way_back("assistant")) == (second, first)
    with pytest.raises(PromptError) as told:
        book.rollback(ANNA, "assistant", "")
    assert str(told.value).startswith(f"cannot roll back to '{second}': version '{second}' of prompt 'assistant': ")
    assert "'$weather' is not filled in here" in str(told.value)
    assert str(told.value).endswith(f"; roll back to '{first}' instead")
    assert book.in_force("assistant") == third
    assert book.rollback(ANNA, "assistant", "", third, first).to_version == first
    assert (book.in_force("assistant"), book.way_back("assistant")) == (first, SHIPPED.version)
    with pytest.raises(PromptError, match=f"^version '{third}' was not in force before '{first}'; there were"):
        book.rollback(ANNA, "assistant", "", version=third)
    book.rollback(ANNA, "assistant", "")
    assert (book.in_force("assistant"), book.way_back("assistant")) == (SHIPPED.version, "")


def test_where_nothing_sound_came_before_no_way_back_is_offered(database: Database, book: PromptBook) -> None:
    first = published(book).version
    book.retire(ANNA, "assistant", first, "")
    assert book.way_back("assistant") == first
    spoil(database, first)
    assert book.way_back("assistant") == ""
    with pytest.raises(PromptError, match=r"; no earlier version is sound, so publish another$"):
        book.rollback(ANNA, "assistant", "")


def test_a_rollback_of_what_is_no_longer_in_force_is_refused(book: PromptBook) -> None:
    first = published(book)
    second = published(book)
    with pytest.raises(PromptConflictError, match=f"'{second.version}' of prompt 'assistant' is in force by now"):
        book.rollback(ANNA, "assistant", "", first.version)
    assert book.in_force("assistant") == second.version


def test_the_gate_is_asked_and_a_closed_one_names_its_reasons(book: PromptBook) -> None:
    draft = book.draft(ANNA, "assistant", SHIPPED.version)
    asked = []

    def closed(name: str, version: str) -> GateVerdict:
        asked.append((name, version))
        return GateVerdict(False, ("2 new violations", "slower"))

    with pytest.raises(GateClosedError, match="back: 2 new violations; slower"):
        book.publish(ANNA, "assistant", draft.version, "", closed)
    assert asked == [("assistant", draft.version)]
    assert book.in_force("assistant") == SHIPPED.version
    assert book.log("assistant") == ()


def test_a_draft_edited_while_the_gate_looked_is_not_published(book: PromptBook) -> None:
    draft = book.draft(ANNA, "assistant", SHIPPED.version)

    def slow_gate(name: str, version: str) -> GateVerdict:
        reworded(book, draft)
        return GateVerdict(True)

    with pytest.raises(PromptConflictError, match="was edited or deleted meanwhile"):
        book.publish(BEN, "assistant", draft.version, "", slow_gate)
    assert book.in_force("assistant") == SHIPPED.version


def test_what_is_not_sound_is_kept_as_a_draft_and_never_published(book: PromptBook) -> None:
    draft = book.draft(ANNA, "assistant", SHIPPED.version)
    template = {**draft.template, "user": "Say something about $itmes for $5.", "extra": "?"}
    del template["photo"]
    draft = book.save(ANNA, draft, template, draft.variables, "")
    assert draft.version not in book.versions("assistant")
    with pytest.raises(PromptError) as told:
        book.publish(ANNA, "assistant", draft.version, "", open_gate)
    for words in (
        "piece 'user', line 1: a lone '$'; write '$$'",
        "piece 'user', line 1: '$itmes' is not filled in here; did you mean '$items'?",
        "declared but not used: '$facts'",
        "piece 'user': '$message' is missing",
        "piece 'extra': no such piece is ever sent",
        "piece 'photo': this piece is missing",
    ):
        assert words in str(told.value)


def test_only_who_may_changes_anything(book: PromptBook, database: Database) -> None:
    draft = book.draft(ANNA, "assistant", SHIPPED.version)
    refused: list[Any] = [
        lambda: book.draft(ANYBODY, "assistant", SHIPPED.version),
        lambda: book.save(ANYBODY, draft, draft.template, draft.variables, ""),
        lambda: book.delete(ANYBODY, draft),
        lambda: book.publish(ANYBODY, "assistant", draft.version, "", open_gate),
        lambda: book.rollback(ANYBODY, "assistant", ""),
        lambda: book.retire(ANYBODY, "assistant", draft.version, ""),
    ]
    for change in refused:
        with pytest.raises(AccessError, match="prompts: 'somebody' is shopper"):
            change()
    assert book.read("assistant", draft.version) == draft
    published(book)
    with pytest.raises(DatabaseError, match="only added to"), database.connection() as connection:
        connection.execute("DELETE FROM prompt_publications")


def telling(asked: Ask) -> str:
    """An answer that repeats the prompt where it holds our new words."""
    return NEW_WORDS if NEW_WORDS.strip() in asked.system else think(asked)


@pytest.fixture(scope="module")
def desk(shop: Shop) -> Iterator[Desk]:
    """A desk whose classifier and assistant are behind a vendor's protocol."""
    with LocalServer(Gemini(), brain=telling) as server:
        changes = {"data_dir": shop.settings.data_dir, "classifier": "gemini", "assistant": "gemini"}
        hosted = settings_for(server.url, **changes)
        yield open_desk(Shop(hosted, shop.database, shop.pictures, shop.catalog, shop.load_embedder))


def test_the_next_turn_goes_by_the_published_version_and_its_record_says_so(desk: Desk) -> None:
    book, session = PromptBook(desk.shop.database), desk.new_session()
    _, _, done = ask(desk, session, "red T-shirts")
    assert done.prompt_versions == {"classifier": load_prompt("classifier").version, "assistant": SHIPPED.version}
    draft = book.draft(ANNA, "assistant", SHIPPED.version)
    shorter = draft.template["user"].replace("$conversation", "nothing")
    left = [name for name in draft.variables if name != "conversation"]
    book.save(ANNA, draft, {**draft.template, "user": shorter}, left, "without what was said before")
    book.publish(ANNA, "assistant", draft.version, "", open_gate)
    _, _, done = ask(desk, session, "black belts")
    assert (done.prompt_versions["assistant"], done.failures) == (draft.version, ())
    assert desk.turns(session.id)[-1].record["prompt_versions"]["assistant"] == draft.version
    book.rollback(ANNA, "assistant", "")
    _, _, done = ask(desk, session, "blue dresses")
    assert done.prompt_versions["assistant"] == SHIPPED.version


def test_the_words_of_a_published_version_are_guarded_like_the_shipped_ones(desk: Desk) -> None:
    book = PromptBook(desk.shop.database)
    published(book)
    _, _, done = ask(desk, desk.new_session(), "red T-shirts")
    assert "good tailoring" not in done.reply
    assert done.failures == (
        "What the model wrote did not match the items, so this reply was written on this machine.",
    )
    book.rollback(ANNA, "assistant", "")


def test_a_malformed_stored_version_is_logged_and_the_shipped_one_answers(
    database: Database, book: PromptBook, caplog: pytest.LogCaptureFixture
) -> None:
    version = published(book).version
    with database.connection() as connection:
        connection.execute(
            "UPDATE prompt_versions SET template = %(template)s WHERE version = %(version)s",
            {"template": Jsonb({"system": "Hello $nobody", "user": 3}), "version": version},
        )
    source = BookPrompts(database)
    with caplog.at_level(logging.ERROR):
        assert source.in_force("s").prompt("assistant") == SHIPPED
    assert "published prompt cannot be used, the shipped one answers" in caplog.text
    assert "retire it" in book.standing("assistant").problem
    assert book.in_force("assistant") == SHIPPED.version
    book.retire(ANNA, "assistant", version, "broken")
    assert book.standing("assistant").problem == ""


def test_the_book_is_read_again_only_after_a_change(database: Database, book: PromptBook) -> None:
    source = BookPrompts(database)
    version = published(book)
    first = source.in_force("s")
    assert first.prompt("assistant").version == version.version
    assert source.in_force("t") is first
    book.rollback(ANNA, "assistant", "")
    assert source.in_force("s").published == {}
