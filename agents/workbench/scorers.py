"""What is measured of a played case: small functions by name, shipped ones and the team's own."""

import importlib.util
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.workbench.case_result import CaseResult
from agents.workbench.checks import holds
from agents.workbench.slot_match import slots_compared
from env.errors import BenchError
from tools.store_cases import CaseRow

SCORERS_NAME = "scorers.py"
Value = bool | float | str | None
"""None where a case has no label for it: it does not count then."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """One measure. `is_main` ones decide a verdict; a text is told and never compared.

    `is_shown_as` is how its mean is written: a share, a number, milliseconds or dollars.
    """

    name: str
    words: str
    score: Callable[[CaseRow, CaseResult], Value]
    is_higher_better: bool = True
    is_main: bool = False
    shown_as: str = "number"


def whole_intent(case: CaseRow, result: CaseResult) -> Value:
    """Whether every labelled slot was read as labelled."""
    if not case.expected:
        return None
    return not result.error and all(slot.is_right for slot in slots_compared(case, result.intent))


def slots_right(case: CaseRow, result: CaseResult) -> Value:
    """The share of slots that were read right."""
    if not case.expected:
        return None
    compared = slots_compared(case, result.intent)
    return 0.0 if result.error else sum(slot.is_right for slot in compared) / len(compared)


def n_violations(case: CaseRow, result: CaseResult) -> Value:
    """How often the model broke the contract; a turn that could not be played broke none."""
    return float(len(result.violations))


def said_right(case: CaseRow, result: CaseResult) -> Value:
    """The share of what must and must not be said that the reply keeps to."""
    if not (case.must_say or case.must_not_say):
        return None
    kept = [holds(check, result.reply) for check in case.must_say]
    kept += [not holds(check, result.reply) for check in case.must_not_say]
    return 0.0 if result.error else sum(kept) / len(kept)


def recall(case: CaseRow, result: CaseResult) -> Value:
    """The share of the relevant items that are among the cards."""
    wanted = set(case.relevant)
    return len(wanted & set(result.skus)) / len(wanted) if wanted else None


def ndcg(case: CaseRow, result: CaseResult) -> Value:
    """Normalised discounted cumulative gain of the cards, every relevant item worth the same.

    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002.
    """
    if not case.relevant:
        return None
    gain = sum(1 / math.log2(place + 1) for place, sku in enumerate(result.skus, 1) if sku in case.relevant)
    shown = max(1, min(len(set(case.relevant)), len(result.skus)))
    return gain / sum(1 / math.log2(place + 1) for place in range(1, shown + 1))


def first_relevant(case: CaseRow, result: CaseResult) -> Value:
    """One over the place of the first relevant card, 0 without any."""
    if not case.relevant:
        return None
    return next((1 / place for place, sku in enumerate(result.skus, 1) if sku in case.relevant), 0.0)


def has_failed(case: CaseRow, result: CaseResult) -> Value:
    """Whether a model or the turn failed."""
    return bool(result.error or result.failures)


def judged(case: CaseRow, result: CaseResult) -> Value:
    """What the model judge gave, from 0 to 1."""
    return result.judged


SCORERS: Mapping[str, Scorer] = {
    scorer.name: scorer
    for scorer in (
        Scorer("whole_intent", "Whole intent right", whole_intent, is_main=True, shown_as="share"),
        Scorer("slots_right", "Slots right", slots_right, is_main=True, shown_as="share"),
        Scorer("violations", "Contract violations a turn", n_violations, False, True),
        Scorer("said_right", "Says what it must", said_right, is_main=True, shown_as="share"),
        Scorer("recall", "Relevant items shown (recall)", recall, is_main=True, shown_as="share"),
        Scorer("ndcg", "Relevant items first (nDCG)", ndcg, is_main=True, shown_as="share"),
        Scorer("first_relevant", "Reciprocal rank", first_relevant, shown_as="share"),
        Scorer("failed", "Turns with a failure", has_failed, False, True, "share"),
        Scorer("judged", "Model judge", judged, shown_as="share"),
        Scorer("reply_chars", "Characters of the reply", lambda _, result: float(len(result.reply)), False),
        Scorer("n_cards", "Cards shown", lambda _, result: float(len(result.skus))),
        Scorer("route", "Route", lambda _, result: str(result.intent.get("route", ""))),
        Scorer("total_ms", "Time of a turn", lambda _, result: result.timings_ms.get("total"), False, shown_as="ms"),
        Scorer("tokens", "Tokens a turn", lambda _, result: float(result.tokens_in + result.tokens_out), False),
        Scorer("cost", "Cost of a turn", lambda _, result: result.cost, False, shown_as="dollars"),
    )
}


def load_scorers(folder: Path | None = None) -> Mapping[str, Scorer]:
    """The shipped scorers, and those of the team: `SCORERS` in `scorers.py` of this folder, functions by name.

    Raises:
        BenchError: the file cannot be used.
    """
    path = folder / SCORERS_NAME if folder else None
    return {**SCORERS, **_own(path)} if path is not None and path.is_file() else SCORERS


def _own(path: Path) -> dict[str, Scorer]:
    found = importlib.util.spec_from_file_location("vitrine_own_scorers", path)
    if found is None or found.loader is None:
        raise BenchError(f"the scorers in {str(path)!r} cannot be read; name a Python file")
    module = importlib.util.module_from_spec(found)
    try:
        found.loader.exec_module(module)
        functions: Mapping[str, Callable[[CaseRow, CaseResult], Value]] = module.SCORERS
        lower = set(getattr(module, "LOWER_IS_BETTER", ()))
        return {name: Scorer(name, _words(name, score), _guarded(name, score), name not in lower)
                for name, score in functions.items()}  # fmt: skip
    except Exception as error:
        # The edge to code of the team's own: whatever is wrong with it is told, not raised through a page.
        raise BenchError(f"the scorers in {str(path)!r} cannot be used: {type(error).__name__}: {error}") from error


def _words(name: str, score: Callable[[CaseRow, CaseResult], Value]) -> str:
    return (score.__doc__ or name.replace("_", " ")).strip().splitlines()[0].rstrip(".")


def _guarded(name: str, score: Callable[[CaseRow, CaseResult], Value]) -> Callable[[CaseRow, CaseResult], Value]:
    def guarded(case: CaseRow, result: CaseResult) -> Value:
        try:
            return score(case, result)
        except Exception as error:
            raise BenchError(f"scorer {name!r} failed on case {case.id!r}: {type(error).__name__}: {error}") from error

    return guarded
