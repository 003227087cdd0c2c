"""How sure a difference is: a paired bootstrap over the cases, and a verdict in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Verdict = Literal["better", "worse", "no difference shown", "too few to tell"]
N_RESAMPLES = 4_000
CONFIDENCE = 0.95
_SEED = 20_250_101
_HIGHEST_MEMORY = 4_000_000


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of (other - base) over `n_cases` cases that have both, with its 95% interval."""

    mean: float
    low: float
    high: float
    n_cases: int

    def verdict(self, is_higher_better: bool, min_cases: int) -> Verdict:
        """What the difference says; with fewer than `min_cases` cases nothing."""
        if self.n_cases < min_cases:
            return "too few to tell"
        if self.low <= 0 <= self.high:
            return "no difference shown"
        return "better" if (self.low > 0) == is_higher_better else "worse"


def difference(base: Sequence[float], other: Sequence[float]) -> Difference:
    """The paired difference of two variants over the same cases, in the same order.

    Percentile bootstrap of the mean (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993), with a fixed
    seed so that the same results always give the same words. Without cases everything is 0.
    """
    apart = np.asarray(other, dtype=float) - np.asarray(base, dtype=float)  # (n_cases,)
    if not apart.size:
        return Difference(0.0, 0.0, 0.0, 0)
    mean = float(apart.mean())
    if np.all(apart == apart[0]):
        return Difference(mean, mean, mean, int(apart.size))
    chance = np.random.default_rng(_SEED)
    n_at_once = max(1, _HIGHEST_MEMORY // apart.size)
    means: list[float] = []
    while len(means) < N_RESAMPLES:
        n_rows = min(n_at_once, N_RESAMPLES - len(means))
        drawn = chance.integers(0, apart.size, (n_rows, apart.size))  # (n_rows, n_cases)
        means.extend(apart[drawn].mean(axis=1).tolist())
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Difference(mean, float(low), float(high), int(apart.size))
