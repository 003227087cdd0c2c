"""What shoppers talked about, counted in Postgres over the stored turns."""

from typing import Any

from env.database import Database
from tools.insight import DayCount, LimitCount, Options, QueryCount, RouteCount, Scope, WantCount
from tools.store_insight_sql import chosen, scope_parameters

_OPTIONS = """
    SELECT min(created_at AT TIME ZONE 'UTC')::date, max(created_at AT TIME ZONE 'UTC')::date, count(*),
        (SELECT count(*) FROM turns) - count(*),
        coalesce(array_agg(DISTINCT language) FILTER (WHERE language <> ''), '{}'),
        coalesce(array_agg(DISTINCT route) FILTER (WHERE route <> ''), '{}'),
        coalesce(array_agg(DISTINCT writer) FILTER (WHERE writer <> ''), '{}')
            || coalesce(array_agg(DISTINCT reader) FILTER (WHERE reader <> ''), '{}'),
        coalesce(array_agg(DISTINCT prompt_versions) FILTER (WHERE prompt_versions <> '{}'), '{}'),
        coalesce(array_agg(DISTINCT live) FILTER (WHERE live <> '{}'), '{}')
    FROM turn_figures
"""
_DAYS = """
    SELECT (chosen.created_at AT TIME ZONE 'UTC')::date AS day, count(*), count(DISTINCT session_id),
        count(DISTINCT coalesce(nullif(shopper, ''), session_id))
    FROM chosen JOIN sessions ON sessions.id = session_id
    GROUP BY day ORDER BY day
"""
_ROUTES = """
    SELECT route, count(*), count(outcome), count(*) FILTER (WHERE outcome = 'found')
    FROM chosen GROUP BY route ORDER BY count(*) DESC, route
"""
_QUERIES = """
    SELECT counted.query, message, counted.n_turns, n_looked, n_found
    FROM (
        SELECT query, count(*) AS n_turns, count(outcome) AS n_looked,
            count(*) FILTER (WHERE outcome = 'found') AS n_found, min(id) AS first_id
        FROM chosen WHERE query <> '' GROUP BY query ORDER BY count(*) DESC, query LIMIT %(limit)s
    ) AS counted
    JOIN turn_figures ON turn_figures.id = first_id
    JOIN turns USING (session_id, number)
    ORDER BY counted.n_turns DESC, counted.query
"""
# A turn that asks for two things of one colour asks for the colour once, and missed it if either was missed.
_WANTS = """
    SELECT facet, value, n_asked, n_nearest, n_nothing, message
    FROM (
        SELECT facet, value, count(*) AS n_asked, count(*) FILTER (WHERE worst = 'nearest') AS n_nearest,
            count(*) FILTER (WHERE worst = 'nothing') AS n_nothing,
            min(turn_id) FILTER (WHERE worst <> 'found') AS first_id
        FROM (
            SELECT facet, value, turn_id, max(turn_wants.outcome) AS worst
            FROM chosen JOIN turn_wants ON turn_id = chosen.id
            WHERE facet = %(facet)s GROUP BY facet, value, turn_id
        ) AS asked
        GROUP BY facet, value
        HAVING count(*) FILTER (WHERE worst <> 'found') > 0
        ORDER BY count(*) FILTER (WHERE worst <> 'found') DESC, value LIMIT %(limit)s
    ) AS missed
    JOIN turn_figures ON turn_figures.id = first_id
    JOIN turns USING (session_id, number)
    ORDER BY n_nearest + n_nothing DESC, value
"""
_LIMITS = """
    SELECT name, count(*) FILTER (WHERE who = 'shop'), count(*) FILTER (WHERE who = 'shopper')
    FROM (
        SELECT unnest(relaxed) AS name, 'shop' AS who FROM chosen
        UNION ALL
        SELECT unnest(dropped), 'shopper' FROM chosen
    ) AS given_up
    GROUP BY name ORDER BY count(*) DESC, name
"""


class InsightStore:
    """Counts turns within a scope. Ties are broken by name, so that two readings tell the same."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def options(self) -> Options:
        """What there is to choose from, over all stored turns."""
        with self._database.connection() as connection:
            row = connection.execute(_OPTIONS).fetchone()
        assert row is not None
        first, last, n_turns, n_uncounted, languages, routes, backends, versions, sides = row
        return Options(
            first,
            last,
            n_turns,
            n_uncounted,
            tuple(languages),
            tuple(routes),
            tuple(sorted(set(backends))),
            _named(versions),
            _named(sides),
        )

    def days(self, scope: Scope) -> tuple[DayCount, ...]:
        """Turns, chats and shoppers of each day that had any, in order."""
        return tuple(DayCount(*row) for row in self._rows(_DAYS, scope))

    def routes(self, scope: Scope) -> tuple[RouteCount, ...]:
        """What messages were read as, the most frequent first."""
        return tuple(RouteCount(*row) for row in self._rows(_ROUTES, scope))

    def queries(self, scope: Scope, limit: int) -> tuple[QueryCount, ...]:
        """What was written, by its words, the most frequent first."""
        return tuple(QueryCount(*row) for row in self._rows(_QUERIES, scope, limit=limit))

    def wants(self, scope: Scope, facet: str, limit: int) -> tuple[WantCount, ...]:
        """Values of a facet that were asked for and not to be had at least once, the most missed first."""
        return tuple(WantCount(*row) for row in self._rows(_WANTS, scope, facet=facet, limit=limit))

    def limits(self, scope: Scope) -> tuple[LimitCount, ...]:
        """Limits by how often they were given up."""
        return tuple(LimitCount(*row) for row in self._rows(_LIMITS, scope))

    def _rows(self, statement: str, scope: Scope, **more: object) -> list[tuple[Any, ...]]:
        with self._database.connection() as connection:
            whole = chosen(connection, scope) + statement
            return connection.execute(whole, {**scope_parameters(scope), **more}).fetchall()


def _named(pairs: list[dict[str, str]]) -> tuple[str, ...]:
    """Every "name value" there is, in order."""
    return tuple(sorted({f"{name} {value}" for each in pairs for name, value in each.items()}))
