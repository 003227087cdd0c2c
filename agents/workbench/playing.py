"""One case, played by one variant through the same turn that shoppers have."""

import logging
from collections.abc import Mapping

from agents.asking import Answered, answer
from agents.events import Message
from agents.intent_json import intent_from_json, intent_json
from agents.pricing import Price, cost_of
from agents.session import Session, new_session_id
from agents.workbench.bench import Staffed
from agents.workbench.case_result import CaseResult
from agents.workbench.contract import WRONG_SHAPE, Violation, violations_of
from env.errors import VitrineError
from tools.store_cases import CaseRow
from tools.store_runs import RunStore

logger = logging.getLogger(__name__)
_KEPT_ROUTES = ("cart", "saved", "preference")
_NO_INTENT = "The model's answer was no intent"


def play(case: CaseRow, staffed: Staffed, runs: RunStore, prices: Mapping[str, Price]) -> CaseResult:
    """Play the case. Whatever fails in it is its result: a run goes on."""
    session = _session(case)
    try:
        routes = [_said_before(case, session, staffed)]
        staffed.meter.clear()
        answered = answer(session, Message(case.message), staffed.desk)
        result = _result(case, answered, staffed, prices)
        routes.append(answered.intent.route)
    except VitrineError as error:
        return CaseResult(error=str(error))
    except Exception as error:
        # The edge of a case: one that nobody expected to fail must not take hours of work of others with it.
        logger.exception("case failed: id=%s variant=%s", case.id, staffed.variant.label)
        return CaseResult(error=f"this case broke the turn ({type(error).__name__}); please report it")
    if any(route in _KEPT_ROUTES for route in routes):
        runs.forget_shopper(session.keeper)
    return result


def _session(case: CaseRow) -> Session:
    session_id = new_session_id()
    if case.state is None:
        return Session(session_id)
    empty = {"standing": [], "shown": [], "references": [], "seen": [], "history": [], "n_turns": 1}
    return Session.from_json(session_id, {**empty, "has_photo": False, **case.state})


def _said_before(case: CaseRow, session: Session, staffed: Staffed) -> str:
    """Play what came before as it was read then, without a model; the last of its routes that keeps anything."""
    kept = ""
    for earlier in case.earlier:
        intent = intent_from_json(earlier.intent) if earlier.intent else None
        read = answer(session, Message(earlier.text or "photo", intent=intent), staffed.calm).intent
        kept = read.route if read.route in _KEPT_ROUTES else kept
    return kept


def _result(case: CaseRow, answered: Answered, staffed: Staffed, prices: Mapping[str, Price]) -> CaseResult:
    meter, done, hits = staffed.meter, answered.done, answered.evidence.hits
    locale = staffed.desk.shop.settings.locale
    violations = list(violations_of(meter.said, answered.evidence, case.message, locale, answered.intent.language))
    if meter.misshapen or any(failure.startswith(_NO_INTENT) for failure in done.failures):
        violations.insert(0, Violation(WRONG_SHAPE, meter.misshapen or "no route of ours"))
    return CaseResult(
        intent=intent_json(answered.intent),
        skus=tuple(hit.item.sku for hit in hits),
        titles=tuple(hit.item.title for hit in hits),
        reply=done.reply,
        said=meter.said,
        failures=tuple(done.failures),
        violations=tuple(violations),
        timings_ms=dict(done.timings_ms),
        backends=dict(done.backends),
        prompt_versions=dict(done.prompt_versions),
        tokens_in=meter.usage.tokens_in,
        tokens_out=meter.usage.tokens_out,
        is_estimated=meter.is_estimated,
        cost=_cost(staffed, prices),
    )


def _cost(staffed: Staffed, prices: Mapping[str, Price]) -> float | None:
    """What the turn cost. Two models of unlike price in one variant are not told apart: then it is not known."""
    meter = staffed.meter
    if not meter.n_calls:
        return 0.0
    used = {staffed.desk.classifier.name, staffed.desk.assistant.name}
    models = [name for name in used if not name.startswith("offline")]
    costs = {cost_of(prices, name, meter.usage.tokens_in, meter.usage.tokens_out) for name in models}
    return costs.pop() if len(costs) == 1 else None
