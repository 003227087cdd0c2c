"""Choosing pieces that go together: a beam search over the candidates for each place of a look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from agents.harmony import harmony
from agents.outfit_rules import Rules
from tools.item import Item
from tools.query import Hit

Vector = NDArray[np.float32]
# So many unfinished looks go on from piece to piece.
_BEAM = 16
_WORST_RATING, _BEST_RATING = 1.0, 5.0
_UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Chosen:
    """A look while it grows: its pieces so far, what they cost together, and how well they go together."""

    hits: tuple[Hit, ...] = ()
    total_cents: int = 0
    merit: float = 0.0


@dataclass(frozen=True, slots=True)
class Fitting:
    """What a choice goes by: what is worn already, the vectors by SKU, unit (256,), and the vector of a photo if any.

    `worn` are the item that the look starts from and the pieces that stay.
    """

    rules: Rules
    worn: tuple[Item, ...]
    vectors: Mapping[str, Vector]
    photo: Vector | None = None

    def merit(self, item: Item, beside: Sequence[Item]) -> float:
        """How well an item goes with others, 0 to 1; `likeness` is its cosine to the mean of their vectors."""
        weights = self.rules.weights
        told = {
            "harmony": _mean([harmony(item.colour, other.colour) for other in beside]),
            "usage": _mean([self.rules.affinity("usage", item.usage, other.usage) for other in beside]),
            "season": _mean([self.rules.affinity("season", item.season, other.season) for other in beside]),
            "likeness": self._likeness(item, beside),
            "rating": _rating(item),
        }
        return sum(weights[name] * value for name, value in told.items())

    def _likeness(self, item: Item, beside: Sequence[Item]) -> float:
        near = [self.vectors[other.sku] for other in beside if other.sku in self.vectors]
        if self.photo is not None:
            near.append(self.photo)
        if not near or item.sku not in self.vectors:
            return _UNKNOWN
        mean = np.mean(near, axis=0)
        length = float(np.linalg.norm(mean))
        return _UNKNOWN if length == 0 else max(0.0, float(self.vectors[item.sku] @ mean) / length)


def choose(candidates: Sequence[Sequence[Hit]], fitting: Fitting, budget_cents: int | None) -> Chosen | None:
    """One hit of each list, so that all go together and cost no more than the budget; None where that cannot be.

    Within a budget an item without a price is not chosen. Ties go to the earlier candidate.
    """
    if budget_cents is not None:
        candidates = [[hit for hit in hits if hit.item.pays_cents is not None] for hits in candidates]
    return _searched(candidates, fitting, budget_cents, by_price=False)


def cheapest(candidates: Sequence[Sequence[Hit]], fitting: Fitting) -> Chosen | None:
    """The least expensive look of these candidates that can be worn together."""
    priced = [[hit for hit in hits if hit.item.pays_cents is not None] for hits in candidates]
    return _searched(priced, fitting, None, by_price=True)


def _searched(
    candidates: Sequence[Sequence[Hit]], fitting: Fitting, budget_cents: int | None, *, by_price: bool
) -> Chosen | None:
    if not all(candidates):
        return None
    least = [min(hit.item.pays_cents or 0 for hit in hits) for hits in candidates]
    beam = [Chosen()]
    for place, hits in enumerate(candidates):
        rest_cents = sum(least[place + 1 :])
        grown = [
            longer
            for chosen in beam
            for hit in hits
            if (longer := _with(chosen, hit, fitting)) is not None
            and (budget_cents is None or longer.total_cents + rest_cents <= budget_cents)
        ]
        beam = sorted(grown, key=lambda one: one.total_cents if by_price else -one.merit)[:_BEAM]
    return beam[0] if beam else None


def _with(chosen: Chosen, hit: Hit, fitting: Fitting) -> Chosen | None:
    """The look with one more piece, or None where the piece cannot be worn with it."""
    beside = (*fitting.worn, *(other.item for other in chosen.hits))
    if any(_is_same(hit.item, other) or fitting.rules.clashes(hit.item, other) for other in beside):
        return None
    if fitting.rules.places(hit.item.category) & {
        place for other in beside for place in fitting.rules.places(other.category)
    }:
        return None
    merit = chosen.merit + fitting.merit(hit.item, beside)
    return replace(
        chosen,
        hits=(*chosen.hits, hit),
        total_cents=chosen.total_cents + (hit.item.pays_cents or 0),
        merit=merit,
    )


def _is_same(first: Item, second: Item) -> bool:
    """One item, or two of one design."""
    return first.sku == second.sku or bool(first.item_group_id and first.item_group_id == second.item_group_id)


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else _UNKNOWN


def _rating(item: Item) -> float:
    if item.rating is None:
        return _UNKNOWN
    return (item.rating - _WORST_RATING) / (_BEST_RATING - _WORST_RATING)
