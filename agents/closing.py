"""The end of a reply that a model wrote: cards that it did not speak of are counted."""

import re

from agents.events import Evidence
from agents.wording import Wording, load_texts

_HANDLE = re.compile(r"\[(\d{1,3})\]")


def closing(reply: str, evidence: Evidence, language: str) -> str:
    """One more sentence where the reply speaks of some cards and not of all, else "".

    Only English has wordings: a reply in another language is not ended in English.
    """
    n_spoken_of = len(set(_HANDLE.findall(reply)))
    n_left = len(evidence.hits) - n_spoken_of
    if not n_spoken_of or n_left <= 0 or language != "en":
        return ""
    wording = Wording(load_texts("en"), reply)
    return wording.say("closing.one") if n_left == 1 else wording.say("closing.several", count=n_left)
