"""A live comparison in words, for the page and the command line."""

import math

from agents.live.measures import MEASURES
from agents.live.report import ArmFigure, Figure, LiveReport


def measure_label(name: str) -> str:
    """What a measure is called."""
    return MEASURES[name].label


def arm_words(figure: ArmFigure, measure: str) -> str:
    """The mean of one arm with its interval: "12.1 % [9.8, 14.5]"; "–" without sessions."""
    if figure.mean is None:
        return "–"
    if MEASURES[measure].is_duration:
        return f"{math.exp(figure.mean):,.0f} ms"
    if figure.low is None or figure.high is None:
        return f"{figure.mean:.1%}".replace("%", " %")
    return f"{figure.mean * 100:.1f} % [{figure.low * 100:.1f}, {figure.high * 100:.1f}]"


def difference_words(figure: Figure) -> str:
    """B minus A with its interval: "+3.1 points [+0.4, +5.8]"; durations as a ratio. "–" where an arm is empty."""
    if figure.difference is None or figure.low is None or figure.high is None:
        return "–"
    is_duration = MEASURES[figure.measure].is_duration
    middle, low, high = (
        math.expm1(min(value, 20.0)) * 100 if is_duration else value * 100
        for value in (figure.difference, figure.low, figure.high)
    )
    unit = "%" if is_duration else "points"
    return f"{signed(middle)} {unit} [{signed(low)}, {signed(high)}]"


def signed(value: float) -> str:
    """A number with its sign, a true minus, and one decimal."""
    return f"{value:+.1f}".replace("-", "−")


def figure_words(figure: Figure) -> str:
    """Both arms and the difference of a measure in one sentence's part."""
    a, b = (arm_words(arm, figure.measure) for arm in (figure.a, figure.b))
    return f"A {a}, B {b}, difference {difference_words(figure)}"


def verdict_words(report: LiveReport) -> str:
    """The one sentence that says what is known."""
    figure, comparison = report.deciding, report.comparison
    measure = MEASURES[figure.measure]
    if figure.shown == "too early":
        return (
            f"Too early to tell: {figure.a.n_sessions} of {comparison.min_sessions} sessions are counted for A,"
            f" {figure.b.n_sessions} of {comparison.min_sessions} for B."
        )
    told = f"Share of {measure.phrase}: {figure_words(figure)}."
    if figure.shown == "no difference shown":
        return f"No difference is shown. {told}"
    since = f" since {figure.since:%d %b %H:%M}" if figure.since else ""
    return f"B is {figure.shown}, shown{since}. {told}"


def uneven_words(report: LiveReport) -> str:
    """That the sides are not what the share makes expect, so that no figure is to be trusted; "" where they are."""
    if not report.is_uneven:
        return ""
    return (
        f"Mind: {report.a.n_sessions:,} sessions of A and {report.b.n_sessions:,} of B are not what a lot would give."
        " One side loses sessions before they are counted, so do not trust the figures before you know why."
    )


def won_words(report: LiveReport) -> str:
    """That B clearly wins and what is to be done now; "" where it does not, or nothing is left to be done."""
    comparison = report.comparison
    if not comparison.is_running or not report.b_wins:
        return ""
    figure = report.deciding
    told = f"B clearly wins by “{measure_label(figure.measure)}”: {difference_words(figure)}."
    if comparison.when_b_wins == "tell":
        return f"{told} Put it in force for all, or let it run on."
    if comparison.win_problem:
        return f"{told} The guard could not put it in force: {comparison.win_problem}. Mend that and do it by hand."
    return f"{told} The guard is putting it in force."


def state_words(report: LiveReport) -> str:
    """Whether it runs, or how and why it ended."""
    comparison = report.comparison
    if comparison.is_running:
        act = "puts it in force" if comparison.when_b_wins == "publish" else "says so"
        return (
            f"running since {comparison.started_at:%d %b %Y %H:%M}, started by {comparison.started_by}; once B clearly"
            f" wins, the guard {act}"
        )
    ended = f"{comparison.ended_at:%d %b %Y %H:%M}" if comparison.ended_at else ""
    if comparison.state == "stopped by guard":
        return f"stopped by the guard on {ended}: {comparison.reason}"
    return f"ended on {ended} by {comparison.ended_by}: {comparison.reason}"
