"""A chat taken along: titles for numbers, prices of that time, nobody's text as markup, no ids."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from agents.chat_titles import chat_title
from agents.desk import Desk, open_desk
from agents.export import exported
from agents.export_files import as_json, as_markdown, file_name
from agents.wording import Wording, load_texts
from env.database import Database
from env.settings import Settings
from tests.stocked_shop import ask, stocked_shop
from tools.store_chats import ChatRow
from tools.store_feedback import Verdict
from tools.store_sessions import TurnRow

WHEN = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
NASTY = "<script>alert(1)</script> ![x](http://evil.example/a.png) **b** $x$"


@pytest.fixture
def desk(settings: Settings, database: Database) -> Desk:
    return open_desk(stocked_shop(settings, database))


def chat(title: str = "", first: str = "", n_turns: int = 1) -> ChatRow:
    return ChatRow("secret-id", "secret-shopper", title, first, n_turns, WHEN, WHEN)


def turn(message: str, reply: str, *hits: dict[str, Any]) -> TurnRow:
    record = {"parts": [{"hits": list(hits)}], "reply": reply, "is_stopped": False}
    return TurnRow(1, message, False, record, WHEN, Verdict(False, ("Wrong items",), "too red"))


def hit(title: str, link: str = "") -> dict[str, Any]:
    return {"sku": "S", "score": 0.5, "why": "", "title": title, "pays_cents": 2_490, "currency": "EUR", "link": link}


@pytest.mark.parametrize(
    ("row", "title"),
    [
        (chat("For the wedding", "red dresses"), "For the wedding"),
        (chat(first="red\n dresses"), "red dresses"),
        (
            chat(first="a linen shirt for a summer wedding by the sea, not too formal"),
            "a linen shirt for a summer wedding by the sea, …",
        ),
        (chat(first="x" * 90), "x" * 48),
        (chat(), "A photo"),
        (chat(n_turns=0), "An empty chat"),
    ],
)
def test_a_chat_is_called_by_its_name_or_its_first_message(row: ChatRow, title: str) -> None:
    assert chat_title(row, Wording(load_texts("en"), "")) == title


def test_markdown_reads_as_the_chat_did() -> None:
    row = turn("red dresses", "Take [1], not [7].", hit("Alder dress", "https://shop.example/1"))
    assert as_markdown(exported(chat(first="red dresses"), [row]), "en") == (
        "# red dresses\n\n"
        "## 2031-05-06 07:08 UTC\n\n"
        "**You:** red dresses\n\n"
        "1. [Alder dress](<https://shop.example/1>), €24\\.90\n\n"
        "**Vitrine:** Take “Alder dress”, not \\[7\\]\\.\n"
    )


def test_text_of_the_shopper_and_the_catalogue_never_becomes_markup() -> None:
    row = turn(NASTY, f"[1] {NASTY}", hit(NASTY, 'javascript:alert("1")'))
    text = as_markdown(exported(chat(NASTY), [row]), "en")
    assert "<script" not in text.replace("\\<", "")
    assert "![" not in text
    assert "](" not in text.replace("\\]\\(", "")
    assert "javascript:" not in text


def test_json_says_everything_and_names_no_id() -> None:
    row = turn("red dresses", "Take [1].", hit("Alder dress"))
    text = as_json(exported(chat("Mine"), [row]))
    assert json.loads(text) == {
        "title": "Mine",
        "created_at": "2031-05-06T07:08:00+00:00",
        "turns": [
            {
                "asked_at": "2031-05-06T07:08:00+00:00",
                "message": "red dresses",
                "has_photo": False,
                "reply": "Take “Alder dress”.",
                "is_stopped": False,
                "items": [{"number": 1, "title": "Alder dress", "price_cents": 2490, "currency": "EUR", "link": None}],
                "feedback": {"is_good": False, "reasons": ["Wrong items"], "said": "too red"},
            }
        ],
    }
    assert "secret" not in text


def test_a_price_that_changed_later_is_exported_as_it_was(desk: Desk, database: Database) -> None:
    session = desk.new_session("a" * 32)
    _, evidence, done = ask(desk, session, "red dresses")
    with database.connection() as connection:
        connection.execute(
            "UPDATE items SET price_cents = 99999, sale_price_cents = NULL, currency = 'EUR', title = 'New'"
        )
    row = desk.chats.find(session.id)
    assert row is not None
    taken = exported(row, desk.turns(session.id))
    assert [(item.title, item.pays_cents) for item in taken.turns[0].items] == [
        (each.item.title, each.item.pays_cents) for each in evidence.hits
    ]
    assert evidence.hits[0].item.title in taken.turns[0].reply
    assert "[1]" in done.reply


@pytest.mark.parametrize(("title", "name"), [("Red: dresses!", "vitrine-red-dresses.md"), ("../..", "vitrine-chat.md")])
def test_a_file_name_is_plain(title: str, name: str) -> None:
    assert file_name(exported(chat(title), []), "md") == name
