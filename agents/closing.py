"""The end of a reply that a model wrote: cards that it did not speak of are counted."""

import re

from agents.events import Evidence
from agents.speaking import LANGUAGES, speaking
from agents.wording import say

_HANDLE = re.compile(r"\[(\d{1,3})\]")


def closing(reply: str, evidence: Evidence, language: str) -> str:
    """One more sentence where the reply speaks of some cards and not of all, else "".

    A reply in a language without wordings is not ended in English.
    """
    n_spoken_of = len(set(_HANDLE.findall(reply)))
    n_left = len(evidence.hits) - n_spoken_of
    if not n_spoken_of or n_left <= 0 or language not in LANGUAGES:
        return ""
    with speaking(language):
        return say("closing.one") if n_left == 1 else say("closing.several", count=n_left)
