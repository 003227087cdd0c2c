"""The offline assistant and the checker: nothing is said that no row says."""

import re

import pytest

from agents.assistant import open_assistant
from agents.checker import Checked, check
from agents.desk import Desk, open_desk
from agents.events import Evidence, PartFound
from agents.intent import Slots
from agents.nouns import kind_words, limit_price, listed
from agents.session import Session
from agents.wording import load_texts
from env.errors import SettingsError
from tests.small_catalog import small_items
from tests.stocked_shop import ask
from tools.query import Filters, Hit
from tools.shop import Shop


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return open_desk(shop)


def reply(desk: Desk, *texts: str) -> str:
    """The reply to the last of these messages in a chat of its own."""
    session = desk.new_session()
    session.id = "fixed"
    return [ask(desk, session, text)[2].reply for text in texts][-1]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["red dresses for women"], "2 red dresses for women"),
        (["5 red dresses for women"], "5"),
        (["white dresses under 70"], "white dresses under €70"),
        (["white dresses under 70"], "without the price limit"),
        (["comfortable belts"], '"comfortable"'),
        (["belts, not flashy"], "rule out"),
        (["winter belts"], "does not tell the season"),
        (["a red dress and a black belt"], "For the red dress, I would take [1]"),
        (["perfume"], "perfumes"),
        (["dresses", "add the first one to my bag"], "nothing was added"),
        (["dresses", "save the first one"], "nothing was saved"),
        (["dresses", "I never wear red"], "can't keep"),
        (["hello"], "48 items"),
        (["what's the weather?"], "belts, dresses or sneakers"),
        (["dresses", "start over"], "clean slate"),
        (["compare the first two"], "not"),
        (["dresses", "compare the first two"], "[1] costs"),
        (["sneakers", "what goes with the first one?"], "Together"),
        (["dresses", "what is the first one made of?"], "[1] is linen."),
        (["dresses", "does it come in other colours?"], "which item you mean"),
    ],
)
def test_the_reply_says_what_was_understood_and_what_could_not_be_met(desk: Desk, texts: list[str], said: str) -> None:
    assert said in reply(desk, *texts)


MESSAGES = [
    "red dresses",
    "3 black t-shirts",
    "a dress and a belt",
    "sneakers under 80",
    "purple belts",
    "white dresses under 10",
    "cheapest sneakers",
    "best rated belts for men",
    "leather belts by Cove, not black",
    "umbrella",
    "something nice",
]


@pytest.mark.parametrize("text", MESSAGES)
def test_every_handle_and_every_price_of_a_reply_is_on_a_card(desk: Desk, text: str) -> None:
    _, evidence, done = ask(desk, desk.new_session(), text)
    handles = {int(handle) for handle in re.findall(r"\[(\d+)\]", done.reply)}
    assert handles <= set(range(1, len(evidence.hits) + 1))
    assert check(done.reply, evidence).problems == ()
    assert "{" not in done.reply
    assert len(re.findall(r"[.!?](?:\s|$)", done.reply)) <= 6


def test_replies_vary_between_chats_and_never_within_a_turn(desk: Desk) -> None:
    replies = {ask(desk, Session(f"chat{n}"), "red dresses")[2].reply for n in range(8)}
    assert len(replies) > 1
    assert reply(desk, "red dresses") == reply(desk, "red dresses")


@pytest.mark.parametrize("text", MESSAGES)
def test_every_suggestion_finds_something(desk: Desk, text: str) -> None:
    session = desk.new_session()
    _, _, done = ask(desk, session, text)
    assert 0 < len(done.suggestions) <= 3
    state = session.to_json()
    for suggestion in done.suggestions:
        again = Session.from_json(desk.new_session().id, state)
        _, evidence, _ = ask(desk, again, suggestion)
        assert evidence.hits, suggestion


def test_wordings_ask_for_no_field_that_the_composer_does_not_give() -> None:
    fields = set(re.findall(r"\{(\w+)\}", str(load_texts("en"))))
    assert fields == {
        "are",
        "asked",
        "budget",
        "colour",
        "colours",
        "count",
        "every",
        "example",
        "fact",
        "facts",
        "first",
        "handle",
        "handles",
        "it",
        "its",
        "match",
        "most",
        "n_items",
        "old",
        "other",
        "price",
        "rating",
        "reason",
        "regular",
        "rest",
        "season",
        "shown",
        "some",
        "title",
        "told",
        "total",
        "usage",
        "values",
        "what",
        "why",
        "words",
    }


def test_an_unknown_assistant_lists_the_known_ones(shop: Shop) -> None:
    with pytest.raises(SettingsError, match="unknown assistant 'oracle'; known are offline, gemini"):
        open_assistant(shop, "oracle")


def evidence() -> Evidence:
    """Two cards: €54.00 reduced from €73.00, and €71.00."""
    hits = (Hit(small_items()[14], 0.5), Hit(small_items()[12], 0.4))
    slots = Slots(("Dress",), price_max_cents=8_000)
    return Evidence((PartFound(slots, Filters(currency="EUR"), hits, 2),), ("The whole look costs €125.00.",))


@pytest.mark.parametrize(
    "text",
    [
        "[1] is reduced from €73.00 to €54.00, and [2] costs 71 euros.",
        "Both are under €80. Together they cost EUR 125.",
        "I would take [2]: black, rated 4.2 of 5. There are 3 sizes.",
    ],
)
def test_a_reply_that_the_evidence_bears_out_passes_as_it_is(text: str) -> None:
    assert check(text, evidence()) == Checked(text)


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("[3] would be even better.", "card [3] is not shown"),
        ("[1] costs only €19.99!", "price '€19.99' is in no row"),
        ("[1] is 40 euros.", "price '40 euros' is in no row"),
        ("See https://evil.example for more.", "a link or markup"),
        ("Click [here](x).", "a link or markup"),
        ("<img src=x>.", "a link or markup"),
        ("I've added [1] to your bag.", "a claimed action"),
        ("Your order has been placed.", "a claimed action"),
    ],
)
def test_a_sentence_that_no_row_bears_out_is_taken_out(bad: str, problem: str) -> None:
    checked = check(f"[1] is a red dress. {bad} [2] is black.", evidence())
    assert checked.text == "[1] is a red dress. [2] is black."
    assert checked.problems == (problem,)


def test_a_reply_with_nothing_left_is_empty() -> None:
    assert check("Buy [9] for €1!", evidence()).text == ""


@pytest.mark.parametrize(
    ("categories", "n_items", "words"),
    [
        (("Dress",), 2, "dresses"),
        (("T-shirt",), 1, "T-shirt"),
        (("Scarf", "Watch"), 2, "scarves or watches"),
        (("Formal shoes",), 1, "formal shoes"),
        (("Nightwear",), 2, "nightwear items"),
        ((), 1, "item"),
        (("Bags",), 1, "bags"),
    ],
)
def test_kinds_are_named_in_plain_english(categories: tuple[str, ...], n_items: int, words: str) -> None:
    assert kind_words(categories, n_items) == words


def test_a_round_limit_is_told_without_decimals() -> None:
    assert [limit_price(cents, "EUR", "en") for cents in (3_000, 2_950, 100_000)] == ["€30", "€29.50", "€1,000"]
    assert listed(["a", "b", "c"]) == "a, b and c"
