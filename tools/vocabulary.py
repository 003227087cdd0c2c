"""What this catalogue really holds: the values of each facet with their counts, and its prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tools.query import FACETS
from tools.sizes import size_order
from tools.taxonomy import load_taxonomy, spelling_key


@dataclass(frozen=True, slots=True)
class PriceRange:
    """Prices in one currency, in its minor units: what shoppers pay for the cheapest and the dearest of n_items."""

    currency: str
    n_items: int
    min_cents: int
    max_cents: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The catalogue's own words.

    `counts` maps each facet to its values and how many items have them, most frequent first; a category counts the
    items of the categories below it too, so departments are among the categories. `prices` has the most frequent
    currency first.
    """

    n_items: int
    counts: Mapping[str, Mapping[str, int]]
    prices: tuple[PriceRange, ...]
    spellings: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, n_items: int, counts: Mapping[str, Mapping[str, int]], prices: tuple[PriceRange, ...]) -> "Vocabulary":
        """A vocabulary with its index of spellings; of two values that are spelt alike the more frequent one counts."""
        spellings: dict[tuple[str, str], str] = {}
        for facet, values in counts.items():
            for value in values:
                spellings.setdefault((facet, _key(facet, value)), value)
        return cls(n_items, MappingProxyType(dict(counts)), prices, MappingProxyType(spellings))

    def values(self, facet: str) -> tuple[str, ...]:
        """The values of a facet: sizes from small to large, anything else most frequent first."""
        found = tuple(self.counts.get(facet, {}))
        return tuple(sorted(found, key=size_order)) if facet == "size" else found

    def canonical(self, facet: str, word: str) -> str | None:
        """The value `word` stands for, by the taxonomy or by the catalogue's own values; None where neither knows it.

        A value of the taxonomy need not occur in the catalogue: nothing matches it then.
        """
        if word in self.counts.get(facet, {}):
            return word
        return load_taxonomy().canonical(facet, word) or self.spellings.get((facet, _key(facet, word)))


def _key(facet: str, word: str) -> str:
    """Sizes keep their points and endings: "8.5" is not "85"; other facets compare like the taxonomy's words."""
    return word.strip().casefold() if facet == "size" else spelling_key(word)


def empty_vocabulary() -> Vocabulary:
    """The vocabulary of a catalogue without items."""
    return Vocabulary.of(0, {facet: {} for facet in FACETS}, ())
