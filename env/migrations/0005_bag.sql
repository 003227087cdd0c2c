-- What a shopper keeps beyond one chat, under an id nobody can guess. No row here refers to `items`: what has left the
-- catalogue stays listed as gone, under the title it had.
CREATE TABLE cart_lines (
    shopper      text NOT NULL CHECK (shopper <> ''),
    sku          text NOT NULL,
    -- A label of the item's sizes; '' where it comes in no sizes.
    size         text NOT NULL DEFAULT '',
    quantity     integer NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    title        text NOT NULL,
    -- What it cost when it was put in: a change since then is told.
    added_cents  integer,
    currency     text NOT NULL DEFAULT '',
    added_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shopper, sku, size)
);

CREATE TABLE saved_items (
    shopper   text NOT NULL CHECK (shopper <> ''),
    sku       text NOT NULL,
    title     text NOT NULL,
    saved_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shopper, sku)
);

CREATE TABLE viewed_items (
    shopper    text NOT NULL CHECK (shopper <> ''),
    sku        text NOT NULL,
    viewed_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shopper, sku)
);

CREATE TABLE profiles (
    shopper      text PRIMARY KEY CHECK (shopper <> ''),
    preferences  jsonb NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now()
);
