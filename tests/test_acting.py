"""Turns that change what a shopper keeps: done, read back, and only then told."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from agents.desk import Desk, open_desk
from agents.events import Evidence, Message, TurnDone
from agents.intent import Intent, Slots
from agents.session import Session
from agents.turn import run_turn
from env.database import Database
from env.settings import Settings
from tests.stocked_shop import ask, skus, stocked_shop, told

# How every sentence begins, or what it says, that claims a change.
CLAIMS = re.compile(r"(?:^|(?<=[.!?] ))(?:Added|Saved|Removed|Emptied)\b")


@pytest.fixture
def desk(settings: Settings, database: Database) -> Desk:
    return open_desk(stocked_shop(settings, database))


@pytest.fixture
def session(desk: Desk) -> Session:
    """A chat with three white dresses on the screen: for women in S and M, for men, for everyone."""
    session = desk.new_session()
    ask(desk, session, "white dresses")
    assert [card.sku for card in session.shown]
    return session


def lines(desk: Desk, session: Session) -> list[tuple[str, str, int]]:
    return [(line.sku, line.size, line.quantity) for line in desk.shoppers.cart(session.keeper).lines]


def reply(desk: Desk, session: Session, text: str) -> str:
    return ask(desk, session, text)[2].reply


def test_a_size_is_asked_once_with_the_sizes_to_press_and_then_the_item_is_in(desk: Desk, session: Session) -> None:
    first = session.shown[0].sku
    _, evidence, done = ask(desk, session, "add the first one to my bag")
    assert done.reply == "Which size of [1] would you like? It is in stock in S and M."
    assert done.suggestions == ("Size S", "Size M")
    assert skus(evidence) == [first]
    assert lines(desk, session) == []
    intent, _, done = ask(desk, session, "Size M")
    assert (intent.route, intent.action, intent.references) == ("cart", "add", ("1",))
    assert done.reply.startswith("Added [1] to your bag in size M for €")
    assert lines(desk, session) == [(first, "M", 1)]
    assert "Show my bag" in done.suggestions
    assert ask(desk, session, "in M")[0].route == "refine"
    assert lines(desk, session) == [(first, "M", 1)]


def test_the_size_question_outlives_a_restart(desk: Desk, session: Session) -> None:
    first = session.shown[0].sku
    ask(desk, session, "add two of the first one to my bag")
    again = open_desk(desk.shop).session(session.id)
    assert "Your bag holds all" not in reply(desk, again, "M please")
    assert [line[:2] for line in lines(desk, again)] == [(first, "M")]


def test_a_named_size_goes_in_at_once_and_more_than_there_are_do_not(desk: Desk, session: Session) -> None:
    first = session.shown[0].sku
    assert reply(desk, session, "add the first one in M to my bag").startswith("Added [1] to your bag in size M")
    left = desk.shop.catalog.items([first])[0].sizes["M"] or 0
    said = reply(desk, session, "add 9 of the first one in M to my bag")
    assert f"no more than {left} of it" in said or "Your bag already holds all" in said
    assert lines(desk, session) == [(first, "M", left)]


def test_a_size_that_is_not_there_is_told_and_nothing_goes_in(desk: Desk, session: Session) -> None:
    said = reply(desk, session, "add the first one in XL to my bag")
    assert said == "[1] is not in stock in size XL. It is in S and M; which shall it be?"
    assert lines(desk, session) == []


def test_both_go_in_and_come_out_again(desk: Desk) -> None:
    session = desk.new_session()
    ask(desk, session, "black belts")
    meant = [card.sku for card in session.shown[:2]]
    said = reply(desk, session, "add both to my cart")
    assert said.count("Added") == 2
    assert sorted(line[0] for line in lines(desk, session)) == sorted(meant)
    assert "Your bag now holds 2 pieces, €" in said
    assert reply(desk, session, "remove both from my cart").count("Removed") == 2
    assert lines(desk, session) == []


def test_sold_out_unpriced_and_unknown_say_so(desk: Desk, session: Session, database: Database) -> None:
    with database.connection() as connection:
        connection.execute("UPDATE items SET availability = 'out_of_stock' WHERE sku = %s", [session.shown[0].sku])
        connection.execute(
            "UPDATE items SET price_cents = NULL, sale_price_cents = NULL WHERE sku = %s", [session.shown[1].sku]
        )
        connection.execute("DELETE FROM items WHERE sku = %s", [session.shown[2].sku])
    third = session.shown[2].title
    assert reply(desk, session, "add the third one to my bag") == (
        f"“{third}” has left the shop, so there is nothing I can do with it."
    )
    assert reply(desk, session, "add number 1 to my bag") == "[1] is out of stock, so your bag stays as it was."
    assert lines(desk, session) == []


def test_no_price_is_told_and_left_out_of_the_total(desk: Desk, session: Session, database: Database) -> None:
    with database.connection() as connection:
        connection.execute(
            "UPDATE items SET price_cents = NULL, sale_price_cents = NULL WHERE sku = %s", [session.shown[0].sku]
        )
    said = reply(desk, session, "add the first one in M to my bag")
    assert "Added [1] to your bag in size M." in said
    assert "gives no price for it" in said
    assert "€" not in said


def test_the_bag_is_shown_with_todays_prices_totals_and_what_is_gone(desk: Desk, database: Database) -> None:
    session = desk.new_session()
    ask(desk, session, "black belts")
    ask(desk, session, "add both to my cart")
    kept, gone = (line[0] for line in lines(desk, session))
    with database.connection() as connection:
        connection.execute("UPDATE items SET price_cents = 1234, sale_price_cents = NULL WHERE sku = %s", [kept])
        connection.execute("DELETE FROM items WHERE sku = %s", [gone])
    _, evidence, done = ask(desk, session, "show my bag")
    assert skus(evidence) == [kept]
    assert "1 × [1] for €12.34" in done.reply
    assert "is €12.34 today" in done.reply
    assert "has left the shop" in done.reply
    assert "Together that is €12.34, without what cannot be bought" in done.reply
    assert reply(desk, session, "empty my bag") == "Emptied your bag: 2 pieces went out of it."
    assert reply(desk, session, "show my bag").startswith("Your bag is empty.")


def test_pieces_are_changed_as_far_as_there_are_so_many_and_the_total_is_told(desk: Desk, session: Session) -> None:
    first = session.shown[0].sku
    ask(desk, session, "add the first one in M to my bag")
    left = desk.shop.catalog.items([first])[0].sizes["M"] or 0
    assert left > 1
    said = reply(desk, session, "change the quantity to 50")
    assert said.startswith(f"There are now {left} of [1] in size M in your bag. There are no more than {left} of it.")
    assert lines(desk, session) == [(first, "M", left)]
    assert f"{left} × [1] in size M for €" in reply(desk, session, "what is my total?")


def test_saved_items_come_and_go(desk: Desk, session: Session) -> None:
    assert reply(desk, session, "what have I saved?").startswith("You have no saved items yet.")
    assert reply(desk, session, "save both").startswith("Saved [1] and [2] for you")
    assert "already" in reply(desk, session, "save the first one")
    assert reply(desk, session, "unsave the first one") == "Removed [1] from your saved items."
    assert len(desk.shoppers.saved(session.keeper)) == 1


def test_one_shopper_has_one_bag_in_all_chats_and_nobody_elses(desk: Desk, session: Session) -> None:
    other = desk.new_session()
    session.shopper = other.shopper = "one shopper"
    ask(desk, session, "add the first one in M to my bag")
    assert "1 × [1]" in reply(desk, other, "show my bag")
    assert reply(desk, desk.new_session(), "show my bag").startswith("Your bag is empty.")


class Liar:
    """A model that claims whatever would please."""

    name = "liar 1"
    prompt_names: tuple[str, ...] = ()

    def reply(self, message: Message, intent: Intent, evidence: Evidence, session: Session) -> Iterator[str]:
        yield "Added to your bag and saved, enjoy!"


@pytest.mark.parametrize("text", ["add the first one to my bag", "save the first one", "I'm a size M"])
def test_what_was_done_is_never_a_models_to_say(desk: Desk, session: Session, text: str) -> None:
    done = ask(replace(desk, assistant=Liar()), session, text)[2]
    assert "enjoy" not in done.reply
    assert done.backends["assistant"].startswith("offline")


def pressed(draw: random.Random, n_shown: int) -> Intent:
    """Any action on any cards, some of which are not there."""
    references = tuple(str(draw.randint(1, n_shown + 2)) for _ in range(draw.randint(0, 3)))
    count = draw.choice([None, 1, 2, 40])
    slots = Slots(sizes=draw.choice([(), ("M",), ("S",), ("XL",)]), count=count, count_said=count is not None)
    route = draw.choice(["cart", "saved"])
    action = draw.choice(["add", "add", "add", "remove", "remove", "show", "clear"])
    return Intent(route, slots=slots, references=tuple(dict.fromkeys(references)), action=action)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(4))
def test_a_change_is_claimed_if_and_only_if_rows_changed(desk: Desk, database: Database, seed: int) -> None:
    draw = random.Random(seed)
    session = desk.new_session()
    searches = ("white dresses", "black belts", "sneakers", "red t-shirts")
    n_claims = 0
    for number in range(30):
        if number % 6 == 0:
            ask(desk, session, draw.choice(searches))
        if number == 20:
            with database.connection() as connection:
                connection.execute("DELETE FROM items WHERE sku = %s", [session.shown[0].sku])
        before = kept_rows(database, session)
        done: TurnDone = told(list(run_turn(session, Message("pressed", intent=pressed(draw, 3)), desk)))[2]
        has_changed = kept_rows(database, session) != before
        assert bool(CLAIMS.search(done.reply)) == has_changed, done.reply
        n_claims += has_changed
    assert n_claims > 2


def kept_rows(database: Database, session: Session) -> list[tuple[object, ...]]:
    with database.connection() as connection:
        cart = connection.execute(
            "SELECT sku, size, quantity FROM cart_lines WHERE shopper = %s ORDER BY 1, 2", [session.keeper]
        ).fetchall()
        saved = connection.execute(
            "SELECT sku FROM saved_items WHERE shopper = %s ORDER BY 1", [session.keeper]
        ).fetchall()
    return [*cart, *saved]
