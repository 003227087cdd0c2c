-- What can be counted of a turn, taken out of its record once: records are wide and stored out of line, so that to read
-- a hundred thousand of them for every figure would take minutes. They go with their turn.
CREATE TABLE turn_figures (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id       text NOT NULL,
    number           integer NOT NULL,
    created_at       timestamptz NOT NULL,
    language         text NOT NULL,
    route            text NOT NULL,
    reader           text NOT NULL,
    writer           text NOT NULL,
    prompt_versions  jsonb NOT NULL,
    -- The side taken in each live comparison, by its id.
    live             jsonb NOT NULL,
    -- The message in small letters without marks and words of courtesy; '' where nothing was written.
    query            text NOT NULL,
    shown            text[] NOT NULL,
    -- Of a turn that looked for something: 'found', 'nearest' where only something else could be shown, 'nothing'.
    outcome          text CHECK (outcome IN ('found', 'nearest', 'nothing')),
    -- Limits that were given up: by the shop to show the nearest, and by the shopper.
    relaxed          text[] NOT NULL,
    dropped          text[] NOT NULL,
    timings_ms       jsonb NOT NULL,
    failures         text[] NOT NULL,
    tokens           jsonb,
    UNIQUE (session_id, number),
    FOREIGN KEY (session_id, number) REFERENCES turns ON DELETE CASCADE
);
CREATE INDEX turn_figures_by_time ON turn_figures (created_at);

-- Each value that a turn asked for: facet 'category', 'colour', 'size', 'brand', 'price', or 'wish' for all in one line.
CREATE TABLE turn_wants (
    turn_id  bigint NOT NULL REFERENCES turn_figures ON DELETE CASCADE,
    part     integer NOT NULL,
    facet    text NOT NULL,
    value    text NOT NULL,
    outcome  text NOT NULL CHECK (outcome IN ('found', 'nearest', 'nothing'))
);
CREATE INDEX turn_wants_of_turn ON turn_wants (turn_id);

CREATE FUNCTION texts_of(list jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(value ORDER BY place), '{}')
    FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(list) = 'array' THEN list ELSE '[]' END)
        WITH ORDINALITY AS listed (value, place)
$$;

-- Words of courtesy and articles say nothing about what is looked for.
CREATE FUNCTION query_words(message text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg(word, ' ' ORDER BY place), '')
    FROM regexp_split_to_table(regexp_replace(lower(message), '[^[:alnum:]''’.,/-]+|[.,''’-]+(?![[:alnum:]])', ' ', 'g'), '\s+')
        WITH ORDINALITY AS listed (word, place)
    WHERE word <> '' AND word <> ALL ('{a,an,the,please,i,me,my,some,want,need,show,have,you,do,hello,hi,thanks,im,looking,for,
        ein,eine,einen,einem,der,die,das,bitte,ich,mir,suche,zeig,hallo,
        un,une,le,la,les,des,je,cherche,montre,moi,bonjour,svp,
        una,unos,unas,el,los,las,busco,quiero,por,favor,hola}'::text[])
$$;

-- One band a wish, by the most that may be paid, else by the least: '25 to 50 EUR'.
CREATE FUNCTION price_band(slots jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN slots ->> 'price_max_cents' IS NOT NULL THEN 'at most ' || CASE
            WHEN cents <= 2500 THEN '25' WHEN cents <= 5000 THEN '50' WHEN cents <= 10000 THEN '100'
            WHEN cents <= 20000 THEN '200' WHEN cents <= 50000 THEN '500' ELSE 'more than 500' END
        ELSE 'from ' || CASE
            WHEN cents < 2500 THEN '0' WHEN cents < 5000 THEN '25' WHEN cents < 10000 THEN '50'
            WHEN cents < 20000 THEN '100' WHEN cents < 50000 THEN '200' ELSE '500' END
        END || rtrim(' ' || coalesce(slots ->> 'currency', ''))
    FROM (SELECT coalesce(slots ->> 'price_max_cents', slots ->> 'price_min_cents')::numeric AS cents) AS price
    WHERE cents IS NOT NULL
$$;

-- What became of one wish. Where the nearest was shown the ways out are listed; older records tell it in words alone.
CREATE FUNCTION part_outcome(part jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN coalesce(jsonb_array_length(part -> 'hits'), 0) = 0 THEN 'nothing'
        WHEN part ? 'taken' THEN CASE WHEN part ->> 'taken' = '' THEN 'found' ELSE 'nearest' END
        WHEN coalesce(jsonb_array_length(part -> 'relaxed'), 0) > 0 THEN 'nearest'
        ELSE 'found' END
$$;

CREATE FUNCTION part_wants(part jsonb) RETURNS TABLE (facet text, value text) LANGUAGE sql IMMUTABLE AS $$
    WITH listed AS (
        SELECT names.facet, names.place, values.value
        FROM (VALUES (1, 'colour', 'colours'), (2, 'category', 'categories'), (3, 'brand', 'brands'), (4, 'size', 'sizes'))
            AS names (place, facet, slot)
        CROSS JOIN unnest(texts_of(part -> 'slots' -> names.slot)) AS values (value)
        UNION ALL
        SELECT 'price', 5, price_band(part -> 'slots') WHERE price_band(part -> 'slots') IS NOT NULL
    )
    SELECT listed.facet, listed.value FROM listed
    UNION ALL
    SELECT 'wish', string_agg(CASE listed.facet WHEN 'size' THEN 'size ' ELSE '' END || listed.value, ', ' ORDER BY place, listed.value)
    FROM listed HAVING count(*) > 0
$$;

-- Limits of the search before that a pressed way on no longer has.
CREATE FUNCTION limits_of(slots jsonb) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE name WHEN 'colours' THEN 'colour' WHEN 'categories' THEN 'category' WHEN 'brands' THEN 'brand'
        WHEN 'sizes' THEN 'size' WHEN 'price_min_cents' THEN 'price' WHEN 'price_max_cents' THEN 'price' ELSE name END
    FROM jsonb_object_keys(CASE WHEN jsonb_typeof(slots) = 'object' THEN slots ELSE '{}' END) AS keys (name)
    WHERE name IN ('colours', 'categories', 'brands', 'sizes', 'price_min_cents', 'price_max_cents', 'gender', 'age_group')
    UNION
    SELECT jsonb_object_keys(CASE WHEN jsonb_typeof(slots -> 'attributes') = 'object' THEN slots -> 'attributes' ELSE '{}' END)
    UNION
    SELECT 'not ' || jsonb_object_keys(CASE WHEN jsonb_typeof(slots -> 'exclude') = 'object' THEN slots -> 'exclude' ELSE '{}' END)
$$;

CREATE FUNCTION dropped_of(record jsonb, before jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT name), '{}') FROM (
        SELECT CASE cleared WHEN 'colours' THEN 'colour' WHEN 'categories' THEN 'category' WHEN 'brands' THEN 'brand'
            WHEN 'sizes' THEN 'size' ELSE cleared END
        FROM unnest(texts_of(record -> 'intent' -> 'cleared')) AS listed (cleared)
        WHERE record -> 'intent' ->> 'route' <> 'preference'
        UNION ALL
        SELECT name FROM (
            SELECT limits_of(before -> 'parts' -> 0 -> 'slots')
            EXCEPT SELECT limits_of(record -> 'intent' -> 'standing' -> 0)
        ) AS lost (name)
        WHERE jsonb_array_length(record -> 'intent' -> 'standing') > 0
    ) AS gone (name)
$$;

CREATE PROCEDURE count_turn(turn turns) LANGUAGE plpgsql AS $$
DECLARE
    told jsonb := turn.record;
    intent jsonb := coalesce(nullif(told -> 'intent', 'null'), '{}');
    parts jsonb := CASE WHEN jsonb_typeof(told -> 'parts') = 'array' THEN told -> 'parts' ELSE '[]' END;
    looks boolean := coalesce(intent ->> 'route', '') IN ('search', 'refine', 'similar', 'outfit');
    -- What could not be had in one part was missed by the turn.
    worst text := (SELECT max(part_outcome(part)) FROM jsonb_array_elements(parts) AS listed (part));
    counted bigint;
BEGIN
    INSERT INTO turn_figures (
        session_id, number, created_at, language, route, reader, writer, prompt_versions, live, query, shown,
        outcome, relaxed, dropped, timings_ms, failures, tokens
    ) VALUES (
        turn.session_id, turn.number, turn.created_at, coalesce(intent ->> 'language', ''), coalesce(intent ->> 'route', ''),
        coalesce(told -> 'backends' ->> 'classifier', ''), coalesce(told -> 'backends' ->> 'assistant', ''),
        coalesce(nullif(told -> 'prompt_versions', 'null'), '{}'),
        coalesce(nullif(told -> 'live', 'null'), '{}'),
        -- What was pressed was not written.
        CASE WHEN told -> 'backends' ->> 'classifier' = 'pressed' THEN '' ELSE query_words(turn.message) END,
        (SELECT coalesce(array_agg(hit ->> 'sku' ORDER BY part_place, place), '{}')
            FROM jsonb_array_elements(parts) WITH ORDINALITY AS listed (part, part_place),
                jsonb_array_elements(part -> 'hits') WITH ORDINALITY AS cards (hit, place)),
        CASE WHEN looks THEN coalesce(worst, 'nothing') END,
        (SELECT coalesce(array_agg(DISTINCT name), '{}')
            FROM jsonb_array_elements(parts) AS listed (part), regexp_split_to_table(part ->> 'taken', ' and ') AS names (name)
            WHERE looks AND name <> ''),
        dropped_of(told, (
            SELECT earlier.record FROM turns AS earlier
            WHERE earlier.session_id = turn.session_id AND earlier.number < turn.number
                AND jsonb_array_length(told -> 'intent' -> 'standing') > 0
            ORDER BY earlier.number DESC LIMIT 1
        )),
        coalesce(nullif(told -> 'timings_ms', 'null'), '{}'), texts_of(told -> 'failures'), told -> 'tokens'
    ) RETURNING id INTO counted;
    INSERT INTO turn_wants (turn_id, part, facet, value, outcome)
    SELECT counted, place, wanted.facet, wanted.value, part_outcome(part)
    FROM jsonb_array_elements(parts) WITH ORDINALITY AS listed (part, place), part_wants(part) AS wanted
    WHERE looks;
END
$$;

-- A turn is never lost for the sake of a figure: what cannot be counted is told in the server's log, and insight says
-- how many turns it leaves out.
CREATE FUNCTION count_turn_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM turn_figures WHERE session_id = NEW.session_id AND number = NEW.number;
    CALL count_turn(NEW);
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'turn % of a chat is not counted: %', NEW.number, SQLERRM;
    RETURN NULL;
END
$$;
CREATE TRIGGER turns_counted AFTER INSERT OR UPDATE OF record ON turns
    FOR EACH ROW EXECUTE FUNCTION count_turn_written();

UPDATE turns SET record = record;

CREATE INDEX outcomes_of_item ON outcomes (sku);

-- How long turns are kept; one row. No days: until they are deleted. A change waits until applies_at, and can be taken
-- back until then.
CREATE TABLE retention (
    is_only      boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    days         integer CHECK (days > 0),
    applies_at   timestamptz NOT NULL DEFAULT now(),
    days_before  integer,
    set_by       text NOT NULL DEFAULT '',
    set_at       timestamptz NOT NULL DEFAULT now(),
    applied_at   timestamptz,
    n_chats      integer NOT NULL DEFAULT 0,
    n_turns      integer NOT NULL DEFAULT 0
);
INSERT INTO retention DEFAULT VALUES;

-- The state of a chat that remembers no more than its last exchanges.
CREATE FUNCTION with_last_exchanges(state jsonb, n_kept bigint) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN jsonb_typeof(state -> 'history') = 'array' THEN jsonb_set(state, '{history}', (
        SELECT coalesce(jsonb_agg(exchange ORDER BY place), '[]')
        FROM jsonb_array_elements(state -> 'history') WITH ORDINALITY AS listed (exchange, place)
        WHERE place > jsonb_array_length(state -> 'history') - n_kept
    )) ELSE state END
$$;

-- Old turns are found without reading the table.
CREATE INDEX turns_by_time ON turns (created_at);
CREATE INDEX sessions_by_use ON sessions (updated_at);
