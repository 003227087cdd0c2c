"""The words of another language with what they are in English, read from the YAML files of `glosses/<language>/`."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from agents.classifier.words import Token, plain, plural, tokens

_GLOSSES_DIR = Path(__file__).resolve().parent / "glosses"
# Shoppers write umlauts as two letters where their keyboard has none.
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_CHINESE = re.compile(r"[一-鿿]|[^一-鿿]+")

Kind = Literal["noun", "thing", "adjective", "quality", "determiner", "ordinal", "number", "after", "mark", "other"]
_SECTIONS: tuple[tuple[str, Kind], ...] = (
    ("words", "other"), ("things", "thing"), ("nouns", "noun"), ("qualities", "quality"), ("adjectives", "adjective"),
    ("determiners", "determiner"), ("ordinals", "ordinal"), ("after", "after"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gloss:
    """What a phrase is in English, "" where English says nothing; the kind `after` stands behind what it describes."""

    english: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Ending:
    """An ending that is cut from a word and what takes its place; it may say that several are meant."""

    cut: str
    put: str
    is_plural: bool


@dataclass(frozen=True, slots=True, eq=False)
class Glossary:
    """One language; see the YAML files for what each part means. Phrases are tuples of folded words.

    `words` are phrases of one word, `starts` the first words of longer ones with the lengths of these, longest first.
    """

    code: str
    phrases: Mapping[tuple[str, ...], Gloss]
    words: frozenset[str]
    starts: Mapping[str, tuple[int, ...]]
    numbers: Mapping[str, int]
    connectors: frozenset[str]
    endings: tuple[Ending, ...]
    compounds: Mapping[str, str]
    rewrites: Mapping[str, str]
    adjectives_follow: bool


@cache
def load_glossaries() -> tuple[Glossary, ...]:
    """All languages that have a folder, by their code."""
    return tuple(_glossary(folder) for folder in sorted(_GLOSSES_DIR.iterdir()) if folder.is_dir())


def fold(text: str) -> str:
    """The text without accents, umlauts as two letters."""
    spread = unicodedata.normalize("NFKD", text.translate(_UMLAUTS))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def units(text: str) -> tuple[Token, ...]:
    """The tokens of a plain text; every Chinese character is one of its own."""
    return tuple(
        Token(part.group(), token.start + part.start(), token.start + part.end())
        for token in tokens(text)
        for part in _CHINESE.finditer(token.text)
    )


def _glossary(folder: Path) -> Glossary:
    data: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        data |= yaml.safe_load(path.read_text(encoding="utf-8"))
    rewrites = data.get("rewrites", {})
    phrases = {
        key_of(phrase, rewrites): gloss
        for section, kind in _SECTIONS
        for phrase, gloss in _glosses(data.get(section, {}), kind)
    }
    return Glossary(
        code=folder.name,
        phrases=phrases,
        words=frozenset(words[0] for words in phrases if len(words) == 1),
        starts=_starts(phrases),
        numbers={fold(str(word)): value for word, value in data["numbers"].items()},
        connectors=frozenset(data.get("connectors", ())),
        endings=tuple(_ending(spec) for spec in data.get("endings", ())),
        compounds={fold(word): english for english, words in _listed(data.get("compounds", {})) for word in words},
        rewrites=rewrites,
        adjectives_follow=bool(data.get("adjectives_follow")),
    )


def _glosses(section: Mapping[str, Any], kind: Kind) -> Iterator[tuple[str, Gloss]]:
    for english, phrases in _listed(section):
        for phrase in phrases:
            one, _, several = phrase.partition("/")
            yield one, Gloss(english, kind)
            if several:
                yield several, Gloss(plural(english), kind)


def _starts(phrases: Iterable[tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for words in phrases:
        if len(words) > 1:
            lengths.setdefault(words[0], set()).add(len(words))
    return {word: tuple(sorted(found, reverse=True)) for word, found in lengths.items()}


def _listed(section: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each English phrase of a section with the phrases that mean it."""
    for english, phrases in section.items():
        if not isinstance(english, str) or not isinstance(phrases, str):
            raise ValueError(f"{english!r}: {phrases!r} of a glossary is no text; put it in quotes")
        yield english, [phrase.strip() for phrase in phrases.split(",")]


def rewritten(text: str, rewrites: Mapping[str, str]) -> str:
    """A plain text with what the language writes together parted ("l'hiver")."""
    for written, meant in rewrites.items():
        text = text.replace(written, meant)
    return text


def key_of(phrase: str, rewrites: Mapping[str, str]) -> tuple[str, ...]:
    """The folded units of a phrase."""
    return tuple(fold(unit.text) for unit in units(rewritten(plain(phrase), rewrites)))


def _ending(spec: str) -> Ending:
    """An ending as it is written in the file: "as>o+" is cut, becomes "o" and is a plural."""
    cut, _, put = spec.rstrip("+").partition(">")
    return Ending(cut, put, spec.endswith("+"))
