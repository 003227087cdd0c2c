"""Keeping what looks like a photo to the kind of thing the photo shows."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from tools.query import Hit

N_NEAREST = 48
"""So many nearest hits are put in order again."""
# The first of them say together what kind of thing the photo shows; chosen on held-out photos (docs/experiments.md).
_N_VOTERS = 24
_WEIGHT = 0.2
_TEMPERATURE = 0.05


def same_kind_first(hits: Sequence[Hit], weight: float, kind: str = "") -> list[Hit]:
    """The hits in a new order, where those of the kind that the photo shows are lifted by at most 0.2 of similarity.

    Without `kind` the nearest hits vote for their own categories, each with exp(score / 0.05), and a category is
    lifted by its share of the votes. `weight` in [0, 1] is how much the photo counts beside words. Hits keep their
    scores; what is not lifted keeps its order, ties too.
    """
    shares = {kind: 1.0} if kind else _shares(hits[:_N_VOTERS])
    # The order of the hits may come of more than their scores: place by place the best score left stands for it.
    scores = sorted((hit.score for hit in hits), reverse=True)
    lifted = [
        (-score - weight * _WEIGHT * shares.get(hit.item.category, 0.0), place)
        for place, (score, hit) in enumerate(zip(scores, hits, strict=True))
    ]
    return [hits[place] for _, place in sorted(lifted)]


def _shares(voters: Sequence[Hit]) -> Mapping[str, float]:
    votes: dict[str, float] = defaultdict(float)
    for hit in voters:
        votes[hit.item.category] += math.exp(hit.score / _TEMPERATURE)
    n_votes = sum(votes.values())
    return {category: n_for_it / n_votes for category, n_for_it in votes.items()}
