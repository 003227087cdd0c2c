"""The rules in force and the items they mean, remembered until the rules or the catalogue change."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from env.database import Database
from env.errors import FilterError
from env.settings import Settings
from tools.filter_words import parse_filters
from tools.rules import Rule, RuleSet
from tools.store_rules import RuleStore
from tools.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Meant:
    """A rule with the SKUs it means in the catalogue of now, by SKU but for listed ones, which come first as listed.

    `missing` are listed SKUs that have left the catalogue; `problem` says why conditions cannot be read.
    """

    rule: Rule
    skus: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """One set of rules over one version of the catalogue. What a rule means is looked up when it is first asked."""

    rule_set: RuleSet
    read: Callable[[Rule], Meant]
    zone: ZoneInfo
    _known: dict[Rule, Meant] = field(default_factory=dict)

    def meant(self, rule: Rule) -> Meant:
        """The items that a rule means."""
        if rule not in self._known:
            self._known[rule] = self.read(rule)
        return self._known[rule]

    def today(self, now: datetime | None = None) -> date:
        """The day it is in the shop's time zone."""
        return (now or datetime.now(UTC)).astimezone(self.zone).date()


class RuleBook:
    """Reads the rules of one shop. Safe to share between threads."""

    def __init__(self, database: Database, vocabulary: Callable[[], Vocabulary], settings: Settings) -> None:
        self._store = RuleStore(database)
        self._vocabulary = vocabulary
        self._settings = settings
        self._lock = threading.Lock()
        self._versions = (-1, -1)
        self._rules = Rules(RuleSet(), Meant, ZoneInfo(settings.time_zone))

    def rules(self) -> Rules:
        """The rules of now; one cheap question where nothing has changed."""
        versions = self._store.versions()
        with self._lock:
            if versions == self._versions:
                return self._rules
            is_known = versions[1] == self._versions[1]
            rule_set = self._rules.rule_set if is_known else self._store.read(versions[1])
            self._rules = self.over(rule_set)
            self._versions = versions
            return self._rules

    def over(self, rule_set: RuleSet) -> Rules:
        """A set of rules, in force or not, over the catalogue of now."""
        return Rules(rule_set, self._meant, ZoneInfo(self._settings.time_zone))

    def _meant(self, rule: Rule) -> Meant:
        target = rule.target
        listed = set(self._store.skus_held(target.skus)) if target.skus else set()
        missing = tuple(sku for sku in target.skus if sku not in listed)
        skus = [sku for sku in target.skus if sku in listed]
        problem = ""
        if target.conditions:
            try:
                filters = parse_filters(target.conditions, self._vocabulary(), self._settings.currency)
                skus += self._store.skus_passing(filters)
            except FilterError as error:
                problem = str(error)
        if target.is_design and skus:
            skus += self._store.skus_held(skus, with_designs=True)
        return Meant(rule, tuple(dict.fromkeys(skus)), missing, problem)
