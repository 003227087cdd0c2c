"""Chats of shoppers in Postgres: whose they are, listed, named, deleted with everything, thought of."""

import pytest

from agents.desk import Desk, open_desk
from agents.session import Session
from env.database import Database
from env.errors import ChatGoneError
from env.settings import Settings
from tests.stocked_shop import ask, stocked_shop
from tools.store_chats import MAX_TITLE_CHARS
from tools.store_feedback import MAX_SAID_CHARS, Verdict

ANNA, BERT = "a" * 32, "b" * 32


@pytest.fixture
def desk(settings: Settings, database: Database) -> Desk:
    return open_desk(stocked_shop(settings, database))


def chat_of(desk: Desk, shopper: str, *texts: str) -> Session:
    """A stored chat of a shopper with these messages."""
    session = desk.new_session(shopper)
    for text in texts:
        ask(desk, session, text)
    return session


def test_a_chat_opens_for_its_shopper_only(desk: Desk) -> None:
    session = chat_of(desk, ANNA, "red dresses")
    assert desk.find_session(session.id, ANNA) == session
    for other in (BERT, ""):
        assert desk.find_session(session.id, other) is None
        with pytest.raises(ChatGoneError, match="there is no chat"):
            desk.session(session.id, other)


def test_a_chat_of_nobody_opens_by_its_id_and_stays_nobodys(desk: Desk) -> None:
    session = chat_of(desk, "", "red dresses")
    found = desk.find_session(session.id, ANNA)
    assert found is not None
    ask(desk, found, "in black")
    assert [row.shopper for row in desk.chats.list(None, 9)] == [""]
    assert desk.chats.list(ANNA, 9) == ()
    assert desk.find_session(session.id, BERT) is not None


def test_nobody_can_write_into_anothers_chat_even_with_its_id(desk: Desk) -> None:
    session = chat_of(desk, ANNA, "red dresses")
    ask(desk, Session(session.id, BERT), "black belts")
    ask(desk, Session(session.id), "black belts")
    assert [row.message for row in desk.turns(session.id)] == ["red dresses"]
    desk.chats.rename(session.id, "mine now", BERT)
    assert not desk.chats.delete(session.id, BERT)
    assert [(row.shopper, row.title) for row in desk.chats.list(None, 9)] == [(ANNA, "")]


def test_the_list_holds_a_shoppers_own_chats_last_used_first(desk: Desk) -> None:
    dresses = chat_of(desk, ANNA, "red dresses", "cheaper")
    chat_of(desk, BERT, "perfume")
    belts = chat_of(desk, ANNA, "black belts")
    listed = desk.chats.list(ANNA, 9)
    assert [(row.id, row.first, row.n_turns) for row in listed] == [
        (belts.id, "black belts", 1),
        (dresses.id, "red dresses", 2),
    ]
    ask(desk, dresses, "in blue")
    assert [row.id for row in desk.chats.list(ANNA, 9)] == [dresses.id, belts.id]
    assert [row.id for row in desk.chats.list(ANNA, 1)] == [dresses.id]


def test_a_name_is_one_line_cut_to_fit_and_changes_no_order(desk: Desk) -> None:
    first, second = chat_of(desk, ANNA, "red dresses"), chat_of(desk, ANNA, "black belts")
    desk.chats.rename(first.id, f"  for\n the\x00 wedding {'x' * 200}", ANNA)
    listed = desk.chats.list(ANNA, 9)
    assert [row.id for row in listed] == [second.id, first.id]
    assert listed[1].title == f"for the wedding {'x' * 200}"[:MAX_TITLE_CHARS]


def test_deleting_a_chat_leaves_no_row_of_it(desk: Desk, database: Database) -> None:
    session, other = chat_of(desk, ANNA, "red dresses"), chat_of(desk, ANNA, "black belts")
    desk.feedback.put(session.id, 1, Verdict(False, ("Wrong items",), "too red"))
    desk.feedback.put(other.id, 1, Verdict(True))
    assert desk.chats.delete(session.id, ANNA)
    with database.connection() as connection:
        left = {
            table: connection.execute(f"SELECT {column} FROM {table}").fetchall()
            for table, column in (("sessions", "id"), ("turns", "session_id"), ("feedback", "session_id"))
        }
    assert left == {"sessions": [(other.id,)], "turns": [(other.id,)], "feedback": [(other.id,)]}


def test_a_deleted_chat_does_not_come_back_with_the_next_turn_of_another_tab(desk: Desk) -> None:
    session = chat_of(desk, ANNA, "red dresses")
    desk.chats.delete(session.id, ANNA)
    _, evidence, done = ask(desk, session, "in black")
    assert evidence.hits
    assert done.number == 0
    assert desk.sessions.read(session.id) is None


def test_old_chats_and_all_of_a_shopper_can_be_deleted(desk: Desk, database: Database) -> None:
    old, kept = chat_of(desk, ANNA, "red dresses"), chat_of(desk, BERT, "black belts")
    with database.connection() as connection:
        connection.execute("UPDATE sessions SET updated_at = now() - interval '31 days' WHERE id = %s", [old.id])
    assert desk.chats.delete_unused(30) == 1
    assert [row.id for row in desk.chats.list(None, 9)] == [kept.id]
    chat_of(desk, "", "hello")
    assert desk.chats.delete_all_of("") == 0
    assert desk.chats.delete_all_of(BERT) == 1
    assert [row.shopper for row in desk.chats.list(None, 9)] == [""]


def test_a_verdict_is_kept_with_its_turn_changed_and_taken_back(desk: Desk) -> None:
    session = chat_of(desk, ANNA, "red dresses", "in black")

    def verdicts() -> list[Verdict | None]:
        return [row.verdict for row in desk.turns(session.id)]

    desk.feedback.put(session.id, 2, Verdict(True))
    assert verdicts() == [None, Verdict(True)]
    desk.feedback.put(session.id, 2, Verdict(False, ("Wrong items",), f" no\x00 \ud800 {'x' * 900}"))
    assert verdicts()[1] == Verdict(False, ("Wrong items",), f"no ? {'x' * 900}"[:MAX_SAID_CHARS])
    desk.feedback.take_back(session.id, 2)
    assert verdicts() == [None, None]
    desk.feedback.put(session.id, 9, Verdict(True))
    assert verdicts() == [None, None]
