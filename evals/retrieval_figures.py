"""Figures with confidence intervals, and ranks over scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

N_RESAMPLES = 1_000
_SEED = 20_260
_ROWS = 256  # of a score matrix sorted at once


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured mean over `n` queries, with the bounds of its 95 % confidence interval.

    `part` is what was asked, `gallery` among what, `how` in which way it was ranked, `measure` what was counted.
    """

    part: str
    gallery: str
    how: str
    measure: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a figure is about, before it is counted."""

    part: str
    gallery: str
    how: str

    def figure(self, measure: str, values: Sequence[float] | NDArray[Any]) -> Figure:
        """The mean of one value per query. Without any query all is 0."""
        low, high = confidence(np.asarray(values, np.float64))
        mean = float(np.mean(values)) if len(values) else 0.0
        return Figure(self.part, self.gallery, self.how, measure, mean, low, high, len(values))

    def found(self, ranks: NDArray[np.int64]) -> list[Figure]:
        """Recall at 1 and 10 and the mean reciprocal rank, from the rank of each query's first relevant item."""
        return [
            self.figure("recall@1", ranks <= 1),
            self.figure("recall@10", ranks <= 10),
            self.figure("MRR", 1 / ranks),
        ]

    def pages(self, pages: Sequence[Sequence[bool]], n_possible: Sequence[int]) -> list[Figure]:
        """From which of ten hits are right: whether the first is, recall at 10, and 1 / rank of the first right one.

        `n_possible` is how many hits could be right; recall counts out of min(10, that).
        """
        recalled = [min(1.0, sum(right) / min(10, n)) for right, n in zip(pages, n_possible, strict=True)]
        reciprocal = [1 / (1 + list(right).index(True)) if any(right) else 0.0 for right in pages]
        return [
            self.figure("first is right", [float(bool(right and right[0])) for right in pages]),
            self.figure("recall@10", recalled),
            self.figure("MRR", reciprocal),
        ]


def confidence(values: NDArray[np.float64]) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of the mean over 1,000 resamples of the queries (Efron, 1979), seeded."""
    if not len(values):
        return 0.0, 0.0
    drawn = np.random.default_rng(_SEED).integers(0, len(values), (N_RESAMPLES, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def first_ranks(scores: NDArray[np.float32], relevant: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The rank, from 1, of the best relevant column of each row; both are (n_queries, n_items).

    What is not relevant and scores the same stands before it, so that an embedder that scores all alike finds
    nothing. A row without a relevant column has the rank n_items + 1.
    """
    best = np.where(relevant, scores, -np.inf).max(axis=1, keepdims=True)
    ranks: NDArray[np.int64] = ((scores >= best) & ~relevant).sum(axis=1) + 1
    ranks[~relevant.any(axis=1)] = scores.shape[1] + 1
    return ranks


def best_columns(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """The columns of the k best scores of each row, best first; ties go to the lower column. (n_queries, k)."""
    k = min(k, scores.shape[1])
    parts = [np.zeros((0, k), np.int64)]
    for at in range(0, len(scores), _ROWS):
        rows = scores[at : at + _ROWS]
        least = np.partition(rows, rows.shape[1] - k, axis=1)[:, rows.shape[1] - k]
        for row, bound in zip(rows, least, strict=True):
            columns = np.flatnonzero(row >= bound)
            parts.append(columns[np.argsort(-row[columns], kind="stable")][None, :k])
    return np.concatenate(parts)
