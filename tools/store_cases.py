"""The test set of the workbench, in Postgres. A removed case stays stored, so that its removal can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb

from env.database import Database

_COLUMNS = (
    "id", "message", "earlier", "state", "expected", "is_whole", "relevant", "rubric", "must_say", "must_not_say",
    "source", "note", "added_by",
)  # fmt: skip
_READ = """
    SELECT id, message, earlier, state, expected, is_whole, relevant, rubric, must_say, must_not_say, source, note,
        added_by
    FROM test_cases
    WHERE (removed_at IS NULL) = %(is_kept)s AND (%(ids)s::text[] IS NULL OR id = ANY (%(ids)s))
    ORDER BY place
"""
_PUT = """
    INSERT INTO test_cases (id, message, earlier, state, expected, is_whole, relevant, rubric, must_say, must_not_say,
        source, note, added_by)
    VALUES (%(id)s, %(message)s, %(earlier)s, %(state)s, %(expected)s, %(is_whole)s, %(relevant)s, %(rubric)s,
        %(must_say)s, %(must_not_say)s, %(source)s, %(note)s, %(added_by)s)
    ON CONFLICT (id) DO UPDATE SET
        message = excluded.message, earlier = excluded.earlier, state = excluded.state, expected = excluded.expected,
        is_whole = excluded.is_whole, relevant = excluded.relevant, rubric = excluded.rubric,
        must_say = excluded.must_say, must_not_say = excluded.must_not_say, source = excluded.source,
        note = excluded.note, added_by = excluded.added_by, updated_at = now(), removed_at = NULL
    RETURNING xmax = 0
"""
_REMOVE = "UPDATE test_cases SET removed_at = now() WHERE id = ANY (%(ids)s) AND removed_at IS NULL"
_RESTORE = "UPDATE test_cases SET removed_at = NULL WHERE id = ANY (%(ids)s) AND removed_at IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Earlier:
    """One message before the one that is tested; `intent` is what it was read as then, None where that is not known."""

    text: str
    intent: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case. Every label may be missing: `expected` slots by name, `relevant` SKUs, `rubric`, what must be said.

    `is_whole` says that `expected` is the whole intent: a slot it does not name has to be empty. `state` is the state
    of a chat (`Session.to_json`) that the case starts from, before its `earlier` messages.
    """

    id: str
    message: str
    earlier: tuple[Earlier, ...] = ()
    state: Mapping[str, Any] | None = None
    expected: Mapping[str, Any] = field(default_factory=dict)
    is_whole: bool = False
    relevant: tuple[str, ...] = ()
    rubric: str = ""
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    added_by: str = ""

    def to_json(self) -> dict[str, Any]:
        """The case as plain data."""
        return {
            "id": self.id, "message": self.message,
            "earlier": [{"text": each.text, "intent": each.intent} for each in self.earlier],
            "state": self.state, "expected": dict(self.expected), "is_whole": self.is_whole,
            "relevant": list(self.relevant), "rubric": self.rubric, "must_say": list(self.must_say),
            "must_not_say": list(self.must_not_say), "source": self.source, "note": self.note,
            "added_by": self.added_by,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "CaseRow":
        """A case as `to_json` wrote it."""
        lists = {name: tuple(data[name]) for name in ("relevant", "must_say", "must_not_say")}
        earlier = tuple(Earlier(each["text"], each["intent"]) for each in data["earlier"])
        return cls(**{**{name: data[name] for name in _COLUMNS}, **lists, "earlier": earlier})


class CaseStore:
    """Reads and writes cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cases(self, ids: Sequence[str] | None = None) -> list[CaseRow]:
        """The cases in the order they came, or those of these ids."""
        return self._read(True, ids)

    def removed(self) -> list[CaseRow]:
        """What was removed and can come back."""
        return self._read(False, None)

    def put(self, cases: Sequence[CaseRow]) -> int:
        """Store cases, each in place of the one of its id; how many are new. All or none."""
        with self._database.connection() as connection:
            rows = [connection.execute(_PUT, _parameters(case)).fetchone() for case in cases]
        return sum(bool(row and row[0]) for row in rows)

    def remove(self, ids: Sequence[str]) -> int:
        """Take cases out of the set; how many there were."""
        return self._change(_REMOVE, ids)

    def restore(self, ids: Sequence[str]) -> int:
        """Put removed cases back; how many there were."""
        return self._change(_RESTORE, ids)

    def _read(self, is_kept: bool, ids: Sequence[str] | None) -> list[CaseRow]:
        parameters = {"is_kept": is_kept, "ids": None if ids is None else list(ids)}
        with self._database.connection() as connection:
            rows = connection.execute(_READ, parameters).fetchall()
        return [CaseRow.from_json(dict(zip(_COLUMNS, row, strict=True))) for row in rows]

    def _change(self, statement: str, ids: Sequence[str]) -> int:
        with self._database.connection() as connection:
            return connection.execute(statement, {"ids": list(ids)}).rowcount


def _parameters(case: CaseRow) -> dict[str, Any]:
    data = case.to_json()
    state = None if case.state is None else Jsonb(case.state)
    return {**data, "earlier": Jsonb(data["earlier"]), "state": state, "expected": Jsonb(data["expected"])}
