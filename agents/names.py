"""What the catalogue's own words are called in the language that is spoken; a word nobody translates stays as it is.

The words come from the glossaries that messages are read with, so that what a reply says can also be said to it;
`locales/<language>/names.yaml` adds kinds of item in the plural and what a glossary lacks or would say oddly.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import yaml

from agents.speaking import spoken
from agents.wording.catalogues import LOCALES_DIR
from tools.taxonomy import load_taxonomy

# Read as data: the classifier itself is not needed to name things.
_GLOSSES_DIR = Path(__file__).parent / "classifier" / "glosses"
_SECTIONS = ("adjectives", "things", "qualities", "words")
_GLOSSED = ("colour", "pattern", "material", "usage", "season")
_SOFT = "soft"
_WHO = "who"

_Names = Mapping[tuple[str, str], str]


def named(facet: str, value: str) -> str:
    """A facet's value, or with the facet "soft" a word that no facet knows."""
    return value if spoken() == "en" else _names(spoken()).get((facet, value), value)


def named_all(facet: str, values: Iterable[str]) -> tuple[str, ...]:
    """Several values of one facet."""
    return tuple(named(facet, value) for value in values)


def who(gender: str, age_group: str = "") -> str:
    """Who an item is for: "women", "girls"; "" where that is not known."""
    label = load_taxonomy().label(gender, age_group)
    return named(_WHO, label) if label else ""


@cache
def _names(language: str) -> _Names:
    own = yaml.safe_load((LOCALES_DIR / language / "names.yaml").read_text(encoding="utf-8"))
    found = dict(_glossed(language, tuple(own.pop("capitalised", ()))))
    for facet, values in own.items():
        found |= {(facet, str(value)): name for value, name in values.items()}
    return found


def _glossed(language: str, capitalised: tuple[str, ...]) -> Iterator[tuple[tuple[str, str], str]]:
    """Every value that a phrase of the glossary stands for, the first phrase of all winning."""
    taken: set[tuple[str, str]] = set()
    for section, english, phrase in _first_phrases(language):
        canonical = ((facet, load_taxonomy().canonical(facet, english)) for facet in _GLOSSED)
        for facet, value in (*canonical, (_SOFT, english)):
            if value and (facet, value) not in taken:
                taken.add((facet, value))
                is_noun = facet in capitalised or (facet == _SOFT and section in capitalised)
                yield (facet, value), f"{phrase[:1].upper()}{phrase[1:]}" if is_noun else phrase


def _first_phrases(language: str) -> Iterator[tuple[str, str, str]]:
    """Section, English phrase and the first phrase that means it, words for looks before others."""
    files = sorted((_GLOSSES_DIR / language).glob("*.yaml"))
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]
    for section in _SECTIONS:
        for english, phrases in (pair for data in read for pair in data.get(section, {}).items()):
            yield section, english, phrases.split(",")[0].strip().partition("/")[0]
