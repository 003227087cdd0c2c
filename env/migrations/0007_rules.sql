-- Merchandising rules. Each change writes the whole set anew, so that every set there ever was can be read and restored;
-- `parent` is the version that an undo goes back to.
CREATE TABLE rule_sets (
    version     bigint PRIMARY KEY,
    parent      bigint REFERENCES rule_sets,
    who         text NOT NULL,
    note        text NOT NULL,
    rules       jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);
