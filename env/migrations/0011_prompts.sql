-- Versions of prompts made in the workbench; those that ship with the code are files and have no row here.
CREATE TABLE prompt_versions (
    name          text NOT NULL,
    version       text NOT NULL,
    status        text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'retired')),
    template      jsonb NOT NULL CHECK (jsonb_typeof(template) = 'object'),
    variables     text[] NOT NULL,
    author        text NOT NULL,
    note          text NOT NULL DEFAULT '',
    -- The version it was made from.
    parent        text NOT NULL,
    -- How often it was written: tells a second writer that the first was quicker.
    n_edits       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    edited_by     text NOT NULL,
    edited_at     timestamptz NOT NULL DEFAULT now(),
    published_at  timestamptz,
    retired_at    timestamptz,
    PRIMARY KEY (name, version)
);
CREATE UNIQUE INDEX prompt_versions_in_force ON prompt_versions (name) WHERE status = 'published';

-- The last number given to a version of a name: the number of a deleted draft is never given again, for runs and turns
-- may name it.
CREATE TABLE prompt_numbers (
    name    text PRIMARY KEY,
    newest  integer NOT NULL
);

-- Every change of what is in force, in order. Its last id tells a running shop whether anything changed.
CREATE TABLE prompt_publications (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('publish', 'roll back', 'retire')),
    from_version  text NOT NULL,
    to_version    text NOT NULL,
    author        text NOT NULL,
    note          text NOT NULL DEFAULT '',
    -- What the gate let it through on.
    reasons       text[] NOT NULL DEFAULT '{}',
    run_id        bigint NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX prompt_publications_of_name ON prompt_publications (name, id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of publications is only added to';
END
$$;
CREATE TRIGGER prompt_publications_stand BEFORE UPDATE OR DELETE ON prompt_publications
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
