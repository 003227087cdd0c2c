"""A turn as JSON: what the page draws again after a reload, and what evaluations read."""

from collections.abc import Mapping
from typing import Any

from agents.events import Evidence, PartFound, TurnDone
from agents.intent import Intent
from agents.intent_json import intent_json, slots_json
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


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """What a turn found."""
    return {"parts": [_part_json(part) for part in evidence.parts], "facts": list(evidence.facts)}


def reply_json(done: TurnDone) -> dict[str, Any]:
    """What a turn said, and who worked how long for it."""
    return {
        "reply": done.reply,
        "suggestions": list(done.suggestions),
        "backends": dict(done.backends),
        "prompt_versions": dict(done.prompt_versions),
        "timings_ms": dict(done.timings_ms),
        "failures": list(done.failures),
    }


def _part_json(part: PartFound) -> Mapping[str, Any]:
    return {
        "slots": slots_json(part.slots),
        "filters": filters_json(part.filters),
        "hits": [_hit_json(hit) for hit in part.hits],
        "n_matching": part.n_matching,
        "relaxed": list(part.relaxed),
    }


def _hit_json(hit: Hit) -> Mapping[str, Any]:
    item = hit.item
    return {
        "sku": item.sku,
        "score": round(hit.score, 6),
        "why": hit.why,
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
