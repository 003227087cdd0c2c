"""What a live comparison counts: one number a session for each outcome, because sessions are what was drawn by lot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agents.live.sequence import Observations
from env.errors import ComparisonError
from tools.store_live_counts import SessionCount


@dataclass(frozen=True, slots=True)
class Measure:
    """One outcome. `value` is None for a session that says nothing of it.

    `phrase` finishes "the share of ..."; `is_more_better` gives the direction; an `is_duration` is a mean logarithm of
    milliseconds, every other one lies in [0, 1].
    """

    name: str
    label: str
    phrase: str
    value: Callable[[SessionCount], float | None]
    is_more_better: bool = True
    is_duration: bool = False


def _thumbs(count: SessionCount) -> float | None:
    return count.n_up / count.n_rated if count.n_rated else None


def _violations(count: SessionCount) -> float | None:
    return None if count.n_violations is None else float(count.n_violations > 0)


MEASURES: Mapping[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("cart", "Put into the bag", "sessions that put something into the bag", lambda one: one.has_cart),
        Measure("save", "Saved", "sessions that saved something", lambda one: one.has_save),
        Measure(
            "click",
            "Looked closer",
            "sessions that opened a card or its link",
            lambda one: one.has_click,
        ),
        Measure("thumbs", "Thumbs up", "thumbs that are up, by session", _thumbs),
        Measure("failures", "Failures", "sessions in which a model failed", lambda one: one.n_failed > 0, False),
        Measure("violations", "Contract violations", "sessions with a reply that was repaired", _violations, False),
        Measure("time", "Time of a turn", "", lambda one: one.mean_log_ms, False, True),
    )
}
DECIDING = ("cart", "save", "click", "thumbs")
"""Those that a comparison can be decided by."""
GUARDED = ("failures", "violations")
"""Those that stop B whatever the comparison is decided by."""


def measure_named(name: str) -> Measure:
    """The measure of a stored comparison.

    Raises:
        ComparisonError: there is none of this name.
    """
    if name not in MEASURES:
        raise ComparisonError(f"there is no outcome {name!r}; take one of {', '.join(DECIDING)}")
    return MEASURES[name]


def observed(measure: Measure, counts: Sequence[SessionCount]) -> tuple[Observations, list[SessionCount]]:
    """The measure's values in the order of the sessions, and the sessions they come from."""
    told = [(count, value) for count in counts if (value := measure.value(count)) is not None]
    sessions = [count for count, _ in told]
    return (
        Observations(
            values=np.array([value for _, value in told], dtype=np.float64),
            is_b=np.array([count.arm == "B" for count in sessions], dtype=np.bool_),
            share_b=np.array([count.share_b for count in sessions], dtype=np.float64),
            is_bounded=not measure.is_duration,
        ),
        sessions,
    )
