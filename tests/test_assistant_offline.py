"""The offline assistant and the checker: nothing is said that no row says."""

import re

import pytest
import yaml

from agents.assistant import open_assistant
from agents.checker import check, grounds_of
from agents.desk import Desk, open_desk
from agents.nouns import kind_words, limit_price, listed
from agents.session import Session
from agents.wording import ENGLISH_FILE
from env.errors import SettingsError
from tests.stocked_shop import ask
from tools.shop import Shop


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return open_desk(shop)


def reply(desk: Desk, *texts: str) -> str:
    """The reply to the last of these messages in a chat of its own."""
    session = desk.new_session()
    session.id, session.shopper = "fixed", session.id
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
        (["dresses", "add the first one to my bag"], "[1] is out of stock, so your bag stays as it was."),
        (["white dresses", "add the first one to my bag"], "Which size of [1] would you like?"),
        (["dresses", "save the first one"], "Saved [1] for you"),
        (["dresses", "I never wear red"], "From now on I keep to this: no red."),
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
    # Kinds of items that the shop has may be named without being shown: they are examples of what to ask for.
    problems = check(done.reply, grounds_of(evidence, text)).problems
    assert [problem for problem in problems if evidence.hits or not problem.endswith("is not shown")] == []
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
    # What chips, buttons, notes and facts say is filled in where they are made.
    elsewhere = ("limits", "step", "press", "suggest", "reason", "found", "cannot", "variant", "answers", "rules")
    texts = yaml.safe_load(ENGLISH_FILE.read_text(encoding="utf-8"))
    said = {name: text for name, text in texts.items() if name not in elsewhere}
    fields = set(re.findall(r"\{(\w+)\}", str(said)))
    assert fields == {
        "about",
        "asked",
        "before",
        "budget",
        "colour",
        "colours",
        "count",
        "every",
        "fact",
        "facts",
        "first",
        "handle",
        "handles",
        "it",
        "item",
        "its",
        "kind",
        "kinds",
        "lines",
        "most",
        "n_items",
        "now",
        "old",
        "ordinal",
        "other",
        "pieces",
        "price",
        "quote",
        "rating",
        "reason",
        "regular",
        "rest",
        "season",
        "shown",
        "size",
        "sizes",
        "some",
        "title",
        "told",
        "total",
        "usage",
        "value",
        "values",
        "what",
        "who",
        "why",
        "words",
    }


def test_an_unknown_assistant_lists_the_known_ones(shop: Shop) -> None:
    with pytest.raises(SettingsError, match="unknown assistant 'oracle'; known are offline, gemini"):
        open_assistant(shop, "oracle")


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
