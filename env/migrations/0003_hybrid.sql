-- Everything an item says, the telling part first: a word of the title weighs more than one of the description.
-- One ALTER TABLE, so that the table is written once.
ALTER TABLE items
    DROP COLUMN words,
    ADD COLUMN words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title || ' ' || coalesce(brand, '')), 'A')
        || setweight(to_tsvector('english', category || ' ' || coalesce(product_type, '')), 'B')
        || setweight(to_tsvector('english', coalesce(color, '') || ' ' || coalesce(material, '') || ' '
            || coalesce(pattern, '') || ' ' || coalesce(usage, '')), 'C')
        || setweight(to_tsvector('english', left(coalesce(description, ''), 10000)), 'D')
    ) STORED,
    -- What an item shares with its colour and size variants of the same title; null where it shares nothing.
    ADD COLUMN title_key text,
    -- The SKU that stands for all near-duplicates of an item without a group; null where it has none.
    ADD COLUMN folded_into text,
    -- One card a design: the merchant's group, else the near-duplicates, else the item alone.
    ADD COLUMN design text GENERATED ALWAYS AS (
        CASE WHEN item_group_id IS NOT NULL THEN 'group ' || item_group_id
        ELSE 'item ' || coalesce(folded_into, sku) END
    ) STORED,
    -- Vectors are as good as random to a compressor: trying costs time and gains nothing.
    ALTER COLUMN token_embeddings SET STORAGE EXTERNAL;

CREATE INDEX items_words ON items USING gin (words);
CREATE INDEX items_design ON items (design);
CREATE INDEX items_title_key ON items (title_key) WHERE item_group_id IS NULL;
CREATE INDEX items_image ON items (image) WHERE item_group_id IS NULL;

-- Few rows pass a limit on these: found without reading the table.
CREATE INDEX items_material ON items (material);
CREATE INDEX items_pattern ON items (pattern);
CREATE INDEX items_usage ON items (usage);
CREATE INDEX items_season ON items (season);
CREATE INDEX items_age_group ON items (age_group);
-- The facets without the vectors: rows are counted here, a twentieth of the table's size.
CREATE INDEX items_facets ON items (gender, color) INCLUDE (
    category_path, age_group, brand, material, pattern, usage, season, pays_cents, currency, availability
);

-- In how many items a word occurs, in its stem: a rare word tells more. Written at the end of an ingest.
CREATE TABLE lexemes (
    lexeme   text PRIMARY KEY,
    n_items  integer NOT NULL
);

-- Rows written since near-duplicates were last looked for.
CREATE TABLE unfolded (
    sku text PRIMARY KEY
);
INSERT INTO unfolded SELECT sku FROM items WHERE item_group_id IS NULL;
