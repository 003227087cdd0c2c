"""A turn as JSON: what the page draws again after a reload, and what evaluations read."""

from collections.abc import Mapping
from typing import Any

from agents.events import Choice, Evidence, PartFound, TurnDone
from agents.intent import Intent
from agents.intent_json import intent_from_json, intent_json, standing_json


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
    parts = [_part_json(part) for part in evidence.parts]
    return {"parts": parts, "facts": list(evidence.facts)} | _ways_json(evidence)


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
        "hits": [{"sku": hit.item.sku, "score": round(hit.score, 6), "why": hit.why} for hit in part.hits],
        "n_matching": part.n_matching,
        "relaxed": list(part.relaxed),
        "kept": standing_json(part.kept),
    }
