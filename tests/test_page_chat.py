"""The chat behind the page: one turn at work, stopping, impatience, failures, photos."""

import io
import threading
from collections.abc import Iterator
from dataclasses import replace

from PIL import Image

from agents.events import Evidence, IntentRead, ItemsFound, Message, PartFound, ReplyToken, TurnDone, TurnEvent
from agents.intent import Intent, Slots
from app_pages.chat import Chat
from env.errors import CatalogError
from env.settings import Settings
from tools.photo import decode_photo
from tools.query import Filters

WAIT_S = 20


def decode(data: bytes) -> Image.Image:
    return decode_photo(data, Settings())


def ended(chat: Chat) -> None:
    """Wait until the newest turn has ended."""
    while running := chat.running:
        running.wait(running.view, WAIT_S)


def echo(message: Message) -> Iterator[TurnEvent]:
    yield IntentRead(Intent("search"), "test")
    yield TurnDone(f"You said {message.text!r}.")


def png(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(out, "PNG")
    return out.getvalue()


class Slow:
    """Turns that say one word, then wait until they are let go, and tell how they ended."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.said = threading.Event()
        self.log: list[str] = []

    def __call__(self, message: Message) -> Iterator[TurnEvent]:
        self.log.append(f"begin {message.text}")
        try:
            yield ReplyToken("Well, ")
            self.said.set()
            self.go.wait(WAIT_S)
            yield ReplyToken("then")
            yield TurnDone("Well, then.")
        except GeneratorExit:
            self.log.append(f"closed {message.text}")
            raise
        self.log.append(f"end {message.text}")


def test_turns_are_numbered_in_order() -> None:
    chat = Chat("id", echo, decode)
    for text in ("one", " two "):
        chat.ask(text)
        ended(chat)
    assert [(view.number, view.text, view.reply) for view in chat.views] == [
        (1, "one", "You said 'one'."),
        (2, "two", "You said 'two'."),
    ]


def test_an_empty_message_is_no_turn() -> None:
    chat = Chat("id", echo, decode)
    chat.ask("  \n ")
    assert chat.views == ()


def test_a_second_click_on_the_same_question_changes_nothing() -> None:
    slow = Slow()
    chat = Chat("id", slow, decode)
    chat.ask("red dress")
    chat.ask("red dress")
    slow.go.set()
    ended(chat)
    assert [view.reply for view in chat.views] == ["Well, then."]
    assert slow.log == ["begin red dress", "end red dress"]


def test_stop_keeps_what_was_said_and_closes_the_turn() -> None:
    slow = Slow()
    chat = Chat("id", slow, decode)
    chat.ask("red dress")
    assert slow.said.wait(WAIT_S)
    chat.stop()
    assert chat.running is None
    assert (chat.views[0].reply, chat.views[0].is_stopped) == ("Well, ", True)
    slow.go.set()
    chat.ask("blue dress")
    ended(chat)
    assert slow.log == ["begin red dress", "closed red dress", "begin blue dress", "end blue dress"]
    assert chat.views[0].reply == "Well, "


def test_another_message_replaces_the_turn_at_work_and_waits_for_it_to_let_go() -> None:
    slow = Slow()
    chat = Chat("id", slow, decode)
    chat.ask("red dress")
    assert slow.said.wait(WAIT_S)
    chat.ask("blue dress")
    assert slow.log == ["begin red dress"]
    slow.go.set()
    ended(chat)
    assert [(view.text, view.is_stopped) for view in chat.views] == [("red dress", True), ("blue dress", False)]


def test_a_turn_waits_for_the_stopped_one_even_past_a_photo_that_could_not_be_read() -> None:
    slow = Slow()
    chat = Chat("id", slow, decode)
    chat.ask("red dress")
    assert slow.said.wait(WAIT_S)
    chat.ask("", b"not a picture")
    chat.ask("blue dress")
    assert slow.log == ["begin red dress"]
    slow.go.set()
    ended(chat)
    assert slow.log == ["begin red dress", "closed red dress", "begin blue dress", "end blue dress"]


def test_an_explained_failure_is_told_and_an_unexpected_one_shows_only_a_trace_id() -> None:
    def explained(_: Message) -> Iterator[TurnEvent]:
        raise CatalogError("the catalogue is away; ask again")
        yield

    def unexpected(_: Message) -> Iterator[TurnEvent]:
        raise ZeroDivisionError("secret detail")
        yield

    problems = []
    for run in (explained, unexpected):
        chat = Chat("id", run, decode)
        chat.ask("red dress")
        ended(chat)
        problems.append(chat.views[0].problem)
    assert problems[0] == "the catalogue is away; ask again"
    assert "Please ask again" in problems[1]
    assert "secret" not in problems[1]


def test_a_photo_travels_in_its_own_chat_only() -> None:
    seen: list[Message] = []

    def run(message: Message) -> Iterator[TurnEvent]:
        seen.append(message)
        yield TurnDone("ok")

    chats = [Chat(str(place), run, decode) for place in range(2)]
    for chat, colour in zip(chats, ("red", "blue"), strict=True):
        chat.ask("", png(colour))
        ended(chat)
    urls = [chat.views[0].photo_url for chat in chats]
    assert all(url.startswith("data:image/jpeg;base64,") for url in urls)
    assert urls[0] != urls[1]
    assert [message.photo.getpixel((5, 5)) for message in seen if message.photo] == [(255, 0, 0), (0, 0, 255)]


def test_a_photo_that_cannot_be_read_is_told_in_its_turn() -> None:
    chat = Chat("id", echo, decode)
    chat.ask("like this", b"not a picture")
    assert chat.views[0].text == "like this"
    assert "not a picture I can read" in chat.views[0].problem
    chat.ask("again")
    ended(chat)
    assert [view.number for view in chat.views] == [1, 2]


def both(weight: float) -> ItemsFound:
    """Cards of a search with words and a photo."""
    return ItemsFound(Evidence((PartFound(Slots(soft=("long",)), Filters(), (), 3, photo_weight=weight),)))


def test_sliding_gives_the_last_turn_other_cards_and_no_turn_more() -> None:
    weights: list[float] = []

    def run(message: Message) -> Iterator[TurnEvent]:
        yield both(0.5)
        yield TurnDone(f"You said {message.text}.")

    def slide(photo_weight: float, last: TurnDone) -> Iterator[TurnEvent]:
        weights.append(photo_weight)
        yield both(photo_weight)
        yield replace(last, reply=f"{last.reply} At {photo_weight}.")

    chat = Chat("id", run, decode, slide=slide)
    chat.ask("one")
    ended(chat)
    chat.slide(0.2)
    chat.slide(0.3)
    assert weights == [0.2, 0.3]
    assert [(view.number, view.photo_weight, view.reply) for view in chat.views] == [
        (1, 0.3, "You said one. At 0.2. At 0.3.")
    ]
    chat.ask("two")
    ended(chat)
    assert [view.number for view in chat.views] == [1, 2]


def test_there_is_nothing_to_slide_before_the_turn_is_done_or_without_both() -> None:
    def never(photo_weight: float, last: TurnDone) -> Iterator[TurnEvent]:
        raise AssertionError("nothing to slide between")

    slow = Slow()
    chat = Chat("id", slow, decode, slide=never)
    chat.slide(0.1)
    chat.ask("red dress")
    assert slow.said.wait(WAIT_S)
    chat.slide(0.1)
    slow.go.set()
    ended(chat)
    chat.slide(0.1)
    assert [view.reply for view in chat.views] == ["Well, then."]


def test_a_slide_that_fails_is_told_and_leaves_the_cards() -> None:
    def run(_: Message) -> Iterator[TurnEvent]:
        yield both(0.5)
        yield TurnDone("Found.")

    def slide(photo_weight: float, last: TurnDone) -> Iterator[TurnEvent]:
        raise CatalogError("the catalogue is gone")
        yield last

    chat = Chat("id", run, decode, slide=slide)
    chat.ask("one")
    ended(chat)
    chat.slide(0.9)
    (view,) = chat.views
    assert (view.photo_weight, view.problem, view.reply) == (0.5, "the catalogue is gone", "Found.")
