"""Whole turns with hosted models at real sockets: whatever a vendor does, the cards stand and a reply follows."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from agents.desk import open_desk
from agents.events import IntentRead, ItemsFound, Message, ReplyToken, TurnDone, TurnEvent
from agents.turn import run_turn
from env.database import Database
from env.settings import Settings
from tests.servers.brain import answer as think
from tests.servers.local import LocalServer
from tests.servers.vendors import KEY, SERVICES, VENDORS, pointed_at
from tests.servers.wire import Ask, Fault
from tests.small_catalog import insert_items, small_items
from tests.tiny_llava import save_tiny_llava
from tools.embedder import Embedder, load_embedder
from tools.pictures import PictureStore
from tools.shop import open_shop

RGB = {"black": (20, 20, 20), "white": (240, 240, 240), "red": (200, 30, 30), "navy": (20, 30, 90)}
QUESTION = Message("2 red dresses for women")

TakeTurn = Callable[..., list[TurnEvent]]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(Settings())


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer(VENDORS["gemini"]()) as started:
        yield started


@pytest.fixture
def base(tmp_path: Path, database: Database, database_url: str, embedder: Embedder) -> Settings:
    """Settings of a shop with 48 items, their plain pictures, and vectors of the bundled checkpoint."""
    pictures = PictureStore(tmp_path / "pictures")
    names = {colour: pictures.put_image(Image.new("RGB", (60, 80), rgb)) for colour, rgb in RGB.items()}
    vectors = embedder.embed_images([pictures.open(name) for name in names.values()])
    rows = {colour: place for place, colour in enumerate(names)}
    items = [replace(item, image=names[item.colour]) for item in small_items()]
    places = [rows[item.colour] for item in items]
    insert_items(database, items, vectors.pooled[places], vectors.tokens[places], embedder.fingerprint)
    return Settings.model_validate({"data_dir": tmp_path, "database_url": database_url})


@pytest.fixture
def take_turn(base: Settings) -> Iterator[TakeTurn]:
    """Run one turn of a fresh chat with models of one backend at a server."""
    with ExitStack() as stack:

        def take_it(url: str, message: Message = QUESTION, name: str = "gemini", **changes: object) -> list[TurnEvent]:
            values = base.model_dump() | pointed_at(url) | {"classifier": name, "assistant": name} | changes
            desk = open_desk(stack.enter_context(open_shop(Settings.model_validate(values))))
            return list(run_turn(desk.new_session(), message, desk))

        yield take_it


def done(events: list[TurnEvent]) -> TurnDone:
    last = events[-1]
    assert isinstance(last, TurnDone)
    return last


def titles(events: list[TurnEvent]) -> list[str]:
    found = [event for event in events if isinstance(event, ItemsFound)]
    assert len(found) == 1
    return [hit.item.title for hit in found[0].evidence.hits]


@pytest.mark.parametrize("name", list(VENDORS))
def test_a_turn_is_read_and_answered_by_the_model(take_turn: TakeTurn, name: str) -> None:
    with LocalServer(VENDORS[name]()) as server:
        events = take_turn(server.url, name=name)
        reading, writing = (recorded.ask for recorded in server.requests)
    assert [type(event) for event in events[:2]] == [IntentRead, ItemsFound]
    assert {type(event) for event in events[2:-1]} == {ReplyToken}
    assert reading.wants_json
    assert not writing.wants_json
    cards = titles(events)
    assert len(cards) == 2
    assert all("red dress" in card for card in cards)
    assert f"[1] {cards[0]}" in writing.text
    assert len(writing.pictures) == 2
    red, green, blue = Image.open(io.BytesIO(writing.pictures[0])).convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert red > 150 > green + blue
    end = done(events)
    assert end.reply.startswith(f"The {cards[0]} [1] is the closest to what you asked for. [2] is a good second choice")
    version = f"{name} {writing.model}" + ("" if name == "vertexai" else "-local")
    assert (end.backends["classifier"], end.backends["assistant"]) == (version, version)
    assert end.prompt_versions == {"classifier": "3", "assistant": "2"}
    assert end.failures == ()


REASONS = {
    Fault.REFUSED: "refused the credentials (401)",
    Fault.UNKNOWN: "does not know the model 'gemini-2.5-flash' (404)",
    Fault.BUSY: "has no capacity for us right now (429)",
    Fault.BROKEN: "failed on its side (500)",
    Fault.MALFORMED: "sent an answer that cannot be read",
    Fault.BLOCKED: "withheld its answer (safety)",
    Fault.CUT: "broke off its answer",
    Fault.HANG: "did not answer in 1 s",
    Fault.DRIP: "did not answer in 1 s",
}


@pytest.mark.parametrize("fault", list(REASONS))
def test_a_failing_writer_leaves_the_cards_and_the_offline_reply_follows(
    take_turn: TakeTurn, server: LocalServer, fault: Fault
) -> None:
    server.fail(fault, kind="stream")
    events = take_turn(server.url, chat_timeout_s=1, chat_max_retries=0)
    assert len(titles(events)) == 2
    end = done(events)
    assert end.failures == (f"Gemini {REASONS[fault]}, so this reply was written on this machine.",)
    assert end.backends["assistant"].startswith("offline")
    assert end.backends["classifier"].startswith("gemini")
    assert "[1]" in end.reply
    assert "and and" not in end.reply


@pytest.mark.parametrize("fault", [*REASONS, Fault.WRONG_SHAPE])
def test_a_failing_reader_leaves_the_message_to_the_rules(
    take_turn: TakeTurn, server: LocalServer, fault: Fault
) -> None:
    server.fail(fault, kind="structured")
    events = take_turn(server.url, chat_timeout_s=1, chat_max_retries=0)
    assert all("red dress" in card for card in titles(events))
    reason = REASONS.get(fault, "answered in the wrong shape (route)")
    end = done(events)
    assert end.failures == (f"Gemini {reason}, so this message was read on this machine.",)
    assert end.backends["classifier"].startswith("offline")
    assert end.backends["assistant"].startswith("gemini")


def test_a_route_that_is_none_is_read_again_by_the_rules(take_turn: TakeTurn, server: LocalServer) -> None:
    server.brain = lambda ask: '{"route": "dance"}' if ask.wants_json else think(ask)
    events = take_turn(server.url)
    assert len(titles(events)) == 2
    assert len(done(events).failures) == 1


@pytest.mark.parametrize("name", list(VENDORS))
def test_a_vendor_that_is_gone_costs_two_lines_and_no_turn(take_turn: TakeTurn, name: str) -> None:
    with LocalServer(VENDORS[name]()) as server:
        gone = server.url
    events = take_turn(gone, name=name, chat_max_retries=0)
    assert len(titles(events)) == 2
    end = done(events)
    assert [line.startswith(f"{SERVICES[name]} could not be reached, so this ") for line in end.failures] == [
        True,
        True,
    ]
    assert KEY not in str(end)


def test_a_reply_about_a_card_that_is_not_there_is_repaired(take_turn: TakeTurn, server: LocalServer) -> None:
    server.fail(Fault.UNKNOWN_HANDLE, kind="stream")
    events = take_turn(server.url)
    assert "[99]" in "".join(event.text for event in events if isinstance(event, ReplyToken))
    assert "[99]" not in done(events).reply
    assert "[1]" in done(events).reply


def test_the_shoppers_photo_is_seen_by_both_models(take_turn: TakeTurn, server: LocalServer) -> None:
    events = take_turn(server.url, Message("dresses like this", Image.new("RGB", (900, 1200), RGB["red"])))
    reading, writing = (recorded.ask for recorded in server.requests)
    assert len(reading.pictures) == 1
    assert len(writing.pictures) == 1 + min(8, len(titles(events)))
    assert done(events).failures == ()


def test_a_photo_and_a_key_never_stand_in_the_words(take_turn: TakeTurn, server: LocalServer) -> None:
    take_turn(server.url, Message("dresses like this", Image.new("RGB", (900, 1200), RGB["red"])))
    asks: list[Ask] = [recorded.ask for recorded in server.requests]
    assert all("base64" not in ask.text and KEY not in ask.text and len(ask.text) < 20_000 for ask in asks)


def test_llava_in_this_process_answers_a_turn(take_turn: TakeTurn, server: LocalServer, tmp_path: Path) -> None:
    save_tiny_llava(tmp_path / "llava")
    events = take_turn(
        server.url, assistant="llava", llava_model=str(tmp_path / "llava"), chat_max_output_tokens=20, chat_timeout_s=60
    )
    assert len(titles(events)) == 2
    end = done(events)
    assert end.failures == ()
    assert end.backends["assistant"] == f"llava {tmp_path / 'llava'}"
    assert all(word.startswith("w") for word in end.reply.replace("<unk>", "w").split())
