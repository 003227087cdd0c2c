"""The newest message sent again: its turn and what it did to the chat are gone, another stands in its place."""

import pytest
from PIL import Image

from agents.desk import Desk, open_desk
from agents.events import Message
from agents.resend import resend
from agents.session import Session
from agents.turn import run_turn
from env.database import Database
from env.errors import VitrineError
from env.settings import Settings
from tests.stocked_shop import ask, stocked_shop, told
from tools.store_feedback import Verdict


@pytest.fixture
def desk(settings: Settings, database: Database) -> Desk:
    return open_desk(stocked_shop(settings, database))


def send_again(desk: Desk, session: Session, text: str) -> None:
    told(list(resend(session, Message(text), desk)))


def test_an_edited_message_is_asked_in_the_state_before_it(desk: Desk) -> None:
    session, straight = desk.new_session(), desk.new_session()
    ask(desk, session, "red dresses")
    ask(desk, session, "black belts")
    send_again(desk, session, "in black instead")
    for text in ("red dresses", "in black instead"):
        ask(desk, straight, text)
    assert session.standing == straight.standing
    assert [shown.sku for shown in session.shown] == [shown.sku for shown in straight.shown]
    assert (session.n_turns, session.seen) == (2, straight.seen)
    assert [exchange.message for exchange in session.history] == ["red dresses", "in black instead"]


def test_what_is_stored_is_the_new_turn_in_the_old_ones_place(desk: Desk) -> None:
    session = desk.new_session()
    for text in ("red dresses", "black belts"):
        ask(desk, session, text)
    desk.feedback.put(session.id, 2, Verdict(False))
    send_again(desk, session, "in black instead")
    rows = desk.turns(session.id)
    assert [(row.number, row.message, row.verdict) for row in rows] == [
        (1, "red dresses", None),
        (2, "in black instead", None),
    ]
    assert desk.session(session.id) == session


def test_a_message_can_be_edited_again_and_after_a_restart(desk: Desk) -> None:
    session = desk.new_session()
    ask(desk, session, "red dresses")
    send_again(desk, session, "black belts")
    again = open_desk(desk.shop).session(session.id)
    send_again(desk, again, "white dresses")
    assert [row.message for row in desk.turns(session.id)] == ["white dresses"]
    assert again.n_turns == 1


def test_a_message_that_fails_leaves_everything_as_it_was(desk: Desk) -> None:
    session = desk.new_session()
    ask(desk, session, "red dresses")
    as_it_was = session.copy()
    with pytest.raises(VitrineError, match="the message is empty"):
        list(resend(session, Message(" "), desk))
    assert session == as_it_was == desk.session(session.id)
    assert session.newest == 1
    assert [row.message for row in desk.turns(session.id)] == ["red dresses"]


def test_after_a_message_that_failed_nothing_is_replaced(desk: Desk) -> None:
    session = desk.new_session()
    ask(desk, session, "red dresses")
    with pytest.raises(VitrineError):
        list(run_turn(session, Message("x" * 9_999), desk))
    send_again(desk, session, "black belts")
    assert [row.message for row in desk.turns(session.id)] == ["red dresses", "black belts"]


def test_a_resent_message_that_is_stopped_replaces_too(desk: Desk) -> None:
    session = desk.new_session()
    ask(desk, session, "red dresses")
    running = resend(session, Message("black belts"), desk)
    next(running)
    running.close()  # type: ignore[attr-defined]
    (row,) = desk.turns(session.id)
    assert (row.message, row.record["is_stopped"]) == ("black belts", True)


def test_the_photo_of_the_search_before_is_searched_with_again(desk: Desk) -> None:
    session = desk.new_session()
    photo = Image.new("RGB", (60, 80), (200, 30, 30))
    told(list(run_turn(session, Message("", photo), desk)))
    ask(desk, session, "black belts")
    assert session.photo is None
    send_again(desk, session, "in red")
    assert session.photo is photo


def test_a_turn_of_another_tab_is_not_replaced(desk: Desk) -> None:
    session = desk.new_session()
    ask(desk, session, "red dresses")
    ask(desk, desk.session(session.id), "black belts")
    send_again(desk, session, "white dresses")
    assert "black belts" in [row.message for row in desk.turns(session.id)]
