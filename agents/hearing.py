"""What the shop's rules say about words: a message as it is to be read, and an intent as they want it."""

from collections.abc import Iterator
from dataclasses import replace

from agents.events import Message
from agents.intent import Intent, Route, Slots
from agents.wanted import Limit, with_limit_of, without
from tools.catalog import Catalog
from tools.query import FACETS
from tools.rules import folded
from tools.synonyms import Synonyms, without_phrases
from tools.vocabulary import Vocabulary

RULED = "the shop's rules"
"""The classifier's name in a turn whose words are all a rule's."""
# What a collection is shown for: anything else was read out of words that only name it.
_SEARCHED: tuple[Route, ...] = ("search", "refine")


def hear(message: Message, catalog: Catalog) -> Message:
    """The message as a classifier is to read it: without the words that name a collection, with words replaced."""
    ruling = catalog.ruling(text=message.text)
    text = message.text
    if ruling.collection is not None:
        text = without_phrases(text, ruling.collection.rule.scope.words)
    if ruling.synonyms.rules:
        vocabulary = catalog.vocabulary()
        text = ruling.synonyms.heard(text, lambda term: any(vocabulary.canonical(facet, term) for facet in FACETS))
    return message if text == message.text else replace(message, text=text)


def understood(intent: Intent, message: Message, catalog: Catalog) -> Intent:
    """The intent of a message with everything that means the same, and without what is never to be taken for it."""
    ruling = catalog.ruling(text=message.text)
    if ruling.collection is not None and intent.route not in _SEARCHED:
        intent = Intent("search", intent.slots, language=intent.language)
    if not ruling.synonyms.rules:
        return intent
    vocabulary = catalog.vocabulary()
    return replace(
        intent,
        slots=_ruled(intent.slots, message.text, ruling.synonyms, vocabulary),
        parts=tuple(_ruled(slots, message.text, ruling.synonyms, vocabulary) for slots in intent.parts),
    )


def _ruled(slots: Slots, text: str, synonyms: Synonyms, vocabulary: Vocabulary) -> Slots:
    for term, other in synonyms.equal_pairs(text):
        for facet, value, equal in _values(term, other, vocabulary):
            if value != equal and _asks(slots, facet, value):
                slots = with_limit_of(slots, slots, Limit(facet, equal))
    for term, other in synonyms.apart(text):
        if f" {folded(other)} " in f" {folded(text)} ":
            continue
        for facet, value, equal in _values(term, other, vocabulary):
            # The shop's own word for a value means it, whatever else is kept apart from it.
            if value == equal and folded(value) != folded(term) and _asks(slots, facet, value):
                slots = without(slots, Limit(facet, value))
                slots = replace(slots, soft=tuple(dict.fromkeys((*slots.soft, term))))
    return slots


def _values(term: str, other: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    """Each facet in which both words mean a value, and the two."""
    for facet in FACETS:
        value, equal = vocabulary.canonical(facet, term), vocabulary.canonical(facet, other)
        if value and equal:
            yield facet, value, equal


def _asks(slots: Slots, facet: str, value: str) -> bool:
    return without(slots, Limit(facet, value)) != slots
