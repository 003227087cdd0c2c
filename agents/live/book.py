"""Comparisons begun, changed and ended by those who may."""

from dataclasses import dataclass
from typing import Any, get_args

from agents.live.measures import DECIDING
from agents.live.pinned import content_of
from agents.live.report import LiveReport, live_report, report_json
from agents.live.versions import Versions
from env.database import Database
from env.errors import ComparisonError, VitrineError
from env.roles import Action, Actor, Role
from tools.store_live import Comparison, LiveEvent, LiveState, LiveStore, NewComparison, WhenWon
from tools.store_live_counts import LiveCounts

MIN_SHARE, MAX_SHARE = 0.01, 0.99
MIN_SESSIONS = 50
WINDOW_MINUTES = 30
GUARD = Actor("the guard", frozenset({Role.MERCHANDISER}))
"""Who ends comparisons by itself. It publishes only where somebody who may has asked for that at the start."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to compare. A is the version in force; B, the `version`, gets `share_b` of the sessions."""

    prompt: str
    version: str
    share_b: float = 0.5
    decided_by: str = DECIDING[0]
    planned_sessions: int = 2000
    min_sessions: int = MIN_SESSIONS
    window_minutes: int = WINDOW_MINUTES
    when_b_wins: WhenWon = "tell"


class LiveBook:
    """The comparisons of a shop. Whatever changes one needs leave to compare versions on shoppers."""

    def __init__(self, database: Database, versions: Versions) -> None:
        """`versions` says what may be compared and what is in force."""
        self._store, self._counts, self._versions = LiveStore(database), LiveCounts(database), versions

    def every(self) -> list[Comparison]:
        """All comparisons, the newest first."""
        return self._store.every()

    def events(self, comparison_id: int) -> list[LiveEvent]:
        """What was done to one, in order."""
        return self._store.events(comparison_id)

    def find(self, comparison_id: int) -> Comparison:
        """One by its id.

        Raises:
            ComparisonError: there is none.
        """
        found = self._store.read(comparison_id)
        if found is None:
            raise ComparisonError(
                f"there is no comparison {comparison_id}; `python -m agents live list` names those there are"
            )
        return found

    def report(self, comparison_id: int) -> LiveReport:
        """The figures of one as they stand, or as they stood at its end."""
        return live_report(self.find(comparison_id), self._counts)

    def start(self, actor: Actor, plan: Plan) -> Comparison:
        """Begin a comparison: from the next turn on sessions are given sides.

        Raises:
            AccessError: the actor may not compare; or not publish, where the guard is to put B in force once it wins.
            PromptError: one of the versions cannot be used.
            ComparisonError: the plan cannot be, B is not ready for shoppers or in force already, or the prompt is
                being compared.
        """
        actor.require(Action.COMPARE_LIVE)
        if plan.when_b_wins == "publish":
            actor.require(Action.PUBLISH_PROMPTS)
        in_force = self._checked(plan)
        new = NewComparison(
            prompt=plan.prompt,
            version_a=in_force,
            version_b=plan.version,
            content_a=self._content(plan.prompt, in_force),
            content_b=self._content(plan.prompt, plan.version),
            share_b=plan.share_b,
            decided_by=plan.decided_by,
            min_sessions=plan.min_sessions,
            planned_sessions=plan.planned_sessions,
            window_minutes=plan.window_minutes,
            when_b_wins=plan.when_b_wins,
        )
        told = f"started: {plan.version} gets {plan.share_b:.0%} of new sessions, {in_force} the others"
        if plan.when_b_wins == "publish":
            told += "; once B clearly wins, the guard puts it in force"
        started = self._store.start(new, actor.name, told)
        if started is None:
            raise ComparisonError(f"prompt {plan.prompt!r} is being compared already; end that comparison first")
        return self.find(started)

    def change_share(self, actor: Actor, comparison_id: int, share_b: float) -> Comparison:
        """Give B another share of the sessions that come from now on; those that have a side keep it.

        Raises:
            AccessError: the actor may not.
            ComparisonError: there is no such comparison, it has ended, or the share is none.
        """
        actor.require(Action.COMPARE_LIVE)
        before = self.find(comparison_id)
        _check_share(share_b)
        told = f"share of B changed from {before.share_b:.0%} to {share_b:.0%}"
        if not self._store.change_share(comparison_id, share_b, actor.name, told):
            raise ComparisonError(_ended_already(before))
        return self.find(comparison_id)

    def stop(self, actor: Actor, comparison_id: int, reason: str = "") -> Comparison:
        """End a comparison: every session gets the version in force from its next turn on. The figures are kept.

        Raises:
            AccessError: the actor may not.
            ComparisonError: there is no such comparison, or it has ended.
        """
        actor.require(Action.COMPARE_LIVE)
        return self._end(comparison_id, "ended", actor.name, reason or "stopped by hand")

    def stop_by_guard(self, comparison_id: int, reason: str) -> Comparison:
        """End a comparison because B loses; the guard is nobody's hand and needs no leave."""
        return self._end(comparison_id, "stopped by guard", GUARD.name, reason)

    def won(self, comparison_id: int, reason: str) -> Comparison:
        """Act once on a B that clearly wins, as was chosen at the start: note it, or put B in force for all.

        B goes the way of every version, past the gate. What is refused is kept with the comparison, which goes on.
        """
        if not self._store.claim_win(comparison_id, GUARD.name, f"B clearly wins: {reason}"):
            return self.find(comparison_id)
        found = self.find(comparison_id)
        if found.when_b_wins == "publish":
            note = f"live comparison {found.id}, started by {found.started_by}: {reason}"
            try:
                self._put_b_in_force(GUARD, found, note)
            except VitrineError as error:
                self._store.tell_win_problem(found.id, GUARD.name, str(error))
            else:
                # Another process may have seen by now that A is in force no more, and have ended it.
                self._end_if_running(found, f"{found.version_b} is used for all: {reason}")
        return self.find(comparison_id)

    def end_if_replaced(self, comparison_id: int) -> Comparison:
        """End a comparison whose A is no longer the version in force; the comparison afterwards."""
        found = self.find(comparison_id)
        in_force = self._versions.in_force(found.prompt)
        if not found.is_running or in_force == found.version_a:
            return found
        return self._end(comparison_id, "ended", GUARD.name, f"{in_force} was put into force for all")

    def use_b(self, actor: Actor, comparison_id: int, note: str = "") -> Comparison:
        """Put B in force for all, and end the comparison.

        Raises:
            AccessError: the actor may not compare, or not publish.
            ComparisonError: nothing can be published here, there is no such comparison, or it has ended.
            VitrineError: the version is refused; then the comparison goes on.
        """
        actor.require(Action.COMPARE_LIVE)
        actor.require(Action.PUBLISH_PROMPTS)
        found = self.find(comparison_id)
        if not found.is_running:
            raise ComparisonError(_ended_already(found))
        self._put_b_in_force(actor, found, note or f"live comparison {found.id}")
        return self._end(comparison_id, "ended", actor.name, f"{found.version_b} is used for all")

    def _put_b_in_force(self, actor: Actor, found: Comparison, note: str) -> None:
        if self._versions.publish is None:
            raise ComparisonError(f"version {found.version_b!r} cannot be published from here; use the workbench")
        if self._content(found.prompt, found.version_b) != found.content_b:
            raise ComparisonError(
                f"version {found.version_b!r} was edited after the comparison began, so its figures are not of that;"
                " compare it anew"
            )
        self._versions.publish(actor, found.prompt, found.version_b, note)

    def _content(self, name: str, version: str) -> dict[str, Any]:
        return content_of(self._versions.prompt(name, version))

    def _end(self, comparison_id: int, state: LiveState, who: str, reason: str) -> Comparison:
        before = self.find(comparison_id)
        if not before.is_running:
            raise ComparisonError(_ended_already(before))
        result = report_json(live_report(before, self._counts))
        if not self._store.end(comparison_id, state, who, reason, result):
            raise ComparisonError(_ended_already(self.find(comparison_id)))
        return self.find(comparison_id)

    def _end_if_running(self, found: Comparison, reason: str) -> None:
        result = report_json(live_report(found, self._counts))
        self._store.end(found.id, "ended", GUARD.name, reason, result)

    def _checked(self, plan: Plan) -> str:
        """The version in force, if the plan can be carried out beside it."""
        if plan.prompt not in self._versions.names:
            raise ComparisonError(
                f"there is no prompt {plan.prompt!r} to compare; take one of {', '.join(self._versions.names)}"
            )
        _check_share(plan.share_b)
        if plan.decided_by not in DECIDING:
            raise ComparisonError(f"outcome {plan.decided_by!r} decides nothing; take one of {', '.join(DECIDING)}")
        for name, value in (
            ("fewest sessions of an arm", plan.min_sessions),
            ("planned sessions", plan.planned_sessions),
            ("minutes until a session counts", plan.window_minutes),
        ):
            if value < 1:
                raise ComparisonError(f"{name}: {value} cannot be; take 1 or more")
        if plan.when_b_wins not in get_args(WhenWon):
            raise ComparisonError(f"the guard cannot {plan.when_b_wins!r} when B wins; take tell or publish")
        if plan.when_b_wins == "publish" and self._versions.publish is None:
            raise ComparisonError("no version can be put in force from here; let the guard tell when B wins")
        in_force = self._versions.in_force(plan.prompt)
        if plan.version == in_force:
            raise ComparisonError(f"version {plan.version!r} of {plan.prompt!r} is in force already; compare another")
        if plan.version not in self._versions.ready(plan.prompt):
            raise ComparisonError(
                f"version {plan.version!r} of {plan.prompt!r} may not meet shoppers: it was never published and has"
                " not passed the gate; run it over the test set first"
            )
        return in_force


def _check_share(share_b: float) -> None:
    if not MIN_SHARE <= share_b <= MAX_SHARE:
        raise ComparisonError(f"a share of {share_b:.3g} for B is none; take {MIN_SHARE} to {MAX_SHARE}")


def _ended_already(comparison: Comparison) -> str:
    when = f" on {comparison.ended_at:%Y-%m-%d %H:%M}" if comparison.ended_at else ""
    return f"comparison {comparison.id} has ended{when}: {comparison.reason or 'somebody ended it just now'}"
