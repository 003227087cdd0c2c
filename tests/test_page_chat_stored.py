"""The chat behind the page and what is stored of it: a message sent again, thumbs, another tab."""

from collections.abc import Iterator

from agents.events import IntentRead, Message, TurnDone, TurnEvent
from agents.intent import Intent
from app_pages.chat import Chat, Refreshed, Stored
from app_pages.turn_view import TurnView
from tests.test_page_chat import decode, ended, png
from tools.store_feedback import Verdict


class Shelf:
    """What stands for the stored side: it remembers what it was asked for."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.judged: list[tuple[int, Verdict | None]] = []
        self.news: Refreshed | None = None

    def run(self, message: Message) -> Iterator[TurnEvent]:
        return self._turn("run", message)

    def resend(self, message: Message) -> Iterator[TurnEvent]:
        return self._turn("resend", message)

    def _turn(self, kind: str, message: Message) -> Iterator[TurnEvent]:
        self.log.append(f"{kind} {message.text}{' +photo' if message.photo else ''}")
        yield IntentRead(Intent("search"), "test")
        yield TurnDone(message.text, number=len(self.log))

    def refresh(self) -> Refreshed | None:
        news, self.news = self.news, None
        return news

    def judge(self, number: int, verdict: Verdict | None) -> None:
        self.judged.append((number, verdict))

    def chat(self) -> Chat:
        return Chat("id", self.run, decode, stored=Stored(self.resend, self.refresh, self.judge))


def ask(chat: Chat, text: str, photo: bytes | None = None) -> None:
    chat.ask(text, photo)
    ended(chat)
    # The thread lets go of the session a moment after its last event.
    while chat._before and chat._before.is_at_work:
        pass


def test_a_message_sent_again_takes_the_place_of_the_last() -> None:
    shelf = Shelf()
    chat = shelf.chat()
    for text in ("one", "two"):
        ask(chat, text)
    chat.resend(" three ")
    ended(chat)
    assert [(view.number, view.text) for view in chat.views] == [(1, "one"), (2, "three")]
    assert shelf.log == ["run one", "run two", "resend three"]


def test_its_photo_is_sent_with_it_again() -> None:
    shelf = Shelf()
    chat = shelf.chat()
    ask(chat, "like this", png("red"))
    chat.resend("like this in blue")
    ended(chat)
    assert shelf.log == ["run like this +photo", "resend like this in blue +photo"]
    assert chat.views[0].photo_url.startswith("data:image/jpeg")


def test_in_place_of_a_message_that_could_not_be_read_nothing_stored_is_replaced() -> None:
    shelf = Shelf()
    chat = shelf.chat()
    ask(chat, "one")
    chat.ask("like this", b"no picture")
    chat.resend("two")
    ended(chat)
    assert shelf.log == ["run one", "run two"]
    assert [view.text for view in chat.views] == ["one", "two"]


def test_what_another_tab_said_comes_first_and_is_never_replaced() -> None:
    shelf = Shelf()
    chat = shelf.chat()
    ask(chat, "one")
    theirs = (TurnView(1, "one", done=TurnDone("")), TurnView(2, "theirs", done=TurnDone("")))
    shelf.news = Refreshed("id", theirs)
    chat.resend("mine")
    ended(chat)
    assert [view.text for view in chat.views] == ["one", "theirs", "mine"]
    assert shelf.log == ["run one", "run mine"]


def test_a_chat_deleted_elsewhere_goes_on_as_a_new_one() -> None:
    shelf = Shelf()
    chat = shelf.chat()
    ask(chat, "one")
    shelf.news = Refreshed("fresh", ())
    ask(chat, "two")
    assert (chat.session_id, [view.text for view in chat.views]) == ("fresh", ["two"])


def test_a_thumb_is_kept_under_the_stored_number_and_shown() -> None:
    shelf = Shelf()
    chat = shelf.chat()
    ask(chat, "one")
    chat.judge(1, Verdict(True))
    chat.judge(2, Verdict(True))
    chat.ask("like this", b"no picture")
    chat.judge(2, Verdict(True))
    assert shelf.judged == [(1, Verdict(True))]
    assert [view.verdict for view in chat.views] == [Verdict(True), None]
    chat.judge(1, None)
    assert chat.views[0].verdict is None
