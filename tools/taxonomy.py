"""What a catalogue's words mean: canonical names of categories, colours and other facets, from taxonomy.yaml."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

TAXONOMY_FILE = Path(__file__).with_name("taxonomy.yaml")

# The sections of the file and the facet each one names.
_SECTIONS = {
    "categories": "category", "departments": "category", "colours": "colour", "genders": "gender",
    "age_groups": "age_group", "patterns": "pattern", "materials": "material", "usages": "usage", "seasons": "season",
}  # fmt: skip
_KIDS = ("kids", "toddler", "infant", "newborn")
_YOUNG_LABELS = {"female": "girls", "male": "boys"}


@dataclass(frozen=True, slots=True)
class Term:
    """One canonical value of a facet. `under` is the next wider category; `family` and `hex` belong to colours."""

    facet: str
    name: str
    synonyms: tuple[str, ...] = ()
    under: str = ""
    family: str = ""
    hex: str = ""
    label: str = ""
    is_department: bool = False


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All terms, by facet and name, and the index of every spelling that means one of them."""

    terms: Mapping[str, Mapping[str, Term]]
    spellings: Mapping[tuple[str, str], str]

    def canonical(self, facet: str, word: str) -> str | None:
        """The canonical value `word` stands for, or None where the taxonomy knows none.

        Case, spaces, hyphens and English plural endings do not matter.
        """
        return self.spellings.get((facet, spelling_key(word)))

    def names(self, facet: str) -> tuple[str, ...]:
        """All canonical values of a facet, in the order of the file (categories before departments)."""
        return tuple(self.terms.get(facet, {}))

    def words(self, facet: str) -> Iterator[tuple[str, str]]:
        """Every (word, canonical value) of a facet: the value itself and its synonyms as the file spells them."""
        for term in self.terms.get(facet, {}).values():
            for word in (term.name, *term.synonyms):
                yield word, term.name

    def category_path(self, category: str) -> tuple[str, ...]:
        """From the widest parent to `category` itself; a category the taxonomy does not know stands alone."""
        path = [category]
        while (term := self.terms["category"].get(path[0])) is not None and term.under:
            path.insert(0, term.under)
        return tuple(path)

    def descendants(self, name: str) -> tuple[str, ...]:
        """All categories and departments below `name`, not `name` itself; empty for a leaf or an unknown name."""
        return tuple(found for found in self.terms["category"] if found != name and name in self.category_path(found))

    @property
    def departments(self) -> tuple[str, ...]:
        """The categories that only group others, e.g. "Shoes"."""
        return tuple(term.name for term in self.terms["category"].values() if term.is_department)

    def family(self, colour: str) -> str:
        """The plain colour that `colour` counts as, e.g. "blue" for "navy"; an unknown colour is its own family."""
        term = self.terms["colour"].get(colour)
        return term.family if term else colour

    def colours_of_family(self, family: str) -> tuple[str, ...]:
        """The colours that count as `family`."""
        return tuple(term.name for term in self.terms["colour"].values() if term.family == family)

    def hex(self, colour: str) -> str:
        """Colour of a swatch, e.g. "#1f2a4d"; "" for an unknown colour."""
        term = self.terms["colour"].get(colour)
        return term.hex if term else ""

    def label(self, gender: str, age_group: str = "") -> str:
        """Who an item is for, in a shopper's word: "women", "men", "girls", "boys", "kids", "babies", "everyone"."""
        if age_group in ("infant", "newborn"):
            return "babies"
        if age_group in _KIDS:
            return _YOUNG_LABELS.get(gender, "kids")
        term = self.terms["gender"].get(gender)
        return term.label if term else ""


@lru_cache(maxsize=1)
def load_taxonomy() -> Taxonomy:
    """The shop's taxonomy, read once."""
    return read_taxonomy(TAXONOMY_FILE)


def read_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy file.

    Raises:
        ValueError: two terms of one facet share a spelling, or a parent or colour family is not defined.
    """
    raw: Mapping[str, Mapping[str, Mapping[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    terms: dict[str, dict[str, Term]] = {facet: {} for facet in _SECTIONS.values()}
    for section, facet in _SECTIONS.items():
        for name, entry in raw[section].items():
            fields = {key: value for key, value in entry.items() if key != "synonyms"}
            terms[facet][name] = Term(
                facet, name, tuple(entry["synonyms"]), is_department=section == "departments", **fields
            )
    _check_references(terms)
    return Taxonomy(
        MappingProxyType({facet: MappingProxyType(known) for facet, known in terms.items()}),
        MappingProxyType(_index_spellings(terms)),
    )


def spelling_key(word: str) -> str:
    """What two spellings of one word share: no case, spaces or hyphens, and every word in the singular."""
    words = re.split(r"[\s\-_/]+", word.strip().casefold().replace("’", "'"))
    return "".join(_singular(part) for part in words)


def _singular(word: str) -> str:
    """The English singular, near enough to compare spellings: "dresses" and "dress" meet, "glass" stays."""
    word = re.sub(r"'s?$", "", word)
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        without_es = re.sub(r"(ss|sh|ch|x)es$", r"\1", word)
        word = without_es if without_es != word else word[:-1]
    # "ladies" and "lady", "hoodies" and "hoody" meet; "tie" is too short to be a diminutive.
    return word[:-2] + "y" if len(word) > 3 and word.endswith("ie") else word


def _check_references(terms: Mapping[str, Mapping[str, Term]]) -> None:
    for term in (term for known in terms.values() for term in known.values()):
        if term.under and term.under not in terms["category"]:
            raise ValueError(f"category {term.name!r} is under {term.under!r}, which is not defined")
        if term.family and term.family not in terms["colour"]:
            raise ValueError(f"colour {term.name!r} is of the family {term.family!r}, which is not defined")


def _index_spellings(terms: Mapping[str, Mapping[str, Term]]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for facet, known in terms.items():
        for term in known.values():
            for word in (term.name, *term.synonyms):
                if found.setdefault((facet, spelling_key(word)), term.name) != term.name:
                    other = found[facet, spelling_key(word)]
                    raise ValueError(f"the {facet} word {word!r} means both {other!r} and {term.name!r}")
    return found
