"""The statements that read the catalogue. Whole, with named parameters; only constants of this file are joined.

The column is `color`, as Merchant Center spells it; `colour` everywhere else: mapped in ITEM_COLUMNS alone.
"""

from functools import lru_cache

from tools.store_filters import Parameters

ITEM_COLUMNS = """
    sku, title, category, category_path, item_group_id, description, product_type, google_product_category, link,
    image_link, image, brand, gender, age_group, color AS colour, material, pattern, usage, season, sizes, price_cents,
    sale_price_cents, currency, availability, rating, n_ratings
"""

_FACETS = ("colour", "gender", "age_group", "brand", "material", "pattern", "usage", "season")
_COLUMNS = {"colour": "color"}

# By the parameter that asks for it. A row whose facet is NULL fails a limit on it and passes an exclusion of it.
_LIMITS = {
    "category": "category_path && %(category)s",
    **{name: f"{_COLUMNS.get(name, name)} = ANY (%({name})s)" for name in _FACETS},
    "size": "sizes ?| %(size)s",
    "not_category": "NOT category_path && %(not_category)s",
    **{f"not_{name}": f"({column} IS NULL OR {column} <> ALL (%(not_{name})s))"
       for name in _FACETS for column in (_COLUMNS.get(name, name),)},
    "not_size": "(sizes = '{}' OR sizes - %(not_size)s::text[] <> '{}')",
    "price_min_cents": "pays_cents >= %(price_min_cents)s",
    "price_max_cents": "pays_cents <= %(price_max_cents)s",
    "price_currency": "currency = %(price_currency)s",
    "in_stock": "availability IS DISTINCT FROM 'out_of_stock'",
    "size_in_stock": """EXISTS (SELECT FROM jsonb_each_text(sizes) AS stocked (label, n_left)
        WHERE label = ANY (%(size_in_stock)s) AND (n_left IS NULL OR n_left::numeric > 0))""",
    "exclude_skus": "sku <> ALL (%(exclude_skus)s)",
    "only_skus": "sku = ANY (%(only_skus)s)",
}  # fmt: skip

MATCHES = "/* limits */ true"
"""Where the limits that are asked for stand in a statement, until `limited` writes them."""


def limited(statement: str, parameters: Parameters) -> str:
    """The statement with the limits that its parameters ask for: a limit that is None or False is not asked.

    Only constants of this file are joined. What is not asked is not sent either: the server plans each statement anew.
    """
    return _limited(statement, tuple(name for name in _LIMITS if parameters[name] not in (None, False)))


@lru_cache(maxsize=1_024)
def _limited(statement: str, asked: tuple[str, ...]) -> str:
    limits = " AND ".join(_LIMITS[name] for name in asked) or "true"
    # psycopg remembers how it reads a statement only where that is short.
    return " ".join(statement.replace(MATCHES, limits).split())


COUNT = f"SELECT count(*) FROM items WHERE {MATCHES}"

ITEMS = f"SELECT {ITEM_COLUMNS} FROM items WHERE sku = ANY (%(skus)s)"

# The items of the designs that some items belong to, each with one of those items' SKU.
VARIANTS = f"""
    SELECT asked_sku, {ITEM_COLUMNS} FROM (
        SELECT asked.sku AS asked_sku, members.*,
            row_number() OVER (PARTITION BY asked.sku ORDER BY members.sku) AS place_in_design
        FROM items AS asked JOIN LATERAL (
            SELECT * FROM items WHERE items.design = asked.design AND {MATCHES}
        ) AS members ON true
        WHERE asked.sku = ANY (%(skus)s)
    ) AS found
    WHERE place_in_design <= %(most)s
    ORDER BY asked_sku, sku
"""

DESIGN_AND_VECTORS = """
    SELECT embedding, token_embeddings,
        ARRAY(SELECT other.sku FROM items AS other WHERE other.design = items.design) AS members
    FROM items WHERE sku = %(sku)s
"""

# The first rows of the order hold the first designs, each by its best row: no need to fold all that match.
SORTED = f"""
    WITH matching AS MATERIALIZED (
        SELECT sku AS hit_sku, design AS hit_design,
            CASE WHEN %(sort)s IN ('price_asc', 'price_desc') THEN currency IS DISTINCT FROM %(currency)s END
                AS foreign_money,
            CASE %(sort)s
                WHEN 'price_asc' THEN pays_cents::float
                WHEN 'price_desc' THEN -pays_cents::float
                WHEN 'newest' THEN -extract(epoch FROM created_at)::float
                ELSE -rating::float
            END AS place
        FROM items WHERE {MATCHES}
        ORDER BY foreign_money, place NULLS LAST, sku
        LIMIT %(n_rows)s
    ), folded AS (
        SELECT DISTINCT ON (hit_design) * FROM matching
        ORDER BY hit_design, foreign_money, place NULLS LAST, hit_sku
    )
    SELECT 0.0::float AS score, {ITEM_COLUMNS}
    FROM folded JOIN items ON sku = hit_sku
    ORDER BY foreign_money, place NULLS LAST, sku
    LIMIT %(top_k)s
"""

VERSION = "SELECT version FROM catalog_version"

N_ITEMS = "SELECT count(*) FROM items"

N_SHOWN = "SELECT count(*) FROM items WHERE sku <> ALL (%(hidden)s)"

EMBEDDERS = "SELECT embedder, count(*) FROM items WHERE embedder IS NOT NULL GROUP BY embedder ORDER BY embedder"

FACET_COUNTS = """
    SELECT facet, value, count(*) FROM items CROSS JOIN LATERAL (
        SELECT 'category', unnest(category_path)
        UNION ALL SELECT 'size', jsonb_object_keys(sizes)
        UNION ALL VALUES ('colour', color), ('gender', gender), ('age_group', age_group), ('brand', brand),
            ('material', material), ('pattern', pattern), ('usage', usage), ('season', season)
    ) AS named (facet, value)
    WHERE value IS NOT NULL AND sku <> ALL (%(hidden)s)
    GROUP BY facet, value
    ORDER BY facet, count(*) DESC, value
"""

PRICE_RANGES = """
    SELECT currency, count(*), min(pays_cents), max(pays_cents) FROM items
    WHERE pays_cents IS NOT NULL AND sku <> ALL (%(hidden)s)
    GROUP BY currency ORDER BY count(*) DESC, currency
"""
