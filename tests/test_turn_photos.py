"""Turns with a photo, or with a card in its place: they go on while the search is refined, and can be slid."""

from dataclasses import replace

import pytest
from PIL import Image

from agents.blend import slide
from agents.desk import Desk, open_desk
from agents.events import ItemsFound, Message, TurnDone
from agents.turn import run_turn
from env.database import Database
from env.settings import Settings
from tests.small_catalog import small_items
from tests.stocked_shop import ask, skus, stocked_shop, told
from tools.shop import Shop

RED = Image.new("RGB", (60, 80), (200, 30, 30))


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return open_desk(shop)


@pytest.fixture
def pictured(settings: Settings, database: Database) -> Desk:
    """A shop whose items have pictures."""
    items = [replace(item, image=f"{n}.jpg") for n, item in enumerate(small_items())]
    return open_desk(stocked_shop(settings, database, items))


def test_a_photo_alone_finds_items_and_is_not_stored(desk: Desk) -> None:
    session = desk.new_session()
    photo = Image.new("RGB", (60, 80), (200, 30, 30))
    _, evidence, done = told(list(run_turn(session, Message("", photo), desk)))
    assert len(evidence.hits) == 8
    assert "photo" in done.reply
    (row,) = desk.turns(session.id)
    assert row.has_photo
    assert "photo" not in row.record


def test_a_photo_goes_on_counting_while_its_search_is_refined(desk: Desk) -> None:
    session = desk.new_session()
    list(run_turn(session, Message("belts like this", Image.new("RGB", (60, 80), (200, 30, 30))), desk))
    assert "photo" in ask(desk, session, "in white")[2].reply
    reread = desk.session(session.id)
    _, evidence, done = ask(desk, reread, "in black instead")
    assert evidence.facts[0].startswith("I no longer have your photo")
    assert evidence.facts[0] in done.reply
    ask(desk, session, "dresses")
    assert session.photo is None


def test_like_this_after_a_photo_means_the_photo(desk: Desk) -> None:
    session = desk.new_session()
    list(run_turn(session, Message("belts like this", RED), desk))
    intent, evidence, _ = ask(desk, session, "like this but white")
    assert (intent.route, session.photo) == ("refine", RED)
    assert {(hit.item.category, hit.item.colour) for hit in evidence.hits} == {("Belt", "white")}


def test_another_photo_takes_the_place_of_the_first(desk: Desk) -> None:
    session, other = desk.new_session(), Image.new("RGB", (60, 80), "navy")
    list(run_turn(session, Message("belts like this", RED), desk))
    list(run_turn(session, Message("", other), desk))
    assert session.photo is other


def test_what_a_photo_costs_is_not_known_so_cheaper_sorts_and_says_so(desk: Desk) -> None:
    _, evidence, done = told(list(run_turn(desk.new_session(), Message("like this but cheaper", RED), desk)))
    prices = [hit.item.pays_cents or 0 for hit in evidence.hits]
    assert prices == sorted(prices)
    assert "I cannot tell what the one in your photo costs" in done.reply


def test_a_card_goes_on_counting_while_its_likes_are_refined(pictured: Desk) -> None:
    session = pictured.new_session()
    ask(pictured, session, "red dresses")
    anchor = session.shown[1].sku
    ask(pictured, session, "like the second one but black")
    assert (session.like, session.standing[0].colours) == (anchor, ("black",))
    reread = pictured.session(session.id)
    assert reread.like == anchor
    _, evidence, _ = ask(pictured, reread, "in white instead")
    assert {hit.item.colour for hit in evidence.hits} == {"white"}
    assert evidence.hits[0].score != 0
    ask(pictured, session, "belts")
    assert session.like == ""


def test_sliding_changes_the_cards_of_the_last_turn_and_is_remembered(desk: Desk) -> None:
    session = desk.new_session()
    _, before, done = told(list(run_turn(session, Message("striped belt or dress", RED), desk)))
    assert before.parts[0].photo_weight is not None
    found, changed = list(slide(session, 0.0, done, desk))
    assert isinstance(found, ItemsFound)
    assert isinstance(changed, TurnDone)
    words = ask(desk, desk.new_session(), "striped belt or dress")[1]
    assert skus(found.evidence) == skus(words)
    assert [card.sku for card in session.shown] == skus(words)
    (row,) = desk.turns(session.id)
    assert [hit["sku"] for hit in row.record["parts"][0]["hits"]] == skus(words)
    assert (row.record["reply"], row.record["backends"]) == (changed.reply, done.backends)
    assert desk.session(session.id).photo_weight == 0.0
    _, later, _ = ask(desk, session, "only black")
    assert later.parts[0].photo_weight == 0.0


def test_there_is_nothing_to_slide_between_without_words_or_without_a_photo(desk: Desk) -> None:
    _, photo, _ = told(list(run_turn(desk.new_session(), Message("", RED), desk)))
    _, words, _ = ask(desk, desk.new_session(), "red dresses")
    assert [photo.parts[0].photo_weight, words.parts[0].photo_weight] == [None, None]


def test_words_limit_what_a_photo_finds(desk: Desk) -> None:
    photo = Image.new("RGB", (60, 80), (200, 30, 30))
    _, evidence, _ = told(list(run_turn(desk.new_session(), Message("a belt like this in white", photo), desk)))
    assert {(hit.item.category, hit.item.colour) for hit in evidence.hits} == {("Belt", "white")}
