-- Every ingest, and every undo of one, as a run: who, what, and what came of it.
CREATE TABLE ingests (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor        text NOT NULL,
    source       text NOT NULL,
    kind         text NOT NULL,
    file_name    text NOT NULL DEFAULT '',
    -- Where its uploaded feed lies, for going on with it; '' where it was not uploaded.
    upload       text NOT NULL DEFAULT '',
    -- 'running' also where the process was killed: whoever reads looks whether its source's lock is held.
    state        text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'stopped', 'failed', 'interrupted')),
    problem      text NOT NULL DEFAULT '',
    undoes       bigint REFERENCES ingests ON DELETE SET NULL,
    undone_by    bigint REFERENCES ingests ON DELETE SET NULL,
    -- Counted in the same transaction as the rows, so that they are right for a killed run too.
    n_new        integer NOT NULL DEFAULT 0,
    n_changed    integer NOT NULL DEFAULT 0,
    n_removed    integer NOT NULL DEFAULT 0,
    n_read       integer NOT NULL DEFAULT 0,
    n_unchanged  integer NOT NULL DEFAULT 0,
    n_rejected   integer NOT NULL DEFAULT 0,
    seconds      real NOT NULL DEFAULT 0,
    -- False once the copies that an undo needs are gone.
    is_kept      boolean NOT NULL DEFAULT true,
    report       jsonb,
    started_at   timestamptz NOT NULL DEFAULT now(),
    ended_at     timestamptz
);
CREATE INDEX ingests_of_source ON ingests (source, id DESC);

-- The run that wrote a row as it is (null: before runs were kept), and where its values came from, those that are not
-- simply the feed's; null where that is not known. No constraint: a run's row may go, its items stay.
ALTER TABLE items
    ADD COLUMN last_ingest bigint,
    ADD COLUMN origins jsonb;

-- Rows as they were before a run changed or removed them: every column of `items` that is not computed from others.
-- A row that an undo brought back has a mark here ('new') and no values.
CREATE TABLE item_copies (
    ingest_id                bigint NOT NULL REFERENCES ingests ON DELETE CASCADE,
    what                     text NOT NULL CHECK (what IN ('new', 'changed', 'removed')),
    sku                      text NOT NULL,
    source                   text,
    item_group_id            text,
    title                    text,
    description              text,
    category                 text,
    category_path            text[],
    product_type             text,
    google_product_category  text,
    link                     text,
    image_link               text,
    image                    text,
    brand                    text,
    gender                   text,
    age_group                text,
    color                    text,
    material                 text,
    pattern                  text,
    usage                    text,
    season                   text,
    sizes                    jsonb,
    price_cents              integer,
    sale_price_cents         integer,
    currency                 text,
    availability             text,
    rating                   real,
    n_ratings                integer,
    embedding                vector(256),
    token_embeddings         halfvec(256)[],
    embedder                 text,
    content_hash             text,
    title_key                text,
    folded_into              text,
    last_ingest              bigint,
    origins                  jsonb,
    created_at               timestamptz,
    updated_at               timestamptz,
    PRIMARY KEY (ingest_id, sku)
);
CREATE INDEX item_copies_sku ON item_copies (sku, ingest_id);
ALTER TABLE item_copies ALTER COLUMN token_embeddings SET STORAGE EXTERNAL;
