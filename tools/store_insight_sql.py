"""Which turns are counted, as SQL that every figure begins with."""

from datetime import timedelta
from typing import Any

from psycopg import Connection

from tools.insight import Scope

# A day ends where the next one begins, in UTC.
_CHOSEN = """
    WITH chosen AS MATERIALIZED (
        SELECT * FROM turn_figures
        WHERE created_at >= coalesce(%(since)s::date, '-infinity')::timestamp AT TIME ZONE 'UTC'
        AND created_at < coalesce(%(before)s::date, 'infinity')::timestamp AT TIME ZONE 'UTC'
        AND (%(language)s = '' OR language = %(language)s)
        AND (%(route)s = '' OR route = %(route)s)
        AND (%(backend)s = '' OR %(backend)s IN (reader, writer))
        AND (%(prompt)s = '' OR prompt_versions ->> %(prompt)s = %(version)s)
        AND (%(side)s = '' OR live ->> %(comparison)s = %(side)s)
        """
# Where demos are not kept apart there are none to leave out.
_NO_DEMOS = "AND session_id NOT IN (SELECT session_id FROM demo_sessions)"
_HAS_DEMOS = "SELECT to_regclass('demo_sessions') IS NOT NULL"


def chosen(connection: Connection, scope: Scope) -> str:
    """The beginning of a statement: `chosen` are the rows of turn_figures within the scope."""
    row = connection.execute(_HAS_DEMOS).fetchone()
    leaves_out = row is not None and row[0] and not scope.has_demos
    return f"{_CHOSEN}{_NO_DEMOS if leaves_out else ''})"


def scope_parameters(scope: Scope) -> dict[str, Any]:
    """The values that `chosen` names."""
    prompt, _, version = scope.version.partition(" ")
    comparison, _, side = scope.side.partition(" ")
    return {
        "since": scope.since,
        "before": scope.until and scope.until + timedelta(days=1),
        "language": scope.language,
        "route": scope.route,
        "backend": scope.backend,
        "prompt": prompt,
        "version": version,
        "comparison": comparison,
        "side": side,
    }
