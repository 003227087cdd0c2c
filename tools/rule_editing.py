"""Changing the rules: by whoever may, one version a change, every change undone with one step."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from env.errors import RuleError
from env.roles import Action, Actor
from tools.rule_words import rule_words
from tools.rules import Rule, RuleSet
from tools.store_rules import RuleStore

MOST_RULES = 2_000
_ID_BYTES = 4


class RuleDesk:
    """Where rules are written. Every change needs an actor who may edit rules, and is signed with their name."""

    def __init__(self, store: RuleStore) -> None:
        self.store = store

    def put(self, actor: Actor, rule: Rule, *, seen: Rule | None = None, note: str = "") -> Rule:
        """Add a rule (one without an id, or of an id that is not known), or write over the one of its id.

        `seen` is the rule as the editor had read it.

        Raises:
            AccessError: the actor may not.
            RuleError: somebody else has changed or removed that rule meanwhile, or there are too many.
        """
        actor.require(Action.EDIT_RULES)
        written = replace(rule, id=rule.id or new_id())
        verb = "changed" if seen else "added"

        def edit(before: RuleSet) -> tuple[Rule, ...]:
            nonlocal written
            if seen is not None and before.rule(seen.id) != seen:
                raise RuleError(f"rule {seen.id!r} was changed or removed meanwhile; look at it again and repeat yours")
            written = replace(written, number=next_number(before))
            return _with(before, (written,))

        self.store.change(actor.name, note or f"{verb}: {rule_words(rule)}", edit)
        return written

    def put_all(self, actor: Actor, rules: Sequence[Rule], note: str) -> int:
        """Add many rules as one version; those of a known id are written over. Gives how many were new or differed."""
        actor.require(Action.EDIT_RULES)
        n_changed = 0

        def edit(before: RuleSet) -> tuple[Rule, ...]:
            nonlocal n_changed
            new = [replace(rule, id=rule.id or new_id()) for rule in rules]
            differing = [rule for rule in new if before.rule(rule.id) != rule]
            n_changed = len(differing)
            first = next_number(before)
            return _with(before, tuple(replace(rule, number=first + at) for at, rule in enumerate(differing)))

        self.store.change(actor.name, note, edit)
        return n_changed

    def remove(self, actor: Actor, rule_id: str) -> Rule:
        """Take a rule out; the versions before keep it.

        Raises:
            AccessError: the actor may not.
            RuleError: there is no such rule.
        """
        actor.require(Action.EDIT_RULES)
        rule = self.store.newest().rule(rule_id)
        if rule is None:
            raise RuleError(f"there is no rule {rule_id!r}; `python -m tools rules list` shows those there are")
        self.store.change(
            actor.name,
            f"removed: {rule_words(rule)}",
            lambda before: tuple(each for each in before.rules if each.id != rule_id),
        )
        return rule

    def undo(self, actor: Actor) -> RuleSet:
        """Take the last change back; again, the one before it.

        Raises:
            AccessError: the actor may not.
            RuleError: there is nothing to undo.
        """
        actor.require(Action.EDIT_RULES)
        return self.store.restore(actor.name)[0]

    def restore(self, actor: Actor, version: int) -> RuleSet:
        """Write an older version as the newest; 0 is the shop without rules.

        Raises:
            AccessError: the actor may not.
            RuleError: there is no such version.
        """
        actor.require(Action.EDIT_RULES)
        return self.store.restore(actor.name, version)[0]


def next_number(rule_set: RuleSet) -> int:
    """The number of the next rule that is written."""
    return 1 + max((rule.number for rule in rule_set.rules), default=0)


def new_id() -> str:
    """An id for a rule."""
    return secrets.token_hex(_ID_BYTES)


def _with(before: RuleSet, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """All rules, each of a known id in the place of the old one."""
    by_id = {rule.id: rule for rule in before.rules} | {rule.id: rule for rule in rules}
    if len(by_id) > MOST_RULES:
        raise RuleError(f"{len(by_id)} rules are too many, at most {MOST_RULES} are kept; remove some first")
    return tuple(by_id.values())
