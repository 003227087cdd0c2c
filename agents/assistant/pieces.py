"""Sentences about an outfit: one piece of each kind, and what they cost together."""

from agents.assistant.telling import Telling
from agents.nouns import listed


def outfit_sentences(telling: Telling) -> list[str]:
    """The first piece of each kind by its handle, and the total where every price is known."""
    if not telling.evidence.hits:
        return [telling.wording.say("none.outfit")]
    handles, first = [], 1
    for part in telling.evidence.parts:
        if part.hits:
            handles.append(first)
        first += len(part.hits)
    fact, pieces = " ".join(telling.evidence.facts), listed([f"[{handle}]" for handle in handles])
    said = telling.wording.say("outfit.set", fact=fact, pieces=pieces).strip()
    return [said, *_total(telling, handles), *telling.notes()]


def _total(telling: Telling, handles: list[int]) -> list[str]:
    items = [telling.evidence.hits[handle - 1].item for handle in handles]
    cents = [item.pays_cents for item in items if item.pays_cents is not None]
    if len(cents) < len(items) or len({item.currency for item in items}) != 1 or len(items) < 2:
        return []
    names = listed([f"[{handle}]" for handle in handles])
    return [telling.wording.say("outfit.total", handles=names, total=telling.price(sum(cents), items[0].currency))]
