"""How items go in: copied beside the table, then put in place of what they differ from."""

# The order of the columns of `incoming`, of their types and of the values of `_values`.
CREATE = """
    CREATE TEMPORARY TABLE incoming AS
    SELECT sku, source, item_group_id, title, description, category, category_path, product_type,
           google_product_category, link, image_link, image, brand, gender, age_group, color, material, pattern,
           usage, season, sizes, price_cents, sale_price_cents, currency, availability, rating, n_ratings,
           embedding, token_embeddings, embedder, content_hash, title_key, last_ingest, origins
    FROM items WITH NO DATA
"""
TYPES = (
    "text", "text", "text", "text", "text", "text", "text[]", "text",
    "text", "text", "text", "text", "text", "text", "text", "text", "text", "text",
    "text", "text", "jsonb", "int4", "int4", "text", "text", "float4", "int4",
    "vector", "halfvec[]", "text", "text", "text", "int8", "jsonb",
)  # fmt: skip
COPY = "COPY incoming FROM STDIN (FORMAT BINARY)"
# Rows are taken in the order of their SKU, so that two loads at once wait for each other and never deadlock.
UPSERT = """
    INSERT INTO items AS stored (
        sku, source, item_group_id, title, description, category, category_path, product_type,
        google_product_category, link, image_link, image, brand, gender, age_group, color, material, pattern,
        usage, season, sizes, price_cents, sale_price_cents, currency, availability, rating, n_ratings,
        embedding, token_embeddings, embedder, content_hash, title_key, last_ingest, origins
    )
    SELECT * FROM incoming ORDER BY sku
    ON CONFLICT (sku) DO UPDATE SET
        source = excluded.source, item_group_id = excluded.item_group_id, title = excluded.title,
        description = excluded.description, category = excluded.category, category_path = excluded.category_path,
        product_type = excluded.product_type, google_product_category = excluded.google_product_category,
        link = excluded.link, image_link = excluded.image_link, image = excluded.image, brand = excluded.brand,
        gender = excluded.gender, age_group = excluded.age_group, color = excluded.color,
        material = excluded.material, pattern = excluded.pattern, usage = excluded.usage, season = excluded.season,
        sizes = excluded.sizes, price_cents = excluded.price_cents, sale_price_cents = excluded.sale_price_cents,
        currency = excluded.currency, availability = excluded.availability, rating = excluded.rating,
        n_ratings = excluded.n_ratings, embedding = excluded.embedding,
        token_embeddings = excluded.token_embeddings, embedder = excluded.embedder,
        content_hash = excluded.content_hash, title_key = excluded.title_key, last_ingest = excluded.last_ingest,
        origins = excluded.origins, updated_at = now()
    RETURNING (xmax = 0) AS is_new
"""
