"""Live comparisons played with drawn shoppers, by the real assignment and the real statistics."""

from dataclasses import replace

import numpy as np
import pytest

from agents.live.assignment import arm_of
from agents.live.measures import MEASURES
from agents.live.power import sessions_needed
from agents.live.sequence import Observations, path_of
from agents.live.simulation import Scenario, play
from agents.live.verdict import judged, verdict_of
from env.errors import ComparisonError

N_RUNS = 100


def observations(values_a: list[float], values_b: list[float], share_b: float = 0.5) -> Observations:
    """A's sessions, then B's."""
    values = np.array([*values_a, *values_b], dtype=np.float64)
    is_b = np.array([False] * len(values_a) + [True] * len(values_b), dtype=np.bool_)
    return Observations(values, is_b, np.full(values.size, share_b))


@pytest.mark.parametrize("share_b", [0.5, 0.2])
def test_two_equal_versions_show_no_difference_although_one_looks_after_every_session(share_b: float) -> None:
    played = play(Scenario("A and A", 0.1, 0.1, share_b=share_b), N_RUNS)
    assert played.n_none >= 95


def test_one_that_looks_at_ordinary_intervals_would_be_wrong_far_more_often() -> None:
    """So that the check above can fail: the same looks with 1.96 standard errors."""
    n_wrong, random = 0, np.random.default_rng(0)
    for _ in range(N_RUNS):
        values, is_b = (random.random(2000) < 0.1).astype(np.float64), random.random(2000) < 0.5
        path = path_of(Observations(values, is_b, np.full(2000, 0.5)), 2000, 0.05)
        ordinary = 1.96 * np.hypot(path.a.error, path.b.error)
        verdict = verdict_of(MEASURES["cart"], replace(path, half_width=ordinary), 50)
        n_wrong += verdict.since is not None
    assert n_wrong > 20


def test_the_better_version_wins_with_as_many_sessions_as_the_calculation_says() -> None:
    needed = sessions_needed(0.1, 0.05, 0.5)
    assert 2000 < needed < 3500
    played = play(Scenario("B better", 0.1, 0.15, needed), N_RUNS)
    assert (played.n_better >= 80, played.n_worse) == (True, 0)
    assert played.median_session is not None
    assert played.median_session < needed * 0.7


def test_a_version_that_breaks_it_is_stopped_early_even_with_a_small_share() -> None:
    played = play(Scenario("B breaks it", 0.2, 0.08), N_RUNS)
    assert (played.n_worse >= 98, played.n_better) == (True, 0)
    assert played.median_session is not None
    assert played.median_session < 500
    careful = play(Scenario("one in ten", 0.2, 0.08, share_b=0.1), N_RUNS)
    assert (careful.n_worse >= 90, careful.n_better) == (True, 0)


def test_a_side_is_the_same_at_every_turn_and_the_split_is_the_one_asked_for() -> None:
    ids = [f"session {n}" for n in range(20_000)]
    sides = [arm_of(7, each, 0.2) for each in ids]
    assert sides == [arm_of(7, each, 0.2) for each in ids]
    assert abs(sides.count("B") / len(ids) - 0.2) < 0.01
    # Another comparison draws anew: who is B here is B there no more often than others.
    both = sum(arm_of(8, each, 0.5) == "B" for each, side in zip(ids, sides, strict=True) if side == "B")
    assert abs(both / sides.count("B") - 0.5) < 0.03


def test_arms_are_plain_means_and_their_difference_where_the_share_never_changed() -> None:
    path = path_of(observations([1, 0, 0, 0], [1, 1, 0, 0]), 1000, 0.05)
    assert (path.a.mean[-1], path.b.mean[-1], path.difference[-1]) == (0.25, 0.5, 0.25)
    assert list(path.a.n) == [1, 2, 3, 4, 4, 4, 4, 4]
    assert np.isfinite(path.half_width).tolist() == [False] * 4 + [True] * 4


def test_a_share_that_changes_with_the_season_makes_no_difference_of_its_own() -> None:
    """Few B in a poor week, many in a good one: plain means would say that B is better."""
    random = np.random.default_rng(3)
    rates, share_b = np.repeat([0.1, 0.4], 4000), np.repeat([0.1, 0.8], 4000)
    is_b = random.random(8000) < share_b
    values = (random.random(8000) < rates).astype(np.float64)
    assert values[is_b].mean() - values[~is_b].mean() > 0.1
    path, verdict = judged(MEASURES["cart"], Observations(values, is_b, share_b), 8000, 50)
    assert (verdict.shown, abs(path.difference[-1]) < 0.03) == ("no difference shown", True)


def test_too_few_sessions_show_nothing_however_large_the_difference() -> None:
    _, verdict = judged(MEASURES["cart"], observations([0.0] * 40, [1.0] * 40), 1000, 50)
    assert (verdict.shown, verdict.since) == ("too early", None)
    _, verdict = judged(MEASURES["cart"], observations([0.0] * 50, [1.0] * 50), 1000, 50)
    assert (verdict.shown, verdict.since) == ("better", 99)
    _, fewer_failures = judged(MEASURES["failures"], observations([0.0] * 50, [1.0] * 50), 1000, 50)
    assert fewer_failures.shown == "worse"


def test_no_sessions_are_no_error() -> None:
    path, verdict = judged(MEASURES["cart"], observations([], []), 1000, 50)
    assert (path.difference.size, verdict.shown) == (0, "too early")


def test_rates_that_cannot_be_are_refused() -> None:
    with pytest.raises(ComparisonError, match=r"^shares of 0\.98 and 1\.08 cannot be; both have to lie"):
        sessions_needed(0.98, 0.1, 0.5)
