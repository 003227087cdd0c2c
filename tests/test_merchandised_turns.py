"""Merchandising rules in a conversation: what is read, shown and told under them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from agents.checker import check, grounds_of
from agents.desk import Desk, open_desk
from agents.events import Evidence, PartFound
from agents.intent import Slots
from agents.session import Session
from env.roles import EVERYTHING
from tests.stocked_shop import ask, skus, small_shop
from tools.query import Filters, Hit
from tools.rule_data import read_rule
from tools.rule_editing import RuleDesk
from tools.rules import Rule
from tools.shop import Shop
from tools.store_rules import RuleStore

Ruled = Callable[..., Rule]


@pytest.fixture(scope="module")
def own_shop(
    new_database: Callable[[], AbstractContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """A shop whose rules no other test sees."""
    with small_shop(new_database, tmp_path_factory.mktemp("ruled")) as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(own_shop: Shop) -> Desk:
    """Its desk."""
    return open_desk(own_shop)


@pytest.fixture
def ruled(own_shop: Shop) -> Iterator[Ruled]:
    """Writes one rule; all are gone again afterwards."""
    rules = RuleDesk(RuleStore(own_shop.database))
    yield lambda **raw: rules.put(EVERYTHING, read_rule(raw))
    if rules.store.newest().rules:
        rules.restore(EVERYTHING, 0)


def test_a_pin_for_the_words_of_a_search_is_told_and_stays_while_it_is_refined(desk: Desk, ruled: Ruled) -> None:
    ruled(kind="pin", match="exact", words=["belts"], skus=["A-045"])
    session = desk.new_session()
    _, evidence, done = ask(desk, session, "belts")
    assert skus(evidence)[0] == "A-045"
    assert evidence.facts[0] == "The shop shows [1] first."
    assert "The shop shows [1] first." in done.reply

    _, refined, _ = ask(desk, session, "only white ones")
    assert skus(refined)[0] == "A-045"
    _, limited, _ = ask(desk, session, "in black instead")
    assert "A-045" not in skus(limited)
    _, other, _ = ask(desk, session, "show me dresses")
    assert "A-045" not in skus(other)


def test_a_sponsored_item_is_told_as_such_in_the_language_of_the_question(desk: Desk, ruled: Ruled) -> None:
    ruled(kind="pin", match="any", categories=["Belt"], skus=["A-044"], is_sponsored=True)
    _, evidence, done = ask(desk, desk.new_session(), "black belts")
    assert (skus(evidence)[0], evidence.hits[0].placed) == ("A-044", "sponsored")
    assert "[1] is sponsored." in done.reply
    _, german, done = ask(desk, desk.new_session(), "zeig mir schwarze Gürtel")
    assert "[1] ist gesponsert." in done.reply
    assert german.hits[0].why.endswith("gesponsert")


def test_what_is_hidden_after_it_was_shown_is_not_spoken_of(desk: Desk, ruled: Ruled) -> None:
    session = desk.new_session()
    _, before, _ = ask(desk, session, "belts")
    title = before.hits[0].item.title
    ruled(kind="hide", skus=[before.hits[0].item.sku])

    _, evidence, done = ask(desk, session, "how much is the first one?")

    assert before.hits[0].item.sku not in skus(evidence)
    assert title not in done.reply
    assert f"{(before.hits[0].item.pays_cents or 0) / 100:.2f}" not in done.reply
    _, counted, _ = ask(desk, desk.new_session(), "how many belts do you have?")
    assert any("11" in fact for fact in counted.facts)


def test_words_lead_to_a_collection_with_what_else_is_asked(desk: Desk, ruled: Ruled) -> None:
    ruled(kind="redirect", match="contains", words=["garden party"], skus=["A-012", "A-020", "A-044"], name="Garden $1")
    session = desk.new_session()
    _, evidence, done = ask(desk, session, "garden party")
    assert skus(evidence) == ["A-012", "A-020", "A-044"]
    assert "This is the shop's collection “Garden $1”." in done.reply
    assert done.backends["classifier"] == "the shop's rules"

    _, refined, _ = ask(desk, session, "under 70 euros")
    assert skus(refined) == ["A-044"]
    _, fresh, _ = ask(desk, desk.new_session(), "something for a garden party under 75 euros")
    assert set(skus(fresh)) == {"A-012", "A-044"}


def test_words_nobody_knows_are_read_as_their_equals(desk: Desk, ruled: Ruled) -> None:
    intent, _, _ = ask(desk, desk.new_session(), "red kickers")
    assert intent.slots.categories == ()
    ruled(kind="synonym", terms=["kickers", "sneakers"])
    intent, evidence, _ = ask(desk, desk.new_session(), "red kickers")
    assert (intent.slots.categories, intent.slots.colours) == (("Sneakers",), ("red",))
    assert {hit.item.category for hit in evidence.hits} == {"Sneakers"}


def test_a_one_way_synonym_adds_what_the_other_word_means_and_not_back(desk: Desk, ruled: Ruled) -> None:
    ruled(kind="synonym", way="one_way", terms=["belts"], others=["dresses"])
    intent, _, _ = ask(desk, desk.new_session(), "belts")
    assert intent.slots.categories == ("Belt", "Dress")
    intent, _, _ = ask(desk, desk.new_session(), "dresses")
    assert intent.slots.categories == ("Dress",)


def test_a_word_that_is_replaced_is_read_as_the_other(desk: Desk, ruled: Ruled) -> None:
    ruled(kind="synonym", way="replace", terms=["dresses"], others=["belts"])
    intent, _, _ = ask(desk, desk.new_session(), "black dresses")
    assert intent.slots.categories == ("Belt",)


def test_what_is_never_equated_is_looked_for_by_its_own_word(desk: Desk, ruled: Ruled) -> None:
    intent, _, _ = ask(desk, desk.new_session(), "black trainers")
    assert intent.slots.categories == ("Sneakers",)
    ruled(kind="synonym", way="never", terms=["trainers"], others=["sneakers"])
    intent, _, _ = ask(desk, desk.new_session(), "black trainers")
    assert (intent.slots.categories, intent.slots.soft) == ((), ("trainers",))
    intent, _, _ = ask(desk, desk.new_session(), "black sneakers")
    assert intent.slots.categories == ("Sneakers",)


def test_a_shade_that_is_kept_apart_does_not_fill_a_page(desk: Desk, ruled: Ruled) -> None:
    _, evidence, _ = ask(desk, desk.new_session(), "blue belts")
    assert {hit.item.colour for hit in evidence.hits} == {"navy"}
    ruled(kind="synonym", way="never", terms=["blue"], others=["navy"])
    _, evidence, _ = ask(desk, desk.new_session(), "blue belts")
    assert "navy" not in {hit.item.colour for hit in evidence.hits}


def test_new_and_returning_shoppers_are_told_apart_by_their_other_chats(desk: Desk, ruled: Ruled) -> None:
    ruled(kind="pin", match="any", categories=["Belt"], skus=["A-044"], visitors="returning")
    first = desk.new_session("somebody-known")
    _, evidence, _ = ask(desk, first, "black belts")
    assert evidence.hits[0].placed == ""
    _, evidence, _ = ask(desk, desk.new_session("somebody-known"), "black belts")
    assert evidence.hits[0].placed == "pinned"
    _, evidence, _ = ask(desk, Session("nobody-known"), "black belts")
    assert evidence.hits[0].placed == ""


@pytest.mark.parametrize(
    ("reply", "is_kept"),
    [
        ("The belt [1] is sponsored and black.", True),
        ("The belt [1] is black. It is not sponsored by anyone.", False),
        ("The belt [1] is black, and none of these are ads.", False),
        ("Der Gürtel [1] ist nicht gesponsert.", False),
        ("The belt [1] is black and not made for running.", True),
    ],
)
def test_no_reply_denies_a_sponsorship(own_shop: Shop, reply: str, is_kept: bool) -> None:
    (item,) = own_shop.catalog.items(["A-036"])
    hits = (Hit(item, 0.5, "", (), "sponsored"),)
    evidence = Evidence((PartFound(Slots(), Filters(), hits, 1),), ("[1] is sponsored.",))
    checked = check(reply, grounds_of(evidence, "belts"))
    assert ("a denied sponsorship" not in checked.problems) is is_kept
