"""Replies in the language of the question: whole catalogues, whole sentences, buttons that are understood."""

import re
import string

import pytest
import yaml
from babel.messages.catalog import Message as BabelMessage
from babel.numbers import format_currency

from agents.answers import topic_of
from agents.classifier import open_classifier
from agents.desk import Desk, open_desk
from agents.events import Evidence, Message, TurnDone
from agents.intent import Intent, Slots
from agents.names import named
from agents.questions import asks_for_all, asks_how_many, load_asking, values_asked
from agents.session import Session
from agents.speaking import LANGUAGES, speaking, spoken, spoken_locale
from agents.standing import standing_after
from agents.turn import run_turn
from agents.wording import ENGLISH_FILE, load_texts, say
from agents.wording.catalogues import read_catalogue, sources
from env.settings import Settings
from tests.spoken_turns import STOP_WORDS, TURNS
from tests.stocked_shop import ask, told
from tools.seeing import load_attributes
from tools.shop import Shop
from tools.taxonomy import load_taxonomy
from tools.vocabulary import empty_vocabulary

OTHERS = [language for language in LANGUAGES if language != "en"]
SOURCES = tuple(sources(yaml.safe_load(ENGLISH_FILE.read_text(encoding="utf-8"))))
# Wordings that may stay English, by name: none.
UNTRANSLATED: frozenset[str] = frozenset()


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return open_desk(shop)


def strings(message: BabelMessage) -> tuple[str, ...]:
    """The translation, or one for each plural form; empty ones where nothing is translated."""
    found = message.string
    return tuple(found) if isinstance(found, tuple | list) else (found or "",)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_wording_is_translated_and_none_is_left_over(language: str) -> None:
    catalogue = read_catalogue(language)
    known = {str(message.context): message for message in catalogue if message.id}
    missing = {
        source.context
        for source in SOURCES
        if source.context not in known
        or known[source.context].id != ((source.text, source.other) if source.other else source.text)
        or not all(strings(known[source.context]))
    }
    assert missing == UNTRANSLATED, "run `python -m agents.wording` and translate what it left empty"
    assert set(known) == {source.context for source in SOURCES}


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_the_same_fields_as_the_english(language: str) -> None:
    known = {str(message.context): strings(message) for message in read_catalogue(language) if message.id}
    wrong = []
    for source in SOURCES:
        translated = known[source.context]
        wanted = fields(source.text) | fields(source.other)
        if fields(translated[-1]) != wanted or any(not fields(form) <= wanted for form in translated):
            wrong.append(source.context)
    assert wrong == []


def test_plurals_follow_the_rule_of_their_language() -> None:
    def said(language: str, count: int) -> str:
        with speaking(language):
            return say("answers.count", count=count, what="x")

    assert said("en", 1) == "There is 1 x in the catalogue."
    assert said("en", 0) == "There are 0 x in the catalogue."
    # French counts nothing as one.
    assert "0 résultat " in said("fr", 0)
    assert "2 résultats " in said("fr", 2)
    assert "0 resultados " in said("es", 0)


def test_a_language_without_words_is_answered_in_english_and_nothing_outlasts_its_block() -> None:
    with speaking("it"):
        assert spoken() == "en"
    with speaking("de"), speaking("fr"):
        assert say("thanks").endswith("?") or "vous" in say("thanks")
    assert spoken() == "en"
    assert load_texts("en")["note"] == "{first}{rest}."


@pytest.mark.parametrize(("language", "locale", "wanted"), [
    ("de", "en", "de"), ("de", "de_CH", "de_CH"), ("en", "de_CH", "de_CH"), ("fr", "de_CH", "fr"),
])  # fmt: skip
def test_money_is_written_as_the_reply_s_language_does(language: str, locale: str, wanted: str) -> None:
    with speaking(language):
        assert spoken_locale(locale) == wanted


@pytest.mark.parametrize(("question", "topic"), [
    ("woraus ist das?", "material"), ("Was kostet das zweite?", "price"), ("Welche Größen gibt es?", "size"),
    ("¿cuánto cuesta?", "price"), ("¿de qué está hecho?", "material"), ("¿qué tallas hay?", "size"),
    ("quelle taille ?", "size"), ("combien ça coûte ?", "price"), ("c'est combien ?", "price"),
    ("en quoi est-ce ?", "material"), ("这件多少钱", "price"), ("这是什么材质？", "material"), ("有什么尺码？", "size"),
    ("how much is it?", "price"), ("von welcher Marke ist es?", "brand"), ("¿está bien valorado?", "rating"),
    ("wie ist das Wetter?", ""),
])  # fmt: skip
def test_the_topic_of_a_question_is_read_in_every_language(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def test_whole_questions_are_read_in_every_language() -> None:
    assert all(map(asks_for_all, ("erzähl mir mehr über das erste", "dis-m'en plus", "cuéntame más", "介绍一下")))
    assert all(
        map(asks_how_many, ("wie viele Kleider gibt es?", "combien de robes ?", "¿cuántos vestidos?", "有多少连衣裙"))
    )
    assert [values_asked(text) for text in ("welche Marken?", "quelles tailles ?", "¿qué colores?", "有哪些品牌")] == [
        "brand", "size", "colour", "brand",
    ]  # fmt: skip
    assert {tuple(load_asking(language).topics) for language in LANGUAGES} == {tuple(load_asking("en").topics)}


@pytest.mark.parametrize("language", OTHERS)
def test_every_value_of_the_taxonomy_has_a_name(language: str) -> None:
    taxonomy = load_taxonomy()
    with speaking(language):
        nameless = [
            (facet, value)
            for facet in ("category", "colour", "pattern", "material", "usage", "season")
            for value in taxonomy.names(facet)
            # Some words are the same in both languages: then the name is the same word.
            if named(facet, value) == value and language == "zh"
        ]
        assert nameless == []
        assert named("colour", "black") != "black"
        assert named("brand", "Alder") == "Alder"


@pytest.mark.parametrize("language", OTHERS)
def test_every_kind_of_item_and_colour_can_be_said_as_it_is_called(language: str) -> None:
    classifier, taxonomy = open_classifier(Settings(), "offline"), load_taxonomy()
    session = Session("", language=language)
    for kind in taxonomy.names("category"):
        if kind not in taxonomy.departments:
            with speaking(language):
                name = named("category", kind)
            intent = classifier.read(Message(name), session, empty_vocabulary())
            assert intent.slots.categories == (kind,), name
    for colour in taxonomy.names("colour"):
        with speaking(language):
            wish = say("suggest.start", colour=named("colour", colour), kind=named("category", "Dress"))
        intent = classifier.read(Message(wish), session, empty_vocabulary())
        assert (intent.slots.categories, intent.slots.colours) == (("Dress",), (colour,)), wish


def plain(done: TurnDone, evidence: Evidence, session: Session) -> str:
    """The reply without what stays as the catalogue or the page has it: titles, brands and quotes."""
    text = re.sub(r"„[^“]*“|«[^»]*»|“[^”]*”|\"[^\"]*\"", " ", done.reply)
    for title in (*(card.title for card in session.shown), *(hit.item.title for hit in evidence.hits)):
        text = text.replace(title, " ")
    return re.sub(r"Birch & Co|Alder|Cove", " ", text)


def prices_of(evidence: Evidence, language: str) -> set[str]:
    cents = [cents for hit in evidence.hits for cents in (hit.item.price_cents, hit.item.sale_price_cents)]
    known = [amount for amount in cents if amount is not None]
    return {format_currency(amount / 100, "EUR", locale=language) for amount in known}


@pytest.mark.parametrize("language", OTHERS)
def test_everyday_turns_are_answered_wholly_in_their_language(desk: Desk, language: str) -> None:
    session = desk.new_session()
    n_in_language = 0
    for text in TURNS[language]:
        before = session.copy()
        intent, evidence, done = ask(desk, session, text)
        assert intent.language == language, text
        said = plain(done, evidence, before)
        words = set(re.findall(r"[^\W\d_]+", said.lower()))
        foreign = STOP_WORDS["en"] - STOP_WORDS.get(language, set())
        assert not words & foreign, (text, done.reply)
        n_in_language += bool(words & STOP_WORDS[language]) if language != "zh" else not re.search(r"[a-z]{4,}", said)
        if evidence.parts and not evidence.parts[0].steps and intent.route == "search":
            amounts = set(re.findall(r"\d+[.,]\d\d\s€|€\d+\.\d\d", done.reply))
            assert amounts <= prices_of(evidence, language), done.reply
    assert n_in_language >= len(TURNS[language]) * 0.6


@pytest.mark.parametrize("language", OTHERS)
def test_every_suggestion_means_the_same_when_it_is_written(desk: Desk, shop: Shop, language: str) -> None:
    session, seen = desk.new_session(), set()
    for text in TURNS[language]:
        done = ask(desk, session, text)[2]
        for label in done.suggestions:
            read = desk.offline_classifier.read(Message(label), session, shop.catalog.vocabulary())
            assert read.language == language, label
            meant = done.pressed.get(label)
            if meant is not None:
                seen.add(meant.route)
                assert_same(read, meant, session, label)
    assert {"search", "refine", "similar", "outfit", "compare", "variants"} <= seen


def assert_same(read: Intent, meant: Intent, session: Session, label: str) -> None:
    assert (read.route, read.references) == (meant.route, meant.references), label
    if meant.standing:
        assert [slots.colours for slots in standing_after(read, session)] == [s.colours for s in meant.standing], label
        got = [slots.price_max_cents for slots in standing_after(read, session)]
        assert got == [slots.price_max_cents for slots in meant.standing], label
    else:
        assert (read.slots.categories, read.slots.colours) == (meant.slots.categories, meant.slots.colours), label


@pytest.mark.parametrize(("language", "label", "action"), [
    ("de", "Füge das erste zum Warenkorb hinzu", "add"), ("fr", "Ajoute le premier au panier", "add"),
    ("es", "Añade el primero al carrito", "add"), ("zh", "把第一个加入购物车", "add"),
    ("de", "Zeig mir meinen Warenkorb", "show"), ("fr", "Montre mon panier", "show"),
    ("es", "Muéstrame mi carrito", "show"), ("zh", "看看我的购物车", "show"),
])  # fmt: skip
def test_buttons_of_the_cart_are_understood(desk: Desk, shop: Shop, language: str, label: str, action: str) -> None:
    with speaking(language):
        assert label in (say("cart.show_it"), say("cart.add_it", ordinal=load_texts(language)["ordinals"][0]))
    session = desk.new_session()
    ask(desk, session, TURNS[language][1])
    read = desk.offline_classifier.read(Message(label), session, shop.catalog.vocabulary())
    assert (read.route, read.action, read.references) == ("cart", action, ("1",) if action == "add" else ())


@pytest.mark.parametrize("language", OTHERS)
def test_a_size_that_was_asked_for_is_understood_from_its_button(desk: Desk, language: str) -> None:
    session = desk.new_session()
    ask(desk, session, TURNS[language][1])
    with speaking(language):
        wish = say("cart.add_it", ordinal=load_texts(language)["ordinals"][0])
    _, _, done = ask(desk, session, wish)
    if not session.asking:
        pytest.fail(done.reply)
    intent, _, done = ask(desk, session, done.suggestions[0])
    assert (intent.route, intent.action) == ("cart", "add")
    assert len(desk.shoppers.cart(session.keeper).lines) == 1


def test_a_pressed_turn_is_answered_in_the_language_that_was_written_last(desk: Desk) -> None:
    session = desk.new_session()
    _, _, done = ask(desk, session, "rote Kleider")
    pressed = Message("pressed", intent=Intent("refine", standing=(Slots(categories=("Dress",)),)))
    intent, _, done = told(list(run_turn(session, pressed, desk)))
    assert intent.language == "de"
    assert "Treffer" in done.reply
    again = Session.from_json(session.id, session.to_json())
    assert again.language == "de"
    assert Session.from_json("x", {**session.to_json(), "language": "en"}).language == "en"


@pytest.mark.parametrize(("text", "language"), [("Jeans", "de"), ("T-Shirt", "de"), ("red dresses please", "en")])
def test_a_word_of_two_languages_is_in_that_of_the_chat(desk: Desk, text: str, language: str) -> None:
    session = desk.new_session()
    ask(desk, session, "rote Kleider")
    assert ask(desk, session, text)[0].language == language


def test_a_reply_in_another_language_of_the_world_is_in_english(desk: Desk, shop: Shop) -> None:
    session = desk.new_session()
    message = Message("x", intent=Intent("thanks", language="it"))
    session.language = "it"
    _, _, done = told(list(run_turn(session, message, desk)))
    assert "welcome" in done.reply or "pleasure" in done.reply


def test_attributes_of_pictures_are_named_in_every_language() -> None:
    for language in OTHERS:
        words = load_texts(language)["seeing"]["values"]
        assert all(set(words[name]) | {"nothing"} >= set(one.values) for name, one in load_attributes().items())
