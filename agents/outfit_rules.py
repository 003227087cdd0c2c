"""The rules of outfits.yaml: which pieces a look needs, where they are worn, and what goes with what."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.item import Item
from tools.taxonomy import load_taxonomy

# Any of its categories will do.
Kind = tuple[str, ...]
_FACETS = ("usage", "season", "gender")


@dataclass(frozen=True, slots=True)
class Pieces:
    """The kinds that a look needs, and those that round it off, the most important first."""

    needs: tuple[Kind, ...]
    adds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class HarmonyRules:
    """How well two colours go together; outfits.yaml explains each."""

    neutral_chroma: float
    neutrals: tuple[str, ...]
    with_neutral: float
    hues: tuple[tuple[float, float], ...]
    motley: tuple[str, ...]
    motley_with_colour: float
    unknown: float
    contrast_weight: float
    full_contrast: float
    good: float


@dataclass(frozen=True, slots=True)
class Rules:
    """All of outfits.yaml. `together` maps a facet to each of its values and what is worn with it besides itself."""

    worn: Mapping[str, tuple[str, ...]]
    goes_with: Mapping[str, Pieces]
    from_scratch: Pieces
    together: Mapping[str, Mapping[str, tuple[str, ...]]]
    occasions: Mapping[str, tuple[str, ...]]
    harmony: HarmonyRules
    weights: Mapping[str, float]
    n_pieces: int
    n_candidates: int

    def places(self, category: str) -> frozenset[str]:
        """Where a category is worn; nowhere for what belongs in no look."""
        for kind in reversed(load_taxonomy().category_path(category)):
            if kind in self.worn:
                return frozenset(self.worn[kind])
        return frozenset()

    def kind_places(self, kind: Kind) -> frozenset[str]:
        """Where the categories of a kind are worn, all together."""
        return frozenset(place for category in kind for place in self.places(category))

    def elsewhere(self, kind: Kind) -> tuple[str, ...]:
        """Categories below those of a kind that are worn elsewhere, or in no look: a wallet is no bag to carry."""
        below = (category for name in kind for category in load_taxonomy().descendants(name))
        return tuple(category for category in below if not self.places(category) & self.kind_places(kind))

    def pieces(self, category: str) -> Pieces:
        """What goes with a category, by the nearest kind above it; from scratch where there is none."""
        for kind in reversed(load_taxonomy().category_path(category)):
            if kind in self.goes_with:
                return self.goes_with[kind]
        return self.from_scratch

    def affinity(self, facet: str, first: str, second: str) -> float:
        """1 for the same value, 0.5 for values worn together and where one is not known, 0 for a clash."""
        if first and first == second:
            return 1.0
        known = self.together[facet]
        is_open = not first or not second or second in known.get(first, ()) or first in known.get(second, ())
        return 0.5 if is_open else 0.0

    def clashes(self, first: Item, second: Item) -> tuple[str, ...]:
        """The facets in which two items cannot be worn together, as far as their rows say."""
        clashing = [
            facet for facet in _FACETS if not self.affinity(facet, getattr(first, facet), getattr(second, facet))
        ]
        is_young = [item.age_group not in ("", "adult") for item in (first, second)]
        if first.age_group and second.age_group and is_young[0] != is_young[1]:
            clashing.append("age_group")
        return tuple(clashing)


@cache
def load_rules() -> Rules:
    """The outfit rules that ship with the code."""
    data = yaml.safe_load(Path(__file__).with_name("outfits.yaml").read_text(encoding="utf-8"))
    harmony = {name: _frozen(value) for name, value in data["harmony"].items()}
    return Rules(
        worn={kind: tuple(places) for kind, places in data["worn"].items()},
        goes_with={kind: _pieces(pieces) for kind, pieces in data["goes_with"].items()},
        from_scratch=_pieces(data["from_scratch"]),
        together={facet: {one: tuple(more) for one, more in data[f"{facet}s"].items()} for facet in _FACETS},
        occasions={word: tuple(usages) for word, usages in data["occasions"].items()},
        harmony=HarmonyRules(**harmony),
        weights=data["weights"],
        n_pieces=data["n_pieces"],
        n_candidates=data["n_candidates"],
    )


def _pieces(data: Mapping[str, list[str | list[str]]]) -> Pieces:
    needs, adds = (
        tuple((kind,) if isinstance(kind, str) else tuple(kind) for kind in data[name]) for name in ("needs", "adds")
    )
    return Pieces(needs, adds)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
