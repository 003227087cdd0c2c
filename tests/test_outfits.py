"""Looks: pieces that can be worn together, within the money, and changed one by one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import combinations
from pathlib import Path

import pytest

from agents.desk import Desk, open_desk
from agents.events import Evidence
from agents.outfit_rules import load_rules
from agents.session import Session
from env.database import Database
from env.settings import Settings
from tests.stocked_shop import ask, skus, stocked_shop
from tools.item import Item
from tools.taxonomy import load_taxonomy

_PLAIN = {"usage": "casual", "season": "summer", "gender": "female"}


def item(sku: str, category: str, colour: str, price_cents: int, **more: str) -> Item:
    facets = {**_PLAIN, **more}
    path = load_taxonomy().category_path(category)
    return Item(
        sku, f"{colour} {category}", category, path, colour=colour, price_cents=price_cents, currency="EUR",
        image=f"{sku}.jpg", availability="in_stock", age_group="adult", **facets,  # type: ignore[arg-type]
    )  # fmt: skip


WARDROBE = (
    item("top", "T-shirt", "red", 2_000, item_group_id="tee"),
    item("top-blue", "T-shirt", "blue", 2_000, item_group_id="tee"),
    item("jeans-navy", "Jeans", "navy", 5_000),
    item("jeans-green", "Jeans", "green", 4_000),
    item("trousers-men", "Trousers", "black", 1_000, gender="male"),
    item("trousers-winter", "Trousers", "black", 1_100, season="winter"),
    item("trousers-formal", "Trousers", "black", 1_200, usage="formal"),
    item("sneakers-white", "Sneakers", "white", 6_000, gender="unisex"),
    item("sandals-black", "Sandals", "black", 4_500),
    item("flats", "Flats", "green", 900),
    item("wallet", "Wallet", "black", 600, gender="unisex"),
    item("bag", "Handbag", "white", 3_000),
    item("bag-second", "Tote bag", "beige", 2_900),
)


@pytest.fixture(scope="module")
def desk(
    new_database: Callable[[], AbstractContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    with new_database() as url, Database(url) as database:
        folder: Path = tmp_path_factory.mktemp("wardrobe")
        settings = Settings.model_validate({"data_dir": folder, "database_url": url})
        yield open_desk(stocked_shop(settings, database, WARDROBE))


@pytest.fixture
def session(desk: Desk) -> Session:
    """A chat that shows the red T-shirt."""
    begun = desk.new_session()
    ask(desk, begun, "red t-shirts")
    return begun


def pieces(evidence: Evidence) -> Sequence[Item]:
    return [hit.item for hit in evidence.hits]


def test_a_look_has_what_can_be_worn_with_the_card_and_one_piece_a_place(desk: Desk, session: Session) -> None:
    intent, found, done = ask(desk, session, "finish this outfit")
    assert intent.route == "outfit"
    assert skus(found)[:1] == ["jeans-navy"]
    assert {piece.sku for piece in pieces(found)} <= {
        "jeans-navy", "sneakers-white", "sandals-black", "bag", "bag-second",
    }  # fmt: skip
    rules, worn = load_rules(), (WARDROBE[0], *pieces(found))
    for first, second in combinations(worn, 2):
        assert not rules.clashes(first, second)
        assert not rules.places(first.category) & rules.places(second.category)
    total = sum(piece.pays_cents or 0 for piece in pieces(found))
    assert "[1]: navy goes with its red, casual as it is, for summer too." in done.reply
    assert f"come to €{total / 100:.2f}." in done.reply


def test_a_budget_is_for_all_pieces_together(desk: Desk, session: Session) -> None:
    _, found, done = ask(desk, session, "finish this outfit for under 100")
    assert sum(piece.pays_cents or 0 for piece in pieces(found)) <= 10_000
    assert {"jeans-navy", "jeans-green"} & set(skus(found))
    assert "within your €100." in done.reply


def test_a_budget_that_cannot_be_met_is_said_with_the_least_total(desk: Desk, session: Session) -> None:
    _, found, done = ask(desk, session, "finish this outfit for under 40")
    assert skus(found) == ["jeans-green", "flats"]
    assert "Nothing complete stays within €40: the least expensive way, [1] and [2], comes to €49.00." in done.reply


def test_one_piece_changes_and_the_others_stay(desk: Desk, session: Session) -> None:
    _, before, _ = ask(desk, session, "finish this outfit")
    shoes = next(place for place, piece in enumerate(pieces(before)) if "Shoes" in piece.category_path)
    intent, after, done = ask(desk, session, "the shoes in black instead")
    assert intent.route == "refine"
    assert pieces(after)[shoes].sku == "sandals-black"
    assert [p.sku for p in pieces(after) if p.sku != "sandals-black"] == [
        p.sku for place, p in enumerate(pieces(before)) if place != shoes
    ]
    total = sum(piece.pays_cents or 0 for piece in pieces(after))
    assert f"[{shoes + 1}] takes the place of {pieces(before)[shoes].title}" in done.reply
    assert f"€{total / 100:.2f}" in done.reply


def test_cheaper_means_than_that_piece(desk: Desk, session: Session) -> None:
    _, before, _ = ask(desk, session, "finish this outfit")
    shoes = next(place for place, piece in enumerate(pieces(before)) if "Shoes" in piece.category_path)
    _, after, _ = ask(desk, session, "cheaper shoes")
    assert (pieces(after)[shoes].pays_cents or 0) < (pieces(before)[shoes].pays_cents or 0)
    assert [p.sku for place, p in enumerate(pieces(after)) if place != shoes] == [
        p.sku for place, p in enumerate(pieces(before)) if place != shoes
    ]


def test_a_piece_that_is_not_there_leaves_the_look_as_it_is(desk: Desk, session: Session) -> None:
    _, before, _ = ask(desk, session, "finish this outfit")
    _, after, done = ask(desk, session, "the shoes in purple instead")
    assert skus(after) == skus(before)
    assert "I found no purple" in done.reply


def test_a_look_is_changed_after_the_chat_is_read_again(desk: Desk, session: Session) -> None:
    _, before, _ = ask(desk, session, "finish this outfit for under 130")
    again = desk.session(session.id)
    assert again.look is not None
    assert again.look.skus == tuple(skus(before))
    _, after, done = ask(desk, again, "cheaper shoes")
    assert len(set(skus(after)) ^ set(skus(before))) == 2
    assert "within your €130." in done.reply


def test_a_new_search_ends_the_look(desk: Desk, session: Session) -> None:
    ask(desk, session, "finish this outfit")
    ask(desk, session, "show me sandals")
    _, found, _ = ask(desk, session, "cheaper")
    assert found.look is None
    assert {piece.category for piece in pieces(found)} <= {"Sandals"}
