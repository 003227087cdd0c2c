"""True sentences from rows: what a question asks of an item, how items differ, what the catalogue holds.

Items are named by their handle in brackets, counted in the order given.
"""

import re
from collections.abc import Sequence

from agents.intent import Slots
from agents.limits import limits_of
from agents.names import named_all
from agents.nouns import listed, wish_words
from agents.questions import asks_for_all, asks_how_many, topic_of, values_asked
from agents.row_words import SAID, quality, said
from agents.wording import say
from tools.catalog import Catalog
from tools.item import Item

__all__ = ["catalog_facts", "difference_facts", "item_facts", "topic_of"]

_MOST_NAMED = 8
_COMPARED = ("price", "material", "rating", "pattern", "colour", "brand", "season", "usage", "size")
_TOLD = ("material", "pattern", "rating", "size")


def item_facts(question: str, items: Sequence[Item], locale: str) -> tuple[str, ...]:
    """One sentence an item with what its row says on the question's topic, or that it says nothing."""
    topic = topic_of(question)
    if topic:
        return tuple(_topic_fact(place, item, topic, locale) for place, item in enumerate(items, 1))
    if asks_for_all(question):
        return tuple(_all_fact(place, item, locale) for place, item in enumerate(items, 1))
    told = (_all_fact(place, item, locale) for place, item in enumerate(items[:2], 1))
    return (say("answers.unanswered"), *told)


def _topic_fact(place: int, item: Item, topic: str, locale: str) -> str:
    value = said(topic, item, locale)
    if value:
        return say("answers.fact", place=place, value=value)
    return say("answers.unknown", place=place, topic=say(f"facets.{topic}"))


def _all_fact(place: int, item: Item, locale: str) -> str:
    """What the row holds, as one sentence, and the first of the description."""
    price = said("price", item, locale)
    qualities = [value for topic in _TOLD if (value := quality(topic, item))]
    if not price and not qualities:
        text = say("answers.little", place=place)
    else:
        name = "all" if price and qualities else "all_price" if price else "all_qualities"
        text = say(f"answers.{name}", place=place, price=price, qualities=say("listed.comma").join(qualities))
    described = _first_sentence(item.description)
    return f"{text} {say('answers.described', sentence=described)}" if described else text


def _first_sentence(description: str) -> str:
    sentence = re.split(r"(?<=[.!?])\s", description.strip())[0]
    return sentence if 0 < len(sentence) <= 160 and not re.search(r"[<>\[\]{}]|https?:|www\.", sentence) else ""


def difference_facts(first: Sequence[str], items: Sequence[Item], locale: str) -> tuple[str, ...]:
    """One sentence for each topic on which the items differ, those of `first` before the others."""
    facts = []
    for topic in dict.fromkeys((*(topic for topic in first if topic in SAID), *_COMPARED)):
        values = [said(topic, item, locale) for item in items]
        if len(set(values)) > 1:
            facts.append(_side_by_side([value or say("answers.silent") for value in values]))
    return tuple(facts) or ((say("answers.same"),) if len(items) > 1 else ())


def _side_by_side(values: Sequence[str]) -> str:
    told = [say("answers.each", place=place, value=value) for place, value in enumerate(values, 1)]
    return say("answers.side_by_side", told="; ".join(told))


def catalog_facts(question: str, slots: Slots, catalog: Catalog, locale: str) -> tuple[str, ...]:
    """What the whole catalogue says to "how many ..." and "what brands ..."; empty for other questions."""
    vocabulary = catalog.vocabulary()
    if asks_how_many(question):
        limits = limits_of(slots, vocabulary)
        n_items = catalog.count(limits.filters)
        what = wish_words(slots, n_items, vocabulary, locale)
        return (say("answers.count", count=n_items, what=what), *limits.notes)
    facet = values_asked(question)
    if not facet:
        return ()
    values = vocabulary.values(facet)
    if not values:
        return (say("answers.no_values", facet=say(f"facets.{facet}")),)
    more = [say("answers.more", count=len(values) - _MOST_NAMED)] if len(values) > _MOST_NAMED else []
    told = listed([*named_all(facet, values[:_MOST_NAMED]), *more])
    return (say("answers.values", facets=say(f"values_of.{facet}"), values=told),)
