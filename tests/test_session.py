"""A chat's state: what is kept between turns, in memory and in Postgres."""

import threading

import pytest

from agents.desk import Desk, open_desk
from agents.intent import Slots
from agents.session import Session, Shown, new_session_id
from env.database import Database
from env.errors import VitrineError
from env.settings import Settings
from tests.small_catalog import small_items
from tests.stocked_shop import ask, stocked_shop
from tools.query import Hit
from tools.store_sessions import NewTurn, SessionRow, SessionStore


@pytest.fixture
def desk(settings: Settings, database: Database) -> Desk:
    return open_desk(stocked_shop(settings, database))


def full_session() -> Session:
    """A session with something in every field."""
    session = Session("id", standing=(Slots(("Dress",), 2, ("red",), count_said=True, exclude={"colour": ("navy",)}),))
    session.show(tuple(Hit(item, 0.5) for item in small_items()[12:14]))
    session.references, session.seen = ("2",), ("A-012", "A-013")
    session.remember("red dresses", "Here are [1] and [2].")
    return session


def test_a_session_survives_json() -> None:
    session = full_session()
    assert Session.from_json("id", session.to_json()) == session


def test_cards_stay_on_the_screen_until_others_come() -> None:
    session = full_session()
    session.show(())
    assert [card.sku for card in session.shown] == ["A-012", "A-013"]
    session.show((Hit(small_items()[0], 0.5),))
    assert session.shown == (Shown.of(small_items()[0]),)
    assert session.references == ()


def test_talking_about_a_card_leaves_the_screen_as_it_is() -> None:
    session = full_session()
    session.talk_about((Hit(small_items()[12], 0.0),))
    assert [card.sku for card in session.shown] == ["A-012", "A-013"]
    assert session.references == ("1",)
    session.talk_about((Hit(small_items()[0], 0.0),))
    assert [card.sku for card in session.shown] == ["A-000"]


@pytest.mark.parametrize(("handle", "sku"), [("1", "A-012"), ("2", "A-013"), ("3", None), ("0", None), ("x", None)])
def test_a_handle_names_a_card_on_the_screen(handle: str, sku: str | None) -> None:
    card = full_session().shown_by_handle(handle)
    assert (card.sku if card else None) == sku


def test_the_history_a_model_reads_is_short_and_its_texts_are_cut() -> None:
    session = Session("id")
    for number in range(9):
        session.remember(f"{number}" * 1_000, "reply")
    assert [exchange.message[0] for exchange in session.history] == ["3", "4", "5", "6", "7", "8"]
    assert len(session.history[0].message) == 600
    assert session.n_turns == 9


def test_ids_cannot_be_guessed() -> None:
    ids = {new_session_id() for _ in range(1_000)}
    assert len(ids) == 1_000
    assert min(map(len, ids)) == 24


def test_a_chat_goes_on_after_everything_was_restarted(desk: Desk) -> None:
    ask(desk, desk.session("chat"), "red dresses")
    reopened = open_desk(desk.shop).session("chat")
    intent, evidence, _ = ask(desk, reopened, "in black instead")
    assert intent.route == "refine"
    assert {(hit.item.category, hit.item.colour) for hit in evidence.hits} == {("Dress", "black")}
    assert [(row.number, row.message) for row in desk.turns("chat")] == [(1, "red dresses"), (2, "in black instead")]


def test_an_unknown_id_starts_a_chat_under_that_id(desk: Desk) -> None:
    assert desk.session("mine") == Session("mine")
    ask(desk, desk.session("mine"), "hello")
    assert desk.session("mine").n_turns == 1


@pytest.mark.parametrize("session_id", ["", "a\nb", "x" * 201])
def test_an_unusable_id_is_refused(desk: Desk, session_id: str) -> None:
    with pytest.raises(VitrineError, match="cannot be used; take 1 to 200 printable characters"):
        desk.session(session_id)


def test_chats_are_apart(desk: Desk) -> None:
    ask(desk, desk.session("mine"), "red dresses")
    ask(desk, desk.session("yours"), "black belts")
    assert desk.session("mine").standing[0].categories == ("Dress",)
    assert [row.message for row in desk.turns("yours")] == ["black belts"]


def test_a_deleted_chat_is_gone_with_its_turns(desk: Desk) -> None:
    ask(desk, desk.session("mine"), "red dresses")
    assert desk.chats.delete("mine", None)
    assert desk.session("mine") == Session("mine")
    assert desk.turns("mine") == []


def test_turns_of_two_tabs_never_claim_one_number(database: Database) -> None:
    store = SessionStore(database)
    threads = [
        threading.Thread(target=store.add_turn, args=("chat", SessionRow({}), NewTurn(f"m{n}", False, {}, {})))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.number for row in store.turns("chat")] == list(range(1, 9))


def test_a_nul_in_a_message_is_stored_without_it(database: Database) -> None:
    store = SessionStore(database)
    store.add_turn("chat", SessionRow({"a": ["x\x00y"]}), NewTurn("red\x00dress", False, {"reply": "\x00"}, {}))
    assert store.turns("chat")[0].message == "reddress"
    assert store.read("chat") == SessionRow({"a": ["xy"]}, version=1, newest=1)
