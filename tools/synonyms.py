"""What words mean the same in this shop, as its rules say; and what must not be taken for the same."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tools.rules import Rule, folded

IsKnown = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The synonym rules of one occasion, the most specific first: of two that decide on one pair the first does."""

    rules: tuple[Rule, ...] = ()

    def heard(self, text: str, is_known: IsKnown) -> str:
        """A message as it is to be read: words replaced, and those nobody knows as one of their known equals.

        One pass: what was replaced is not replaced again, so that two rules in a circle do no harm.
        """
        spelt = self._spelt()
        replaced: dict[str, str] = {}
        for (one, other), rule in self._decided().items():
            if rule.way == "replace":
                replaced.setdefault(one, spelt[other])
        for term, equals in self._equals().items():
            known = next((other for other in equals if is_known(other)), "")
            if known and not is_known(term):
                replaced.setdefault(term, known)
        return _replaced(text, replaced)

    def widened(self, text: str) -> str:
        """Words to search by, with those that mean the same behind them."""
        if not self.rules or not text.strip():
            return text
        told = self.heard(text, lambda _: True)
        equals = self._equals()
        added = (other for term in _terms_in(told, equals) for other in equals[term])
        said = f" {folded(told)} "
        new = dict.fromkeys(other for other in added if f" {folded(other)} " not in said)
        return " ".join((told, *new))

    def equal_pairs(self, text: str) -> Iterator[tuple[str, str]]:
        """Each term of a message with each word that means the same."""
        equals = self._equals()
        for term in _terms_in(text, equals):
            yield from ((term, other) for other in equals[term])

    def apart(self, text: str = "") -> Iterator[tuple[str, str]]:
        """Pairs that are never the same, as rules spell them; with `text` those whose first it says."""
        spelt = self._spelt()
        said = f" {folded(text)} "
        for (one, other), rule in self._decided().items():
            if rule.way == "never" and (not text or f" {one} " in said):
                yield spelt[one], spelt[other]

    def are_apart(self, one: str, other: str) -> bool:
        """Whether a rule keeps two words apart."""
        pairs = {(folded(first), folded(second)) for first, second in self.apart()}
        return (folded(one), folded(other)) in pairs or (folded(other), folded(one)) in pairs

    def _decided(self) -> dict[tuple[str, str], Rule]:
        """The rule that decides on each ordered pair of folded words; a "never" decides both directions."""
        decided: dict[tuple[str, str], Rule] = {}
        for rule in self.rules:
            for one, other in _pairs(rule):
                if (one, other) in decided:
                    continue
                opposite = decided.get((other, one))
                if opposite is None or "never" not in (rule.way, opposite.way):
                    decided[one, other] = rule
        return decided

    def _equals(self) -> dict[str, tuple[str, ...]]:
        """The words that each folded term also finds, as they are spelt in the rules."""
        spelt = self._spelt()
        found: dict[str, tuple[str, ...]] = {}
        for (one, other), rule in self._decided().items():
            if rule.way in ("two_way", "one_way"):
                found[one] = (*found.get(one, ()), spelt[other])
        return found

    def _spelt(self) -> dict[str, str]:
        """Each folded word as a rule spells it."""
        return {folded(term): term for rule in reversed(self.rules) for term in (*rule.terms, *rule.others)}


def without_phrases(text: str, phrases: Iterable[str]) -> str:
    """A message without these phrases."""
    return " ".join(_replaced(text, {folded(phrase): "" for phrase in phrases}).split())


def _pairs(rule: Rule) -> Iterator[tuple[str, str]]:
    terms = [folded(term) for term in rule.terms]
    others = [folded(term) for term in rule.others] if rule.way != "two_way" else terms
    yield from ((one, other) for one in terms for other in others if one != other)


def _terms_in(text: str, terms: Iterable[str]) -> list[str]:
    """The folded terms that a text says as whole words, the longest first."""
    said = f" {folded(text)} "
    return [term for term in sorted(terms, key=lambda term: (-len(term), term)) if f" {term} " in said]


def _replaced(text: str, by_term: Mapping[str, str]) -> str:
    """The text with every folded term in it replaced, the longest first, in one pass."""
    words = list(re.finditer(r"[\w'’]+(?:-[\w'’]+)*", text))
    out, at, place = [], 0, 0
    longest = max((len(term.split()) for term in by_term), default=0)
    while place < len(words):
        for n_words in range(min(longest, len(words) - place), 0, -1):
            first, last = words[place], words[place + n_words - 1]
            other = by_term.get(folded(text[first.start() : last.end()]))
            if other is not None:
                out += [text[at : first.start()], other]
                at, place = last.end(), place + n_words
                break
        else:
            place += 1
    return "".join((*out, text[at:]))
