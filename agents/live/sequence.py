"""Intervals for a difference between two arms that hold however often one looks: confidence sequences.

Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences"
(Annals of Statistics 2024), theorem 2.2 and its tuning of rho; arms are weighted by the chance a session had to come
into them (Hajek), so that a change of the share on the way biases nothing.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Sessions with and without the outcome that each arm is taken to have had beside its own, for its variance alone.
_ADDED = 3


@dataclass(frozen=True, slots=True)
class Observations:
    """One outcome of sessions in the order they came, one entry each: its value, whether it was in B, B's share then.

    Values of a `is_bounded` outcome lie in [0, 1].
    """

    values: Floats  # (n_sessions,)
    is_b: Bools  # (n_sessions,)
    share_b: Floats  # (n_sessions,)
    is_bounded: bool = True


@dataclass(frozen=True, slots=True)
class ArmPath:
    """One arm after each session: sessions in it, mean and half the width of its interval (infinite without any)."""

    n: NDArray[np.int64]  # (n_sessions,)
    mean: Floats  # (n_sessions,)
    error: Floats  # (n_sessions,)
    half_width: Floats  # (n_sessions,)


@dataclass(frozen=True, slots=True)
class Path:
    """What was known after each session: both arms, B minus A, and half the width of its interval."""

    a: ArmPath
    b: ArmPath
    difference: Floats  # (n_sessions,)
    half_width: Floats  # (n_sessions,)

    def first_shown(self, min_sessions: int) -> int | None:
        """Index of the session after which a difference was first shown; None where none is.

        It stays shown: the error probability of the sequence covers all looks together.
        """
        is_ready = np.minimum(self.a.n, self.b.n) >= min_sessions
        shown = np.flatnonzero(is_ready & (np.abs(self.difference) > self.half_width))
        return int(shown[0]) if shown.size else None


def path_of(observed: Observations, planned_sessions: int, alpha: float) -> Path:
    """The confidence sequences of both arms and of their difference.

    Each holds at all times together with probability 1 - alpha in the limit of many sessions; they are narrowest around
    `planned_sessions` of both arms. No sessions give empty paths.
    """
    in_a, in_b = ~observed.is_b, observed.is_b
    rho2 = _rho2(planned_sessions, alpha)
    a = _arm(observed, np.where(in_a, 1 / (1 - observed.share_b), 0.0), in_a, rho2, alpha)
    b = _arm(observed, np.where(in_b, 1 / observed.share_b, 0.0), in_b, rho2, alpha)
    t = np.arange(1, observed.values.size + 1, dtype=np.float64)
    half_width = np.hypot(a.error, b.error) * boundary(t, rho2, alpha)
    return Path(a, b, b.mean - a.mean, half_width)


def boundary(t: Floats, rho2: float, alpha: float) -> Floats:
    """How many standard errors the interval reaches to either side after `t` sessions; more than 1.96 at 0.05."""
    scaled = t * rho2
    return np.sqrt(2 * (scaled + 1) / scaled * np.log(np.sqrt(scaled + 1) / alpha))


def planned_boundary(alpha: float) -> float:
    """The same after exactly as many sessions as were planned."""
    return float(boundary(np.ones(1), _rho2(1, alpha), alpha)[0])


def _rho2(planned_sessions: int, alpha: float) -> float:
    log = -2 * math.log(alpha)
    return (log + math.log(log + 1)) / planned_sessions


def _arm(observed: Observations, weight: Floats, is_in: Bools, rho2: float, alpha: float) -> ArmPath:
    n = np.cumsum(is_in, dtype=np.int64)
    total, squares = np.cumsum(weight), np.cumsum(weight**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.cumsum(weight * observed.values) / total
        variance = _variance(observed, weight, n, mean)
        error = np.where(n > 0, np.sqrt(variance * squares) / total, np.inf)
        half_width = error * boundary(np.maximum(n, 1).astype(np.float64), rho2, alpha)
    return ArmPath(n, mean, error, half_width)


def _variance(observed: Observations, weight: Floats, n: NDArray[np.int64], mean: Floats) -> Floats:
    """Of one session's value. Of values in [0, 1] the most it can be at their mean, drawn a little to the middle.

    So an arm in which nothing has happened yet is not taken for one in which nothing can.
    """
    if observed.is_bounded:
        drawn: Floats = (np.nan_to_num(mean) * n + _ADDED) / (n + 2 * _ADDED)
        return drawn * (1 - drawn)
    second = np.cumsum(weight * observed.values**2) / np.cumsum(weight)
    spread: Floats = np.maximum(second - mean**2, 1e-6) * n / np.maximum(n - 1, 1)
    return np.where(n > 1, spread, np.inf)
