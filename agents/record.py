"""A turn as JSON: what the page draws again after a reload, and what evaluations read."""

from collections.abc import Mapping
from typing import Any

from agents.events import Evidence, PartFound, TurnDone
from agents.intent import Intent
from agents.intent_json import intent_json, slots_json


def turn_record(
    intent: Intent | None, evidence: Evidence, done: TurnDone, *, is_stopped: bool = False
) -> dict[str, Any]:
    """One turn. Items are kept by SKU, score and reason: their rows are read afresh when the turn is drawn again."""
    return {
        "intent": intent_json(intent) if intent else None,
        "text": intent.text if intent else "",
        **evidence_json(evidence),
        **reply_json(done),
        "is_stopped": is_stopped,
    }


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """What a turn found."""
    return {
        "parts": [_part_json(part) for part in evidence.parts],
        "facts": list(evidence.facts),
        "seen": list(evidence.seen),
    }


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
        "hits": [{"sku": hit.item.sku, "score": round(hit.score, 6), "why": hit.why} for hit in part.hits],
        "n_matching": part.n_matching,
        "relaxed": list(part.relaxed),
    }
