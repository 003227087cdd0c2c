"""How many sessions a comparison needs to show a difference of a given size."""

import math
from statistics import NormalDist

from agents.live.sequence import planned_boundary
from agents.live.verdict import ALPHA
from env.errors import ComparisonError

POWER = 0.8
"""How probable it is at least that a true difference of that size is shown by then."""


def sessions_needed(rate_a: float, difference: float, share_b: float, power: float = POWER) -> int:
    """Sessions of both arms together, for a share `rate_a` of A's sessions and B's being `difference` away from it.

    The interval that holds at every look is about half as wide again as one that is looked at once, so about twice as
    many sessions are needed; on average a difference of that size is shown well before.

    Raises:
        ComparisonError: a rate is outside (0, 1), the share is, or there is no difference to be shown.
    """
    rate_b = rate_a + difference
    if not (0 < rate_a < 1 and 0 < rate_b < 1):
        raise ComparisonError(f"shares of {rate_a:.3g} and {rate_b:.3g} cannot be; both have to lie between 0 and 1")
    if not 0 < share_b < 1 or not difference:
        raise ComparisonError(f"a share of {share_b:.3g} or a difference of {difference:.3g} leaves nothing to compare")
    spread = rate_b * (1 - rate_b) / share_b + rate_a * (1 - rate_a) / (1 - share_b)
    reach = planned_boundary(ALPHA) + NormalDist().inv_cdf(power)
    return math.ceil(spread * (reach / difference) ** 2)
