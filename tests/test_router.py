"""Evidence for an intent: only what the shop really has, every limit kept or its loss told with true counts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agents.classifier import open_classifier
from agents.events import Evidence, Message
from agents.intent import Slots
from agents.request import Request
from agents.router import gather
from agents.session import Session, Shown
from agents.standing import merge, standing_after
from env.database import Database
from env.settings import Settings
from tests.small_catalog import small_items
from tests.stocked_shop import skus, stocked_shop
from tools.shop import Shop
from tools.vocabulary import empty_vocabulary

Find = Callable[..., Evidence]


@pytest.fixture
def find(shop: Shop) -> Find:
    return finder(shop)


def finder(shop: Shop) -> Find:
    """Evidence for a message as the offline classifier reads it; `shown` are SKUs on the screen."""

    def find_it(text: str, *, shown: tuple[str, ...] = (), standing: tuple[Slots, ...] = ()) -> Evidence:
        session = Session("s", standing=standing, shown=tuple(map(Shown.of, shop.catalog.items(shown))))
        message = Message(text)
        intent = open_classifier(shop.settings, "offline").read(message, session, shop.catalog.vocabulary())
        return gather(Request(intent, message, session, shop.catalog, shop.settings))

    return find_it


def notes(evidence: Evidence) -> list[str]:
    return [note for part in evidence.parts for note in part.relaxed]


def test_every_card_keeps_every_limit(find: Find) -> None:
    found = find("red dresses for women under 60")
    assert sorted(skus(found)) == ["A-014", "A-022"]
    assert found.parts[0].n_matching == 2
    assert notes(found) == []


def test_a_number_that_was_said_is_the_number_of_cards(find: Find) -> None:
    assert len(find("2 t-shirts").hits) == 2
    assert len(find("t-shirts").hits) == 3


def test_a_number_beyond_the_designs_is_filled_up_with_their_variants(find: Find) -> None:
    found = find("5 t-shirts for women")
    assert len(set(skus(found))) == 5
    assert [hit.item.item_group_id for hit in found.hits[:2]] in (["G-00", "G-02"], ["G-02", "G-00"])
    assert {hit.item.item_group_id for hit in found.hits} == {"G-00", "G-02"}


def test_a_number_beyond_the_most_is_cut_and_told(find: Find) -> None:
    found = find("30 t-shirts")
    assert (len(found.hits), found.facts) == (12, ("I show at most 12 items at once.",))


def test_several_items_are_searched_each_with_its_own_limits(find: Find) -> None:
    found = find("a red dress and black sneakers")
    assert [part.slots.categories for part in found.parts] == [("Dress",), ("Sneakers",)]
    assert {hit.item.colour for hit in found.parts[0].hits} == {"red"}
    assert {hit.item.colour for hit in found.parts[1].hits} == {"black"}


def test_a_kind_the_shop_lacks_is_told_with_what_is_near(find: Find) -> None:
    found = find("formal shoes")
    assert notes(found) == ["nothing matched exactly; shown from all of shoes"]
    assert {hit.item.category for hit in found.hits} == {"Sneakers"}


@pytest.mark.parametrize("kind", ["Perfume", "Umbrella"])
def test_nothing_near_is_an_empty_page_with_the_proof(find: Find, kind: str) -> None:
    found = find(kind)
    assert found.hits == ()
    assert found.facts == (f"The catalogue has no item in the category {kind}.",)


def test_exclusions_and_gender_are_never_relaxed(find: Find) -> None:
    found = find("purple dress for men, nothing red")
    assert notes(found) == ["nothing matched exactly; shown without purple"]
    assert {hit.item.gender for hit in found.hits} == {"male", "unisex"}
    assert "red" not in {hit.item.colour for hit in found.hits}


def test_a_facet_the_catalogue_does_not_hold_is_told_not_dropped_silently(find: Find) -> None:
    found = find("winter belts")
    assert len(found.hits) == 3
    assert notes(found) == ["this catalogue does not tell the season of its items, so I could not check it"]


def test_a_price_limit_without_prices_is_told(settings: Settings, database: Database) -> None:
    unpriced = [replace(item, price_cents=None, sale_price_cents=None, currency="") for item in small_items()]
    found = finder(stocked_shop(settings, database, unpriced))("belts under 30")
    assert len(found.hits) == 3
    assert notes(found) == ["this catalogue has no prices, so I could not check your price limit"]


def test_a_foreign_currency_is_told(find: Find) -> None:
    found = find("red belts under 30 dollars")
    assert len(found.hits) == 3
    assert notes(found) == ["prices here are in EUR and I have no exchange rate, so I took your amount as EUR"]


def test_for_women_leaves_childrens_things_out(settings: Settings, database: Database) -> None:
    grown, child = small_items()[12], replace(small_items()[13], age_group="kids", item_group_id="K")
    find = finder(stocked_shop(settings, database, [grown, child]))
    assert skus(find("dresses for women")) == [grown.sku]
    assert skus(find("dresses for girls")) == [child.sku]


def test_a_size_means_that_size_in_stock(find: Find) -> None:
    found = find("red t-shirts in size M")
    assert notes(found) == ["nothing matched exactly; shown without size M"]
    assert {hit.item.sizes["M"] for hit in find("white t-shirts in size M").hits} == {2}


def test_show_more_brings_no_card_twice(shop: Shop) -> None:
    standing = (Slots(categories=("T-shirt",)),)
    session = Session("s", standing=standing, seen=("A-000", "A-001", "A-002", "A-003"))
    message = Message("show me more")
    intent = open_classifier(shop.settings, "offline").read(message, session, shop.catalog.vocabulary())
    found = gather(Request(intent, message, session, shop.catalog, shop.settings))
    assert {hit.item.item_group_id for hit in found.hits} == {"G-01", "G-02"}
    session.seen = tuple(item.sku for item in small_items()[:12])
    found = gather(Request(intent, message, session, shop.catalog, shop.settings))
    assert (found.hits, found.facts) == ((), ("Those were all that match; there are no more.",))


def test_similar_items_keep_the_standing_limits(find: Find) -> None:
    standing = (Slots(categories=("Dress",), colours=("black",)),)
    found = find("more like the first one", shown=("A-012", "A-016"), standing=standing)
    assert sorted(skus(found)) == ["A-016", "A-020"]
    assert found.facts == ("Alder black dress 2 has no picture, so these are nearest by name.",)


def test_like_a_card_but_changed_is_its_own_design_first(settings: Settings, database: Database) -> None:
    pictured = [replace(item, image=f"{n}.jpg") for n, item in enumerate(small_items())]
    find = finder(stocked_shop(settings, database, pictured))
    dresses = (Slots(categories=("Dress",)),)
    same = find("more like the first one", shown=("A-012", "A-016"), standing=dresses)
    assert "G-10" not in {hit.item.item_group_id for hit in same.hits}
    assert same.facts == ("These look most like Alder black dress 2.",)
    red = find("like the first one but red", shown=("A-012", "A-016"), standing=dresses)
    assert {hit.item.colour for hit in red.hits} == {"red"}
    assert "A-014" in skus(red)
    cheaper = find("like the first one but cheaper", shown=("A-012", "A-016"), standing=dresses)
    assert all((hit.item.pays_cents or 0) < 7_100 for hit in cheaper.hits)


def test_variants_are_the_other_items_of_the_design(find: Find) -> None:
    found = find("does the first one come in other colours?", shown=("A-012", "A-016"))
    assert skus(found) == ["A-013", "A-014", "A-015"]
    assert found.facts[0] == "Alder black dress 2 also comes in navy, red and white."


def test_a_variant_that_does_not_exist_is_denied_from_the_rows(find: Find) -> None:
    found = find("do you have the first one in purple?", shown=("A-012",))
    assert found.facts[0] == "Alder black dress 2 does not come in purple."


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("what is the second one made of?", "[1] is linen."),
        ("how much is the second one?", "[1] costs €54.00, reduced from €73.00."),
        ("is the second one in stock?", "[1] is in stock in S."),
        ("who makes the second one?", "[1] is by Alder."),
        ("is the second one good for winter?", "The data does not give the season of [1]."),
    ],
)
def test_a_question_is_answered_from_the_row(find: Find, question: str, fact: str) -> None:
    found = find(question, shown=("A-000", "A-014"))
    assert skus(found) == ["A-014"]
    assert found.facts == (fact,)


def test_questions_about_the_whole_catalogue(find: Find) -> None:
    assert find("how many red dresses do you have?").facts[0] == "There are 3 red dresses in the catalogue."
    assert find("what brands do you have?").facts == ("The brands here are Alder, Birch & Co and Cove.",)


def test_a_comparison_tells_only_what_differs(find: Find) -> None:
    found = find("compare the first two", shown=("A-012", "A-013", "A-000"))
    assert skus(found) == ["A-012", "A-013"]
    assert found.facts == (
        "[1] costs €71.00; [2] costs €72.00.",
        "[1] is rated 4.2 of 5 by 12 shoppers; [2] is rated 4.3 of 5 by 13 shoppers.",
        "Otherwise both are linen, solid, by Alder and for women.",
    )


def test_an_outfit_has_other_kinds_for_the_same_person(find: Find) -> None:
    found = find("what goes with the first one?", shown=("A-028",))
    assert [part.slots.categories for part in found.parts] == [("Topwear",), ("Belt",)]
    assert {hit.item.gender for hit in found.hits} <= {"male", "unisex"}
    assert "A-028" not in skus(found)


def test_talk_needs_nothing_from_the_shop(find: Find) -> None:
    assert find("hello") == Evidence()


@pytest.mark.parametrize(
    ("change", "cleared", "merged"),
    [
        ({"colours": ("blue",)}, (), {"colours": ("blue",)}),
        ({"price_max_cents": 2_000}, (), {"price_max_cents": 2_000}),
        ({"price_min_cents": 9_000}, (), {"price_min_cents": 9_000, "price_max_cents": None}),
        ({"exclude": {"colour": ("red",)}}, (), {"colours": (), "exclude": {"colour": ("red",)}}),
        ({}, ("price",), {"price_max_cents": None}),
        ({}, ("colours",), {"colours": ()}),
        ({"attributes": {"material": ("silk",)}}, (), {"attributes": {"pattern": ("solid",), "material": ("silk",)}}),
        ({}, ("pattern",), {"attributes": {}}),
    ],
)
def test_a_refinement_changes_one_thing_and_keeps_the_rest(
    change: dict[str, Any], cleared: tuple[str, ...], merged: dict[str, Any]
) -> None:
    standing = Slots(("Dress",), colours=("red",), price_max_cents=5_000, attributes={"pattern": ("solid",)})
    assert merge(standing, replace(Slots(), **change), cleared) == replace(standing, **merged)


def test_wanting_what_was_excluded_lifts_the_exclusion() -> None:
    standing = Slots(("Dress",), exclude={"colour": ("red", "navy")})
    assert merge(standing, Slots(colours=("red",))).exclude == {"colour": ("navy",)}


def test_talk_leaves_the_standing_search_alone() -> None:
    session = Session("s", standing=(Slots(("Dress",)),))
    intent = open_classifier(Settings(), "offline").read(Message("thanks"), session, empty_vocabulary())
    assert standing_after(intent, session) == session.standing


def test_more_like_it_but_cheaper_keeps_the_limits_and_costs_less(find: Find) -> None:
    standing = (Slots(("Dress",), gender="female", price_max_cents=8_000, currency="EUR"),)
    found = find("more like the second one but cheaper", shown=("A-012", "A-013"), standing=standing)
    assert found.hits
    card = next(item for item in small_items() if item.sku == "A-013")
    for hit in found.hits:
        assert hit.item.category == "Dress"
        assert hit.item.gender in ("female", "unisex")
        assert (hit.item.pays_cents or 0) < (card.pays_cents or 0)


def test_nothing_cheaper_is_said_and_not_passed_over(find: Find) -> None:
    standing = (Slots(("Dress",), gender="female"),)
    found = find("more like the second one but cheaper", shown=("A-012", "A-014"), standing=standing)
    assert notes(found) == ["nothing matched exactly; shown without the price limit"]


def test_more_like_a_card_of_several_searches_keeps_the_limits_of_its_own(find: Find) -> None:
    standing = (Slots(("Dress",), colours=("red",)), Slots(("Belt",), colours=("black",), price_max_cents=4_000))
    found = find("more like the second one", shown=("A-014", "A-036"), standing=standing)
    assert found.parts[0].slots.categories == ("Belt",)
    assert found.parts[0].slots.colours == ("black",)


def test_more_like_a_card_that_the_search_was_not_for_goes_by_the_card(find: Find) -> None:
    found = find("more like the first one", shown=("A-036",), standing=(Slots(("Dress",), gender="female"),))
    assert found.parts[0].slots.categories == ()
    assert found.parts[0].slots.gender == "female"
    assert "Belt" in {hit.item.category for hit in found.hits}


def test_a_comparison_of_more_than_four_says_so(find: Find) -> None:
    found = find("compare all", shown=("A-012", "A-013", "A-014", "A-000", "A-001"))
    assert len(found.hits) == 4
    assert found.facts[-1] == "I compare at most 4 at once, so these are the first 4 of 5."


def test_a_comparison_begins_with_what_the_shopper_asked_for(find: Find) -> None:
    found = find("compare the first two", shown=("A-012", "A-013"), standing=(Slots(sizes=("M",)),))
    assert found.facts[0] == "[1] is in stock in M; [2] is in stock in S and M."
