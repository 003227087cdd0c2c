"""True sentences from rows: what a question asks of an item, how items differ, what the catalogue holds.

Items are named by their handle in brackets, counted in the order given.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from agents.intent import Slots
from agents.limits import limits_of
from agents.nouns import listed, wish_words
from tools.catalog import Catalog
from tools.item import Item
from tools.money import format_price
from tools.taxonomy import load_taxonomy

_MOST_NAMED = 8
_COMPARED = ("price", "material", "rating", "pattern", "colour", "brand", "season", "usage", "size")
# What a question is about, by its words; the first that occurs decides.
_TOPICS: Mapping[str, re.Pattern[str]] = {
    "price": re.compile(r"\b(?:how much|prices?|cost|costs|expensive|cheap|on sale|reduced)\b"),
    "material": re.compile(
        r"\b(?:materials?|fabric|made (?:of|from)|cotton|leather|wool|linen|silk|polyester|suede|denim|viscose"
        r"|cashmere|nylon|canvas)\b"
    ),
    "size": re.compile(r"\b(?:sizes?|fit|fits|stock|available)\b"),
    "colour": re.compile(r"\b(?:colou?rs?)\b"),
    "pattern": re.compile(r"\b(?:patterns?|striped|checked|floral|dotted|plain|printed|logo)\b"),
    "brand": re.compile(r"\b(?:brands?|who makes|made by|from whom)\b"),
    "rating": re.compile(r"\b(?:rating|rated|reviews?|any good|popular)\b"),
    "season": re.compile(r"\b(?:season|summer|winter|spring|autumn)\b"),
    "usage": re.compile(r"\b(?:formal|casual|office|occasion|party|sports?|work)\b"),
    "gender": re.compile(r"\b(?:for (?:men|women|kids|boys|girls)|unisex)\b"),
}
_VALUES_ASKED = re.compile(r"\b(brands?|sizes?|colou?rs?|categories|materials?|patterns?|kinds?|types?)\b")
_FACET_ASKED = {"brand": "brand", "size": "size", "colour": "colour", "color": "colour", "categorie": "category",
                "material": "material", "pattern": "pattern", "kind": "category", "type": "category"}  # fmt: skip
_PLURAL = {"brand": "brands", "size": "sizes", "colour": "colours", "category": "kinds of item",
           "material": "materials", "pattern": "patterns"}  # fmt: skip


def topic_of(question: str) -> str:
    """The facet a question is about, or "" where it is about nothing a row holds."""
    text = question.lower()
    return next((topic for topic, pattern in _TOPICS.items() if pattern.search(text)), "")


def item_facts(question: str, items: Sequence[Item], locale: str) -> tuple[str, ...]:
    """One sentence an item with what its row says on the question's topic, or that it says nothing."""
    topic = topic_of(question)
    if topic:
        return tuple(_topic_fact(place, item, topic, locale) for place, item in enumerate(items, 1))
    asks_for_all = re.search(
        r"\b(?:tell me|describe|details|more about|info|what is (?:it|this|that|the)|what's)\b", question.lower()
    )
    if asks_for_all:
        return tuple(_all_fact(place, item, locale) for place, item in enumerate(items, 1))
    told = (_all_fact(place, item, locale) for place, item in enumerate(items[:2], 1))
    return ("The catalogue's data does not answer that.", *told)


def _topic_fact(place: int, item: Item, topic: str, locale: str) -> str:
    value = _SAY[topic](item, locale)
    return f"[{place}] {value}." if value else f"The data does not give the {topic} of [{place}]."


def _all_fact(place: int, item: Item, locale: str) -> str:
    """What the row holds, as one sentence, and the first of the description."""
    price = _SAY["price"](item, locale)
    said = (_SAY[topic](item, locale) for topic in ("material", "pattern", "rating", "size"))
    qualities = [value.removeprefix("is ") for value in said if value]
    parts = [part for part in (price, f"is {', '.join(qualities)}" if qualities else "") if part]
    text = f"[{place}] {' and '.join(parts)}." if parts else f"The data says little about [{place}]."
    return f"{text} {_first_sentence(item.description)}".strip()


def _first_sentence(description: str) -> str:
    sentence = re.split(r"(?<=[.!?])\s", description.strip())[0]
    return sentence if 0 < len(sentence) <= 160 and not re.search(r"[<>\[\]{}]|https?:|www\.", sentence) else ""


def _price(item: Item, locale: str) -> str:
    if item.pays_cents is None:
        return ""
    price = format_price(item.pays_cents, item.currency, locale)
    if item.sale_price_cents is not None and item.price_cents is not None and item.sale_price_cents < item.price_cents:
        return f"costs {price}, reduced from {format_price(item.price_cents, item.currency, locale)}"
    return f"costs {price}"


def _sizes(item: Item, _: str) -> str:
    there = [size for size, stock in item.sizes.items() if stock != 0]
    if not item.sizes:
        return {"in_stock": "is in stock", "out_of_stock": "is out of stock"}.get(item.availability, "")
    return f"is in stock in {listed(there)}" if there else "is out of stock in every size"


def _rating(item: Item, _: str) -> str:
    if item.rating is None:
        return ""
    n_ratings = f" by {item.n_ratings} shoppers" if item.n_ratings else ""
    return f"is rated {item.rating:.1f} of 5{n_ratings}"


_SAY: Mapping[str, Callable[[Item, str], str]] = {
    "price": _price,
    "material": lambda item, _: f"is {item.material}" if item.material else "",
    "size": _sizes,
    "colour": lambda item, _: f"is {item.colour}" if item.colour else "",
    "pattern": lambda item, _: f"is {item.pattern}" if item.pattern else "",
    "brand": lambda item, _: f"is by {item.brand}" if item.brand else "",
    "rating": _rating,
    "season": lambda item, _: f"is meant for {item.season}" if item.season else "",
    "usage": lambda item, _: f"is meant for {item.usage} wear" if item.usage else "",
    "gender": lambda item, _: f"is for {load_taxonomy().label(item.gender, item.age_group)}" if item.gender else "",
}


def difference_facts(first: Sequence[str], items: Sequence[Item], locale: str) -> tuple[str, ...]:
    """One sentence for each topic on which the items differ, those of `first` before the others."""
    facts = []
    for topic in dict.fromkeys((*(topic for topic in first if topic in _SAY), *_COMPARED)):
        said = [_SAY[topic](item, locale) for item in items]
        if len(set(said)) > 1:
            told = (f"[{place}] {value or 'does not say'}" for place, value in enumerate(said, 1))
            facts.append("; ".join(told) + ".")
    return tuple(facts) or (("The data tells no difference between them.",) if len(items) > 1 else ())


def catalog_facts(question: str, slots: Slots, catalog: Catalog, locale: str) -> tuple[str, ...]:
    """What the whole catalogue says to "how many ..." and "what brands ..."; empty for other questions."""
    text, vocabulary = question.lower(), catalog.vocabulary()
    if "how many" in text:
        limits = limits_of(slots, vocabulary)
        n_items = catalog.count(limits.filters)
        there = "There is" if n_items == 1 else "There are"
        return (f"{there} {n_items} {wish_words(slots, n_items, vocabulary, locale)} in the catalogue.", *limits.notes)
    asked = _VALUES_ASKED.search(text)
    if asked is None:
        return ()
    facet = _FACET_ASKED[asked.group(1).removesuffix("s")]
    values = vocabulary.values(facet)
    if not values:
        return (f"The catalogue does not tell the {facet} of its items.",)
    more = [f"{len(values) - _MOST_NAMED} more"] if len(values) > _MOST_NAMED else []
    return (f"The {_PLURAL[facet]} here are {listed([*values[:_MOST_NAMED], *more])}.",)
