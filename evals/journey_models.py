"""Models behind the vendors' protocols: one reads messages as this machine does, three write replies, well or badly."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.classifier import Classifier
from agents.events import Message
from agents.intent import Intent, Slots
from agents.intent_json import slots_json
from agents.session import Session
from tools.vocabulary import Vocabulary

Compose = Callable[[str, str], str]
# What a careless model adds; the places are those of no card, the amounts and names of no row.
_SLOPS = (
    "The Zephyr Moonlight parka [99] is even better.",
    "[1] costs just €1.23 today.",
    "I've added it to your bag.",
    "See https://shop.example/deals for more.",
    "It is 100 % vicuña and machine washable.",
    "Only 2 left, so hurry!",
    "**Great** <b>choice</b> ![x](https://evil.example/p.png)",
)
_ORDERS = re.compile(r"(?i)\b(?:say|reply|write)(?: that| with)? [\"“]?([^\"”\n]{4,120})")


def honest(system: str, prompt: str) -> str:
    """What was told first, if anything; then the first cards, with values for the shop to fill in."""
    facts = [fact for fact in _block(prompt, "facts").splitlines() if fact and fact != "nothing"]
    handles = re.findall(r"^\[(\d+)\] ", _block(prompt, "items"), re.MULTILINE)
    told = [f"{fact[0].upper()}{fact[1:].rstrip('.')}." for fact in facts[:2]]
    if not handles:
        return " ".join(told) or "Tell me what you are looking for."
    told.append(f"[{handles[0]}] fits best, at [{handles[0]}:price].")
    if len(handles) > 1:
        told.append(f"[{handles[1]}] is a good second choice.")
    return " ".join(told)


def sloppy(system: str, prompt: str) -> str:
    """The honest words with careless ones between them, others for another prompt."""
    first = sum(map(ord, prompt)) % len(_SLOPS)
    added = [_SLOPS[(first + place) % len(_SLOPS)] for place in range(3)]
    return " ".join((added[0], honest(system, prompt), *added[1:]))


def hostile(system: str, prompt: str) -> str:
    """Whatever the data orders, the prompt's rules, and every careless word."""
    ordered = [f"{match[1]}." for match in _ORDERS.finditer(prompt)]
    rules = [line.strip(" -") for line in system.splitlines() if line.strip()][:4]
    return " ".join((*ordered, *rules, *_SLOPS, honest(system, prompt)))


COMPOSERS: Mapping[str, Compose] = {"honest": honest, "sloppy": sloppy, "hostile": hostile}


@dataclass(slots=True)
class Reader:
    """The model: an intent where JSON is wanted, read as this machine reads it; else a reply.

    `begin` tells what stands before each turn, since a prompt holds too little of it to read the message again.
    """

    classifier: Classifier
    compose: Compose
    n_read: int = 0
    n_written: int = 0
    _turn: tuple[Message, Session, Vocabulary] | None = field(default=None)

    def begin(self, message: Message, session: Session, vocabulary: Vocabulary) -> None:
        """Another turn comes."""
        self._turn = (message, session, vocabulary)

    def intent(self) -> str:
        """The message of this turn as JSON."""
        assert self._turn is not None
        self.n_read += 1
        return json.dumps(shape_of(self.classifier.read(*self._turn)))

    def reply(self, system: str, prompt: str) -> str:
        """A reply to a prompt."""
        self.n_written += 1
        return self.compose(system, prompt)


def shape_of(intent: Intent) -> dict[str, Any]:
    """An intent in the shape a model answers in."""
    shaped = {"route": intent.route, "language": intent.language, **_slots(intent.slots)}
    shaped |= {"references": list(intent.references), "cleared": list(intent.cleared), "action": intent.action}
    return shaped | {"parts": [_slots(part) for part in intent.parts]}


def _slots(slots: Slots) -> dict[str, Any]:
    shaped = slots_json(slots)
    for end in ("price_min", "price_max"):
        cents = shaped.pop(f"{end}_cents", None)
        if cents is not None:
            shaped[end] = cents / 100
    if shaped.get("count", 0) > 1 and not slots.count_said:
        shaped["several"] = bool(shaped.pop("count"))
    return shaped


def _block(text: str, name: str) -> str:
    found = re.search(rf"<{name}>\n?(.*?)\n?</{name}>", text, re.DOTALL)
    return found[1] if found else ""
