-- The catalogue. Columns carry the names of Google Merchant Center's product data specification where it has one.
CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE items (
    sku                      text PRIMARY KEY CHECK (sku <> ''),
    source                   text NOT NULL DEFAULT '',
    item_group_id            text,
    title                    text NOT NULL,
    description              text,
    category                 text NOT NULL,
    -- From the widest parent to the category itself, e.g. {Shoes,Sneakers}: a filter on any of them admits the row.
    category_path            text[] NOT NULL,
    product_type             text,
    google_product_category  text,
    link                     text,
    image_link               text,
    -- Name in the picture store: the hash of the picture's bytes.
    image                    text,
    brand                    text,
    gender                   text CHECK (gender IN ('female', 'male', 'unisex')),
    age_group                text CHECK (age_group IN ('adult', 'kids', 'toddler', 'infant', 'newborn')),
    color                    text,
    material                 text,
    pattern                  text,
    usage                    text,
    season                   text,
    -- Size label to stock, e.g. {"S": 3, "M": 0}; null where the stock of a size is unknown.
    sizes                    jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(sizes) = 'object'),
    price_cents              integer CHECK (price_cents >= 0),
    sale_price_cents         integer CHECK (sale_price_cents >= 0),
    currency                 text CHECK (currency ~ '^[A-Z]{3}$'),
    availability             text CHECK (availability IN ('in_stock', 'out_of_stock', 'preorder', 'backorder')),
    rating                   real CHECK (rating BETWEEN 0 AND 5),
    n_ratings                integer CHECK (n_ratings >= 0),
    pays_cents               integer GENERATED ALWAYS AS (coalesce(sale_price_cents, price_cents)) STORED,
    -- Pooled image vector (unit length) for the index, and every query-token vector for exact image-text contrast.
    embedding                vector(256),
    token_embeddings         halfvec(256)[],
    embedder                 text,
    -- Hash of all fields above and of the picture: an unchanged row is skipped by the next ingest.
    content_hash             text NOT NULL,
    created_at               timestamptz NOT NULL DEFAULT now(),
    updated_at               timestamptz NOT NULL DEFAULT now(),
    CHECK (price_cents IS NULL OR currency IS NOT NULL),
    CHECK ((embedding IS NULL) = (embedder IS NULL))
);

CREATE INDEX items_group ON items (item_group_id);
CREATE INDEX items_category_path ON items USING gin (category_path);
CREATE INDEX items_color ON items (color);
CREATE INDEX items_gender ON items (gender);
CREATE INDEX items_brand ON items (brand);
CREATE INDEX items_pays ON items (currency, pays_cents);
CREATE INDEX items_sizes ON items USING gin (sizes);
CREATE INDEX items_source ON items (source);
CREATE INDEX items_embedding ON items USING hnsw (embedding vector_ip_ops) WITH (m = 16, ef_construction = 100);

-- One row a chat: its standing state, and one a turn, so that a session goes on after a restart.
CREATE TABLE sessions (
    id          text PRIMARY KEY CHECK (id <> ''),
    state       jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE turns (
    session_id  text NOT NULL REFERENCES sessions ON DELETE CASCADE,
    number      integer NOT NULL CHECK (number > 0),
    message     text NOT NULL,
    has_photo   boolean NOT NULL,
    record      jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, number)
);
