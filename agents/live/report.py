"""The figures of a live comparison as they stand: both arms, their differences, and the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np

from agents.live.measures import GUARDED, MEASURES, Measure, observed
from agents.live.sequence import ArmPath, Path
from agents.live.verdict import Shown, Verdict, judged
from env.errors import ComparisonError
from tools.store_live import Comparison
from tools.store_live_counts import LiveCounts, SessionCount

MAX_POINTS = 160
# Once in 16,000 looks by chance alone.
_MAX_UNEVENNESS = 4.0


@dataclass(frozen=True, slots=True)
class ArmFigure:
    """One measure in one arm: counted sessions, mean and the ends of its interval (None without sessions)."""

    n_sessions: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure in both arms, and B minus A with the ends of its interval (None where an arm is empty)."""

    measure: str
    a: ArmFigure
    b: ArmFigure
    difference: float | None
    low: float | None
    high: float | None
    shown: Shown
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """The deciding difference after `n_sessions`, with its interval."""

    at: datetime
    n_sessions: int
    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ArmSize:
    """How much was counted in one arm; latencies are None without turns."""

    n_sessions: int
    n_turns: int
    p50_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True, slots=True)
class LiveReport:
    """Everything that is told of a comparison. `n_waiting` sessions are still within their window.

    `unevenness` is by how many standard errors more sessions of B were counted than its share makes expect.
    """

    comparison: Comparison
    a: ArmSize
    b: ArmSize
    figures: Mapping[str, Figure]
    points: tuple[Point, ...]
    n_waiting: int
    unevenness: float = 0.0

    @property
    def is_uneven(self) -> bool:
        """Whether the sides are so unlike their share that something other than the lot must be at work."""
        return abs(self.unevenness) > _MAX_UNEVENNESS

    @property
    def deciding(self) -> Figure:
        """The figure that the comparison is decided by."""
        return self.figures[self.comparison.decided_by]

    @property
    def b_wins(self) -> bool:
        """Whether B is better by what decides, still is, and is worse by nothing guarded, on sides a lot would give."""
        deciding = self.deciding
        is_worse = any(self.figures[name].shown == "worse" for name in GUARDED)
        is_clear = deciding.shown == "better" and deciding.low is not None and deciding.low > 0
        return is_clear and not is_worse and not self.is_uneven


def live_report(comparison: Comparison, counts: LiveCounts) -> LiveReport:
    """The figures as they stand, or, where those were kept at its end, as they stood then.

    Raises:
        ComparisonError: the kept figures cannot be read.
    """
    if comparison.result is not None:
        try:
            return report_from_json(comparison, comparison.result)
        except (KeyError, TypeError, ValueError) as error:
            raise ComparisonError(
                f"the kept figures of comparison {comparison.id} cannot be read: {error!r}"
            ) from error
    sessions = counts.sessions(comparison.id)
    latency = counts.latency(comparison.id)
    sizes = {}
    for arm in ("A", "B"):
        mine = [count for count in sessions if count.arm == arm]
        took = latency.get(arm)
        n_turns = sum(count.n_turns for count in mine)
        sizes[arm] = ArmSize(len(mine), n_turns, took.p50_ms if took else None, took.p95_ms if took else None)
    figures: dict[str, Figure] = {}
    points: tuple[Point, ...] = ()
    for name, measure in MEASURES.items():
        figures[name], path, told = _figure(measure, sessions, comparison)
        if name == comparison.decided_by:
            points = _points(path, told)
    waiting, uneven = counts.n_waiting(comparison.id), _unevenness(sessions)
    return LiveReport(comparison, sizes["A"], sizes["B"], figures, points, waiting, uneven)


def _unevenness(sessions: Sequence[SessionCount]) -> float:
    spread = sum(count.share_b * (1 - count.share_b) for count in sessions) ** 0.5
    return sum((count.arm == "B") - count.share_b for count in sessions) / spread if spread else 0.0


def _figure(
    measure: Measure, sessions: Sequence[SessionCount], comparison: Comparison
) -> tuple[Figure, Path, list[SessionCount]]:
    observations, told = observed(measure, sessions)
    path, verdict = judged(measure, observations, comparison.planned_sessions, comparison.min_sessions)
    return _last(measure, path, verdict, told), path, told


def _last(measure: Measure, path: Path, verdict: Verdict, told: Sequence[SessionCount]) -> Figure:
    since = None if verdict.since is None else told[verdict.since].assigned_at
    a, b = _arm(path.a, measure), _arm(path.b, measure)
    if a.mean is None or b.mean is None or not np.isfinite(path.half_width[-1]):
        return Figure(measure.name, a, b, None, None, None, verdict.shown, since)
    middle, half = float(path.difference[-1]), float(path.half_width[-1])
    return Figure(measure.name, a, b, middle, middle - half, middle + half, verdict.shown, since)


def _arm(path: ArmPath, measure: Measure) -> ArmFigure:
    if not path.n.size or not path.n[-1]:
        return ArmFigure(0)
    mean, half = float(path.mean[-1]), float(path.half_width[-1])
    low, high = (mean - half, mean + half) if measure.is_duration else (max(mean - half, 0.0), min(mean + half, 1.0))
    is_known = np.isfinite(half)
    return ArmFigure(int(path.n[-1]), mean, low if is_known else None, high if is_known else None)


def _points(path: Path, told: Sequence[SessionCount]) -> tuple[Point, ...]:
    """The path thinned for a chart; the last point is always in it."""
    known = np.flatnonzero(np.isfinite(path.half_width) & (np.minimum(path.a.n, path.b.n) > 0))
    if not known.size:
        return ()
    places = np.unique(np.linspace(0, known.size - 1, min(known.size, MAX_POINTS)).round().astype(int))
    return tuple(
        Point(
            told[place].assigned_at,
            int(place) + 1,
            float(path.difference[place]),
            float(path.difference[place] - path.half_width[place]),
            float(path.difference[place] + path.half_width[place]),
        )
        for place in known[places]
    )


def report_json(report: LiveReport) -> dict[str, Any]:
    """The figures to be kept with a comparison that has ended."""
    return {
        "a": asdict(report.a),
        "b": asdict(report.b),
        "figures": [{**asdict(each), "since": _written(each.since)} for each in report.figures.values()],
        "points": [{**asdict(point), "at": point.at.isoformat()} for point in report.points],
        "n_waiting": report.n_waiting,
        "unevenness": report.unevenness,
    }


def report_from_json(comparison: Comparison, data: Mapping[str, Any]) -> LiveReport:
    """Figures as `report_json` wrote them."""
    figures = {}
    for each in data["figures"]:
        a, b = ArmFigure(**each["a"]), ArmFigure(**each["b"])
        since = datetime.fromisoformat(each["since"]) if each["since"] else None
        figures[each["measure"]] = Figure(**{**each, "a": a, "b": b, "since": since})
    points = tuple(Point(**{**point, "at": datetime.fromisoformat(point["at"])}) for point in data["points"])
    sizes = ArmSize(**data["a"]), ArmSize(**data["b"])
    return LiveReport(comparison, *sizes, figures, points, data["n_waiting"], data.get("unevenness", 0.0))


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
