"""Live comparisons played with drawn shoppers: how often the right side wins, and how soon the guard steps in.

Sessions are given their sides by the code that gives them to shoppers, and judged by the code that judges those, after
every single session.
"""

from dataclasses import dataclass

import numpy as np

from agents.live.assignment import arm_of
from agents.live.measures import MEASURES, Measure
from agents.live.sequence import Observations
from agents.live.verdict import Verdict, judged


@dataclass(frozen=True, slots=True)
class Scenario:
    """Shoppers to draw: the share of sessions in which the outcome happens in either arm."""

    label: str
    rate_a: float
    rate_b: float
    n_sessions: int = 2000
    share_b: float = 0.5
    min_sessions: int = 50


@dataclass(frozen=True, slots=True)
class Played:
    """What came of many runs of a scenario. `median_session` is when a difference was first shown, None if never."""

    scenario: Scenario
    n_runs: int
    n_better: int
    n_worse: int
    median_session: int | None
    n_kept_from_b: int

    @property
    def n_none(self) -> int:
        """Runs that showed no difference."""
        return self.n_runs - self.n_better - self.n_worse


def play(scenario: Scenario, n_runs: int, seed: int = 0, measure: Measure = MEASURES["cart"]) -> Played:
    """Play a scenario `n_runs` times. The same seed gives the same shoppers."""
    verdicts, kept = [], []
    for run in range(n_runs):
        drawn = _drawn(scenario, run, np.random.default_rng((seed, run)))
        _, verdict = judged(measure, drawn, scenario.n_sessions, scenario.min_sessions)
        verdicts.append(verdict)
        kept.append(_kept_from_b(verdict, drawn))
    shown = [verdict.since + 1 for verdict in verdicts if verdict.since is not None]
    return Played(
        scenario,
        n_runs,
        sum(verdict.shown == "better" for verdict in verdicts),
        sum(verdict.shown == "worse" for verdict in verdicts),
        int(np.median(shown)) if shown else None,
        int(np.mean(kept)),
    )


def _drawn(scenario: Scenario, run: int, random: np.random.Generator) -> Observations:
    comparison_id = int(random.integers(1, 2**31))
    sides = [arm_of(comparison_id, f"session {run} {n}", scenario.share_b) for n in range(scenario.n_sessions)]
    is_b = np.array([side == "B" for side in sides], dtype=np.bool_)
    rates = np.where(is_b, scenario.rate_b, scenario.rate_a)
    values = (random.random(scenario.n_sessions) < rates).astype(np.float64)
    return Observations(values, is_b, np.full(scenario.n_sessions, scenario.share_b))


def _kept_from_b(verdict: Verdict, drawn: Observations) -> int:
    """Sessions that would have got B and do not, because the guard had ended the comparison by then."""
    return int(drawn.is_b[verdict.since + 1 :].sum()) if verdict.shown == "worse" and verdict.since is not None else 0


SCENARIOS = (
    Scenario("A and A", 0.10, 0.10),
    Scenario("A and A, rare", 0.02, 0.02),
    Scenario("A and A, one in five gets B", 0.10, 0.10, share_b=0.2),
    Scenario("B better", 0.10, 0.15),
    Scenario("B a little better", 0.10, 0.12),
    Scenario("B worse", 0.15, 0.10),
    Scenario("B breaks it", 0.20, 0.08),
    Scenario("B breaks it, one in ten gets B", 0.20, 0.08, share_b=0.1),
)
"""What `python -m agents live simulate` plays."""
