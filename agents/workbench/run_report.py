"""A run in figures: every measure by variant, every difference to the first with its interval and verdict."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from agents.workbench.bootstrap import Difference, Verdict, difference
from agents.workbench.case_result import CaseResult
from agents.workbench.scorers import Scorer
from agents.workbench.slot_match import slots_compared
from agents.workbench.variants import Variant
from tools.store_cases import CaseRow
from tools.store_runs import ResultRow, RunRow

MIN_CASES = 20
"""With fewer cases no difference says anything."""


@dataclass(frozen=True, slots=True)
class Played:
    """One case with what came out of it, one result for each variant."""

    case: CaseRow
    results: tuple[CaseResult, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over all variants: means (None without a labelled case) and how many cases each counts.

    `differences` and `verdicts` are those of the second, third ... variant to the first.
    """

    scorer: Scorer
    means: tuple[float | None, ...]
    n_cases: int
    differences: tuple[Difference, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class VariantFigures:
    """What of a variant is no mean: slots right of how many, violations by kind, latency, tokens, cost."""

    by_slot: Mapping[str, tuple[int, int]]
    violations: Mapping[str, int]
    p50_ms: float
    p95_ms: float
    stages_ms: Mapping[str, float]
    tokens_in: int
    tokens_out: int
    is_estimated: bool
    cost: float | None
    n_failed: int


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run, reported. Only cases that every variant has played count, so that figures compare."""

    run: RunRow
    variants: tuple[Variant, ...]
    played: tuple[Played, ...]
    measured: tuple[Measured, ...]
    figures: tuple[VariantFigures, ...]

    def verdict(self, place: int) -> Verdict:
        """What the main measures say of variant `place` (from 1) beside the first: one that is worse decides."""
        said = [measure.verdicts[place - 1] for measure in self.measured if measure.scorer.is_main]
        for verdict in ("worse", "better", "no difference shown"):
            if verdict in said:
                return verdict
        return "too few to tell"

    @property
    def differing(self) -> tuple[Played, ...]:
        """The cases in which variants did not do the same."""
        return tuple(each for each in self.played if len({_outcome(result) for result in each.results}) > 1)


def report_run(
    run: RunRow,
    cases: Sequence[CaseRow],
    rows: Sequence[ResultRow],
    scorers: Mapping[str, Scorer],
    min_cases: int = MIN_CASES,
) -> RunReport:
    """The report of a run from what is stored of it: no model is called, so it may be made again with other labels."""
    variants = tuple(Variant.from_json(each) for each in run.variants)
    found = {(row.case_id, row.variant): CaseResult.from_json(row.result) for row in rows}
    places = range(len(variants))
    played = tuple(
        Played(case, tuple(found[case.id, place] for place in places))
        for case in cases
        if all((case.id, place) in found for place in places)
    )
    measured = (_measured(scorer, played, len(variants), min_cases) for scorer in scorers.values())
    figures = tuple(_figures([(each.case, each.results[place]) for each in played]) for place in places)
    return RunReport(run, variants, played, tuple(each for each in measured if each is not None), figures)


def _measured(scorer: Scorer, played: Sequence[Played], n_variants: int, min_cases: int) -> Measured | None:
    """None where no case has a number for it."""
    rows: list[list[float]] = []
    for each in played:
        values = [scorer.score(each.case, result) for result in each.results]
        if all(isinstance(value, bool | int | float) for value in values):
            rows.append([float(value) for value in values if value is not None and not isinstance(value, str)])
    if not rows:
        return None
    columns = list(zip(*rows, strict=True))
    apart = tuple(difference(columns[0], columns[place]) for place in range(1, n_variants))
    verdicts = tuple(each.verdict(scorer.is_higher_better, min_cases) for each in apart)
    return Measured(scorer, tuple(fmean(column) for column in columns), len(rows), apart, verdicts)


def _figures(results: Sequence[tuple[CaseRow, CaseResult]]) -> VariantFigures:
    right, counted = Counter[str](), Counter[str]()
    for case, result in results:
        for slot in slots_compared(case, result.intent) if case.expected else ():
            counted[slot.name] += 1
            right[slot.name] += slot.is_right and not result.error
    totals = [result.timings_ms["total"] for _, result in results if "total" in result.timings_ms]
    costs = [result.cost for _, result in results if not result.error]
    stages = dict.fromkeys(stage for _, result in results for stage in result.timings_ms)
    return VariantFigures(
        by_slot={name: (right[name], n_cases) for name, n_cases in counted.most_common()},
        violations=dict(Counter(breach.kind for _, result in results for breach in result.violations).most_common()),
        p50_ms=_quantile(totals, 0.5),
        p95_ms=_quantile(totals, 0.95),
        stages_ms={stage: _quantile([r.timings_ms[stage] for _, r in results if stage in r.timings_ms], 0.5)
                   for stage in stages},
        tokens_in=sum(result.tokens_in for _, result in results),
        tokens_out=sum(result.tokens_out for _, result in results),
        is_estimated=any(result.is_estimated for _, result in results),
        cost=None if None in costs else sum(cost for cost in costs if cost is not None),
        n_failed=sum(bool(result.error or result.failures) for _, result in results),
    )  # fmt: skip


def _quantile(values: Sequence[float], share: float) -> float:
    return float(np.quantile(values, share)) if values else 0.0


def _outcome(result: CaseResult) -> tuple[str, tuple[str, ...], str, str, tuple[str, ...]]:
    kinds = tuple(breach.kind for breach in result.violations)
    return repr(sorted(result.intent.items(), key=lambda pair: pair[0])), result.skus, result.reply, result.error, kinds
