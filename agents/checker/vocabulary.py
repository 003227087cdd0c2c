"""The words that a reply may not say unseen, read once from vocabulary.yaml and the taxonomy."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.taxonomy import Taxonomy, load_taxonomy

_FILE = Path(__file__).with_name("vocabulary.yaml")
_ORDINARY = Path(__file__).parent.parent / "classifier" / "languages" / "english.txt"
# Chinese is written without spaces, so its words have no edges to look for.
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Lexemes:
    """Many spellings of few meanings, found in one pass, the longest first."""

    pattern: re.Pattern[str]
    meanings: Mapping[str, str]

    def found(self, text: str) -> Iterator[tuple[int, str]]:
        """Where each meaning occurs in `text`: character offset and meaning."""
        for match in self.pattern.finditer(text):
            yield match.start(), self.meanings[str(match.lastgroup)]

    def meanings_in(self, text: str) -> frozenset[str]:
        """The meanings that occur in `text`."""
        return frozenset(meaning for _, meaning in self.found(text))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything of vocabulary.yaml, compiled. `ordinary` are common English words, in lower case."""

    materials: Lexemes
    qualities: Lexemes
    promises: Lexemes
    kinds: Lexemes
    colours: Lexemes
    bounds: Lexemes
    actions: tuple[re.Pattern[str], ...]
    instructions: tuple[re.Pattern[str], ...]
    hedges: tuple[re.Pattern[str], ...]
    some: re.Pattern[str]
    differs: re.Pattern[str]
    together: re.Pattern[str]
    prices: re.Pattern[str]
    pronouns: re.Pattern[str]
    beside: re.Pattern[str]
    number_words: str
    capitals: frozenset[str]
    ordinary: frozenset[str]

    def is_hedged(self, text: str) -> bool:
        """Whether `text` denies, doubts or repeats a wish, and claims nothing."""
        return any(pattern.search(text) for pattern in self.hedges)

    def instructs(self, text: str) -> bool:
        """Whether `text` speaks to a model, or as one."""
        return any(pattern.search(text) for pattern in self.instructions)


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabulary that ships with the code."""
    raw: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    taxonomy = load_taxonomy()
    return Vocabulary(
        materials=_lexemes(_materials(raw, taxonomy)),
        qualities=_lexemes({name: (re.escape(name), *forms) for name, forms in raw["qualities"].items()}),
        promises=_lexemes(raw["promises"]),
        kinds=_lexemes(_kinds(raw["kind_not_meant"], taxonomy)),
        colours=_lexemes({name: (re.escape(name), *map(re.escape, also)) for name, also in _colours(taxonomy)}),
        bounds=_lexemes(raw["bounds"]),
        number_words=raw["number_words"],
        capitals=frozenset(raw["capitals"]),
        ordinary=frozenset(_ORDINARY.read_text(encoding="utf-8").split()),
        actions=tuple(map(_compiled, raw["actions"])),
        instructions=tuple(map(_compiled, raw["instructions"])),
        hedges=tuple(map(_compiled, raw["hedges"])),
        some=_compiled(raw["some"]),
        differs=_compiled(raw["differs"]),
        together=_compiled(raw["together"]),
        prices=_compiled(raw["prices"]),
        pronouns=_compiled(raw["pronouns"]),
        beside=_compiled(raw["beside"]),
    )


def _materials(raw: Mapping[str, Any], taxonomy: Taxonomy) -> Mapping[str, Sequence[str]]:
    spelled = {term.name: (term.name, *term.synonyms) for term in taxonomy.terms["material"].values()}
    names = dict.fromkeys((*spelled, *raw["materials"]))
    unmeant = raw["material_not_meant"]
    known = {name: [re.escape(word) for word in spelled.get(name, (name,)) if word not in unmeant] for name in names}
    return {name: (*words, *raw["materials"].get(name, ())) for name, words in known.items()}


def _colours(taxonomy: Taxonomy) -> Iterator[tuple[str, tuple[str, ...]]]:
    for term in taxonomy.terms["colour"].values():
        yield term.name, term.synonyms


def _kinds(unmeant: Iterable[str], taxonomy: Taxonomy) -> Mapping[str, Sequence[str]]:
    kinds: dict[str, list[str]] = {}
    for word, name in taxonomy.words("category"):
        if word.lower() not in unmeant and name not in taxonomy.departments:
            plural = r"(?:e?s)?" if not word.endswith("s") else ""
            kinds.setdefault(name, []).append(re.escape(word.lower()).replace(r"\-", r"[\- ]?") + plural)
    return kinds


def _lexemes(spellings: Mapping[str, Sequence[str]]) -> Lexemes:
    """One group for each spelling, so that what matched tells its meaning."""
    pairs = [(_bounded(form), name) for name, forms in spellings.items() for form in forms]
    pairs.sort(key=lambda pair: -len(pair[0]))
    pattern = "|".join(f"(?P<g{place}>{form})" for place, (form, _) in enumerate(pairs))
    return Lexemes(_compiled(pattern), {f"g{place}": name for place, (_, name) in enumerate(pairs)})


def _bounded(form: str) -> str:
    return form if _CHINESE.search(form) else rf"(?<!\w)(?:{form})(?!\w)"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
