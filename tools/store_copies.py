"""Rows kept as they were before a run changed or removed them: what a history is told from, and an undo restores."""

from collections.abc import Sequence

import psycopg

COPIED = """
    sku, source, item_group_id, title, description, category, category_path, product_type, google_product_category,
    link, image_link, image, brand, gender, age_group, color, material, pattern, usage, season, sizes, price_cents,
    sale_price_cents, currency, availability, rating, n_ratings, embedding, token_embeddings, embedder, content_hash,
    title_key, folded_into, last_ingest, origins, created_at, updated_at
"""
"""Every column of `items` that is not computed from others."""

# Found by their keys, never by a join with what is about to be written: the planner knows nothing of that and would
# read the whole table. Locked in the order of their SKU, as every load does it.
_KEEP = f"""
    INSERT INTO item_copies (ingest_id, what, {COPIED})
    SELECT %(ingest)s, %(what)s, {COPIED} FROM (
        SELECT {COPIED} FROM items 
        WHERE sku = ANY (%(skus)s) AND (%(source)s::text IS NULL OR source = %(source)s)
        ORDER BY sku FOR NO KEY UPDATE
    ) AS stored
    ON CONFLICT (ingest_id, sku) DO NOTHING
"""

# What is kept: the five newest runs of a source that changed or removed anything, for thirty days.
KEPT_RUNS = 5
KEPT_DAYS = 30
_OUTDATED = """
    WITH ranked AS (
        SELECT id, started_at, row_number() OVER (PARTITION BY source ORDER BY id DESC) AS place
        FROM ingests WHERE is_kept AND n_changed + n_removed > 0
    ), outdated AS (
        UPDATE ingests SET is_kept = false FROM ranked
        WHERE ingests.id = ranked.id AND state <> 'running' AND (
            place > %(runs)s OR ranked.started_at < now() - make_interval(days => %(days)s)
        )
        RETURNING ingests.id
    )
    DELETE FROM item_copies USING outdated WHERE ingest_id = outdated.id
"""


def keep_changed(connection: psycopg.Connection, ingest: int, skus: Sequence[str]) -> None:
    """Keep those of these items that are stored, before they are replaced; in the writer's own transaction."""
    connection.execute(_KEEP, {"ingest": ingest, "what": "changed", "source": None, "skus": list(skus)})


def keep_removed(connection: psycopg.Connection, ingest: int, source: str, skus: Sequence[str]) -> None:
    """Keep those of these items that are of this source, before they are removed; in the writer's own transaction."""
    connection.execute(_KEEP, {"ingest": ingest, "what": "removed", "source": source, "skus": list(skus)})


def drop_outdated_copies(connection: psycopg.Connection, runs: int = KEPT_RUNS, days: int = KEPT_DAYS) -> None:
    """Drop the copies of all but the newest runs of each source, and of all that are older than `days`."""
    connection.execute(_OUTDATED, {"runs": runs, "days": days})
