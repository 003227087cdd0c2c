"""The statements that read the catalogue. Whole, with named parameters; only constants of this file are joined.

The column is `color`, as Merchant Center spells it; `colour` everywhere else. That and the absent values (NULL in the
table, "" in Item) are mapped in ITEM_COLUMNS alone.
"""

ITEM_COLUMNS = """
    sku, title, category, category_path, coalesce(item_group_id, '') AS item_group_id,
    coalesce(description, '') AS description, coalesce(product_type, '') AS product_type,
    coalesce(google_product_category, '') AS google_product_category, coalesce(link, '') AS link,
    coalesce(image_link, '') AS image_link, coalesce(image, '') AS image, coalesce(brand, '') AS brand,
    coalesce(gender, '') AS gender, coalesce(age_group, '') AS age_group, coalesce(color, '') AS colour,
    coalesce(material, '') AS material, coalesce(pattern, '') AS pattern, coalesce(usage, '') AS usage,
    coalesce(season, '') AS season, sizes, price_cents, sale_price_cents, coalesce(currency, '') AS currency,
    coalesce(availability, '') AS availability, rating, n_ratings
"""

# A limit that is NULL is not asked. A row whose facet is NULL fails a limit on it and passes an exclusion of it.
MATCHES = """
        (%(category)s::text[] IS NULL OR category_path && %(category)s)
    AND (%(colour)s::text[] IS NULL OR color = ANY (%(colour)s))
    AND (%(gender)s::text[] IS NULL OR gender = ANY (%(gender)s))
    AND (%(age_group)s::text[] IS NULL OR age_group = ANY (%(age_group)s))
    AND (%(brand)s::text[] IS NULL OR brand = ANY (%(brand)s))
    AND (%(material)s::text[] IS NULL OR material = ANY (%(material)s))
    AND (%(pattern)s::text[] IS NULL OR pattern = ANY (%(pattern)s))
    AND (%(usage)s::text[] IS NULL OR usage = ANY (%(usage)s))
    AND (%(season)s::text[] IS NULL OR season = ANY (%(season)s))
    AND (%(size)s::text[] IS NULL OR sizes ?| %(size)s)
    AND (%(not_category)s::text[] IS NULL OR NOT category_path && %(not_category)s)
    AND (%(not_colour)s::text[] IS NULL OR color IS NULL OR color <> ALL (%(not_colour)s))
    AND (%(not_gender)s::text[] IS NULL OR gender IS NULL OR gender <> ALL (%(not_gender)s))
    AND (%(not_age_group)s::text[] IS NULL OR age_group IS NULL OR age_group <> ALL (%(not_age_group)s))
    AND (%(not_brand)s::text[] IS NULL OR brand IS NULL OR brand <> ALL (%(not_brand)s))
    AND (%(not_material)s::text[] IS NULL OR material IS NULL OR material <> ALL (%(not_material)s))
    AND (%(not_pattern)s::text[] IS NULL OR pattern IS NULL OR pattern <> ALL (%(not_pattern)s))
    AND (%(not_usage)s::text[] IS NULL OR usage IS NULL OR usage <> ALL (%(not_usage)s))
    AND (%(not_season)s::text[] IS NULL OR season IS NULL OR season <> ALL (%(not_season)s))
    AND (%(not_size)s::text[] IS NULL OR sizes = '{}' OR sizes - %(not_size)s::text[] <> '{}')
    AND (%(price_min_cents)s::bigint IS NULL OR pays_cents >= %(price_min_cents)s)
    AND (%(price_max_cents)s::bigint IS NULL OR pays_cents <= %(price_max_cents)s)
    AND (%(price_currency)s::text IS NULL OR currency = %(price_currency)s)
    AND (NOT %(in_stock)s::boolean OR availability IS DISTINCT FROM 'out_of_stock')
    AND (NOT %(in_stock)s::boolean OR %(size)s::text[] IS NULL OR EXISTS (
            SELECT FROM jsonb_each_text(sizes) AS stocked (label, n_left)
            WHERE label = ANY (%(size)s) AND (n_left IS NULL OR n_left::numeric > 0)))
    AND (%(exclude_skus)s::text[] IS NULL OR sku <> ALL (%(exclude_skus)s))
    AND (%(only_skus)s::text[] IS NULL OR sku = ANY (%(only_skus)s))
"""

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

EMBEDDERS = "SELECT embedder, count(*) FROM items WHERE embedder IS NOT NULL GROUP BY embedder ORDER BY embedder"

FACET_COUNTS = """
    SELECT facet, value, count(*) FROM items CROSS JOIN LATERAL (
        SELECT 'category', unnest(category_path)
        UNION ALL SELECT 'size', jsonb_object_keys(sizes)
        UNION ALL VALUES ('colour', color), ('gender', gender), ('age_group', age_group), ('brand', brand),
            ('material', material), ('pattern', pattern), ('usage', usage), ('season', season)
    ) AS named (facet, value)
    WHERE value IS NOT NULL
    GROUP BY facet, value
    ORDER BY facet, count(*) DESC, value
"""

PRICE_RANGES = """
    SELECT currency, count(*), min(pays_cents), max(pays_cents) FROM items
    WHERE pays_cents IS NOT NULL
    GROUP BY currency ORDER BY count(*) DESC, currency
"""
