"""The test set: files of cases, turns taken in, who may change it, and what is refused."""

import json

import pytest

from agents.desk import Desk, open_desk
from agents.workbench.case_book import CaseBook
from agents.workbench.case_file import read_case_file, written_cases
from agents.workbench.checks import holds
from env.errors import AccessError, BenchError, IntentError
from env.roles import ANYBODY, EVERYTHING
from evals.intent import CASES_DIR
from tests.stocked_shop import ask
from tools.shop import Shop
from tools.store_cases import CaseRow, Earlier

RED = CaseRow(
    "red", "red dresses", (Earlier("hello", {"route": "small_talk"}),), None, {"colours": ["red"]}, False, ("A-1",),
    "kind", ("[1]", "max_chars: 300"), ("regex: \\d+ euros?",), "by hand", "a note",
)  # fmt: skip


@pytest.fixture
def book(shop: Shop) -> CaseBook:
    return CaseBook.of(shop.database)


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return open_desk(shop)


def test_good_rows_survive_bad_ones_and_each_bad_one_is_told_with_its_line() -> None:
    lines = [
        '{"message": "red dresses", "slots": {"colours": ["red"]}}',
        "no json",
        '{"message": ""}',
        '{"message": "belts", "slots": {"color": ["red"]}}',
        '{"message": "belts", "intent": {"route": "browse"}}',
        '{"message": "belts", "must_say": ["regex: ("]}',
        '{"message": "belts", "price": 3}',
        '{"message": "this one", "has_photo": true}',
        "",
        '{"message": "red dresses"}',
        '{"text": "blue belts", "earlier": ["hello", {"text": "red belts", "intent": {"route": "search"}}]}',
    ]
    found = read_case_file("\n".join(lines).encode(), "mine.jsonl")
    assert [case.message for case in found.cases] == ["red dresses", "blue belts"]
    assert found.cases[1].earlier == (Earlier("hello"), Earlier("red belts", {"route": "search"}))
    assert [(each.line, each.reason[:40]) for each in found.refused] == [
        (2, "it is no JSON: expecting value at charac"),
        (3, "message: string should have at least 1 c"),
        (4, "unknown slot 'color'; slots are action, "),
        (5, "unknown route 'browse'; routes are searc"),
        (6, "the pattern '(' cannot be read: missing "),
        (7, "price: extra inputs are not permitted"),
        (8, "it needs a photo, and photos are never s"),
        (10, f"the id {found.cases[0].id!r} was used above"[:40]),
    ]


def test_a_csv_of_a_spreadsheet_is_read_as_it_comes() -> None:
    text = (
        '\ufeffmessage;relevant;must_say;slots\nred dresses;A-1|A-2;[1]|in stock;"{""colours"": [""red""]}"\nbelts;;;\n'
    )
    first, second = read_case_file(text.encode(), "cases.CSV").cases
    assert (first.relevant, first.must_say, first.expected) == (
        ("A-1", "A-2"),
        ("[1]", "in stock"),
        {"colours": ["red"]},
    )
    assert second == CaseRow(second.id, "belts", source="file cases.CSV")


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"\xff\xfe", "a.jsonl", "is not UTF-8 text"),
        (b"question\nhello\n", "a.csv", "has no column 'message'; columns are id, message"),
        (b'[{"message": 1', "a.json", "begins like a list and is no JSON"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_why(data: bytes, name: str, words: str) -> None:
    with pytest.raises(BenchError, match=words):
        read_case_file(data, name)


def test_written_cases_are_read_again_as_they_were() -> None:
    (again,) = read_case_file(written_cases([RED]).encode(), "test-set.jsonl").cases
    assert again == RED


def test_the_labelled_messages_that_come_along_are_cases() -> None:
    found = read_case_file((CASES_DIR / "intent_dev.jsonl").read_bytes(), "intent_dev.jsonl")
    assert len(found.cases) + len(found.refused) == 320
    screens = json.loads((CASES_DIR / "intent_shop.json").read_text())["screens"]
    with_screens = read_case_file((CASES_DIR / "intent_dev.jsonl").read_bytes(), "intent_dev.jsonl", screens)
    # What is left are the messages that are nothing without their photo.
    assert (len(found.refused), len(with_screens.refused)) == (99, 4)


def test_checks_look_at_words_patterns_and_length() -> None:
    reply = "Here are  2 red dresses [1]."
    assert [holds(check, reply) for check in ("Red Dresses", "regex: \\d red", "equals: here", "max_chars: 20")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_cases_are_kept_changed_removed_and_put_back(book: CaseBook) -> None:
    assert book.put(EVERYTHING, [RED]) == 1
    assert book.put(EVERYTHING, [RED]) == 0
    (kept,) = book.cases(["red"])
    assert kept.added_by == "this computer"
    assert book.remove(EVERYTHING, ["red", "none"]) == 1
    assert book.cases(["red"]) == []
    assert [case.id for case in book.removed()] == ["red"]
    assert book.restore(EVERYTHING, ["red"]) == 1
    assert book.cases(["red"]) == [kept]


def test_a_stored_turn_comes_with_what_was_said_before_and_without_who_said_it(book: CaseBook, desk: Desk) -> None:
    session = desk.new_session()
    ask(desk, session, "3 red belts please, mail me at ada@example.org")
    ask(desk, session, "cheaper")
    taken = book.add_turn(EVERYTHING, session.id, 2)
    assert taken.is_new
    assert taken.case.message == "cheaper"
    (before,) = taken.case.earlier
    assert "ada@example.org" not in json.dumps(taken.case.to_json())
    assert taken.notes == ("personal text was taken out",)
    assert before.intent is not None
    assert (before.intent["route"], before.intent["count"], before.intent["count_said"]) == ("search", 3, True)
    assert not book.add_turn(EVERYTHING, session.id, 2).is_new
    with pytest.raises(BenchError, match="there is no stored turn 7"):
        book.add_turn(EVERYTHING, session.id, 7)


def test_who_may_not_edit_prompts_changes_nothing(book: CaseBook) -> None:
    for step in (
        lambda: book.put(ANYBODY, [RED]), lambda: book.remove(ANYBODY, ["red"]),
        lambda: book.restore(ANYBODY, ["red"]), lambda: book.add_turn(ANYBODY, "s", 1),
    ):  # fmt: skip
        with pytest.raises(AccessError, match="'somebody' is shopper, and admin, merchandiser may"):
            step()


def test_labels_that_cannot_be_compared_are_refused_and_nothing_is_stored(book: CaseBook) -> None:
    good = CaseRow("good", "belts")
    with pytest.raises(IntentError, match="unknown route"):
        book.put(EVERYTHING, [good, CaseRow("bad", "belts", expected={"route": "browse"})])
    with pytest.raises(BenchError, match="'max_chars: many' needs a whole number"):
        book.put(EVERYTHING, [good, CaseRow("bad", "belts", must_say=("max_chars: many",))])
    assert book.cases(["good"]) == []
