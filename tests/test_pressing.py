"""Pressing a limit changes that one thing, of that one part, and says so."""

import pytest

from agents.intent import Intent, Slots
from agents.intent_json import intent_from_json, intent_json
from agents.pressing import Pressed, standing_intent
from agents.wanted import Limit, limit_words, limits_in, with_limit_of, with_price, with_value, without

FULL = Slots(
    categories=("Dress",),
    count=3,
    count_said=True,
    colours=("red", "blue"),
    gender="female",
    age_group="kids",
    brands=("Alder",),
    sizes=("S", "M"),
    price_min_cents=1_000,
    price_max_cents=3_000,
    currency="EUR",
    sort="price_asc",
    exclude={"material": ("leather", "silk"), "colour": ("green",)},
    attributes={"pattern": ("striped", "dotted"), "season": ("summer",)},
    soft=("cosy", "not fussy"),
)


def pressed(*standing: Slots, place: int = 0, has_picture: bool = False) -> Pressed:
    return Pressed(standing, place, "en", "en", has_picture)


@pytest.mark.parametrize("limit", limits_in(FULL))
def test_taking_one_limit_away_leaves_all_others(limit: Limit) -> None:
    left = limits_in(without(FULL, limit))
    assert left == tuple(other for other in limits_in(FULL) if other != limit)


def test_nothing_is_left_when_all_are_taken_away() -> None:
    slots = FULL
    for limit in limits_in(FULL):
        slots = without(slots, limit)
    assert slots == Slots()


def test_a_press_says_what_it_did() -> None:
    told = [pressed(FULL).removed(limit).label for limit in limits_in(FULL)]
    assert told == [
        "Without: 3 items", "Without: Dress", "Without: for girls", "Without: red", "Without: blue", "Without: Alder",
        "Without: size S", "Without: size M", "Without: striped", "Without: dotted", "Without: for summer",
        "Without: €10 to €30", "Without: cheapest first", "Without: not leather", "Without: not silk",
        "Without: not green", "Without: cosy", "Without: not fussy",
    ]  # fmt: skip


def test_another_value_takes_the_place_of_one() -> None:
    assert with_value(FULL, Limit("colour", "red"), "black").colours == ("black", "blue")
    assert with_value(FULL, Limit("pattern", "dotted"), "solid").attributes["pattern"] == ("striped", "solid")
    assert with_value(FULL, Limit("gender", "female"), "male").gender == "male"


def test_a_price_has_both_ends_the_right_way_round_or_none() -> None:
    turned = with_price(FULL, 5_000, 2_000, "EUR")
    assert (turned.price_min_cents, turned.price_max_cents) == (2_000, 5_000)
    assert pressed(FULL).priced(None, 2_550, "EUR").label == "Price: under €25.50"
    free = pressed(FULL).priced(None, None, "EUR")
    assert free.label == "Price: any price"
    assert Limit("price") not in limits_in(free.intent.standing[0])


def test_a_part_changes_alone_and_goes_when_nothing_is_left_of_it() -> None:
    dress, belt = Slots(("Dress",), colours=("red",)), Slots(("Belt",))
    assert pressed(dress, belt).removed(Limit("colour", "red")).intent == standing_intent((Slots(("Dress",)), belt))
    assert pressed(dress, belt, place=1).removed(Limit("category", "Belt")).intent == standing_intent((dress,))


def test_without_its_last_limit_a_search_is_over_but_for_its_picture() -> None:
    belt = Slots(("Belt",))
    over = pressed(belt).removed(Limit("category", "Belt")).intent
    assert over == Intent("refine", cleared=("everything",))
    goes_on = pressed(belt, has_picture=True).removed(Limit("category", "Belt")).intent
    assert goes_on == standing_intent((Slots(),))


def test_a_limit_is_added_to_what_is_there_and_replaces_nothing() -> None:
    slots = Slots(("Belt",), colours=("black",), price_max_cents=500, currency="EUR")
    assert with_limit_of(slots, FULL, Limit("colour", "red")).colours == ("black", "red")
    assert with_limit_of(slots, FULL, Limit("price")) == slots
    assert with_limit_of(slots, FULL, Limit("gender", "female")).age_group == "kids"
    assert with_limit_of(slots, FULL, Limit("material", "silk", is_excluded=True)).exclude == {"material": ("silk",)}


def test_money_without_a_currency_is_a_bare_number() -> None:
    assert limit_words(Limit("price"), Slots(price_max_cents=3_050), "en") == "under 30.50"


def test_a_pressed_intent_survives_being_stored() -> None:
    intent = pressed(FULL).removed(Limit("colour", "red")).intent
    assert intent_from_json(intent_json(intent)) == intent
