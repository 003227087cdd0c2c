"""What the intervals of a measure allow to say: B is better, B is worse, or no difference is shown."""

from dataclasses import dataclass
from typing import Literal

from agents.live.measures import GUARDED, Measure
from agents.live.sequence import Observations, Path, path_of

Shown = Literal["better", "worse", "no difference shown", "too early"]

ALPHA = 0.05
"""How probable it is at most that a difference is shown where there is none, over all looks together."""
GUARD_ALPHA = 0.01
"""The same for each measure that is only guarded: together they add little to the chance of a wrong stop."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is shown for B, and the index of the session after which it first was, None where nothing is."""

    shown: Shown
    since: int | None = None


def alpha_of(measure: Measure) -> float:
    """The error probability that a measure's intervals are drawn with."""
    return GUARD_ALPHA if measure.name in GUARDED else ALPHA


def judged(measure: Measure, observations: Observations, planned: int, min_sessions: int) -> tuple[Path, Verdict]:
    """The intervals of a measure over all its sessions, and what they show."""
    path = path_of(observations, planned, alpha_of(measure))
    return path, verdict_of(measure, path, min_sessions)


def verdict_of(measure: Measure, path: Path, min_sessions: int) -> Verdict:
    """What a path shows. Before each arm has `min_sessions` it is too early."""
    since = path.first_shown(min_sessions)
    if since is not None:
        is_more = bool(path.difference[since] > 0)
        return Verdict("better" if is_more == measure.is_more_better else "worse", since)
    is_ready = bool(path.a.n.size) and min(path.a.n[-1], path.b.n[-1]) >= min_sessions
    return Verdict("no difference shown" if is_ready else "too early")
