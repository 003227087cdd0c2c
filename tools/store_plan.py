"""How a search finds its candidates: by comparing every row that passes, or by walking the index."""

from typing import Literal

Plan = Literal["exact", "walk"]

N_CANDIDATES = 100
"""Rows that are ranked exactly. Of 200 queries over 44 thousand items the ten best by image-text contrast were all
among the 100 nearest pooled vectors, 0.993 of them among the 50 nearest."""

N_CANDIDATES_BY_KIND = 200
"""The same where the kind that a photo shows lifts some of them from further down."""

EXACT_UP_TO = 12_000
"""Matching rows that are all compared: that misses nothing, and costs by these rows alone. A walk visits the more rows,
the fewer of them pass: with one in seven passing, and those not the ones nearest to the words, it cost as much
processor time as comparing all 6,000. Judged on a busy machine with 44 thousand items; not measured at a million."""

MOST_FROM_INDEX = 2_000
"""More candidates than these come from comparing all: a walk slows down faster than its yield grows."""


def choose_plan(n_matching: int, n_candidates: int) -> Plan:
    """The plan for so many matching rows; both give the same answer, but for a neighbour that a walk may miss."""
    return "walk" if n_matching > EXACT_UP_TO and n_candidates <= MOST_FROM_INDEX else "exact"
