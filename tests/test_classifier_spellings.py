"""Every category and colour is understood in any case, plural and hyphenation, and with one letter wrong."""

from collections.abc import Iterator
from functools import cache

import pytest

from agents.classifier import Classifier, open_classifier
from agents.events import Message
from agents.intent import Slots
from agents.session import Session
from env.settings import Settings
from tools.taxonomy import load_taxonomy
from tools.vocabulary import empty_vocabulary

# Slips that make another word of English, or are as near to another kind ("shrt" to shirt and short).
AMBIGUOUS = {"t shrt", "t shqrt", "shrt", "shqrt", "shots", "spots shoes", "foral shoes", "bots", "tape"}


@cache
def reader() -> Classifier:
    return open_classifier(Settings(), "offline")


def read(text: str) -> Slots:
    return reader().read(Message(text), Session(""), empty_vocabulary()).slots


def written(name: str) -> Iterator[str]:
    """One word as shoppers write it: cases, hyphens, spaces."""
    low = name.lower()
    yield from (low, low.upper(), low.title(), low.replace("-", " "), low.replace("-", ""), low.replace(" ", "-"))
    yield low.replace(" ", "")


def misspelt(name: str) -> Iterator[str]:
    """The longest word with a letter left out, doubled, swapped and replaced in its middle."""
    words = name.lower().replace("-", " ").split()
    at = max(range(len(words)), key=lambda place: len(words[place]))
    word, middle = words[at], len(words[at]) // 2
    if len(word) < 5:
        return
    start, letter, end = word[:middle], word[middle], word[middle + 1 :]
    for slip in (start + end, start + 2 * letter + end, start[:-1] + letter + start[-1] + end, f"{start}q{end}"):
        text = " ".join([*words[:at], slip, *words[at + 1 :]])
        if text not in AMBIGUOUS:
            yield text


def plural(name: str) -> str:
    irregular = {"scarf": "scarves", "make-up": "make-up"}
    low = name.lower()
    if low.endswith("y") and low[-2] not in "aeiou":
        return f"{low[:-1]}ies"
    return irregular.get(low) or (
        low if low.endswith("s") else f"{low}{'es' if low.endswith(('x', 'ch', 'sh')) else 's'}"
    )


@pytest.mark.parametrize("name", load_taxonomy().names("category"))
def test_a_category_is_understood_however_it_is_written(name: str) -> None:
    spellings = [*written(name), plural(name), *misspelt(name), *load_taxonomy().terms["category"][name].synonyms]
    assert {text: read(text).categories for text in spellings} == dict.fromkeys(spellings, (name,))


@pytest.mark.parametrize("name", load_taxonomy().names("colour"))
def test_a_colour_is_understood_however_it_is_written(name: str) -> None:
    spellings = [*written(name), *misspelt(name), *load_taxonomy().terms["colour"][name].synonyms]
    found = {text: read(f"a {text} dress") for text in spellings}
    assert {text: slots.colours for text, slots in found.items()} == dict.fromkeys(spellings, (name,))
    assert {slots.categories for slots in found.values()} == {("Dress",)}
