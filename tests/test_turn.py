"""One turn from message to stored record: order of events, failures told, stopping, timings."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from agents.desk import Desk, open_desk
from agents.events import Evidence, IntentRead, ItemsFound, Message, ReplyToken, TurnDone
from agents.intent import Intent
from agents.session import Session
from agents.turn import run_turn
from env.errors import ChatModelError, IntentError, VitrineError
from tests.stocked_shop import ask, told
from tools.money import format_price
from tools.shop import Shop
from tools.vocabulary import Vocabulary


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return open_desk(shop)


class Reader:
    """A classifier that fails in one way."""

    name = "broken reader"
    prompt_names: tuple[str, ...] = ("classifier",)

    def __init__(self, error: VitrineError) -> None:
        self._error = error

    def read(self, message: Message, session: Session, vocabulary: Vocabulary) -> Intent:
        raise self._error


class Writer:
    """An assistant that says these pieces, then fails or ends."""

    name = "writer 1"
    prompt_names: tuple[str, ...] = ("assistant",)

    def __init__(self, *pieces: str, error: VitrineError | None = None) -> None:
        self._pieces = pieces
        self._error = error

    def reply(self, message: Message, intent: Intent, evidence: Evidence, session: Session) -> Iterator[str]:
        yield from self._pieces
        if self._error:
            raise self._error


def test_events_come_in_order_and_cards_before_prose(desk: Desk) -> None:
    events = list(run_turn(desk.new_session(), Message("red dresses"), desk))
    assert [type(event) for event in events[:3]] == [IntentRead, ItemsFound, ReplyToken]
    assert isinstance(events[-1], TurnDone)
    tokens = [event.text for event in events if isinstance(event, ReplyToken)]
    assert "".join(tokens) == events[-1].reply
    assert len(tokens) > 5


def test_a_turn_says_who_worked_and_how_long(desk: Desk) -> None:
    done = ask(desk, desk.new_session(), "red dresses")[2]
    assert set(done.backends) == {"classifier", "embedder", "assistant"}
    assert done.backends["classifier"].startswith("offline")
    assert done.backends["embedder"] == "models/blip2-mini"
    assert set(done.timings_ms) == {"intent", "retrieval", "first_token", "reply", "total"}
    stages = sum(done.timings_ms[stage] for stage in ("intent", "retrieval", "reply"))
    assert 0 < stages <= done.timings_ms["total"]


def test_a_dialogue_keeps_what_was_not_changed(desk: Desk) -> None:
    session = desk.new_session()
    ask(desk, session, "black t-shirts for women under 60")
    ask(desk, session, "thanks")
    ask(desk, session, "in white instead")
    slots = session.standing[0]
    assert (slots.categories, slots.colours, slots.gender, slots.price_max_cents) == (
        ("T-shirt",),
        ("white",),
        "female",
        6_000,
    )
    _, evidence, _ = ask(desk, session, "not white")
    assert session.standing[0].exclude == {"colour": ("white",)}
    assert "white" not in {hit.item.colour for hit in evidence.hits}
    ask(desk, session, "start over")
    assert list(session.standing) == []
    ask(desk, session, "black belts")
    assert session.standing[0].gender == ""


def test_what_was_asked_about_is_what_it_means_next(desk: Desk) -> None:
    session = desk.new_session()
    _, found, _ = ask(desk, session, "dresses")
    second = found.hits[1].item
    ask(desk, session, "what is the second one made of?")
    intent, evidence, _ = ask(desk, session, "how much is it?")
    assert intent.route == "question"
    assert [hit.item.sku for hit in evidence.hits] == [second.sku]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            ChatModelError("Gemini", "did not answer in 20 s"),
            "Gemini did not answer in 20 s, so this message was read on this machine.",
        ),
        (IntentError("no route"), "The model's answer was no intent, so this message was read on this machine."),
    ],
)
def test_when_the_classifier_fails_the_message_is_read_offline_and_the_turn_says_so(
    desk: Desk, error: VitrineError, line: str
) -> None:
    intent, evidence, done = ask(replace(desk, classifier=Reader(error)), desk.new_session(), "red dresses")
    assert intent.slots.colours == ("red",)
    assert len(evidence.hits) == 3
    assert done.failures == (line,)
    assert done.backends["classifier"] == desk.offline_classifier.name
    assert done.prompt_versions == {}


@pytest.mark.parametrize("pieces", [(), ("Here ", "are")])
def test_when_the_assistant_fails_the_cards_stand_and_the_offline_reply_follows_whole(
    desk: Desk, pieces: tuple[str, ...]
) -> None:
    broken = Writer(*pieces, error=ChatModelError("Gemini", "broke off its answer"))
    events = list(run_turn(desk.new_session(), Message("red dresses"), replace(desk, assistant=broken)))
    _, evidence, done = told(events)
    # A sentence that was not finished is never shown.
    assert not "".join(event.text for event in events if isinstance(event, ReplyToken))
    assert len(evidence.hits) == 3
    assert "[1]" in done.reply
    assert "Here are " not in done.reply or "red dresses" in done.reply
    assert done.failures == ("Gemini broke off its answer, so this reply was written on this machine.",)
    assert done.backends["assistant"] == desk.offline_assistant.name


def test_a_model_reply_is_final_only_as_far_as_the_cards_bear_it_out(desk: Desk) -> None:
    writer = Writer("[1] is a fine red dress. ", "[9] is finer. ", "It costs €1.")
    _, evidence, done = ask(replace(desk, assistant=writer), desk.new_session(), "red dresses")
    price = format_price(evidence.hits[0].item.pays_cents or 0, "EUR", desk.shop.settings.locale)
    assert done.reply == f"[1] is a fine red dress. It costs {price}. And 2 more like these."
    assert done.failures == ()
    assert (done.backends["assistant"], done.prompt_versions) == ("writer 1", {"assistant": "2"})


def test_a_model_reply_that_is_all_wrong_is_replaced_and_told(desk: Desk) -> None:
    done = ask(replace(desk, assistant=Writer("Buy [9] at http://x.example!")), desk.new_session(), "red dresses")[2]
    assert "[1]" in done.reply
    assert "[9]" not in done.reply
    assert done.failures == (
        "What the model wrote did not match the items, so this reply was written on this machine.",
    )


def test_a_stopped_turn_is_stored_as_stopped_with_what_was_said(desk: Desk) -> None:
    session = desk.new_session()
    writer = Writer("[1] is ", "red. ", "[2] is ", "red too. ", "And [3].")
    running = run_turn(session, Message("red dresses"), replace(desk, assistant=writer))
    shown = next(event.text for event in running if isinstance(event, ReplyToken) and event.text)
    running.close()  # type: ignore[attr-defined]
    assert shown.startswith("[1] is red.")
    assert "[3]" not in shown
    (row,) = desk.turns(session.id)
    assert (row.record["is_stopped"], row.record["reply"]) == (True, shown)
    assert len(desk.session(session.id).shown) == 3


def test_a_turn_stopped_before_it_was_read_leaves_no_trace(desk: Desk) -> None:
    session = desk.new_session()
    running = run_turn(session, Message("red dresses"), desk)
    running.close()  # type: ignore[attr-defined]
    assert desk.turns(session.id) == []


def test_the_stored_turn_can_be_drawn_again(desk: Desk) -> None:
    session = desk.new_session()
    _, evidence, done = ask(desk, session, "red dresses")
    (row,) = desk.turns(session.id)
    assert (row.number, row.message, row.has_photo) == (1, "red dresses", False)
    assert [hit["sku"] for hit in row.record["parts"][0]["hits"]] == [hit.item.sku for hit in evidence.hits]
    assert row.record["intent"]["colours"] == ["red"]
    assert row.record["reply"] == done.reply


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the message is empty; write what you are looking for, or add a photo"),
        (" \x00\n", "the message is empty; write what you are looking for, or add a photo"),
        ("x" * 2_001, "the message has 2001 characters, at most 2000 are read; please shorten it"),
    ],
)
def test_an_unusable_message_is_refused_before_anything_happens(desk: Desk, text: str, told: str) -> None:
    session = desk.new_session()
    with pytest.raises(VitrineError) as error:
        list(run_turn(session, Message(text), desk))
    assert str(error.value) == told
    assert desk.turns(session.id) == []


@pytest.mark.parametrize(
    "text",
    ["red \ud800 dress", "'; DROP TABLE items; --", "{0} {count} %s %(sku)s", "🙂" * 500, "\x07[1] [99]"],
)
def test_strange_messages_get_an_answer(desk: Desk, text: str) -> None:
    assert ask(desk, desk.new_session(), text)[2].reply
