"""The statements that put items in order: by vectors, by words, and by both fused.

Whole, with named parameters; only constants are joined.
"""

from tools.store_sql import ITEM_COLUMNS, MATCHES

# The categories of the designs nearest to a photo, whatever else is asked for.
KINDS_NEAR = """
    WITH near AS MATERIALIZED (
        SELECT design, category, -(embedding <#> %(photo)s::vector) AS likeness FROM items
        ORDER BY embedding <#> %(photo)s::vector LIMIT %(n_near)s
    )
    SELECT category, likeness FROM (
        SELECT DISTINCT ON (design) * FROM near WHERE likeness IS NOT NULL ORDER BY design, likeness DESC, category
    ) AS folded
    ORDER BY likeness DESC, category LIMIT %(n_voters)s
"""

# In stems, with their frequencies; a word of the shopper's that no item holds has none.
LEXEMES = """
    SELECT asked.lexeme, coalesce(n_items, 0)
    FROM unnest(tsvector_to_array(to_tsvector('english', %(text)s))) AS asked (lexeme)
    LEFT JOIN lexemes ON lexemes.lexeme = asked.lexeme
    ORDER BY 2, 1
"""

ALL_LEXEMES = "SELECT lexeme, n_items FROM lexemes ORDER BY lexeme"

# A word typed with a minus is in no hit.
_ADMITTED = f"{MATCHES} AND (%(minus)s::text IS NULL OR NOT words @@ websearch_to_tsquery('english', %(minus)s))"

# Exact: all rows that pass are compared, with the vector and with the words. MATERIALIZED keeps the planner from
# walking an index instead, and only distances are kept, not vectors, which would not fit into the memory of a sort.
_NEAR_EXACT = f"""
    matching AS MATERIALIZED (
        SELECT sku, embedding <#> %(vector)s::vector AS distance, words @@ %(worded)s::tsquery AS is_worded
        FROM items WHERE {_ADMITTED}
    ), near AS MATERIALIZED (
        SELECT sku FROM matching ORDER BY distance NULLS LAST, sku LIMIT %(n_near)s
    )
"""

_WORDED_EXACT = "FROM matching JOIN items USING (sku) WHERE is_worded"

# Walks the HNSW index and goes on (hnsw.iterative_scan) until enough rows pass.
_NEAR_WALKED = f"""
    near AS MATERIALIZED (
        SELECT sku FROM items WHERE {_ADMITTED} ORDER BY embedding <#> %(vector)s::vector LIMIT %(n_near)s
    )
"""

_WORDED_WALKED = f"FROM items WHERE words @@ %(worded)s::tsquery AND {_ADMITTED}"

# The exact image-text contrast: the best of an item's query-token vectors (Li et al., BLIP-2, 2023, section 3.1).
_CONTRAST = """
            CASE WHEN %(rerank)s::boolean AND token_embeddings IS NOT NULL THEN (
                SELECT max(-(token <#> {vector}::vector::halfvec)) FROM unnest(token_embeddings) AS token)
            ELSE -(embedding <#> {vector}::vector) END
"""
_WORDS_LIKENESS = _CONTRAST.format(vector="%(text_vector)s")
_AVOIDED_LIKENESS = _CONTRAST.format(vector="%(avoid_vector)s")
# Two pictures are compared query token by query token: each looks at its own side of a thing.
_PHOTO_LIKENESS = """
            CASE WHEN %(rerank)s::boolean AND %(photo_tokens)b::halfvec[] IS NOT NULL AND token_embeddings IS NOT NULL
                THEN (
                    SELECT avg(-(token <#> shown))
                    FROM unnest(token_embeddings, %(photo_tokens)b::halfvec[]) AS aligned (token, shown))
            ELSE -(embedding <#> %(photo_vector)s::vector) END
"""
# As far as an item is of a kind that the photo shows; the thing of the photo itself needs no votes.
_KIND_LIFT = """
            CASE WHEN photo_likeness >= %(same_thing)s::float
                THEN (SELECT coalesce(max(lift), 0) FROM unnest(%(kind_lifts)s::float[]) AS voted (lift))
            ELSE coalesce((
                SELECT lift FROM unnest(%(kinds)s::text[], %(kind_lifts)s::float[]) AS voted (kind, lift)
                WHERE kind = shown_kind), 0) END
"""
# Of the words asked for those that an item says, the more telling their place the more, times the share of the words
# that it says. Rounded, so that the vectors decide between items that say as much. A word's rarity does not count: a
# rare one would outdo all others together (docs/experiments.md).
_TEXT_SCORE = """
            (SELECT round(coalesce(sum(ts_rank('{0.2, 0.5, 0.7, 1}', words, lexeme)), 0)::numeric, 1)::float
                * count(*) FILTER (WHERE words @@ lexeme) / greatest(count(*), 1)
            FROM unnest(%(lexemes)s::tsquery[]) AS asked (lexeme))
"""

# Those that say rare words, or all of them; between the two stands where they are looked for.
_WORDED = f"worded AS MATERIALIZED (SELECT sku FROM (SELECT sku, {_TEXT_SCORE} AS text_score"
_MOST_WORDED = """
        LIMIT %(n_worded)s) AS saying
        ORDER BY text_score DESC, sku LIMIT %(n_candidates)s
    )
"""

# Reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009) with their k = 60. An item without a picture has no place
# in the one list, an item that says none of the words none in the other.
_RANKED = f"""
    candidates AS (
        SELECT sku AS hit_sku FROM near UNION SELECT sku FROM worded
    ), scored AS MATERIALIZED (
        SELECT hit_sku, design, category AS shown_kind, embedding IS NULL AS is_unseen,
            CASE WHEN %(text_vector)s::vector IS NULL OR embedding IS NULL THEN 0
                ELSE {_WORDS_LIKENESS} END AS words_likeness,
            CASE WHEN %(photo_vector)s::vector IS NULL OR embedding IS NULL THEN 0
                ELSE {_PHOTO_LIKENESS} END AS photo_likeness,
            CASE WHEN %(avoid_vector)s::vector IS NULL OR embedding IS NULL THEN 0
                ELSE greatest(0, {_AVOIDED_LIKENESS}) END AS avoided,
            {_TEXT_SCORE} AS text_score,
            coalesce(words @@ websearch_to_tsquery('english', %(phrases)s::text), false) AS has_phrases
        FROM candidates JOIN items ON sku = hit_sku
    ), mixed AS (
        SELECT *, (1 - %(photo_weight)s::float) * words_likeness + %(photo_weight)s::float * photo_likeness AS hit_score
        FROM scored
    ), placed AS (
        SELECT *, CASE WHEN %(vector_weight)s::float > 0
            THEN hit_score - %(avoid_weight)s::float * avoided + {_KIND_LIFT} END AS liking
        FROM mixed
    ), ranked AS (
        SELECT *, rank() OVER (ORDER BY is_unseen, liking DESC) AS vector_place,
            rank() OVER (ORDER BY text_score DESC) AS text_place
        FROM placed
    ), fused AS (
        SELECT *, CASE WHEN is_unseen THEN 0 ELSE %(vector_weight)s::float / (60 + vector_place) END
            + CASE WHEN text_score > 0 THEN %(text_weight)s::float / (60 + text_place) ELSE 0 END AS merit
        FROM ranked
    ), folded AS (
        SELECT DISTINCT ON (design) * FROM fused ORDER BY design, has_phrases DESC, merit DESC, liking DESC, hit_sku
    ), best AS (
        SELECT * FROM folded ORDER BY has_phrases DESC, merit DESC, liking DESC, hit_sku LIMIT %(top_k)s
    )
    SELECT greatest(-1, least(1, hit_score)) AS score, {ITEM_COLUMNS}
    FROM best JOIN items ON sku = hit_sku
    ORDER BY has_phrases DESC, merit DESC, liking DESC, sku
"""

NEAREST_EXACT = f"WITH {_NEAR_EXACT}, {_WORDED} {_WORDED_EXACT} {_MOST_WORDED}, {_RANKED}"
NEAREST_WALKED = f"WITH {_NEAR_WALKED}, {_WORDED} {_WORDED_WALKED} {_MOST_WORDED}, {_RANKED}"

# Only for the transaction at hand.
SET = "SELECT set_config(name, value, true) FROM unnest(%(names)s::text[], %(values)s::text[]) AS given (name, value)"
