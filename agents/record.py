"""A turn as JSON: what the page draws again after a reload, and what evaluations read."""

from collections.abc import Mapping
from typing import Any

from agents.chat_models.usage import Spent
from agents.events import Choice, Evidence, PartFound, TurnDone
from agents.intent import Intent
from agents.intent_json import intent_from_json, intent_json, standing_json
from agents.prompts_in_force import PromptsInForce
from agents.relax import nearest
from tools.query import Filters, Hit


def turn_record(
    intent: Intent | None, evidence: Evidence, done: TurnDone, *, is_stopped: bool = False
) -> dict[str, Any]:
    """One turn. Items are kept by SKU, score and reason: their rows are read afresh when the turn is drawn again.

    What they were called and cost is kept beside that, for an export that says what the shopper saw.
    """
    return {
        "intent": intent_json(intent) if intent else None,
        "text": intent.text if intent else "",
        **evidence_json(evidence),
        **reply_json(done),
        "is_stopped": is_stopped,
    }


def live_json(prompts: PromptsInForce) -> dict[str, Any]:
    """Which live comparisons a turn took part in and on which side, by their ids; nothing where in none."""
    sides = dict(zip(prompts.comparison.split(","), prompts.arm.split(","), strict=True))
    return {"live": sides} if prompts.comparison else {}


def tokens_json(spent: Mapping[str, Spent]) -> dict[str, Any]:
    """What each stage's model used, by its vendor's count; nothing of a stage that tells none."""
    told = {stage: one.usage for stage, one in spent.items() if one.usage.tokens_in}
    return {stage: {"in": usage.tokens_in, "out": usage.tokens_out} for stage, usage in told.items()}


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """What a turn found."""
    parts = [_part_json(part) for part in evidence.parts]
    told = {"parts": parts, "facts": list(evidence.facts), "seen": list(evidence.seen)}
    return told | _ways_json(evidence)


def _ways_json(evidence: Evidence) -> dict[str, Any]:
    return {
        "choices": [choice_json(choice) for choice in evidence.choices],
        "dropped": list(evidence.dropped),
        "put_back": choice_json(evidence.put_back) if evidence.put_back else None,
    }


def choice_json(choice: Choice) -> dict[str, Any]:
    """A choice with all that pressing it needs."""
    return {"label": choice.label, "intent": intent_json(choice.intent), "n_matching": choice.n_matching}


def choice_from_json(data: Mapping[str, Any]) -> Choice:
    """A choice as `choice_json` wrote it."""
    return Choice(data["label"], intent_from_json(data["intent"]), data["n_matching"])


def reply_json(done: TurnDone) -> dict[str, Any]:
    """What a turn said, and who worked how long for it."""
    return {
        "reply": done.reply,
        "suggestions": list(done.suggestions),
        "backends": dict(done.backends),
        "prompt_versions": dict(done.prompt_versions),
        "timings_ms": dict(done.timings_ms),
        "failures": list(done.failures),
        "pressed": {label: intent_json(intent) for label, intent in done.pressed.items()},
    }


def _part_json(part: PartFound) -> Mapping[str, Any]:
    return {
        "slots": standing_json(part.slots),
        "filters": filters_json(part.filters),
        "hits": [_hit_json(hit) for hit in part.hits],
        "n_matching": part.n_matching,
        "relaxed": list(part.relaxed),
        "taken": _taken(part),
        "kept": standing_json(part.kept),
    }


def _taken(part: PartFound) -> str:
    """The limit that was given up for the cards shown, as `agents.relax` names it; "" where none was."""
    step = nearest(part.steps) if part.hits else None
    return step.limit if step else ""


def _hit_json(hit: Hit) -> Mapping[str, Any]:
    item = hit.item
    return {
        "sku": item.sku,
        "score": round(hit.score, 6),
        "why": hit.why,
        "placed": hit.placed,
        "title": item.title,
        "pays_cents": item.pays_cents,
        "currency": item.currency,
        "link": item.link,
    }


def filters_json(filters: Filters) -> dict[str, Any]:
    """The limits that applied."""
    return {
        "facets": {name: list(values) for name, values in filters.facets.items()},
        "exclude": {name: list(values) for name, values in filters.exclude.items()},
        "price_min_cents": filters.price_min_cents,
        "price_max_cents": filters.price_max_cents,
        "currency": filters.currency,
        "in_stock": filters.in_stock,
        "exclude_skus": list(filters.exclude_skus),
    }


def filters_from_json(record: Mapping[str, Any]) -> Filters:
    """Filters as `filters_json` wrote them; none where a turn was stored without them."""
    if not record:
        return Filters()
    facets, exclude = (
        {name: tuple(values) for name, values in record[group].items()} for group in ("facets", "exclude")
    )
    return Filters(
        facets,
        exclude,
        record["price_min_cents"],
        record["price_max_cents"],
        record["currency"],
        record["in_stock"],
        tuple(record["exclude_skus"]),
    )
