"""How sure a share is."""

from dataclasses import dataclass
from math import sqrt

_Z = 1.959964  # the normal quantile of 97.5 %: the interval holds 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """A share in [0, 1] with its 95 % interval; all of [0, 1] where nothing was counted."""

    share: float
    low: float
    high: float


def wilson(n_hit: int, n_all: int) -> Share:
    """The share n_hit / n_all by Wilson's score interval (E. B. Wilson, JASA 22, 1927); share 0 where n_all is 0."""
    if not n_all:
        return Share(0.0, 0.0, 1.0)
    share, square = n_hit / n_all, _Z * _Z
    middle = share + square / (2 * n_all)
    reach = _Z * sqrt(share * (1 - share) / n_all + square / (4 * n_all * n_all))
    below = 1 + square / n_all
    return Share(share, max(0.0, (middle - reach) / below), min(1.0, (middle + reach) / below))
