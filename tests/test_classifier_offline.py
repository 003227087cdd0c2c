"""The offline classifier: what it understands of a message, exactly."""

from typing import Any

import pytest
from PIL import Image

from agents.classifier import open_classifier
from agents.events import Message
from agents.intent import Slots
from agents.intent_json import intent_from_json, intent_json
from agents.session import Session, Shown
from env.errors import IntentError, SettingsError
from env.settings import Settings
from tools.vocabulary import PriceRange, Vocabulary

VOCABULARY = Vocabulary.of(
    300,
    {
        "category": {"Dress": 60, "T-shirt": 50, "Sneakers": 40, "Belt": 30, "Saree blouse": 9},
        "colour": {"black": 90, "navy": 20},
        "brand": {"Alder": 50, "Birch & Co": 40, "Cove": 30, "Work Order": 3, "AND": 2},
        "size": {"S": 30, "M": 60, "8.5": 4, "42": 12},
    },
    (PriceRange("EUR", 300, 900, 20_000),),
)
CLOTHES = ("Clothing", "One-pieces", "Dress")
CARDS = (
    Shown("A", "Red dress", "Dress", CLOTHES, "red", "Alder", "female", "cotton", "solid", 5_900),
    Shown("B", "Black dress", "Dress", CLOTHES, "black", "Cove", "female", "linen", "floral", 7_900),
    Shown("C", "White belt", "Belt", ("Accessories", "Belt"), "white", "Cove", "unisex", "leather", "solid", 1_900),
)


def read(text: str, *, shown: bool = False) -> dict[str, Any]:
    """The intent of a message as JSON, without route and language where they are search and English."""
    session = Session("s")
    if shown:
        session.shown, session.standing = CARDS, (Slots(categories=("Dress",), gender="female"),)
    found = intent_json(open_classifier(Settings(), "offline").read(Message(text), session, VOCABULARY))
    return {
        name: value for name, value in found.items() if (name, value) not in (("route", "search"), ("language", "en"))
    }


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("red dresses for women", {"categories": ["Dress"], "count": 2, "colours": ["red"], "gender": "female"}),
        ("3 black t-shirts", {"categories": ["T-shirt"], "count": 3, "colours": ["black"]}),
        ("two pairs of black sneakers", {"categories": ["Sneakers"], "count": 2, "colours": ["black"]}),
        ("black sneakers", {"categories": ["Sneakers"], "colours": ["black"]}),
        ("show me 50 belts", {"categories": ["Belt"], "count": 12}),
        ("a few scarves", {"categories": ["Scarf"], "count": 3}),
        ("a hat for my daughter", {"categories": ["Hat"], "count": 1, "gender": "female", "age_group": "kids"}),
        ("sneekers for men in size 42", {"categories": ["Sneakers"], "gender": "male", "sizes": ["42"]}),
        ("drsses", {"categories": ["Dress"], "count": 2}),
        ("dress in size m or 8.5", {"categories": ["Dress"], "sizes": ["M", "8.5"]}),
        ("saree blouses by birch & co", {"categories": ["Saree blouse"], "count": 2, "brands": ["Birch & Co"]}),
        (
            "formal shoes and a belt",
            {
                "categories": ["Formal shoes", "Belt"],
                "count": 1,
                "parts": [{"categories": ["Formal shoes"], "count": 1}, {"categories": ["Belt"], "count": 1}],
            },
        ),
        ("denim skirt", {"categories": ["Skirt"], "attributes": {"material": ["denim"]}}),
        ("denim", {"categories": ["Jeans"]}),
        ("denim jacket", {"categories": ["Jacket"], "attributes": {"material": ["denim"]}}),
        ("shirt dress", {"categories": ["Dress"], "soft": ["shirt"]}),
        ("dresses or skirts in blue", {"categories": ["Dress", "Skirt"], "count": 2, "colours": ["blue"]}),
        ("cheapest black belt", {"categories": ["Belt"], "colours": ["black"], "sort": "price_asc"}),
        ("something for a wedding", {"soft": ["wedding"]}),
    ],
)
def test_a_search_is_read_into_slots(text: str, intent: dict[str, Any]) -> None:
    assert read(text) == intent


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("belt under 30", {"price_max_cents": 3_000}),
        ("belt 30-50 euros", {"price_min_cents": 3_000, "price_max_cents": 5_000, "currency": "EUR"}),
        ("belt $20 to $40", {"price_min_cents": 2_000, "price_max_cents": 4_000, "currency": "USD"}),
        ("belt not more than 1.5k", {"price_max_cents": 150_000}),
        ("belt for about 40", {"price_min_cents": 3_200, "price_max_cents": 4_800}),
        (
            "belt between thirty and forty-five pounds",
            {"price_min_cents": 3_000, "price_max_cents": 4_500, "currency": "GBP"},
        ),
        ("belt €49.99 or less", {"price_max_cents": 4_999, "currency": "EUR"}),
        ("belt up to 1,500 yen", {"price_max_cents": 1_500, "currency": "JPY"}),
        ("belt at least 20 bucks", {"price_min_cents": 2_000, "currency": "USD"}),
        ("belt over 99999999999999", {"price_min_cents": 2_000_000_000}),
        ("belt, 100% real", {"soft": ["real"]}),
        ("belt for a 30 year old", {}),
    ],
)
def test_price_limits_are_read_in_minor_units(text: str, limits: dict[str, Any]) -> None:
    found = read(text)
    found.pop("count", None)
    assert found == {"categories": ["Belt"], **limits}


@pytest.mark.parametrize(
    ("text", "exclude", "wanted"),
    [
        ("black but not leather belt", {"material": ["leather"]}, {"colours": ["black"]}),
        ("belt without a logo, in black", {"pattern": ["printed"]}, {"colours": ["black"]}),
        ("belt, nothing red or navy", {"colour": ["red", "navy"]}, {}),
        ("belt, not red but blue", {"colour": ["red"]}, {"colours": ["blue"]}),
        ("belt but no heels under 50", {"category": ["Heels"]}, {"price_max_cents": 5_000}),
        ("a belt that isn't made of leather", {"material": ["leather"]}, {"count": 1}),
    ],
)
def test_a_negation_reaches_what_follows_and_no_further(
    text: str, exclude: dict[str, Any], wanted: dict[str, Any]
) -> None:
    assert read(text) == {"categories": ["Belt"], "exclude": exclude, **wanted}


def test_why_not_is_no_negation() -> None:
    assert read("why not a black belt") == {"categories": ["Belt"], "count": 1, "colours": ["black"]}


def test_several_items_have_slots_of_their_own() -> None:
    found = read("a red dress in size M and two black belts under 80 for women")
    assert found["parts"] == [
        {
            "categories": ["Dress"],
            "count": 1,
            "colours": ["red"],
            "gender": "female",
            "sizes": ["M"],
            "price_max_cents": 8_000,
        },
        {"categories": ["Belt"], "count": 2, "colours": ["black"], "gender": "female", "price_max_cents": 8_000},
    ]
    assert found["categories"] == ["Dress", "Belt"]


def test_several_kinds_without_numbers_mean_one_each() -> None:
    found = read("formal shoes and a belt")
    assert found["count"] == 1
    assert found["parts"] == [{"categories": ["Formal shoes"], "count": 1}, {"categories": ["Belt"], "count": 1}]


def test_the_last_and_before_a_noun_may_belong_to_its_colours() -> None:
    belt, shoes = read("a belt and black and white sneakers")["parts"]
    assert belt == {"categories": ["Belt"], "count": 1}
    assert shoes == {"categories": ["Sneakers"], "count": 1, "colours": ["black", "white"]}


@pytest.mark.parametrize("word", ["shot", "address", "best", "bolt", "read", "shorter", "belt"])
def test_an_english_word_is_never_taken_for_a_typo(word: str) -> None:
    assert read(f"{word} belt").get("categories") == ["Belt"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("cheaper", {"route": "refine", "price_max_cents": 6_899, "sort": "price_asc"}),
        ("in blue instead", {"route": "refine", "colours": ["blue"]}),
        ("only women's", {"route": "refine", "gender": "female"}),
        ("what about skirts instead", {"route": "refine", "categories": ["Skirt"]}),
        ("black heels", {"categories": ["Heels"], "colours": ["black"]}),
        ("without the logo", {"route": "refine", "exclude": {"pattern": ["printed"]}}),
        ("more formal", {"route": "refine", "attributes": {"usage": ["formal"]}}),
        ("any colour", {"route": "refine", "cleared": ["colours"]}),
        ("no price limit", {"route": "refine", "cleared": ["price"]}),
        ("start over", {"route": "refine", "cleared": ["everything"]}),
        ("show me more", {"route": "refine"}),
        ("more like the second one", {"route": "similar", "references": ["2"]}),
        (
            "similar to the red one but cheaper",
            {"route": "similar", "references": ["1"], "price_max_cents": 5_899, "sort": "price_asc"},
        ),
        ("compare the first and the third", {"route": "compare", "references": ["1", "3"]}),
        ("compare the first two", {"route": "compare", "references": ["1", "2"]}),
        ("what is the last one made of?", {"route": "question", "references": ["3"]}),
        ("how much is the belt?", {"route": "question", "references": ["3"]}),
        ("does the black one come in other colours?", {"route": "variants", "references": ["2"]}),
        ("do you have number 2 in size M?", {"route": "variants", "references": ["2"], "sizes": ["M"]}),
        ("what goes with the first one?", {"route": "outfit", "references": ["1"]}),
        ("add the second one to my bag", {"route": "cart", "references": ["2"], "action": "add"}),
        ("save both", {"route": "saved", "references": ["1", "2"], "action": "add"}),
        ("thanks!", {"route": "thanks"}),
    ],
)
def test_a_message_is_read_against_what_is_on_the_screen(text: str, intent: dict[str, Any]) -> None:
    assert read(text, shown=True) == intent


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("hello", "small_talk"),
        ("thank you", "thanks"),
        ("what can you do?", "help"),
        ("what's the weather?", "out_of_scope"),
        ("do you ship to Spain?", "out_of_scope"),
        ("qwxz plok", "unclear"),
        ("", "unclear"),
        ("I'm a size M", "preference"),
        ("I never wear leather", "preference"),
        ("what brands do you have?", "question"),
        ("do you have belts?", "search"),
        ("the second one", "unclear"),
    ],
)
def test_routes_without_anything_on_the_screen(text: str, route: str) -> None:
    assert read(text).get("route", "search") == route


@pytest.mark.parametrize(
    ("text", "colours"),
    [("also in navy", ("red", "navy")), ("in navy too", ("red", "navy")), ("in navy", ("navy",)), ("too dear", ())],
)
def test_also_adds_to_the_standing_values(text: str, colours: tuple[str, ...]) -> None:
    session = Session("s", standing=(Slots(("Dress",), colours=("red",)),))
    intent = open_classifier(Settings(), "offline").read(Message(text), session, VOCABULARY)
    assert (intent.route, intent.slots.colours) == ("refine", colours)


def test_a_photo_alone_is_a_search() -> None:
    photo = Image.new("RGB", (8, 8))
    intent = open_classifier(Settings(), "offline").read(Message("", photo), Session("s"), VOCABULARY)
    assert (intent.route, intent.slots, intent.text) == ("search", Slots(), "")


def test_the_wish_to_embed_has_no_prices_and_no_counts() -> None:
    reader = open_classifier(Settings(), "offline")
    intent = reader.read(Message("3 comfy red cotton dresses for women under 50"), Session("s"), VOCABULARY)
    assert intent.text == "comfortable red cotton dress for women"


@pytest.mark.parametrize("text", ["red dress, no heels, in M under 30", "a dress and 2 belts", "not more than 5"])
def test_an_intent_survives_json(text: str) -> None:
    found = intent_json(open_classifier(Settings(), "offline").read(Message(text), Session("s"), VOCABULARY))
    assert intent_json(intent_from_json(found)) == found


def test_an_unknown_route_in_json_is_an_error() -> None:
    with pytest.raises(IntentError, match="unknown route 'dance'; routes are search, refine"):
        intent_from_json({"route": "dance"})


def test_an_unknown_classifier_lists_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="unknown classifier 'oracle'; known are offline, gemini"):
        open_classifier(Settings(), "oracle")
