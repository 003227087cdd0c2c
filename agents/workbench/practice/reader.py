"""How the practice model reads a message: by the offline rules, and only what its prompt asks for."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from agents.classifier.offline import OfflineClassifier
from agents.classifier.slots import Defaults
from agents.events import Message
from agents.intent import Intent, Slots
from agents.intent_json import slots_from_json
from agents.session import Session, Shown
from agents.workbench.practice.question import fenced, says
from tools.query import FACETS
from tools.taxonomy import load_taxonomy
from tools.vocabulary import PriceRange, Vocabulary

_CURRENCY = re.compile(r"\(([A-Z]{3})\)")
_MOST_ITEMS = 50
_PROSE = "The shopper seems to be looking for something nice; I would show a few of our best sellers."


def read_message(system: str, user: str) -> str:
    """An answer to the classifier's prompt: one JSON object, or what a model says that was not asked for one."""
    if not says(system, r"\bone JSON object\b"):
        return _PROSE
    currency = next(iter(_CURRENCY.findall(fenced(user, "shop"))), "EUR")
    intent = _rules(currency).read(Message(fenced(user, "message")), _session(user), _vocabulary(user, currency))
    answer = {name: value for name, value in _answer(intent).items() if _is_asked(name, system)}
    if not says(system, r"\bnever guess\b"):
        # A model that may guess does.
        answer.setdefault("gender", "female")
        answer.setdefault("colours", ["black"])
    return json.dumps(answer, ensure_ascii=False)


def _is_asked(name: str, system: str) -> bool:
    """A field that no rule describes is not answered."""
    return says(system, rf"\b{name}\b")


@cache
def _rules(currency: str) -> OfflineClassifier:
    return OfflineClassifier(load_taxonomy(), Defaults(currency, _MOST_ITEMS))


def _vocabulary(user: str, currency: str) -> Vocabulary:
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for line in fenced(user, "shop").splitlines():
        facet, _, words = line.partition(": ")
        if facet in counts:
            counts[facet] = dict.fromkeys(words.split(", "), 1)
    return Vocabulary.of(1, counts, (PriceRange(currency, 1, 0, 0),))


def _session(user: str) -> Session:
    session = Session("practice")
    lines = fenced(user, "standing").splitlines()
    session.standing = tuple(slots_from_json(found) for line in lines if (found := _object(line)) is not None)
    for line in fenced(user, "shown").splitlines():
        title, category, colour, *_ = [*(part.strip() for part in line.partition("] ")[2].split("|")), "", "", ""]
        session.shown = (*session.shown, Shown(title, title, category, load_taxonomy().category_path(category), colour))
    session.n_turns = int(bool(session.standing or session.shown))
    return session


def _object(line: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _answer(intent: Intent) -> dict[str, Any]:
    answer: dict[str, Any] = {"route": intent.route, "language": intent.language, **_wish(intent.slots)}
    if intent.references:
        answer["references"] = list(intent.references)
    if intent.cleared:
        answer["cleared"] = list(intent.cleared)
    if intent.action:
        answer["action"] = intent.action
    if intent.parts:
        answer["parts"] = [_wish(part) for part in intent.parts]
    return answer


def _wish(slots: Slots) -> dict[str, Any]:
    wish: dict[str, Any] = {
        "categories": list(slots.categories),
        "colours": list(slots.colours),
        "gender": slots.gender,
        "age_group": slots.age_group,
        "brands": list(slots.brands),
        "sizes": list(slots.sizes),
        "price_min": _amount(slots.price_min_cents),
        "price_max": _amount(slots.price_max_cents),
        "currency": slots.currency,
        "sort": slots.sort,
        "soft": list(slots.soft),
        "attributes": _pairs(slots.attributes),
        "exclude": _pairs(slots.exclude),
    }
    if slots.count is not None:
        is_several = slots.count > 1 and not slots.count_said
        wish |= {"several": True} if is_several else {"count": slots.count}
    return {name: value for name, value in wish.items() if value not in ([], "", None)}


def _amount(cents: int | None) -> float | None:
    return None if cents is None else float(Decimal(cents) / 100)


def _pairs(values: Mapping[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    return [{"facet": facet, "values": list(words)} for facet, words in values.items()]
