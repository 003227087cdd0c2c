"""The turns behind a figure, read from Postgres."""

from dataclasses import replace
from typing import Any

from env.database import Database
from tools.insight import Pick, PickKind, Scope, StoredTurn
from tools.store_insight_sql import chosen, scope_parameters

_TURN = """
    SELECT turns.session_id, turns.number, turns.created_at, message, has_photo, record,
        coalesce(counted.outcome, ''), is_good, coalesce(said, ''), ARRAY(
            SELECT DISTINCT kind || ' ' || sku FROM outcomes
            WHERE outcomes.session_id = turns.session_id AND outcomes.number = turns.number ORDER BY 1
        )
"""
# The rows are found in the narrow table, and the wide ones are read for the page alone.
_BEHIND = f"""
    {_TURN}
    FROM (
        SELECT id, session_id, number, outcome FROM chosen WHERE <predicate>
        ORDER BY created_at DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s
    ) AS counted
    JOIN turns USING (session_id, number) LEFT JOIN feedback USING (session_id, number)
    ORDER BY turns.created_at DESC, counted.id DESC
"""
_SLOWEST = _BEHIND.replace(
    "ORDER BY created_at DESC, id DESC LIMIT", "ORDER BY (timings_ms ->> 'total')::float8 DESC LIMIT"
)
_COUNT = "SELECT count(*) FROM chosen WHERE "
_ONE = f"""
    {_TURN}
    FROM turns LEFT JOIN turn_figures AS counted USING (session_id, number)
    LEFT JOIN feedback USING (session_id, number)
    WHERE turns.session_id = %(id)s AND turns.number = %(number)s
"""
_VERSIONS = """coalesce((
    SELECT string_agg(key || ' ' || value, ', ' ORDER BY key) FROM jsonb_each_text(prompt_versions)
), '')"""
_PREDICATES: dict[PickKind, str] = {
    "day": "(created_at AT TIME ZONE 'UTC')::date::text = ANY (%(values)s)",
    "route": "route = ANY (%(values)s)",
    "query": "query = ANY (%(values)s)",
    "want": """EXISTS (
        SELECT FROM turn_wants WHERE turn_id = chosen.id AND facet = %(facet)s AND value = ANY (%(values)s)
        AND turn_wants.outcome <> 'found'
    )""",
    "limit": "(relaxed || dropped) && %(values)s",
    "item": "shown && %(values)s",
    "workers": f"writer || '; ' || {_VERSIONS} = ANY (%(values)s)",
    "failure": "failures && %(values)s",
    "slow": "(created_at AT TIME ZONE 'UTC')::date::text = ANY (%(values)s) AND timings_ms ? 'total'",
    "model": "(reader = ANY (%(values)s) OR writer = ANY (%(values)s))",
}


class BehindStore:
    """Reads stored turns for insight. What it gives is not scrubbed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, scope: Scope, pick: Pick) -> int:
        """How many turns lie behind a row."""
        with self._database.connection() as connection:
            whole = chosen(connection, scope) + _COUNT + _PREDICATES[pick.kind]
            row = connection.execute(whole, _parameters(scope, pick)).fetchone()
        return int(row[0]) if row else 0

    def turns(self, scope: Scope, pick: Pick, limit: int, offset: int = 0) -> tuple[StoredTurn, ...]:
        """The turns behind a row, the newest first; for the kind "slow" the slowest first."""
        template = _SLOWEST if pick.kind == "slow" else _BEHIND
        statement = template.replace("<predicate>", _PREDICATES[pick.kind])
        more = {"limit": limit, "offset": offset}
        with self._database.connection() as connection:
            rows = connection.execute(chosen(connection, scope) + statement, _parameters(scope, pick) | more)
            return tuple(map(_stored, rows))

    def turn(self, session_id: str, number: int) -> StoredTurn | None:
        """One turn; None where there is none any more."""
        with self._database.connection() as connection:
            row = connection.execute(_ONE, {"id": session_id, "number": number}).fetchone()
        return _stored(row) if row else None


def _stored(row: tuple[Any, ...]) -> StoredTurn:
    return replace(StoredTurn(*row), chosen=tuple(row[-1]))


def _parameters(scope: Scope, pick: Pick) -> dict[str, object]:
    return {**scope_parameters(scope), "values": list(pick.values), "facet": pick.facet}
