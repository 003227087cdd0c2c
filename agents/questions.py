"""What a question is about, by its words in any of the languages that replies are written in: data in `locales/`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from agents.speaking import LANGUAGES, spoken
from agents.wording.catalogues import LOCALES_DIR


@dataclass(frozen=True, slots=True)
class Asking:
    """The words of one language: `topics` in the order in which they decide; `values` are facets of the catalogue."""

    topics: Mapping[str, re.Pattern[str]]
    all: re.Pattern[str]
    how_many: re.Pattern[str]
    values: Mapping[str, re.Pattern[str]]


def topic_of(question: str) -> str:
    """The facet a question is about, or "" where it is about nothing a row holds."""
    text = question.lower()
    for asking in _all():
        for topic, pattern in asking.topics.items():
            if pattern.search(text):
                return topic
    return ""


def asks_for_all(question: str) -> bool:
    """Whether a question wants to be told whatever there is to tell of an item."""
    return any(asking.all.search(question.lower()) for asking in _all())


def asks_how_many(question: str) -> bool:
    """Whether a question wants a number of items."""
    return any(asking.how_many.search(question.lower()) for asking in _all())


def values_asked(question: str) -> str:
    """The facet whose values in the catalogue a question wants listed, the one named first; "" for none."""
    for asking in _all():
        matches = ((facet, pattern.search(question.lower())) for facet, pattern in asking.values.items())
        found = [(match.start(), facet) for facet, match in matches if match]
        if found:
            return min(found)[1]
    return ""


def _all() -> Iterator[Asking]:
    """The language that is spoken first: a word of two languages means what it means there."""
    yield from (load_asking(language) for language in dict.fromkeys((spoken(), *LANGUAGES)))


@cache
def load_asking(language: str) -> Asking:
    """The question words of one language."""
    data = yaml.safe_load((LOCALES_DIR / language / "questions.yaml").read_text(encoding="utf-8"))
    has_words = data["parts_words"]
    return Asking(
        {topic: _pattern(words, has_words) for topic, words in data["topics"].items()},
        _pattern(data["all"], has_words),
        _pattern(data["how_many"], has_words),
        {facet: _pattern(words, has_words) for facet, words in data["values"].items()},
    )


def _pattern(alternatives: str, has_words: bool) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)" if has_words else alternatives)
