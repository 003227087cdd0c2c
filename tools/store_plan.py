"""How a search finds its candidates: by comparing every row that passes, or by walking the index."""

import math
from typing import Literal

Plan = Literal["exact", "walk"]

N_CANDIDATES = 100
"""Rows that are ranked exactly. Of 200 queries over 44 thousand items the ten best by image-text contrast were all
among the 100 nearest pooled vectors, 0.993 of them among the 50 nearest."""
MOST_FROM_INDEX = 2_000
"""More candidates than these come from comparing all: a walk slows down faster than its yield grows."""
_LEAST_WALKED = 2_000
_EXACT_SCALE = 20.0


def exact_up_to(n_items: int) -> int:
    """Up to this many matching rows comparing all of them is the cheaper plan, of `n_items` in the catalogue.

    Comparing all costs a fixed time a matching row. A walk visits N_CANDIDATES * n_items / n_matching rows before
    enough of them pass, each about four times as dear. Both cost the same at n_matching = sqrt(4 * N_CANDIDATES *
    n_items): 4,200 of 44 thousand, 20,000 of a million.
    """
    return max(_LEAST_WALKED, round(_EXACT_SCALE * math.sqrt(n_items)))


def choose_plan(n_matching: int, n_items: int, n_candidates: int) -> Plan:
    """The plan for so many matching rows; both give the same answer, but for a neighbour that a walk may miss."""
    return "walk" if n_matching > exact_up_to(n_items) and n_candidates <= MOST_FROM_INDEX else "exact"
