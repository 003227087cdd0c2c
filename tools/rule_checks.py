"""What is wrong with rules: those that do nothing, and those that get into each other's way."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from tools.rulebook import Rules
from tools.rules import Rule, Scope, folded
from tools.ruling import no_items
from tools.vocabulary import Vocabulary

State = Literal["active", "planned", "over", "broken"]
STATES: tuple[State, ...] = ("active", "planned", "over", "broken")


def state_of(rule: Rule, rules: Rules, today: date) -> tuple[State, str]:
    """How a rule stands on a day, and what is wrong with it where it is broken.

    A rule with a SKU that has left the catalogue is broken: it goes on with the others it has.
    """
    problem = broken_words(rule, rules)
    if problem:
        return "broken", problem
    if rule.scope.starts and today < rule.scope.starts:
        return "planned", ""
    return ("over", "") if rule.scope.ends and today > rule.scope.ends else ("active", "")


def broken_words(rule: Rule, rules: Rules) -> str:
    """Why a rule does less than it says; "" where it does not."""
    if rule.kind == "synonym":
        return ""
    meant = rules.meant(rule)
    if meant.problem:
        return meant.problem
    if meant.missing:
        left = ", ".join(map(repr, meant.missing[:3]))
        return f"{left} {'has' if len(meant.missing) == 1 else 'have'} left the catalogue"
    return "" if meant.skus else no_items(meant)


def conflicts(rule: Rule, rules: Rules, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What is to be told of a rule before it is written: what it lacks, and every other rule it meets.

    `rules` may hold the rule as it was.
    """
    others = [other for other in rules.rule_set.rules if other.id != rule.id]
    told = [_unknown_categories(rule.scope, vocabulary), broken_words(rule, rules)]
    told += _CHECKS[rule.kind](rule, [other for other in others if _may_meet(rule.scope, other.scope)], rules)
    return tuple(dict.fromkeys(text for text in told if text))


def _unknown_categories(scope: Scope, vocabulary: Vocabulary) -> str:
    unknown = [name for name in scope.categories if name not in vocabulary.counts.get("category", {})]
    return f"the catalogue has no category {unknown[0]!r}, so the rule never holds" if unknown else ""


def _may_meet(one: Scope, other: Scope) -> bool:
    """Whether one search may be about both."""
    if one.starts and other.ends and other.ends < one.starts:
        return False
    if other.starts and one.ends and one.ends < other.starts:
        return False
    if one.match == "exact" and other.match == "exact":
        return bool({folded(word) for word in one.words} & {folded(word) for word in other.words})
    for exact, loose in ((one, other), (other, one)):
        if exact.match == "exact" and loose.match == "contains":
            said = [f" {folded(word)} " for word in exact.words]
            return any(f" {folded(word)} " in text for word in loose.words for text in said)
    return True


def _pin_conflicts(rule: Rule, others: Sequence[Rule], rules: Rules) -> Iterator[str]:
    mine = set(rules.meant(rule).skus)
    for other in others:
        if other.kind == "pin" and other.place == rule.place:
            yield f"rule {other.id} pins {other.target.skus[0]!r} to place {other.place} too{_DECIDES}"
        elif other.kind == "pin" and mine & set(rules.meant(other).skus):
            yield f"rule {other.id} pins the same item to place {other.place}"
        elif other.kind == "hide" and mine & set(rules.meant(other).skus):
            yield f"rule {other.id} hides this item, and hiding always wins: it will not be shown"


def _hide_conflicts(rule: Rule, others: Sequence[Rule], rules: Rules) -> Iterator[str]:
    mine = set(rules.meant(rule).skus)
    for other in others:
        if other.kind in ("pin", "boost", "redirect") and mine & set(rules.meant(other).skus):
            yield f"rule {other.id} wants to {_DOES[other.kind]} what this hides; hiding always wins"


def _weight_conflicts(rule: Rule, others: Sequence[Rule], rules: Rules) -> Iterator[str]:
    mine = set(rules.meant(rule).skus)
    for other in others:
        if other.kind in ("boost", "bury") and other.kind != rule.kind and mine & set(rules.meant(other).skus):
            yield f"rule {other.id} wants to {other.kind} some of the same items{_DECIDES}"
        elif other.kind == "hide" and mine and mine <= set(rules.meant(other).skus):
            yield f"rule {other.id} hides all of these items"


def _redirect_conflicts(rule: Rule, others: Sequence[Rule], _: Rules) -> Iterator[str]:
    for other in others:
        if other.kind == "redirect" and {folded(w) for w in rule.scope.words} & {folded(w) for w in other.scope.words}:
            yield f"rule {other.id} leads the same words to “{other.name}”"


def _synonym_conflicts(rule: Rule, others: Sequence[Rule], _: Rules) -> Iterator[str]:
    mine = {(folded(one), folded(other)) for one, other in _pairs(rule)}
    turned = {(other, one) for one, other in mine}
    for other in others:
        if other.kind != "synonym":
            continue
        theirs = {(folded(one), folded(two)) for one, two in _pairs(other)}
        if rule.way == "replace" and other.way == "replace" and (loop := _loop(mine | theirs, mine)):
            yield f"rule {other.id} closes a circle ({loop}): each word is replaced once, and no further"
        elif "never" in (rule.way, other.way) and rule.way != other.way and theirs & (mine | turned):
            pair = " and ".join(min(theirs & (mine | turned)))
            yield f"rule {other.id} says the opposite of {pair}{_DECIDES}"


def _pairs(rule: Rule) -> Iterator[tuple[str, str]]:
    others = rule.terms if rule.way == "two_way" else rule.others
    return ((one, other) for one in rule.terms for other in others if folded(one) != folded(other))


def _loop(pairs: set[tuple[str, str]], starts: set[tuple[str, str]]) -> str:
    """A way through the pairs that comes back to where it began, as words; "" where there is none."""
    for start, then in sorted(starts):
        path, at = [start], then
        while at not in path:
            path.append(at)
            at = next((other for one, other in sorted(pairs) if one == at), "")
            if not at:
                break
        if at == start:
            return " → ".join((*path, start))
    return ""


_DECIDES = ": the more specific decides, then the newer"
_DOES = {"pin": "pin", "boost": "boost", "redirect": "lead to"}
_CHECKS = {
    "pin": _pin_conflicts,
    "hide": _hide_conflicts,
    "boost": _weight_conflicts,
    "bury": _weight_conflicts,
    "redirect": _redirect_conflicts,
    "synonym": _synonym_conflicts,
}
