"""Which values a facet has among the items that pass some limits."""

from env.database import Database
from tools import store_sql
from tools.query import Filters
from tools.store_filters import filter_parameters

_VALUES = f"""
    SELECT value FROM items CROSS JOIN LATERAL (
        SELECT 'category', unnest(category_path)
        UNION ALL SELECT 'size', jsonb_object_keys(sizes)
        UNION ALL VALUES ('colour', color), ('gender', gender), ('age_group', age_group), ('brand', brand),
            ('material', material), ('pattern', pattern), ('usage', usage), ('season', season)
    ) AS named (facet, value)
    WHERE facet = %(facet)s AND value IS NOT NULL AND {store_sql.MATCHES}
    GROUP BY value
    ORDER BY count(*) DESC, value
    LIMIT %(most)s
"""


def facet_values(database: Database, facet: str, filters: Filters, most: int) -> list[str]:
    """The values of a facet among the items that pass, the most frequent first, ties by name."""
    parameters = filter_parameters(filters) | {"facet": facet, "most": most}
    with database.connection() as connection:
        statement = store_sql.limited(_VALUES, parameters)
        return [str(value) for (value,) in connection.execute(statement, parameters)]
