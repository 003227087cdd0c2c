"""A report in words: for the command line, and for those numbers that the page tells too."""

from collections.abc import Iterator

from agents.workbench.bootstrap import Difference
from agents.workbench.run_report import Measured, RunReport
from agents.workbench.scorers import Scorer
from tools.store_runs import RunRow

_MINUTE_S = 60
PRACTICE_NOTE = (
    "The practice model of this machine takes part: it follows a prompt by simple rules, so its figures show whether a"
    " rule of a prompt is there, not how well a real model would do."
)


def run_line(run: RunRow) -> str:
    """A run in one line."""
    told = [f"run {run.id}", run.status, f"{run.n_done} of {run.n_results}"]
    if run.status == "running" and run.per_s and run.left_s is not None:
        told.append(f"{run.per_s:.1f} a second, {duration(run.left_s)} left")
    return "  ".join((*told, run.title, *([run.problem] if run.problem else [])))


def duration(seconds: float) -> str:
    """A time people read: "40 s", "3 min"."""
    return f"{seconds:.0f} s" if seconds < 2 * _MINUTE_S else f"{seconds / _MINUTE_S:.0f} min"


def value_words(scorer: Scorer, value: float | None) -> str:
    """A mean as its measure is written."""
    if value is None:
        return "-"
    written = {"share": f"{100 * value:.1f} %", "ms": f"{value:.0f} ms", "dollars": f"${value:.5f}"}
    return written.get(scorer.shown_as, f"{value:.2f}")


def difference_words(scorer: Scorer, apart: Difference) -> str:
    """A difference with its interval: "+2.0 points (-0.5 to +4.5)"."""
    if apart.low == apart.high == 0:
        return "the same in every case"
    scale, unit, digits = {"share": (100.0, " points", 1), "ms": (1.0, " ms", 0), "dollars": (1.0, " $", 5)}.get(
        scorer.shown_as, (1.0, "", 2)
    )
    mean, low, high = (f"{value * scale:+.{digits}f}" for value in (apart.mean, apart.low, apart.high))
    return f"{mean}{unit} ({low} to {high})"


def summary(report: RunReport, place: int) -> str:
    """The verdict on one variant beside the first, as a sentence with what it stands on."""
    label, base = report.variants[place].label, report.variants[0].label
    verdict = report.verdict(place)
    n_cases = len(report.played)
    if verdict == "too few to tell":
        return f"“{label}” beside “{base}”: {n_cases} cases are too few to tell."
    deciding = [each.scorer.words.lower() for each in report.measured if _decides(each, place, verdict)]
    on = f" on {', '.join(deciding)}" if verdict in ("better", "worse") else ""
    return f"“{label}” beside “{base}”: {verdict}{on}, over {n_cases} cases."


def _decides(measured: Measured, place: int, verdict: str) -> bool:
    return measured.scorer.is_main and measured.verdicts[place - 1] == verdict


def report_lines(report: RunReport) -> Iterator[str]:
    """A whole report for the command line."""
    yield run_line(report.run)
    if any(variant.is_practice for variant in report.variants):
        yield PRACTICE_NOTE
    for place in range(1, len(report.variants)):
        yield summary(report, place)
    for measured in report.measured:
        means = "  ".join(value_words(measured.scorer, mean) for mean in measured.means)
        yield f"{measured.scorer.words} ({measured.n_cases} cases): {means}"
        for place, apart in enumerate(measured.differences):
            told = difference_words(measured.scorer, apart)
            yield f"    {report.variants[place + 1].label}: {told}, {measured.verdicts[place]}"
    for variant, figures in zip(report.variants, report.figures, strict=True):
        slots = ", ".join(f"{name} {right}/{n_cases}" for name, (right, n_cases) in figures.by_slot.items())
        broken = ", ".join(f"{kind} {n_times}" for kind, n_times in figures.violations.items()) or "none"
        counted = "estimated" if figures.is_estimated else "counted by the vendor"
        cost = "unknown" if figures.cost is None else f"${figures.cost:.4f}"
        yield f"{variant.label}: slots right {slots or 'not labelled'}"
        yield f"    violations: {broken}; failed turns: {figures.n_failed}"
        yield f"    p50 {figures.p50_ms:.0f} ms, p95 {figures.p95_ms:.0f} ms; tokens {figures.tokens_in} in,"
        yield f"    {figures.tokens_out} out ({counted}); cost {cost}"
