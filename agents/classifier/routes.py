"""What a message is for: rules in data, tried in order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from agents.intent import ACTIONS, ROUTES, Action, Route

_RULES_DIR = Path(__file__).resolve().parent / "languages"


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about a message before its route: what it names, points at and brings along."""

    has_facets: bool
    has_category: bool
    has_photo: bool
    is_referring: bool
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One route and when it fits."""

    route: Route
    any: re.Pattern[str]
    unless: re.Pattern[str] | None
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """A comparative that means a facet's value ("more formal")."""

    any: re.Pattern[str]
    facet: str
    value: str


@dataclass(frozen=True, slots=True, eq=False)
class Routing:
    """The route rules of one language."""

    wants: re.Pattern[str]
    rules: tuple[Rule, ...]
    refine: Mapping[str, re.Pattern[str]]
    shifts: tuple[Shift, ...]
    clears: Mapping[str, re.Pattern[str]]
    actions: Mapping[str, re.Pattern[str]]
    preferences: Mapping[str, re.Pattern[str]]

    def match(self, text: str, signals: Signals) -> Route | None:
        """The route of the first rule that fits a plain text, or None: then it is a search, a refine or unclear."""
        for rule in self.rules:
            if not rule.any.search(text) or (rule.unless and rule.unless.search(text)):
                continue
            if all(self._holds(need, text, signals) for need in rule.needs):
                return rule.route
        return None

    def cleared(self, text: str) -> tuple[str, ...]:
        """The standing limits a plain text drops."""
        found = tuple(name for name, pattern in self.clears.items() if pattern.search(text))
        return ("everything",) if "everything" in found else found

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where a plain text says how the standing search changes: words of no other meaning."""
        changes = [self.refine[name] for name in ("cheaper", "dearer", "more")]
        patterns = [*changes, *(shift.any for shift in self.shifts), *self.clears.values()]
        return tuple(match.span() for pattern in patterns for match in pattern.finditer(text))

    def action(self, text: str) -> Action:
        """What a plain text about the cart or the saved items does; one that says nothing of it only looks."""
        return cast(Action, next((name for name, pattern in self.actions.items() if pattern.search(text)), "show"))

    def preference(self, text: str) -> Action:
        """What a plain text about the shopper's preferences does; one that says nothing of it keeps what it tells."""
        return cast(Action, next((name for name, pattern in self.preferences.items() if pattern.search(text)), ""))

    def _holds(self, need: str, text: str, signals: Signals) -> bool:
        return {
            "shown": signals.is_shown,
            "seen": signals.is_shown or signals.has_photo,
            "referred": signals.is_referring,
            "facets": signals.has_facets,
            "no_facets": not signals.has_facets,
            "no_category": not signals.has_category,
            "referred_or_no_want": signals.is_referring or not self.wants.search(text),
        }[need]


@cache
def load_routing(code: str) -> Routing:
    """Read the route rules of one language."""
    data = yaml.safe_load((_RULES_DIR / f"{code}_routes.yaml").read_text(encoding="utf-8"))
    refine = dict(data["refine"])
    shifts = refine.pop("shifts")
    return Routing(
        wants=re.compile(data["wants"]),
        rules=tuple(_rule(entry) for entry in data["rules"]),
        refine={name: re.compile(pattern) for name, pattern in refine.items()},
        shifts=tuple(Shift(re.compile(shift["any"]), shift["facet"], shift["value"]) for shift in shifts),
        clears={name: re.compile(pattern) for name, pattern in data["clears"].items()},
        actions=_actions(data["actions"]),
        preferences=_actions(data["preferences"]),
    )


def _actions(patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    if unknown := set(patterns) - set(ACTIONS):
        raise ValueError(f"unknown actions {sorted(unknown)!r} in the route rules; actions are {', '.join(ACTIONS)}")
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


def _rule(entry: Mapping[str, object]) -> Rule:
    route, unless = str(entry["route"]), entry.get("unless")
    if route not in ROUTES:
        raise ValueError(f"unknown route {route!r} in the route rules; routes are {', '.join(ROUTES)}")
    return Rule(
        route=cast(Route, route),
        any=re.compile("|".join(cast(list[str], entry["any"]))),
        unless=re.compile(str(unless)) if unless else None,
        needs=tuple(cast(list[str], entry.get("needs", []))),
    )
