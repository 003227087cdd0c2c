"""What the shop's rules did to what was found, as facts: whoever writes the reply says so or says nothing else."""

from collections.abc import Iterator
from dataclasses import replace

from agents.events import Evidence
from agents.prompt import as_data
from agents.wording import say

_MOST_NAME_CHARS = 80


def with_rules(evidence: Evidence) -> Evidence:
    """The evidence with what rules did told first; the same where they did nothing that a reply may contradict."""
    told = tuple(dict.fromkeys(_told(evidence)))
    return replace(evidence, facts=(*told, *evidence.facts)) if told else evidence


def _told(evidence: Evidence) -> Iterator[str]:
    for part in evidence.parts:
        if part.collection:
            yield say("rules.collection", collection=as_data(part.collection, _MOST_NAME_CHARS))
    for place, hit in enumerate(evidence.hits, 1):
        if hit.placed == "sponsored":
            yield say("rules.sponsored", place=place)
        elif hit.placed == "pinned":
            yield say("rules.first" if place == 1 else "rules.placed", place=place)
