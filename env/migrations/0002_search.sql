-- The words of an item, for the part of a search that looks for the shopper's own words.
ALTER TABLE items ADD COLUMN words tsvector GENERATED ALWAYS AS (
    to_tsvector('english', title || ' ' || coalesce(brand, '') || ' ' || coalesce(color, '') || ' ' || category)
) STORED;
CREATE INDEX items_words ON items USING gin (words);

-- Grows with every change of the catalogue, in the same transaction: what is cached about it asks here.
CREATE TABLE catalog_version (
    is_only  boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    version  bigint NOT NULL
);
INSERT INTO catalog_version (version) VALUES (1);

CREATE FUNCTION count_catalog_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_version SET version = version + 1;
    RETURN NULL;
END
$$;

CREATE TRIGGER items_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON items
    FOR EACH STATEMENT EXECUTE FUNCTION count_catalog_change();
