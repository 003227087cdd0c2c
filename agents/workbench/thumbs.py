"""What shoppers thought beside what the model judge thinks of the same replies."""

from dataclasses import dataclass

from agents.workbench.judge import GOOD_FROM, Agreement, Judge, agreement
from env.database import Database
from env.errors import ChatModelError
from tools.store_runs import RunStore


@dataclass(frozen=True, slots=True)
class JudgedThumbs:
    """The agreement, and in how many turns the judge failed; those do not count."""

    agreement: Agreement
    n_failed: int


def judge_thumbs(database: Database, judge: Judge, most: int) -> JudgedThumbs:
    """Let the judge look at the newest turns that have a thumb, `most` at most: as many questions to its model."""
    thumbs: list[bool] = []
    judged: list[bool] = []
    n_failed = 0
    for turn in RunStore(database).thumbed(most):
        try:
            points, _ = judge.points(turn.message, turn.titles, turn.reply)
        except ChatModelError:
            n_failed += 1
            continue
        thumbs.append(turn.is_good)
        judged.append(points >= GOOD_FROM)
    return JudgedThumbs(agreement(thumbs, judged), n_failed)


def agreement_words(found: JudgedThumbs) -> str:
    """The agreement as a sentence."""
    agreed = found.agreement
    failed = f" In {found.n_failed} turns the judge failed." if found.n_failed else ""
    if not agreed.n_turns:
        return f"No turn with a thumb was judged, so nobody knows how far the judge can be trusted.{failed}"
    kappa = "cannot be told, as one side always says the same" if agreed.kappa is None else f"is {agreed.kappa:.2f}"
    return (
        f"The judge agrees with the thumbs of shoppers in {100 * agreed.share:.0f} % of {agreed.n_turns} turns;"
        f" Cohen's kappa {kappa}.{failed}"
    )
