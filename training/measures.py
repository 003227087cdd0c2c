"""How well pictures are found by words: measures over scores, without any model."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FACETS = ("category", "colour", "gender")
PEOPLE = {"female": "women", "male": "men", "unisex": "everyone"}


@dataclass(frozen=True, slots=True)
class AttributeQueries:
    """The queries "<colour> <article type> for <gender>" of a gallery, each combination in it once.

    `wanted` holds each query's (category, colour, gender), `n_items` how many items are exactly that.
    """

    texts: tuple[str, ...]
    wanted: tuple[tuple[str, str, str], ...]
    n_items: tuple[int, ...]


def attribute_queries(rows: Sequence[tuple[str, str, str]]) -> AttributeQueries:
    """The queries for items given as (category, colour, gender); an item that lacks one of them gives no query."""
    counts = Counter(row for row in rows if all(row))
    wanted = tuple(sorted(counts))
    texts = tuple(
        f"{colour} {category} for {PEOPLE.get(gender, gender)}".lower() for category, colour, gender in wanted
    )
    return AttributeQueries(texts, wanted, tuple(counts[row] for row in wanted))


def attribute_precision(
    scores: NDArray[np.float32], queries: AttributeQueries, rows: Sequence[tuple[str, str, str]], by_items: bool = False
) -> dict[str, float]:
    """Mean precision at 10 of each facet and of all three together; scores (n_queries, n_items).

    Facets that fewer than 10 items have count against what exists: the denominator is min(10, number relevant).
    Each query counts once, or `by_items` as often as there are items that are exactly what it asks for, so that a
    combination that exists once does not weigh as much as one that fills a page. Without any query all are 0.
    """
    right = {
        facet: same([one[at] for one in queries.wanted], [row[at] for row in rows]) for at, facet in enumerate(FACETS)
    }
    right["all"] = right["category"] & right["colour"] & right["gender"]
    if not queries.texts:
        return dict.fromkeys(right, 0.0)
    weights = queries.n_items if by_items else None
    return {
        facet: float(np.average(precision_at(scores, relevant, 10), weights=weights))
        for facet, relevant in right.items()
    }


def recall_at(scores: NDArray[np.float32], relevant: NDArray[np.bool_], k: int) -> float:
    """The share of rows with a relevant column among the k best; scores and relevant are (n_queries, n_items)."""
    if scores.size == 0:
        return 0.0
    best = top(scores, k)
    return float(np.take_along_axis(relevant, best, axis=1).any(axis=1).mean())


def precision_at(scores: NDArray[np.float32], relevant: NDArray[np.bool_], k: int) -> NDArray[np.float64]:
    """Each query's share of relevant items among its k best, out of min(k, number relevant); (n_queries,).

    A query that nothing is relevant to has the value 0.
    """
    best = top(scores, k)
    found = np.take_along_axis(relevant, best, axis=1).sum(axis=1)
    possible = np.minimum(relevant.sum(axis=1), k)
    result: NDArray[np.float64] = found / np.maximum(possible, 1)
    return result


def top(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """The columns of the k best scores of each row, best first; ties go to the lower column."""
    k = min(k, scores.shape[1])
    best: NDArray[np.int64] = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return best


def best_token_scores(texts: NDArray[np.float32], tokens: NDArray[np.float32]) -> NDArray[np.float32]:
    """BLIP-2's exact score: texts (n_texts, dim), tokens (n_items, n_tokens, dim) -> (n_texts, n_items)."""
    best: NDArray[np.float32] = (texts @ tokens[:, 0].T).astype(np.float32)
    for at in range(1, tokens.shape[1]):
        np.maximum(best, texts @ tokens[:, at].T, out=best)
    return best


def same(wanted: Sequence[str], present: Sequence[str]) -> NDArray[np.bool_]:
    """Which wanted value equals which present value; (n_wanted, n_present); "" equals nothing."""
    left, right = np.asarray(wanted, dtype=object), np.asarray(present, dtype=object)
    equal: NDArray[np.bool_] = (left[:, None] == right[None, :]) & (left[:, None] != "")
    return equal
