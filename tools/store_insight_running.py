"""How well the shop ran, counted in Postgres over the stored turns: items, thumbs, times, tokens, failures."""

from typing import Any

from env.database import Database
from tools.insight import FailureCount, ItemCount, Scope, StageTime, ThumbCount, TokenCount
from tools.store_insight_sql import chosen, scope_parameters

# What was done with a card counts once a turn. How well each place does over all items is what an item is held against:
# the examination hypothesis of click models (Richardson, Dominowska and Ragno, 2007), with places as the only cause.
_ITEMS = """
    , shows AS (
        SELECT chosen.session_id, chosen.number, cards.sku, cards.place
        FROM chosen, unnest(shown) WITH ORDINALITY AS cards (sku, place)
    ), done AS (
        SELECT session_id, number, sku, bool_or(kind = 'open') AS has_open, bool_or(kind = 'save') AS has_save,
            bool_or(kind = 'cart') AS has_cart, bool_or(kind = 'link') AS has_link
        FROM outcomes JOIN chosen USING (session_id, number) GROUP BY session_id, number, sku
    ), judged AS (
        SELECT shows.sku, place, done.sku IS NOT NULL AS is_chosen, has_open, has_save, has_cart, has_link,
            avg((done.sku IS NOT NULL)::integer) OVER (PARTITION BY place) AS rate
        FROM shows LEFT JOIN done USING (session_id, number, sku)
    ), fared AS (
        SELECT sku, count(*) AS n_shown, avg(place)::double precision AS mean_place,
            sum(rate)::double precision AS n_expected, count(*) FILTER (WHERE is_chosen) AS n_chosen,
            count(*) FILTER (WHERE has_open) AS n_open, count(*) FILTER (WHERE has_save) AS n_save,
            count(*) FILTER (WHERE has_cart) AS n_cart, count(*) FILTER (WHERE has_link) AS n_link
        FROM judged GROUP BY sku
    )
    SELECT sku, coalesce(items.title, sku), coalesce(items.image, ''), n_shown, mean_place, n_expected, n_chosen,
        n_open, n_save, n_cart, n_link
    FROM fared LEFT JOIN items USING (sku)
"""
_NEVER_CHOSEN = "WHERE n_chosen = 0 ORDER BY n_expected DESC, n_shown DESC, sku LIMIT %(limit)s"
_MOST_CHOSEN = "WHERE n_chosen > 0 ORDER BY n_chosen DESC, n_shown, sku LIMIT %(limit)s"
_THUMBS = """
    SELECT writer, versions, count(*), count(*) FILTER (WHERE is_good), count(*) FILTER (WHERE NOT is_good)
    FROM (
        SELECT writer, is_good, coalesce((
            SELECT string_agg(key || ' ' || value, ', ' ORDER BY key) FROM jsonb_each_text(prompt_versions)
        ), '') AS versions
        FROM chosen LEFT JOIN feedback USING (session_id, number)
    ) AS judged
    GROUP BY writer, versions ORDER BY count(*) DESC, writer, versions
"""
_TIMES = """
    SELECT (created_at AT TIME ZONE 'UTC')::date AS day, stages.key, count(*),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY stages.value::double precision),
        percentile_cont(0.95) WITHIN GROUP (ORDER BY stages.value::double precision)
    FROM chosen, jsonb_each_text(timings_ms) AS stages
    GROUP BY day, stages.key ORDER BY day, stages.key
"""
# What answers on this machine has no tokens; what was pressed was read by nobody.
_TOKENS = """
    SELECT day, model, count(*), count(*) FILTER (WHERE told IS NULL),
        coalesce(sum((told ->> 'in')::bigint), 0)::bigint, coalesce(sum((told ->> 'out')::bigint), 0)::bigint
    FROM (
        SELECT (created_at AT TIME ZONE 'UTC')::date AS day, reader AS model, tokens -> 'classifier' AS told FROM chosen
        UNION ALL
        SELECT (created_at AT TIME ZONE 'UTC')::date, writer, tokens -> 'assistant' FROM chosen
    ) AS worked
    WHERE model NOT IN ('', 'pressed') AND model NOT LIKE 'offline%%'
    GROUP BY day, model ORDER BY day, model
"""
_FAILURES = """
    SELECT line, count(*), max(created_at) FROM chosen, unnest(failures) AS told (line)
    GROUP BY line ORDER BY count(*) DESC, line
"""


class RunningStore:
    """Counts how turns went, within a scope."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def never_chosen(self, scope: Scope, limit: int) -> tuple[ItemCount, ...]:
        """Items that were shown and never chosen, those first that should have been chosen most often."""
        return tuple(ItemCount(*row) for row in self._rows(_ITEMS + _NEVER_CHOSEN, scope, limit=limit))

    def most_chosen(self, scope: Scope, limit: int) -> tuple[ItemCount, ...]:
        """Items by how many turns they were chosen in."""
        return tuple(ItemCount(*row) for row in self._rows(_ITEMS + _MOST_CHOSEN, scope, limit=limit))

    def thumbs(self, scope: Scope) -> tuple[ThumbCount, ...]:
        """Thumbs by backend and prompt versions; also of those that got none."""
        return tuple(ThumbCount(*row) for row in self._rows(_THUMBS, scope))

    def times(self, scope: Scope) -> tuple[StageTime, ...]:
        """Times of every stage by day."""
        return tuple(StageTime(*row) for row in self._rows(_TIMES, scope))

    def tokens(self, scope: Scope) -> tuple[TokenCount, ...]:
        """Tokens of every model by day."""
        return tuple(TokenCount(*row) for row in self._rows(_TOKENS, scope))

    def failures(self, scope: Scope) -> tuple[FailureCount, ...]:
        """What failed, the most frequent first."""
        return tuple(FailureCount(*row) for row in self._rows(_FAILURES, scope))

    def _rows(self, statement: str, scope: Scope, **more: object) -> list[tuple[Any, ...]]:
        with self._database.connection() as connection:
            whole = chosen(connection, scope) + statement
            return connection.execute(whole, {**scope_parameters(scope), **more}).fetchall()
