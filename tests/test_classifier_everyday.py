"""Everyday ways to say sizes, limits, parts of an item and which card is meant."""

from typing import Any

import pytest

from agents.intent_json import intent_from_json
from env.errors import IntentError
from tests.test_classifier_offline import read


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("xl hoodie", {"categories": ["Hoodie"], "sizes": ["XL"]}),
        ("mens large polo", {"categories": ["Polo shirt"], "gender": "male", "sizes": ["L"]}),
        ("large bag", {"categories": ["Bags"], "soft": ["large"]}),
        ("a dress and a small bag", ["Dress", "Bags"]),
        ("trainers in 43", {"categories": ["Sneakers"], "sizes": ["43"]}),
        ("38 eu boots", {"categories": ["Boots"], "sizes": ["38"]}),
        ("boots, shoe size 42", {"categories": ["Boots"], "sizes": ["42"]}),
        ("two dozen socks", {"categories": ["Socks"], "count": 12}),
        ("2x black socks", {"categories": ["Socks"], "count": 2, "colours": ["black"]}),
        ("pyjamas, age 8", {"categories": ["Nightwear"]}),
        ("sandals with low heels", {"categories": ["Sandals"], "soft": ["low", "heels"]}),
        ("jeans w/o holes", {"categories": ["Jeans"], "soft": ["not holes"]}),
        ("leather-free belt", {"categories": ["Belt"], "exclude": {"material": ["leather"]}}),
        ("not interested in heels, show flats", {"categories": ["Flats"], "exclude": {"category": ["Heels"]}}),
        ("dress without lace or sequins", {"categories": ["Dress"], "soft": ["not lace", "not sequins"]}),
        ("shirt, not too tight", {"categories": ["Shirt"], "soft": ["not tight"]}),
        ("top rated belt", {"categories": ["Belt"], "sort": "rating"}),
        ("top 5 dresses", {"categories": ["Dress"], "count": 5, "sort": "rating"}),
    ],
)
def test_a_search_is_read_as_it_is_meant(text: str, intent: Any) -> None:
    found = read(text)
    if isinstance(intent, list):
        assert (found["categories"], "sizes" in found) == (intent, False)
    else:
        assert found == intent


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("belt, nothing over 40", {"price_max_cents": 4_000}),
        ("belt not less than 20 dollars", {"price_min_cents": 2_000, "currency": "USD"}),
        ("sub 50 belt", {"price_max_cents": 5_000}),
        ("belt 50 and under", {"price_max_cents": 5_000}),
        ("belt under 1.500,50 €", {"price_max_cents": 150_050, "currency": "EUR"}),
        ("belt 40 euros or so", {"price_min_cents": 3_200, "price_max_cents": 4_800, "currency": "EUR"}),
        ("belt less expensive than 30", {"price_max_cents": 3_000}),
        ("belt under 200 yuan", {"price_max_cents": 20_000, "currency": "CNY"}),
    ],
)
def test_limits_in_everyday_words(text: str, limits: dict[str, Any]) -> None:
    assert read(text) == {"categories": ["Belt"], **limits}


def test_what_is_for_two_people_is_for_neither_alone() -> None:
    found = read("a hoodie for my son, a skirt for my daughter")
    assert "gender" not in found
    assert [part["gender"] for part in found["parts"]] == ["male", "female"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("remove the belt", {"route": "cart", "references": ["3"], "action": "remove"}),
        ("take the red one out of my bag", {"route": "cart", "references": ["1"], "action": "remove"}),
        ("add two of the second one to my cart", {"route": "cart", "count": 2, "references": ["2"], "action": "add"}),
        ("add 20 of the second one to my cart", {"route": "cart", "count": 20, "references": ["2"], "action": "add"}),
        ("change the quantity to 3", {"route": "cart", "count": 3, "action": "set"}),
        ("add 1 and 3 to my cart", {"route": "cart", "references": ["1", "3"], "action": "add"}),
        ("add it", {"route": "cart", "action": "add"}),
        ("what's in my cart", {"route": "cart", "action": "show"}),
        ("empty my cart", {"route": "cart", "action": "clear"}),
        ("unsave the first one", {"route": "saved", "references": ["1"], "action": "remove"}),
        ("what have I saved?", {"route": "saved", "action": "show"}),
    ],
)
def test_a_cart_or_saved_message_says_what_is_to_be_done(text: str, intent: dict[str, Any]) -> None:
    assert read(text, shown=True) == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("compare 1 and 3", {"route": "compare", "references": ["1", "3"]}),
        ("compare the red and the black one", {"route": "compare", "references": ["1", "2"]}),
        ("first vs third", {"route": "compare", "references": ["1", "3"]}),
        ("how do these differ?", {"route": "compare", "references": ["1", "2", "3"]}),
        ("tell me about number two", {"route": "question", "references": ["2"]}),
        ("just the red ones", {"route": "refine", "colours": ["red"]}),
        ("only those with stripes", {"route": "refine", "attributes": {"pattern": ["striped"]}}),
        ("any colour but red", {"route": "refine", "exclude": {"colour": ["red"]}, "cleared": ["colours"]}),
        ("not so expensive", {"route": "refine", "price_max_cents": 6_899, "sort": "price_asc"}),
    ],
)
def test_cards_are_pointed_at_in_everyday_words(text: str, intent: dict[str, Any]) -> None:
    assert read(text, shown=True) == intent


def test_an_unknown_action_in_json_is_an_error() -> None:
    with pytest.raises(IntentError, match="unknown action 'steal'; actions are add, remove, show, clear"):
        intent_from_json({"route": "cart", "action": "steal"})
