"""The gate: what the team asks of a version before shoppers may meet it, and whether a version has shown it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.workbench.gate_verdict import GateVerdict
from agents.workbench.run_report import MIN_CASES, RunReport, report_run
from agents.workbench.scorers import SCORERS, Scorer
from agents.workbench.variants import Variant
from agents.workbench.versions import SHIPPED_VERSIONS, PromptVersions, mark_of
from env.database import Database
from env.errors import BenchError
from env.roles import Action, Actor
from tools.store_runs import ResultRow, RunRow, RunStore

_MOST_RUNS = 200


class GatePolicy(BaseModel):
    """What is asked. `min_cases` cases at least, `max_new_violations` breaches that the version in force had not, and
    none of the measures `not_worse` worse."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    is_on: bool = True
    min_cases: int = Field(default=MIN_CASES, ge=1, le=100_000)
    max_new_violations: int = Field(default=0, ge=0, le=1_000)
    not_worse: tuple[str, ...] = tuple(name for name, scorer in SCORERS.items() if scorer.is_main)


def read_policy(database: Database) -> GatePolicy:
    """The policy in force: what was set last, else the default."""
    stored = RunStore(database).policy()
    return _policy(stored[0]) if stored else GatePolicy()


def set_policy(actor: Actor, database: Database, policy: Mapping[str, Any], known: Mapping[str, Scorer]) -> GatePolicy:
    """Let this policy count from now on.

    Raises:
        AccessError: the actor may not publish prompts, so neither loosen what stands before it.
        BenchError: a value cannot be used, or a measure is unknown.
    """
    actor.require(Action.PUBLISH_PROMPTS)
    checked = _policy(policy)
    if unknown := sorted(set(checked.not_worse) - set(known)):
        raise BenchError(f"the gate knows no measure {unknown[0]!r}; measures are {', '.join(known)}")
    RunStore(database).set_policy(checked.model_dump(mode="json"), actor.name)
    return checked


def _policy(data: Mapping[str, Any]) -> GatePolicy:
    try:
        return GatePolicy.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise BenchError(f"the gate's policy: {where}={first['input']!r}: {first['msg'].lower()}") from error


@dataclass(frozen=True, slots=True)
class _Standing:
    """A run in which a version stood against the one in force: the places of the two among its variants."""

    run: RunRow
    base: int
    other: int


def check_gate(
    database: Database,
    name: str,
    version: str,
    versions: PromptVersions = SHIPPED_VERSIONS,
    scorers: Mapping[str, Scorer] = SCORERS,
) -> GateVerdict:
    """Whether a version may be published, by the newest finished run in which it stood against the one in force.

    Raises:
        PromptError: there is no such version.
        DatabaseError: the database cannot be reached.
    """
    policy = read_policy(database)
    if not policy.is_on:
        return GateVerdict(True, ("the gate is switched off",))
    in_force = versions.in_force(name)
    if version == in_force:
        return GateVerdict(True, (f"version {version!r} of {name!r} is the one in force",))
    standing = _newest(database, name, (version, in_force), versions)
    if standing is None:
        return GateVerdict(
            False,
            (f"no finished run has {name!r} {version!r} as it is now beside {in_force!r}, the one in force; run both",),
        )
    store = RunStore(database)
    run_id = standing.run.id
    cases, rows = store.cases(run_id), store.results(run_id)
    report = report_run(_pair(standing), cases, _paired(standing, rows), scorers, policy.min_cases)
    against = tuple(_against(report, policy))
    if against:
        return GateVerdict(False, against, run_id)
    return GateVerdict(True, (f"run {run_id} over {len(report.played)} cases: {report.verdict(1)}",), run_id)


def _newest(database: Database, name: str, pair: tuple[str, str], versions: PromptVersions) -> _Standing | None:
    """The newest run that had both versions, word for word as they are now, with all else the same."""
    version, in_force = pair
    marks = [mark_of(versions.prompt(name, each)) for each in pair]
    for run in RunStore(database).runs(_MOST_RUNS):
        if run.status != "done":
            continue
        variants = [Variant.from_json(each) for each in run.variants]
        for other, tried in enumerate(variants):
            for base, stood in enumerate(variants):
                is_pair = (tried.prompts[name], stood.prompts[name]) == (version, in_force)
                is_same = [tried.marks.get(name), stood.marks.get(name)] == marks
                is_fair = _works_by(tried, name) and _all_else(tried, name) == _all_else(stood, name)
                if is_pair and is_same and is_fair:
                    return _Standing(run, base, other)
    return None


def _works_by(variant: Variant, name: str) -> bool:
    """Whether a model followed the prompt at all: the rules of this machine read none."""
    return (variant.classifier if name == "classifier" else variant.assistant) != "offline"


def _all_else(variant: Variant, name: str) -> tuple[object, ...]:
    """What has to be the same on both sides."""
    others = tuple(sorted((other, mark) for other, mark in variant.marks.items() if other != name))
    return (others, variant.classifier, variant.assistant, variant.model)


def _pair(standing: _Standing) -> RunRow:
    pair = (standing.run.variants[standing.base], standing.run.variants[standing.other])
    return replace(standing.run, variants=pair)


def _paired(standing: _Standing, rows: list[ResultRow]) -> list[ResultRow]:
    places = {standing.base: 0, standing.other: 1}
    return [replace(row, variant=places[row.variant]) for row in rows if row.variant in places]


def _against(report: RunReport, policy: GatePolicy) -> Iterator[str]:
    """What speaks against publishing."""
    n_cases = len(report.played)
    if n_cases < policy.min_cases:
        yield f"run {report.run.id} has {n_cases} cases, at least {policy.min_cases} are asked for; add cases and run"
    new = _new_violations(report)
    if sum(new.values()) > policy.max_new_violations:
        told = ", ".join(f"{kind} ({n_times})" for kind, n_times in new.most_common())
        yield f"new contract violations: {told}; at most {policy.max_new_violations} may be new"
    for measure in report.measured:
        if measure.scorer.name in policy.not_worse and measure.verdicts[0] == "worse":
            apart = measure.differences[0]
            yield (
                f"worse on {measure.scorer.words.lower()}: {measure.means[0]:.3f} before, {measure.means[1]:.3f} now"
                f" (difference {apart.mean:+.3f}, 95% interval {apart.low:+.3f} to {apart.high:+.3f})"
            )


def _new_violations(report: RunReport) -> Counter[str]:
    """How often the second variant broke the contract in a case where the first did not break it that way."""
    new = Counter[str]()
    for each in report.played:
        before, after = (Counter(breach.kind for breach in result.violations) for result in each.results)
        new.update(after - before)
    return new
