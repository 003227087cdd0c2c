"""What can be pressed after a search finds exactly the number it says, whatever the limits are."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from agents.events import Choice, Evidence, Message
from agents.intent import Intent, Slots
from agents.pressing import Pressed, standing_intent
from agents.reach import Reach
from agents.request import Request
from agents.router import gather
from agents.session import Session, Shown
from agents.standing import is_more, standing_after
from agents.wanted import limits_in
from env.database import Database
from env.settings import Settings
from ingest.feed import Feed, Options
from ingest.pipeline import run
from ingest.readers.demo import DemoReader
from tests.small_catalog import small_items
from tests.stocked_shop import skus, stocked_shop
from tools.catalog import Catalog
from tools.shop import Shop, open_shop
from tools.vocabulary import Vocabulary

# Each is pressed on in every way it offers.
N_SEARCHES = {"small": 14, "demo": 8}
N_DEMO_GROUPS = 40


@pytest.fixture(scope="module")
def demo(
    new_database: Callable[[], AbstractContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """A shop with real demo items: every category in several designs."""
    with new_database() as url:
        settings = Settings.model_validate({"database_url": url, "data_dir": tmp_path_factory.mktemp("demo")})
        with open_shop(settings) as opened:
            run(opened, Feed("demo", "demo", Path(), DemoReader(n_groups=N_DEMO_GROUPS)), Options())
            yield opened


def found(shop: Shop, intent: Intent, *standing: Slots, shown: tuple[str, ...] = ()) -> Evidence:
    """What one pressed or read intent finds after a standing search."""
    cards = tuple(map(Shown.of, shop.catalog.items(shown)))
    request = Request(intent, Message("x"), Session("s", standing=standing, shown=cards), shop.catalog, shop.settings)
    return gather(request)


def search(shop: Shop, slots: Slots, *standing: Slots) -> Evidence:
    return found(shop, Intent("search", slots), *standing)


def labels(choices: tuple[Choice, ...]) -> list[str]:
    return [f"{choice.label}: {choice.n_matching}" for choice in choices]


def wishes(vocabulary: Vocabulary, seed: int) -> Iterator[Slots]:
    """Wishes with three to six limits drawn from the catalogue's own values."""
    draw = random.Random(seed)
    price = vocabulary.prices[0]

    def some(facet: str, chance: float = 0.5) -> tuple[str, ...]:
        values = vocabulary.values(facet)
        return (draw.choice(values),) if values and draw.random() < chance else ()

    while True:
        attributes = {facet: some(facet) for facet in ("material", "pattern", "usage", "season")}
        limit = draw.randrange(price.min_cents // 2, price.max_cents, 500)
        yield Slots(
            categories=some("category", 0.9),
            colours=some("colour"),
            gender=next(iter(some("gender")), ""),
            sizes=some("size"),
            brands=some("brand", 0.2),
            price_max_cents=limit if draw.random() < 0.5 else None,
            price_min_cents=limit - 1_000 if draw.random() < 0.2 and limit > 1_000 else None,
            currency=price.currency,
            exclude={"colour": excluded} if (excluded := some("colour", 0.3)) else {},
            attributes={facet: values for facet, values in attributes.items() if values},
        )


@pytest.mark.parametrize("kind", ["small", "demo"])
def test_every_button_finds_exactly_the_number_it_says(kind: str, request: pytest.FixtureRequest) -> None:
    shop: Shop = request.getfixturevalue("shop" if kind == "small" else "demo")
    n_pressed = 0
    for slots in islice(wishes(shop.catalog.vocabulary(), 7), N_SEARCHES[kind]):
        evidence = search(shop, slots)
        for choice in evidence.choices:
            after = found(shop, choice.intent, slots)
            assert (choice.label, after.parts[0].n_matching) == (choice.label, choice.n_matching)
            assert after.hits
            assert after.parts[0].steps == ()
            n_pressed += 1
    assert n_pressed > N_SEARCHES[kind]


@pytest.mark.parametrize("kind", ["small", "demo"])
def test_every_other_value_finds_exactly_the_number_it_says(kind: str, request: pytest.FixtureRequest) -> None:
    shop: Shop = request.getfixturevalue("shop" if kind == "small" else "demo")
    reach = Reach(shop.catalog, "en")
    n_pressed = 0
    for drawn in islice(wishes(shop.catalog.vocabulary(), 11), 12):
        slots = replace(drawn, attributes={}, brands=(), price_min_cents=None)
        pressed = Pressed((slots,), 0, "en", "en")
        for limit in limits_in(slots):
            for _, choice in pressed.others(limit, reach)[:3]:
                assert found(shop, choice.intent, slots).parts[0].n_matching == choice.n_matching
                n_pressed += 1
    assert n_pressed > 12


def test_nothing_matches_and_each_way_out_is_told_with_its_number(shop: Shop) -> None:
    slots = Slots(("Dress",), colours=("white",), gender="female", price_max_cents=7_000, currency="EUR")
    evidence = search(shop, slots)
    assert labels(evidence.choices) == [
        "Up to €75: 1",
        "Without the price limit: 2",
        "Without white: 2",
        "With any kind of item: 4",
    ]
    assert skus(evidence) == ["A-013", "A-021"]


def test_two_limits_go_together_where_no_single_one_helps(shop: Shop) -> None:
    slots = Slots(("Dress",), colours=("purple",), sizes=("XXL",))
    assert labels(search(shop, slots).choices) == ["Without size XXL and purple: 12"]


def test_who_it_is_for_and_exclusions_are_given_up_by_a_press_only(shop: Shop) -> None:
    slots = Slots(("Dress",), brands=("Alder",), gender="male", exclude={"material": ("linen",)})
    assert search(shop, slots).hits == ()
    slots = replace(slots, gender="", exclude={"colour": ("red", "black", "white", "navy")})
    evidence = search(shop, slots)
    assert evidence.hits == ()
    assert labels(evidence.choices) == ["With red, black, white and navy allowed: 4"]


def test_a_pressed_search_is_not_filled_with_other_shades_but_offers_them(shop: Shop) -> None:
    items = shop.catalog.items(["A-039"])
    assert items[0].colour == "navy"
    blue = Slots(("Belt",), colours=("blue", "black"))
    evidence = found(shop, standing_intent((blue,)), blue)
    assert {hit.item.colour for hit in evidence.hits} == {"black"}
    assert labels(evidence.choices) == ["With turquoise, light blue and navy counted as blue and black: 6"]


def test_buttons_of_one_part_change_that_part_alone(shop: Shop) -> None:
    dress, belt = Slots(("Dress",), colours=("purple",)), Slots(("Belt",), colours=("black",))
    evidence = found(shop, Intent("search", Slots(), parts=(dress, belt)))
    (choice,) = evidence.choices
    assert labels((choice,)) == ["Dresses without purple: 12"]
    assert choice.intent.standing == (Slots(("Dress",)), belt)
    assert found(shop, choice.intent, dress, belt).parts[0].n_matching == 12


def test_a_card_to_be_like_is_counted_as_the_search_counts_it(settings: Settings, database: Database) -> None:
    pictured = [replace(item, image=f"{n}.jpg") for n, item in enumerate(small_items())]
    shop = stocked_shop(settings, database, pictured)
    session = Session("s", standing=(Slots(("Dress",), colours=("purple",)),), like="A-012")
    first = gather(Request(Intent("refine", Slots(sizes=("S",))), Message("x"), session, shop.catalog, shop.settings))
    assert first.choices
    for choice in first.choices:
        after = gather(Request(choice.intent, Message("x"), session, shop.catalog, shop.settings))
        assert (choice.label, after.parts[0].n_matching) == (choice.label, choice.n_matching)


def test_a_new_topic_says_what_it_drops_and_puts_back_what_still_finds_something(shop: Shop) -> None:
    before = Slots(("Dress",), colours=("white",), sizes=("S",), price_max_cents=3_500, currency="EUR")
    evidence = search(shop, Slots(("Belt",)), before)
    assert evidence.dropped == ("white", "size S", "under €35")
    assert evidence.put_back is not None
    assert labels((evidence.put_back,)) == ["Keep white: 3"]
    after = found(shop, evidence.put_back.intent, Slots(("Belt",)))
    assert after.parts[0].n_matching == 3
    assert after.dropped == ()


def test_what_a_new_topic_says_itself_is_not_dropped(shop: Shop) -> None:
    before = Slots(("Dress",), colours=("white",), price_max_cents=3_500, currency="EUR")
    evidence = search(shop, Slots(("Belt",), colours=("black",), price_max_cents=9_000, currency="EUR"), before)
    assert (evidence.dropped, evidence.put_back) == ((), None)


def test_a_refinement_drops_nothing_and_neither_does_a_first_search(shop: Shop) -> None:
    red = Slots(("Dress",), colours=("red",))
    assert found(shop, Intent("refine", Slots(sizes=("S",))), red).dropped == ()
    assert search(shop, red).dropped == ()


def test_a_press_is_the_whole_search_and_never_asks_for_more_of_the_same() -> None:
    kept = (Slots(("Dress",)),)
    intent = standing_intent(kept)
    assert standing_after(intent, Session("s", standing=(Slots(("Belt",), colours=("red",)),))) == kept
    assert not is_more(intent)


def test_values_of_a_facet_come_the_most_frequent_first(shop: Shop) -> None:
    catalog: Catalog = shop.catalog
    filters = Reach(catalog, "en").filters(Slots(("Dress",), price_max_cents=7_200, currency="EUR"))
    assert catalog.values("colour", filters, 10) == ["red", "black", "white"]
    assert catalog.values("colour", filters, 1) == ["red"]
