"""The assistant that needs no model: it says what was understood, why items fit and what could not be met."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from agents.assistant.found import found_sentences
from agents.assistant.pieces import outfit_sentences
from agents.assistant.telling import Telling, sentence
from agents.events import Evidence, Message
from agents.intent import Intent, Route
from agents.session import Session
from agents.speaking import speaking
from agents.wording import wording
from tools.catalog import Catalog

_VERSION = "1"
_WORD = re.compile(r"\S+\s*")


class OfflineAssistant:
    """Composes replies from evidence and wordings alone, so that nothing in them can be made up."""

    prompt_names: tuple[str, ...] = ()

    def __init__(self, catalog: Catalog, locale: str) -> None:
        self.name = f"offline composer {_VERSION}"
        self._catalog = catalog
        self._locale = locale

    def reply(self, message: Message, intent: Intent, evidence: Evidence, session: Session) -> Iterator[str]:
        """The reply word by word; two to five sentences."""
        with speaking(intent.language):
            words = wording(f"{session.id} {session.n_turns}")
            telling = Telling(message, intent, evidence, session, words, self._catalog.vocabulary(), self._locale)
            sentences = self._sentences(telling)
        for match in _WORD.finditer(" ".join(text for text in sentences if text)):
            yield match.group()

    def _sentences(self, telling: Telling) -> list[str]:
        if telling.vocabulary.n_items == 0:
            return [telling.wording.say("empty_catalog")]
        if telling.evidence.look is not None:
            return outfit_sentences(telling)
        return _ROUTES.get(telling.intent.route, _plain)(telling)


def _plain(telling: Telling) -> list[str]:
    """Routes that need nothing but a kind word and examples of what there really is."""
    n_items, examples = telling.vocabulary.n_items, telling.examples()
    return [telling.wording.say(telling.intent.route, n_items=n_items, some=examples)]


def _told(telling: Telling) -> list[str]:
    """What was done says itself."""
    return list(telling.evidence.facts)


def _preference(telling: Telling) -> list[str]:
    """What was kept or forgotten, then what the standing search finds under it."""
    told, *facts = telling.evidence.facts
    if not telling.evidence.parts:
        return [told]
    return [told, *found_sentences(replace(telling, evidence=replace(telling.evidence, facts=tuple(facts))))]


def _facts(telling: Telling) -> list[str]:
    """Questions and variants are answered by the facts themselves."""
    facts = [sentence(fact) for fact in (*telling.evidence.facts, *telling.evidence.seen)]
    if not facts and not telling.evidence.hits:
        return [telling.wording.say(f"none.{telling.intent.route}")]
    return facts


def _similar(telling: Telling) -> list[str]:
    if not telling.evidence.hits or telling.message.photo is not None:
        return found_sentences(telling) if telling.evidence.parts else [telling.wording.say("none.similar")]
    if not telling.evidence.facts:
        return found_sentences(telling)
    first = telling.wording.say(
        "similar", fact=telling.evidence.facts[0], first="1", reason=telling.reason(telling.evidence.hits[0])
    )
    return [first, *telling.notes()]


def _compare(telling: Telling) -> list[str]:
    if len(telling.evidence.hits) < 2:
        return [telling.wording.say("none.compare" if not telling.evidence.hits else "compare.one")]
    return [telling.wording.say("compare.several", facts=" ".join(telling.evidence.facts))]


_ROUTES: Mapping[Route, Callable[[Telling], list[str]]] = {
    "search": found_sentences,
    "refine": found_sentences,
    "preference": _preference,
    "similar": _similar,
    "variants": _facts,
    "question": _facts,
    "compare": _compare,
    "outfit": outfit_sentences,
    "cart": _told,
    "saved": _told,
}
