"""Messages in German, French, Spanish and Chinese: which language they are in, and what the rules get to read."""

from functools import cache
from typing import Any

import pytest

from agents.classifier import Classifier, open_classifier
from agents.classifier.glossary import Gloss, Glossary, load_glossaries
from agents.events import Message
from agents.intent_json import intent_json
from agents.session import Session
from env.settings import Settings
from tests.small_catalog import small_items
from tools.taxonomy import load_taxonomy
from tools.vocabulary import empty_vocabulary

GLOSSARIES = {glossary.code: glossary for glossary in load_glossaries()}


@cache
def reader() -> Classifier:
    return open_classifier(Settings(), "offline")


def read(text: str) -> dict[str, Any]:
    return intent_json(reader().read(Message(text), Session(""), empty_vocabulary()))


def test_the_languages_are_those_that_have_a_folder() -> None:
    assert sorted(GLOSSARIES) == ["de", "es", "fr", "zh"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("rote Schuhe", "de"),
        ("Hoodie ohne Logo", "de"),
        ("robe noire", "fr"),
        ("pull rouge", "fr"),
        ("vestido rojo", "es"),
        ("gracias", "es"),
        ("红色的鞋", "zh"),
        ("red shoes", "en"),
        ("floral maxi dress", "en"),
        ("mens large navy polo", "en"),
        ("shoes to die for", "en"),
        ("no red", "en"),
        ("compare 1 and 3", "en"),
        ("xqzt", "en"),
    ],
)
def test_the_language_of_a_short_message_shows_by_its_words(text: str, language: str) -> None:
    assert read(text)["language"] == language


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("Kleid unter fünfundvierzig Euro", {"price_max_cents": 4_500, "currency": "EUR"}),
        ("Kleid unter zweihundertfünfzig Euro", {"price_max_cents": 25_000, "currency": "EUR"}),
        ("robe à moins de soixante-quinze euros", {"price_max_cents": 7_500, "currency": "EUR"}),
        (
            "robe entre trente et quarante euros",
            {"price_min_cents": 3_000, "price_max_cents": 4_000, "currency": "EUR"},
        ),
        ("vestido por menos de treinta y cinco euros", {"price_max_cents": 3_500, "currency": "EUR"}),
        ("vestido entre treinta y cuarenta", {"price_min_cents": 3_000, "price_max_cents": 4_000}),
        ("三百五十元以下的连衣裙", {"price_max_cents": 35_000, "currency": "CNY"}),
        ("Kleid für etwa 1.500 €", {"price_min_cents": 120_000, "price_max_cents": 180_000, "currency": "EUR"}),
    ],
)
def test_numbers_and_prices_are_read_in_words_and_digits(text: str, slots: dict[str, Any]) -> None:
    found = read(text)
    assert found.pop("categories") == ["Dress"]
    assert {name: value for name, value in found.items() if name not in ("route", "language")} == slots


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("schwarzer Mantel", {"categories": ["Coat"], "colours": ["black"]}),
        ("Schwarze Lederjacke für Damen", {"categories": ["Jacket"], "colours": ["black"], "gender": "female"}),
        ("gruene Schuhe", {"categories": ["Shoes"], "colours": ["green"]}),
        ("chemises blanches", {"categories": ["Shirt"], "count": 2, "colours": ["white"]}),
        ("une robe ete verte", {"categories": ["Dress"], "count": 1, "colours": ["green"]}),
        ("faldas negras", {"categories": ["Skirt"], "count": 2, "colours": ["black"]}),
        ("cinturon marron", {"categories": ["Belt"], "colours": ["brown"]}),
        ("zapatilas blancas", {"categories": ["Sneakers"], "colours": ["white"]}),
    ],
)
def test_endings_compounds_accents_and_slips_do_not_hide_a_word(text: str, slots: dict[str, Any]) -> None:
    found = read(text)
    assert {name: found.get(name) for name in slots} == slots


@pytest.mark.parametrize(
    ("text", "exclude", "colours"),
    [
        ("schwarz, aber nicht aus Leder", {"material": ["leather"]}, ["black"]),
        ("noir mais pas en cuir", {"material": ["leather"]}, ["black"]),
        ("negro pero sin cuero", {"material": ["leather"]}, ["black"]),
        ("黑色，不要皮的", {"material": ["leather"]}, ["black"]),
    ],
)
def test_a_negation_keeps_its_scope(text: str, exclude: dict[str, Any], colours: list[str]) -> None:
    found = read(text)
    assert (found["exclude"], found["colours"]) == (exclude, colours)


@pytest.mark.parametrize("code", sorted(GLOSSARIES))
def test_every_noun_and_colour_of_a_glossary_is_a_word_of_the_taxonomy(code: str) -> None:
    unknown = {gloss.english for gloss in _named(GLOSSARIES[code]) if not _facets(gloss)}
    assert unknown == set()


@pytest.mark.parametrize("code", sorted(GLOSSARIES))
def test_a_glossary_names_most_kinds_and_colours_of_the_demo_catalogue(code: str) -> None:
    kinds = {item.category for item in small_items()}
    known = {load_taxonomy().canonical("category", gloss.english) for gloss in _named(GLOSSARIES[code])}
    assert kinds <= known


def _named(glossary: Glossary) -> list[Gloss]:
    return [gloss for gloss in glossary.phrases.values() if gloss.kind in ("noun", "adjective")]


def _facets(gloss: Gloss) -> bool:
    found = read(f"{gloss.english.removeprefix('a ')} please")
    return bool({"categories", "colours", "attributes"} & set(found))
