"""What the buttons under a reply can say, in every language: a journey that presses anything else has a mistake."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from agents.names import named
from agents.nouns import kind_words
from agents.speaking import LANGUAGES, speaking
from agents.suggestions import CHEAPER
from agents.wording import wording
from tools.taxonomy import load_taxonomy

EXAMPLES = ("Other colours of", "What goes with", "Compare the first two", "instead", "Without")
"""Words that are parts of labels, for whoever wrote others."""
_SINGLE = ("cart.size", "cart.add_it", "cart.show_it", "saved.show_it", "press.put_back")
_SECTIONS = ("suggest", "step")
_FIELD = re.compile(r"\{(\w+)\}")
# An amount, with or without its currency, is any amount.
_AMOUNT = re.compile(r"(?:\b[A-Z]{3}\s?|[^\w\s])?\d[\d.,]*(?:\s?(?:[A-Z]{3}\b|[^\w\s.,]))?")
_ANY = "\0"
_NUMBER = "\1"


def can_be_offered(words: str) -> bool:
    """Whether some label of the shop can hold these words, without regard to case.

    Colours, kinds of item and ordinals are known; of a label that names anything else (a brand, a size) the words of
    the wording itself have to be among them.
    """
    wanted, numbered = words.casefold(), _AMOUNT.sub(_NUMBER, words).casefold()
    return any(
        wanted in label or numbered in label or any(fixed in wanted or wanted in fixed for fixed in _fixed(label))
        for label in _labels()
    )


def _fixed(label: str) -> list[str]:
    """The words of a label around what can be anything."""
    return [part for part in label.split(_ANY) if part.strip()] if _ANY in label else []


@cache
def _labels() -> tuple[str, ...]:
    found: list[str] = []
    for language in LANGUAGES:
        # Taken whole: nothing is said to anybody from inside.
        with speaking(language):
            found += [label.casefold() for text in _texts() for label in _filled(text)]
    return tuple(dict.fromkeys(found))


def _texts() -> list[str]:
    texts = wording().texts
    found = [text for section in _SECTIONS for text in texts[section].values()]
    found += [texts[section][name] for section, _, name in (single.partition(".") for single in _SINGLE)]
    return [CHEAPER, *(str(text) for text in found if not callable(text))]


def _filled(text: str) -> Iterator[str]:
    """The wording with every known value of its fields."""
    fields = tuple(dict.fromkeys(_FIELD.findall(text)))
    for values in product(*(_values(field) for field in fields)):
        yield text.format(**dict(zip(fields, values, strict=True)))


def _values(field: str) -> list[str]:
    match field:
        case "colour":
            return [named("colour", colour) for colour in load_taxonomy().names("colour")]
        case "kind":
            return [kind_words((category,), 2) for category in load_taxonomy().names("category")]
        case "ordinal":
            return list(wording().texts["ordinals"])
        case "price":
            return [_NUMBER]
    return [_ANY]
