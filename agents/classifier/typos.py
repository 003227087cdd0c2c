"""Misspelt facet words, put right where there is little doubt."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agents.classifier.language import Language
from agents.classifier.lexicon import Lexicon
from agents.classifier.words import Token, plural, singular

_SHORTEST = 4
# A long word bears two slips, a short one a single slip.
_LONG = 8
_MOST_NEAR = 8


def correct(tokens: Sequence[Token], lexicon: Lexicon, language: Language) -> tuple[Token, ...]:
    """The tokens, with each word that no dictionary knows replaced by the one facet word it nearly is."""
    return tuple(replace(token, text=_corrected(token.text, lexicon, language)) for token in tokens)


def _corrected(word: str, lexicon: Lexicon, language: Language) -> str:
    if len(word) < _SHORTEST or not word.isalpha() or is_known(word, lexicon, language):
        return word
    n_slips = 2 if len(word) >= _LONG else 1
    stem = singular(word)
    found = _nearest(word, lexicon, n_slips) or (_nearest(stem, lexicon, n_slips) if stem != word else "")
    # The plural ending is kept: it may say that several are wanted.
    if found and stem != word and singular(found) == found:
        return plural(found)
    return found or word


def _nearest(word: str, lexicon: Lexicon, n_slips: int) -> str:
    """The one facet word within reach that starts alike, or "" where none or two are as near.

    Of two that are as near, a letter left out is a likelier slip than a wrong one, and a value's own name ("black") is
    likelier meant than a word that only occurs in one ("colour block").
    """
    near = process.extract(word, lexicon.words, scorer=OSA.distance, score_cutoff=n_slips, limit=_MOST_NEAR)
    ranked = sorted(
        (distance, len(found) <= len(word), not lexicon.is_name(found), found)
        for found, distance, _ in near
        if len(found) >= _SHORTEST and found[0] == word[0]
    )
    if not ranked or (len(ranked) > 1 and ranked[0][:3] == ranked[1][:3] and not _is_one(ranked[0][3], ranked[1][3])):
        return ""
    return ranked[0][3]


def _is_one(first: str, second: str) -> bool:
    return singular(first) == singular(second)


def is_known(word: str, lexicon: Lexicon, language: Language) -> bool:
    """Whether a word is a facet word or an everyday word of the language."""
    forms = {word, singular(word)}
    return bool(forms & lexicon.words or forms & language.stop or forms & language.known_words)
