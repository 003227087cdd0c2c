"""A log of many turns that nobody had: records as wide as real ones, with other words, items and days."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tools.store_synthetic_turns import SyntheticTurn

_KINDS = ("Dresses", "Boots", "T-shirts", "Coats", "Bags", "Sneakers", "Skirts", "Watches")
_COLOURS = ("black", "red", "navy", "green", "white", "beige", "pink", "silver")
_WAYS = ("", "a {} please", "{} for the summer", "do you have {}", "{} under 50", "cheap {}")
_WRITERS = ("offline composer 1", "gemini gemini-2.5-flash", "openai gpt-4o-mini")
_START = datetime(2026, 1, 1, tzinfo=UTC)


def synthetic_turns(n_turns: int, skus: list[str], seed: int = 0) -> Iterator[SyntheticTurn]:
    """So many turns in chats of eight, over 90 days; the same ones for the same seed."""
    chance = random.Random(seed)
    for at in range(n_turns):
        kind, colour = chance.choice(_KINDS), chance.choice(_COLOURS)
        message = (
            chance.choice(_WAYS).format(f"{colour} {kind.lower()}")
            or f"{colour} {kind.lower()} {chance.randrange(999)}"
        )
        asked_at = _START + timedelta(seconds=at * 90 * 86_400 / n_turns)
        record = _record(chance, kind, colour, skus)
        yield SyntheticTurn(f"synthetic-{at // 8}", at % 8 + 1, f"shopper-{at // 24}", message, asked_at, record)


def _record(chance: random.Random, kind: str, colour: str, skus: list[str]) -> dict[str, Any]:
    """As `agents.record` writes it, and as wide."""
    fate = chance.random()
    shown = [] if fate < 0.05 else chance.sample(skus, 8)
    hit = {
        "score": 0.31,
        "why": f"{colour}, cotton, rated 4.6",
        "title": f"A {colour} thing of the shop with a long title",
    }
    hits = [
        {"sku": sku, **hit, "pays_cents": 4_990, "currency": "EUR", "link": f"https://shop.example/{sku}"}
        for sku in shown
    ]
    slots = {"categories": [kind], "colours": [colour], "sizes": ["M"] if fate < 0.3 else [], "count_said": False}
    part = {
        "slots": slots, "filters": {}, "hits": hits, "n_matching": len(hits), "relaxed": [], "kept": {},
        "taken": "colour" if 0.05 <= fate < 0.15 else "",
    }  # fmt: skip
    writer = chance.choice(_WRITERS)
    total_ms = chance.lognormvariate(6, 0.6)
    return {
        "intent": {"route": "search", "language": chance.choice(("en", "en", "de", "fr")), **slots},
        "text": f"{colour} {kind}",
        "parts": [part],
        "facts": ["There are 31 of them in the shop, from 12 to 90 euros, most of them in black."] * 3,
        "choices": [],
        "reply": "Here are eight that fit what you asked for. The first one is the lightest of them. " * 3,
        "suggestions": ["Only the ones on sale", "In black", "Under 40 euros"],
        "backends": {"classifier": "offline rules 1", "embedder": "models/blip2-mini", "assistant": writer},
        "prompt_versions": {} if writer.startswith("offline") else {"assistant": chance.choice(("2", "3"))},
        "timings_ms": {"intent": 3.1, "retrieval": total_ms / 4, "reply": total_ms / 2, "total": total_ms},
        "failures": [f"{writer} did not answer in 20 s, so this reply was written on this machine."] * (fate > 0.99),
        "is_stopped": False,
    }
