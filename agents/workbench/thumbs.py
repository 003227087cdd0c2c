"""What shoppers thought beside what the model judge thinks of the same replies: measured, kept, and told."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from agents.workbench.judge import GOOD_FROM, Agreement, Judge, agreement, judge_label, open_judge
from env.database import Database
from env.errors import BenchError, ChatModelError, VitrineError
from env.roles import Action, Actor
from env.settings import Settings
from tools.store_thumbs import CheckStatus, ThumbCheck, ThumbedTurn, ThumbStore

logger = logging.getLogger(__name__)

MOST_TURNS = 50
"""As many questions to a model as one check asks at most, unless told otherwise."""
MIN_TURNS = 20
"""With fewer turns the agreement says little."""
_GIVE_UP_AFTER = 5


class ThumbsBook:
    """Holds the judge of the settings against shoppers' thumbs, and knows how that came out."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.store, self.settings = ThumbStore(database), settings

    def newest(self) -> ThumbCheck | None:
        """The check that was begun last, at work or not; None where there was none."""
        return next(iter(self.store.checks(1)), None)

    def measured(self) -> ThumbCheck | None:
        """The last check with figures that is over; None where there was none."""
        return next((check for check in self.store.checks() if check.n_judged and check.status != "running"), None)

    def start(self, actor: Actor, most: int = MOST_TURNS) -> Callable[[Callable[[], None] | None], None]:
        """Begin a check of the newest turns with a thumb; the work, to be called with what is told after each turn.

        Raises:
            AccessError: the actor may not edit prompts.
            BenchError: no chat model is set, no turn has a thumb, or a check is at work.
            SettingsError: what the judge's backend needs is not set.
        """
        actor.require(Action.EDIT_PROMPTS)
        judge, turns = open_judge(self.settings), self.store.thumbed(most)
        if not turns:
            raise BenchError("no shopper has given a thumb yet; there is nothing to hold the judge against")
        check_id = self.store.begin(judge_label(self.settings), len(turns), actor.name)
        if check_id is None:
            raise BenchError("the judge is being held against thumbs already; wait for that, or stop it")
        return lambda on_turn: self._work(check_id, judge, turns, on_turn)

    def start_apart(self, actor: Actor) -> threading.Thread:
        """Begin a check in a thread of its own: a closed tab changes nothing. Raises what `start` does."""
        work = self.start(actor)
        working = threading.Thread(target=_quietly, args=(work,), name="workbench-thumbs", daemon=True)
        working.start()
        return working

    def stop(self, actor: Actor, check_id: int) -> None:
        """Ask a check to stop after the turn at work; what was judged counts.

        Raises:
            AccessError: the actor may not edit prompts.
            BenchError: it is not at work.
        """
        actor.require(Action.EDIT_PROMPTS)
        if not self.store.stop(check_id):
            raise BenchError("the judge is not at work on thumbs; there is nothing to stop")

    def _work(
        self, check_id: int, judge: Judge, turns: Sequence[ThumbedTurn], on_turn: Callable[[], None] | None
    ) -> None:
        # What is not thought of must not leave a check at work for ever.
        status: CheckStatus = "failed"
        problem = "it broke; please report it"
        try:
            status, problem = self._judge_all(check_id, judge, turns, on_turn)
        except KeyboardInterrupt:
            status, problem = "stopped", ""
            raise
        except VitrineError as error:
            problem = str(error)
            raise
        finally:
            with suppress(VitrineError):
                self.store.end(check_id, status, problem)

    def _judge_all(
        self, check_id: int, judge: Judge, turns: Sequence[ThumbedTurn], on_turn: Callable[[], None] | None
    ) -> tuple[CheckStatus, str]:
        n_failed = n_judged = 0
        for turn in turns:
            if not self.store.beat(check_id):
                return "stopped", ""
            try:
                points, _ = judge.points(turn.message, turn.titles, turn.reply)
            except ChatModelError as error:
                n_failed += 1
                self.store.count_failed(check_id)
                if not n_judged and n_failed == min(_GIVE_UP_AFTER, len(turns)):
                    return "failed", str(error)
            else:
                n_judged += 1
                self.store.count(check_id, thumb=turn.is_good, judged=points >= GOOD_FROM)
            if on_turn:
                on_turn()
        return "done", ""


def _quietly(work: Callable[[None], None]) -> None:
    try:
        work(None)
    except VitrineError as error:
        logger.warning("judging of thumbs given up: %s", error)
    except Exception:
        # The edge of the thread.
        logger.exception("judging of thumbs broke")


def agreement_of(check: ThumbCheck) -> Agreement:
    """How far judge and thumbs agreed in a check."""
    thumbs = [True] * (check.n_both_up + check.n_thumb_up) + [False] * (check.n_judge_up + check.n_neither)
    judged = [True] * check.n_both_up + [False] * check.n_thumb_up + [True] * check.n_judge_up
    return agreement(thumbs, [*judged, *[False] * check.n_neither])


def agreement_words(check: ThumbCheck) -> str:
    """The agreement in words, and how far the judge can be trusted by it."""
    agreed = agreement_of(check)
    failed = f" In {_turns(check.n_failed)} the judge failed." if check.n_failed else ""
    if not agreed.n_turns:
        return f"No turn with a thumb was judged, so nobody knows how far the judge can be trusted.{failed}"
    kappa = "cannot be told, as one side always says the same" if agreed.kappa is None else f"is {agreed.kappa:.2f}"
    return (
        f"The judge agrees with the thumbs of shoppers in {100 * agreed.share:.0f} % of {_turns(agreed.n_turns)};"
        f" Cohen's kappa {kappa}.{failed} {_trust_words(agreed)}"
    )


def measured_words(check: ThumbCheck, when: str, settings: Settings) -> str:
    """By which model it was measured when, and whether that is the judge of today."""
    now = judge_label(settings)
    other = f" The judge is {now} now: hold that against thumbs too." if now and now != check.judged_by else ""
    return f"Measured on {when} with {check.judged_by}.{other}"


def _turns(n_turns: int) -> str:
    return "1 turn" if n_turns == 1 else f"{n_turns} turns"


def _trust_words(agreed: Agreement) -> str:
    """Where the words begin: Landis and Koch, "The measurement of observer agreement for categorical data", 1977."""
    if agreed.n_turns < MIN_TURNS:
        return f"Fewer than {MIN_TURNS} turns are too few to say how far it can be trusted."
    if agreed.kappa is None or agreed.kappa <= 0.2:
        return "Its points say hardly anything about what shoppers think: decide nothing by them."
    if agreed.kappa <= 0.6:
        return "Its points are a hint at what shoppers think, and decide nothing alone."
    return "Its points stand well for what shoppers think."
