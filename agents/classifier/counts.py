"""How many are wanted: "3 black t-shirts", "a couple of belts", "a red dress"."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.classifier.language import Language
from agents.classifier.words import Token

# Between a number and its noun stand adjectives, rarely more than this many words.
_REACH = 6
_MOST = 999


@dataclass(frozen=True, slots=True)
class Count:
    """A number of items, said before the noun that starts at `noun`; `noun` is -1 where none follows.

    `is_said` is False for an article ("a dress"), which asks for one kind rather than for one item.
    """

    start: int
    end: int
    noun: int
    n_items: int
    is_said: bool


def find_counts(tokens: Sequence[Token], nouns: Sequence[int], language: Language) -> tuple[Count, ...]:
    """All counts in order. `nouns` are the character offsets at which wanted categories start."""
    found: list[Count] = []
    for at, token in enumerate(tokens):
        n_items = _number(token.text, language)
        before = tokens[at - 1].text if at else ""
        if n_items is None or (before in language.uncounted_after and token.text.isdigit()):
            continue
        if token.text in language.multiples and (n_before := _number(before, language)):
            n_items *= n_before
        noun = _noun_after(tokens, at, nouns, language)
        if noun >= 0:
            # "A couple of belts": the nearest number to the noun is the one that counts.
            found = [count for count in found if count.noun != noun]
        is_article = token.text in language.articles
        if noun >= 0 or (not is_article and _stands_alone(tokens, at)):
            found.append(Count(token.start, token.end, noun, n_items, not is_article))
    return tuple(found)


def _number(word: str, language: Language) -> int | None:
    if word.isdigit():
        return int(word) if 0 < int(word) <= _MOST else None
    if word in language.articles:
        return 1
    if word in language.vague_counts:
        return language.vague_counts[word]
    value = language.numbers.get(word)
    return value if value and value <= _MOST else None


def _noun_after(tokens: Sequence[Token], at: int, nouns: Sequence[int], language: Language) -> int:
    for token in tokens[at + 1 : at + 1 + _REACH]:
        if token.start in nouns:
            return token.start
        if token.is_mark or token.text in ("and", "for", "with", "or", "in"):
            return -1
    return -1


def _stands_alone(tokens: Sequence[Token], at: int) -> bool:
    """ "Show me 3", "5 options": a number that ends the message or counts results."""
    if not tokens[at].text.isdigit() and tokens[at].text not in ("two", "three", "four", "five", "six"):
        return False
    following = [token.text for token in tokens[at + 1 : at + 2] if not token.is_mark]
    return not following or following[0] in (
        "options",
        "items",
        "results",
        "choices",
        "suggestions",
        "things",
        "please",
        "of",
    )
