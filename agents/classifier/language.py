"""The words of one language, read from `languages/*.yaml`: data, so that another language is another file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_WORDS_DIR = Path(__file__).resolve().parent / "languages"


@dataclass(frozen=True, slots=True)
class Guard:
    """Where a word with a second meaning is read as a facet: after one of `after`, or right before a category."""

    after: frozenset[str]
    before_category: bool


@dataclass(frozen=True, slots=True)
class Negations:
    """What excludes: `cues`, the `bridges` that may follow one, and phrases in which a cue means nothing.

    The words of `after` exclude what stands right before them.
    """

    cues: re.Pattern[str]
    not_cues: re.Pattern[str]
    bridges: frozenset[str]
    after: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """Everything the rules know about one language; see the YAML file for what each part means."""

    numbers: Mapping[str, int]
    articles: frozenset[str]
    vague_counts: Mapping[str, int]
    multiples: frozenset[str]
    uncounted_after: frozenset[str]
    pair_nouns: frozenset[str]
    currencies: Mapping[str, str]
    prices: Mapping[str, tuple[str, ...]]
    sizes: Mapping[str, Any]
    sort: Mapping[str, re.Pattern[str]]
    negations: Negations
    guarded: Mapping[str, Guard]
    ignored: frozenset[str]
    stop: frozenset[str]
    soft: Mapping[str, str]
    ordinals: Mapping[str, int]
    references: Mapping[str, re.Pattern[str]]
    known_words: frozenset[str]


@cache
def load_language(code: str) -> Language:
    """Read one language's words.

    Raises:
        FileNotFoundError: there is no file for this language; only languages of `languages/` may be asked for.
    """
    data = yaml.safe_load((_WORDS_DIR / f"{code}.yaml").read_text(encoding="utf-8"))
    negation = data["negation"]
    return Language(
        numbers=data["numbers"],
        articles=frozenset(data["articles"]),
        vague_counts=data["vague_counts"],
        multiples=frozenset(data["multiples"]),
        uncounted_after=frozenset(data["uncounted_after"]),
        pair_nouns=frozenset(data["pair_nouns"]),
        currencies={word: currency for currency, words in data["currencies"].items() for word in words},
        prices={name: tuple(words) for name, words in data["prices"].items()},
        sizes=data["sizes"],
        sort={name: re.compile("|".join(patterns)) for name, patterns in data["sort"].items()},
        negations=Negations(
            cues=phrases_pattern(negation["cues"]),
            not_cues=phrases_pattern(negation["not_cues"]),
            bridges=frozenset(negation["bridges"]),
            after=frozenset(negation["after"]),
        ),
        guarded={
            str(word): Guard(frozenset(guard.get("after", ())), bool(guard.get("before_category")))
            for word, guard in data["guarded"].items()
        },
        ignored=frozenset(data["ignored"]),
        stop=frozenset(str(word) for word in data["stop"]),
        soft=data["soft"],
        ordinals=data["ordinals"],
        references={name: re.compile(pattern) for name, pattern in data["references"].items()},
        known_words=frozenset((_WORDS_DIR / data["known_words"]).read_text(encoding="utf-8").split()),
    )


def phrases_pattern(phrases: list[str]) -> re.Pattern[str]:
    """A pattern for any of the phrases as whole words, the longest first."""
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(phrase) for phrase in ordered)})(?!\w)")
