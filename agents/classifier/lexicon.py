"""The phrases a message may name, from the taxonomy and the catalogue's own vocabulary, and where they occur."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.classifier.language import Guard, Language
from agents.classifier.words import Token, is_plural, key, phrase_key

_LONGEST_PHRASE = 5
# A word alone that may mean several facets means the first of these.
_PRECEDENCE = ("category", "colour", "pattern", "gender", "age_group", "usage", "season", "brand", "material", "size")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means: one canonical value of one facet."""

    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One phrase found in a message. `start` and `end` are character offsets; `words` is what was written there."""

    facet: str
    value: str
    start: int
    end: int
    words: str
    is_plural: bool = False
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by their key. `words` are the single words of all phrases, for telling typos."""

    meanings: Mapping[str, tuple[Meaning, ...]]
    words: frozenset[str]

    def is_name(self, word: str) -> bool:
        """Whether the word alone is what a facet calls a value, not only a part or a synonym of it."""
        name = key([word])
        return any(phrase_key(meaning.value) == name for meaning in self.meanings.get(name, ()))

    def mentions(self, tokens: Sequence[Token], language: Language) -> tuple[Mention, ...]:
        """Every phrase in the tokens, the longest first at each place, in order of the message."""
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            n_tokens, meanings = self._longest(tokens, at)
            if meanings and n_tokens == 1 and not self._is_meant(tokens, at, language):
                meanings = ()
            if n_tokens == 1 and tokens[at].text in language.stop:
                # A brand called "And" is not what "shoes and a belt" asks for.
                meanings = tuple(meaning for meaning in meanings if meaning.facet != "brand")
            found.extend(_mentions_of(meanings, tokens[at : at + n_tokens]))
            if n_tokens > 1 and any(meaning.facet == "category" for meaning in meanings):
                # A "denim jacket" is a kind of jacket by name, and still of denim.
                stuff = self.meanings.get(key([tokens[at].text]), ())
                found.extend(_mentions_of((m for m in stuff if m.facet == "material"), tokens[at : at + 1]))
            at += max(n_tokens if meanings else 1, 1)
        return tuple(_without_second_meanings(found))

    def _longest(self, tokens: Sequence[Token], at: int) -> tuple[int, tuple[Meaning, ...]]:
        for n_tokens in range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1):
            phrase = tokens[at : at + n_tokens]
            if any(token.is_mark for token in phrase[:: max(n_tokens - 1, 1)]):
                continue
            meanings = self.meanings.get(key([token.text for token in phrase if not token.is_mark]))
            if meanings:
                return n_tokens, meanings
        return 0, ()

    def _is_meant(self, tokens: Sequence[Token], at: int, language: Language) -> bool:
        word = tokens[at].text
        if word in language.ignored:
            return False
        guard = language.guarded.get(word)
        return guard is None or self._passes(guard, tokens, at)

    def _passes(self, guard: Guard, tokens: Sequence[Token], at: int) -> bool:
        if len(tokens) == 1 or (at > 0 and tokens[at - 1].text in guard.after):
            return True
        if not guard.before_category:
            return False
        _, meanings = self._longest(tokens, at + 1) if at + 1 < len(tokens) else (0, ())
        return any(meaning.facet == "category" for meaning in meanings)


def _mentions_of(meanings: Iterable[Meaning], phrase: Sequence[Token]) -> Iterator[Mention]:
    for meaning in meanings:
        words = " ".join(token.text for token in phrase)
        yield Mention(meaning.facet, meaning.value, phrase[0].start, phrase[-1].end, words, is_plural(phrase[-1].text))


def _without_second_meanings(mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Keep one meaning of a word that has several: "boy" is gender and age at once, "denim" a stuff or trousers.

    A stuff that could also be a category is the stuff when another category stands in the message.
    """
    by_place: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_place.setdefault(mention.start, []).append(mention)
    for start, here in by_place.items():
        if len({mention.end for mention in here}) > 1:
            yield from here
            continue
        facets = {mention.facet for mention in here}
        if facets <= {"gender", "age_group"} or len(facets) == 1:
            yield from here
            continue
        elsewhere = any(m.facet == "category" and m.start != start for m in mentions)
        if "category" in facets and elsewhere:
            here = [mention for mention in here if mention.facet != "category"]
        yield min(here, key=lambda mention: _PRECEDENCE.index(mention.facet))


def build_lexicon(phrases: Iterable[tuple[str, str, str]]) -> Lexicon:
    """A lexicon of (phrase, facet, canonical value); of phrases with the same key and facet the first one counts."""
    meanings: dict[str, tuple[Meaning, ...]] = {}
    words: set[str] = set()
    for phrase, facet, value in phrases:
        name = phrase_key(phrase)
        known = meanings.get(name, ())
        if not name or facet not in _PRECEDENCE or any(meaning.facet == facet for meaning in known):
            continue
        meanings[name] = (*known, Meaning(facet, value))
        words.update(part for part in phrase.lower().replace("-", " ").split() if part.isalpha())
    return Lexicon(meanings, frozenset(words))
