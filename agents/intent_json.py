"""Intents as JSON and back: absent means not asked."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, cast

from agents.intent import ACTIONS, ROUTES, Action, Intent, Route, Slots
from env.errors import IntentError

# Kept in the session's state, but nothing a shopper asked for.
_INNER = ("count_said",)
_MAPPINGS = ("exclude", "attributes")


def slots_json(slots: Slots) -> dict[str, Any]:
    """The slots that were asked for, by name; lists for tuples."""
    values = {field.name: getattr(slots, field.name) for field in fields(Slots) if field.name not in _INNER}
    return {name: _plain(value) for name, value in values.items() if value not in ((), {}, "", None)}


def standing_json(slots: Slots) -> dict[str, Any]:
    """All of the slots, whether a number was said included: what a search that stands is kept as."""
    return slots_json(slots) | {"count_said": slots.count_said}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return {name: list(inner) for name, inner in value.items()}
    return value


def intent_json(intent: Intent) -> dict[str, Any]:
    """One flat object: route and language, the slots of the whole message, references, and the parts."""
    found: dict[str, Any] = {"route": intent.route, "language": intent.language, **slots_json(intent.slots)}
    if intent.references:
        found["references"] = list(intent.references)
    if intent.parts:
        found["parts"] = [slots_json(part) for part in intent.parts]
    if intent.cleared:
        found["cleared"] = list(intent.cleared)
    if intent.action:
        found["action"] = intent.action
    if intent.standing:
        found["standing"] = [standing_json(slots) for slots in intent.standing]
    return found


def slots_from_json(data: Mapping[str, Any]) -> Slots:
    """The slots of an object as `slots_json` writes it; unknown names are ignored."""
    values: dict[str, Any] = {}
    for field in fields(Slots):
        if field.name in data:
            value = data[field.name]
            if field.name in _MAPPINGS:
                value = {str(name): tuple(inner) for name, inner in value.items()}
            values[field.name] = tuple(value) if isinstance(value, list) else value
    return Slots(**values)


def intent_from_json(data: Mapping[str, Any]) -> Intent:
    """The intent of an object as `intent_json` writes it.

    Raises:
        IntentError: the route or the action is not one of ours.
    """
    if data.get("route") not in ROUTES:
        raise IntentError(f"unknown route {data.get('route')!r}; routes are {', '.join(ROUTES)}")
    action = data.get("action", "")
    if action not in ACTIONS:
        raise IntentError(f"unknown action {action!r}; actions are {', '.join(filter(None, ACTIONS))}")
    return Intent(
        route=cast(Route, data["route"]),
        slots=slots_from_json(data),
        parts=tuple(slots_from_json(part) for part in data.get("parts", ())),
        references=tuple(str(handle) for handle in data.get("references", ())),
        language=str(data.get("language", "en")),
        text=str(data.get("text", "")),
        cleared=tuple(data.get("cleared", ())),
        action=cast(Action, action),
        standing=tuple(slots_from_json(slots) for slots in data.get("standing", ())),
    )
