"""Runs as their editors use them: asked for, stopped, taken up again, reported; each step asks for leave first."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.workbench.judge import judge_name
from agents.workbench.run_report import RunReport, report_run
from agents.workbench.scorers import load_scorers
from agents.workbench.variants import Variant, whole_variant
from agents.workbench.versions import PromptVersions
from agents.workbench.worker import bench_folder
from env.database import Database
from env.errors import BenchError
from env.roles import Action, Actor
from env.settings import Settings
from tools.store_cases import CaseRow, CaseStore
from tools.store_runs import NewRun, RunRow, RunStore

MOST_VARIANTS = 6


@dataclass(frozen=True, slots=True)
class RunBook:
    """The runs of a shop."""

    store: RunStore
    case_store: CaseStore
    settings: Settings
    versions: PromptVersions

    @classmethod
    def of(cls, database: Database, settings: Settings, versions: PromptVersions) -> "RunBook":
        """The runs in this database."""
        return cls(RunStore(database), CaseStore(database), settings, versions)

    def start(
        self,
        actor: Actor,
        variants: Sequence[Variant],
        cases: Sequence[CaseRow],
        title: str = "",
        has_judge: bool = False,
    ) -> int:
        """Put a run into the queue; its number. A worker has to be woken.

        Raises:
            AccessError: the actor may not edit prompts.
            BenchError: there are too few or too many variants, no cases, or a judge without a model.
            PromptError: there is no such version.
        """
        actor.require(Action.EDIT_PROMPTS)
        if not 2 <= len(variants) <= MOST_VARIANTS:
            raise BenchError(f"a run compares 2 to {MOST_VARIANTS} variants, and {len(variants)} are given")
        if not cases:
            raise BenchError("the test set is empty; add cases first")
        if has_judge and not judge_name(self.settings):
            raise BenchError("the judge needs a chat model and none is set; set ASSISTANT, or leave the judge out")
        whole = [whole_variant(variant, self.versions) for variant in variants]
        labels = [variant.label for variant in whole]
        if len(set(labels)) < len(labels):
            raise BenchError(f"two variants have the label {max(labels, key=labels.count)!r}; give each its own")
        told = title.strip() or " / ".join(labels)
        return self.store.add(
            NewRun(told, tuple(variant.to_json() for variant in whole), tuple(cases), actor.name, has_judge)
        )

    def stop(self, actor: Actor, run_id: int) -> None:
        """Ask a run to stop after the case at work; what is done stays.

        Raises:
            AccessError: the actor may not edit prompts.
            BenchError: there is nothing to stop.
        """
        actor.require(Action.EDIT_PROMPTS)
        if not self.store.stop(run_id):
            raise BenchError(f"run {run_id} is not at work; there is nothing to stop")

    def resume(self, actor: Actor, run_id: int) -> None:
        """Put a stopped run back into the queue.

        Raises:
            AccessError: the actor may not edit prompts.
            BenchError: it is done, at work or not there; or a draft it tries was edited since.
        """
        actor.require(Action.EDIT_PROMPTS)
        run = self.run(run_id)
        for variant in (Variant.from_json(each) for each in run.variants):
            if whole_variant(variant, self.versions).marks != variant.marks:
                raise BenchError(
                    f"the prompts of {variant.label!r} were edited since run {run_id} began, and half of it would be"
                    " by other words; start a new run"
                )
        if not self.store.resume(run_id):
            raise BenchError(f"run {run_id} is {run.status}; only a stopped run can be taken up again")

    def run(self, run_id: int) -> RunRow:
        """One run; raises BenchError where there is none of this number."""
        run = self.store.run(run_id)
        if run is None:
            raise BenchError(f"there is no run {run_id}; `python -m agents workbench runs` names them")
        return run

    def report(self, run_id: int, with_labels_of_today: bool = False) -> RunReport:
        """What a run came to, as it was labelled then or as its cases are labelled today. No model is called.

        Raises:
            BenchError: there is no such run, or a scorer of the team's fails.
        """
        run, cases = self.run(run_id), list(self.store.cases(run_id))
        if with_labels_of_today:
            today = {case.id: case for case in self.case_store.cases([case.id for case in cases])}
            cases = [today.get(case.id, case) for case in cases]
        return report_run(run, cases, self.store.results(run_id), load_scorers(bench_folder(self.settings)))
