"""A wish in a shopper's words: "red dresses for women under €80".

Other languages list what is wanted ("rot, Kleider, für Damen, unter 80 €"): a list needs no inflection.
"""

import re
from collections.abc import Iterator

from agents.intent import Slots
from agents.limits import is_told, limits_of
from agents.names import named, named_all, who
from agents.speaking import spoken, spoken_locale
from agents.wording import load_texts, say
from tools.money import format_price
from tools.query import Filters
from tools.taxonomy import load_taxonomy
from tools.vocabulary import Vocabulary

_BEFORE_NOUN = ("usage", "season", "pattern", "material")


def kind_words(categories: tuple[str, ...], n_items: int) -> str:
    """The kinds of item as nouns in singular or plural: "dress", "T-shirts or tops"; "item(s)" for none.

    Other languages have the plural alone.
    """
    if not categories:
        return say("kinds.none", count=n_items)
    if spoken() != "en":
        return listed(named_all("category", categories), "or")
    return " or ".join(_noun(category, n_items) for category in categories)


def _noun(category: str, n_items: int) -> str:
    nouns = load_texts("en")["nouns"]
    words = category if category[:2] == "T-" else category.lower()
    *before, last = words.split()
    if last in nouns["pairs"]:
        return words
    if last in nouns["uncounted"]:
        return words if last.endswith("s") else f"{words} {'item' if n_items == 1 else 'items'}"
    return words if n_items == 1 else " ".join([*before, nouns["irregular"].get(last) or _plural(last)])


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


def wish_words(slots: Slots, n_items: int, vocabulary: Vocabulary, locale: str) -> str:
    """The whole wish with its limits, in the order people say them."""
    if spoken() != "en":
        return say("listed.comma").join(_listed_wish(slots, vocabulary, locale))
    label = load_taxonomy().label(slots.gender, slots.age_group)
    price = price_words(limits_of(slots, vocabulary).filters, locale)
    # What only some items tell is not claimed of all of them.
    checked = (values for facet, values in slots.exclude.items() if is_told(facet, vocabulary))
    excluded = [value.lower() for values in checked for value in values]
    parts = [
        " or ".join(slots.colours),
        *(" or ".join(slots.attributes.get(facet, ())) for facet in _BEFORE_NOUN),
        kind_words(slots.categories, n_items),
        f"for {label}" if label and label != "everyone" else "",
        f"by {' or '.join(slots.brands)}" if slots.brands else "",
        f"in size {' or '.join(slots.sizes)}" if slots.sizes else "",
        price,
        f"that {'is' if n_items == 1 else 'are'} not {listed(excluded, 'or')}" if excluded else "",
    ]
    return " ".join(part for part in parts if part)


def _listed_wish(slots: Slots, vocabulary: Vocabulary, locale: str) -> Iterator[str]:
    """What is wanted and each limit, one by one."""
    yield kind_words(slots.categories, 2)
    facets = (("colour", slots.colours), *((facet, slots.attributes.get(facet, ())) for facet in _BEFORE_NOUN))
    yield from (listed(named_all(facet, values), "or") for facet, values in facets if values)
    label = who(slots.gender, slots.age_group)
    if label and load_taxonomy().label(slots.gender, slots.age_group) != "everyone":
        yield say("limits.gender", value=label)
    if slots.brands:
        yield listed(slots.brands, "or")
    if slots.sizes:
        yield say("limits.size", value=listed(slots.sizes, "or"))
    if price := price_words(limits_of(slots, vocabulary).filters, locale):
        yield price
    for facet, values in slots.exclude.items():
        if is_told(facet, vocabulary):
            yield from (say("limits.not", value=named(facet, value)) for value in values)


def price_words(filters: Filters, locale: str) -> str:
    """The price limits as a shopper would say them, e.g. "under €30"; "" without any."""
    low = None if filters.price_min_cents is None else limit_price(filters.price_min_cents, filters.currency, locale)
    high = None if filters.price_max_cents is None else limit_price(filters.price_max_cents, filters.currency, locale)
    if spoken() != "en" and (low or high):
        name = "price_between" if low and high else "price_from" if low else "price_under"
        return say(f"limits.{name}", low=low, high=high)
    if low and high:
        return f"from {low} to {high}"
    return f"under {high}" if high else f"from {low}" if low else ""


def limit_price(cents: int, currency: str, locale: str) -> str:
    """A price limit: like a price, but a round amount goes without decimals."""
    return re.sub(r"[.,]00(?!\d)", "", format_price(cents, currency, spoken_locale(locale)))


def listed(values: tuple[str, ...] | list[str], last: str = "and") -> str:
    """Values as people list them: "a", "a and b", "a, b and c"."""
    if len(values) < 2:
        return "".join(values)
    return f"{say('listed.comma').join(values[:-1])}{say(f'listed.{last}')}{values[-1]}"
