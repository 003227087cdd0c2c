"""Sentences about an outfit: one piece of each kind, and what they cost together."""

from agents.assistant.nouns import kind_words, listed
from agents.assistant.telling import Telling


def outfit_sentences(telling: Telling) -> list[str]:
    """The first piece of each kind by its handle, and the total where every price is known."""
    parts = telling.evidence.parts
    if not telling.evidence.hits:
        return [telling.wording.say("none.outfit")]
    pieces, handles, first = [], [], 1
    for part in parts:
        if part.hits:
            pieces.append(f"[{first}] from the {kind_words(part.slots.categories, 2)}")
            handles.append(first)
        first += len(part.hits)
    fact = " ".join(telling.evidence.facts)
    said = telling.wording.say("outfit.set", fact=fact, pieces=listed(pieces)).strip()
    return [said, *_total(telling, handles), *telling.notes()[:1]]


def _total(telling: Telling, handles: list[int]) -> list[str]:
    items = [telling.evidence.hits[handle - 1].item for handle in handles]
    cents = [item.pays_cents for item in items if item.pays_cents is not None]
    if len(cents) < len(items) or len({item.currency for item in items}) != 1 or len(items) < 2:
        return []
    names = listed([f"[{handle}]" for handle in handles])
    return [telling.wording.say("outfit.total", handles=names, total=telling.price(sum(cents), items[0].currency))]
