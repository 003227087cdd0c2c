"""Keeping what looks like a photo to the kind of thing the photo shows."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

# The nearest designs say together what kind of thing a photo shows (docs/experiments.md).
N_VOTERS = 48
_TEMPERATURE = 0.03


def kinds_shown(voters: Sequence[tuple[str, float]]) -> Mapping[str, float]:
    """How likely each category is to be what a photo shows; the shares add up to 1, and are empty without voters.

    `voters` are the categories of the nearest designs and the cosine of each to the photo; each votes for its own
    category with exp(cosine / 0.03).
    """
    votes: dict[str, float] = defaultdict(float)
    for category, cosine in voters:
        votes[category] += math.exp(cosine / _TEMPERATURE)
    n_votes = sum(votes.values())
    return {category: n_for_it / n_votes for category, n_for_it in votes.items()}
