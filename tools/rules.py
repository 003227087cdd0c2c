"""Merchandising rules: what a merchandiser says about words, items and places, and when it holds."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

from tools.taxonomy import load_taxonomy, spelling_key

Kind = Literal["synonym", "pin", "boost", "bury", "hide", "redirect"]
Match = Literal["any", "exact", "contains"]
Way = Literal["two_way", "one_way", "replace", "never"]
Visitors = Literal["all", "new", "returning"]
SignedIn = Literal["all", "yes", "no"]

KINDS: tuple[Kind, ...] = get_args(Kind)
WAYS: tuple[Way, ...] = get_args(Way)
MATCHES: tuple[Match, ...] = get_args(Match)
MOST_PLACES = 50
MOST_FACTOR = 10.0

_WORD = re.compile(r"[\w'’]+(?:-[\w'’]+)*")
_MATCH_RANK = {"any": 0, "contains": 1, "exact": 2}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a rule is for. `language` is a code ("de"), "" for every language."""

    visitors: Visitors = "all"
    language: str = ""
    signed_in: SignedIn = "all"

    @property
    def n_conditions(self) -> int:
        """How many things are asked of a visitor."""
        return (self.visitors != "all") + bool(self.language) + (self.signed_in != "all")


@dataclass(frozen=True, slots=True)
class Scope:
    """When a rule holds: by the words looked for, the category searched in, the day (both ends count) and the visitor.

    `words` are phrases of which one is enough; they say nothing where `match` is "any".
    """

    match: Match = "any"
    words: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None
    audience: Audience = Audience()


@dataclass(frozen=True, slots=True)
class Target:
    """Which items are meant: those of `skus`, and those that pass all `conditions` ("brand=Alder", "price_max=30").

    `is_design` takes the other items of their designs in as well.
    """

    skus: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    is_design: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `number` grows with every rule that is written or changed: of two that are as specific the newer wins.

    What a kind does not use is as it is here. Synonym: `way`, `terms` and, but for two-way ones, `others`. Pin:
    `target` (one SKU), `place` from 1, `is_sponsored`. Boost and bury: `target`, `factor`. Hide: `target`. Redirect:
    `target` and the collection's `name`.
    """

    id: str
    kind: Kind
    scope: Scope = Scope()
    target: Target = Target()
    place: int = 1
    is_sponsored: bool = False
    factor: float = 1.0
    way: Way = "two_way"
    terms: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    name: str = ""
    note: str = ""
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of one version; version 0 is the shop without any."""

    version: int = 0
    rules: tuple[Rule, ...] = ()

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of this id; None where there is none."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


Specificity = tuple[int, int, int, int, int, int]


def specificity(rule: Rule, words: tuple[str, ...] = ()) -> Specificity:
    """How specific a rule is; the greater of two wins.

    In this order: exact words before contained ones before any; the number of words in the phrase that matched
    (`words`; without them the longest of the rule); how deep its category lies; what it asks of a visitor; how many
    ends its dates have; and at last its number, the newest first.
    """
    scope = rule.scope
    phrases = [folded(phrase) for phrase in scope.words if not words or matches(scope.match, phrase, words)]
    n_words = max((len(phrase.split()) for phrase in phrases), default=0) if scope.match != "any" else 0
    paths = [load_taxonomy().category_path(category) for category in scope.categories]
    return (
        _MATCH_RANK[scope.match],
        n_words,
        min((len(path) for path in paths), default=0),
        scope.audience.n_conditions,
        (scope.starts is not None) + (scope.ends is not None),
        rule.number,
    )


def matches(match: Match, phrase: str, words: tuple[str, ...]) -> bool:
    """Whether one of the messages `words` is the phrase, or contains it as whole words; plurals do not matter."""
    wanted = folded(phrase)
    if match == "any" or not wanted:
        return match == "any"
    for message in map(folded, words):
        if message == wanted:
            return True
        if match == "contains" and (f" {wanted} " in f" {message} " or (not wanted.isascii() and wanted in message)):
            return True
    return False


@lru_cache(maxsize=8_192)
def folded(text: str) -> str:
    """A text as words that compare: no case, no punctuation, every word in the singular."""
    return " ".join(spelling_key(word) for word in _WORD.findall(text.casefold()))
