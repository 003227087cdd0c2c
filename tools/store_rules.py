"""Merchandising rules in Postgres: versions of the whole set, and the items that a rule means."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from env.database import Database
from env.errors import RuleError
from tools import store_sql
from tools.query import Filters
from tools.rule_data import read_rule, rule_json
from tools.rules import Rule, RuleSet
from tools.store_filters import filter_parameters

# One change at a time: each is made to the newest set.
_LOCK = "LOCK TABLE rule_sets IN SHARE ROW EXCLUSIVE MODE"
_VERSIONS = """
    SELECT (SELECT version FROM catalog_version), (SELECT coalesce(max(version), 0) FROM rule_sets)
"""
_READ = "SELECT version, rules FROM rule_sets WHERE version = %(version)s"
_PARENT = "SELECT coalesce(parent, 0) FROM rule_sets WHERE version = %(version)s"
_ADD = """
    INSERT INTO rule_sets (version, parent, who, note, rules)
    VALUES (%(version)s, nullif(%(parent)s, 0), %(who)s, %(note)s, %(rules)s)
"""
_HISTORY = """
    SELECT version, coalesce(parent, 0), who, note, jsonb_array_length(rules), created_at FROM rule_sets
    ORDER BY version DESC LIMIT %(most)s
"""
_PASSING = f"SELECT sku FROM items WHERE {store_sql.MATCHES} ORDER BY sku"
_HELD = "SELECT sku FROM items WHERE sku = ANY (%(skus)s) ORDER BY sku"
_DESIGNS = """
    SELECT sku FROM items WHERE design IN (SELECT design FROM items WHERE sku = ANY (%(skus)s)) ORDER BY sku
"""
_HAS_OTHER_CHATS = """
    SELECT EXISTS (SELECT FROM sessions WHERE shopper = %(shopper)s AND shopper <> '' AND id <> %(session_id)s)
"""


@dataclass(frozen=True, slots=True)
class SetRow:
    """One version of the set in its history. `parent` is what undoing it restores; 0 is the shop without rules."""

    version: int
    parent: int
    who: str
    note: str
    n_rules: int
    created_at: datetime


class RuleStore:
    """Reads and writes sets of rules. Nothing is ever written over or deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def versions(self) -> tuple[int, int]:
        """The version of the catalogue and of the rules in force (0 without any); cheap."""
        with self._database.connection() as connection:
            row = connection.execute(_VERSIONS).fetchone()
        return (int(row[0] or 0), int(row[1])) if row else (0, 0)

    def read(self, version: int) -> RuleSet:
        """The set of a version.

        Raises:
            RuleError: there is no such version.
        """
        with self._database.connection() as connection:
            return _read(connection, version)

    def newest(self) -> RuleSet:
        """The set in force."""
        return self.read(self.versions()[1])

    def change(self, who: str, note: str, edit: Callable[[RuleSet], tuple[Rule, ...]]) -> RuleSet:
        """Write what `edit` makes of the newest set as a version of its own; what `edit` raises changes nothing."""
        with self._database.connection() as connection:
            connection.execute(_LOCK)
            before = _read(connection, _newest(connection))
            return _write(connection, before.version, before.version, who, note, edit(before))

    def restore(self, who: str, version: int | None = None) -> tuple[RuleSet, int]:
        """Write an older set as the newest one: `version`, or what the last change had been made to.

        Gives the new set and the version that it repeats. Undoing again goes further back.

        Raises:
            RuleError: there is nothing to undo, or no such version.
        """
        with self._database.connection() as connection:
            connection.execute(_LOCK)
            newest = _newest(connection)
            if newest == 0:
                raise RuleError("there is nothing to undo; no rule was ever written")
            if version is None:
                target = _parent(connection, newest)
                after = _parent(connection, target) if target else 0
                if target == 0 and not _read(connection, newest).rules:
                    raise RuleError("there is nothing left to undo; the shop is without rules again")
            else:
                target, after = version, newest
            rules = _read(connection, target).rules
            note = f"back to version {target}" if target else "back to no rules"
            return _write(connection, newest, after, who, note, rules), target

    def history(self, most: int = 50) -> tuple[SetRow, ...]:
        """The versions, newest first."""
        with self._database.connection() as connection:
            return tuple(SetRow(*row) for row in connection.execute(_HISTORY, {"most": most}))

    def skus_passing(self, filters: Filters) -> tuple[str, ...]:
        """All SKUs whose items pass."""
        parameters = filter_parameters(filters)
        with self._database.connection() as connection:
            rows = connection.execute(store_sql.limited(_PASSING, parameters), parameters)
            return tuple(sku for (sku,) in rows)

    def skus_held(self, skus: Sequence[str], *, with_designs: bool = False) -> tuple[str, ...]:
        """Those of the SKUs that are in the catalogue, and all of their designs where wanted."""
        statement = _DESIGNS if with_designs else _HELD
        with self._database.connection() as connection:
            return tuple(sku for (sku,) in connection.execute(statement, {"skus": list(skus)}))

    def has_other_chats(self, shopper: str, session_id: str) -> bool:
        """Whether a shopper has a chat beside this one."""
        with self._database.connection() as connection:
            row = connection.execute(_HAS_OTHER_CHATS, {"shopper": shopper, "session_id": session_id}).fetchone()
        return bool(row and row[0])


def _newest(connection: Any) -> int:
    row = connection.execute("SELECT coalesce(max(version), 0) FROM rule_sets").fetchone()
    return int(row[0])


def _parent(connection: Any, version: int) -> int:
    row = connection.execute(_PARENT, {"version": version}).fetchone()
    return int(row[0]) if row else 0


def _read(connection: Any, version: int) -> RuleSet:
    if version == 0:
        return RuleSet()
    row = connection.execute(_READ, {"version": version}).fetchone()
    if row is None:
        raise RuleError(f"there is no version {version} of the rules; see `python -m tools rules history`")
    return RuleSet(row[0], tuple(read_rule(raw) for raw in row[1]))


def _write(connection: Any, newest: int, parent: int, who: str, note: str, rules: tuple[Rule, ...]) -> RuleSet:
    written = json.dumps([rule_json(rule) for rule in rules], ensure_ascii=False)
    parameters = {"version": newest + 1, "parent": parent, "who": who, "note": note, "rules": written}
    connection.execute(_ADD, parameters)
    return RuleSet(newest + 1, rules)
