"""Sentences about a look: they are composed where its pieces are chosen, because all assistants are told them."""

from agents.assistant.telling import Telling


def outfit_sentences(telling: Telling) -> list[str]:
    """What the look goes with, why each piece is in it, and what it costs."""
    if not telling.evidence.hits:
        return [telling.wording.say("none.outfit")]
    return list(telling.evidence.facts)
