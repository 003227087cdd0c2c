-- Two versions of a prompt that share the sessions of shoppers: A, the one in force, and B, which is tried.
CREATE TABLE live_comparisons (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    prompt            text NOT NULL,
    version_a         text NOT NULL,
    version_b         text NOT NULL CHECK (version_b <> version_a),
    -- What both versions said when it began: a draft that is edited or deleted meanwhile changes nothing.
    content_a         jsonb NOT NULL,
    content_b         jsonb NOT NULL,
    share_b           double precision NOT NULL CHECK (share_b > 0 AND share_b < 1),
    decided_by        text NOT NULL,
    -- Nothing is concluded before each side has so many; the intervals are narrowest at the planned number of both.
    min_sessions      integer NOT NULL CHECK (min_sessions > 0),
    planned_sessions  integer NOT NULL CHECK (planned_sessions > 0),
    -- A session counts once so much time has passed since it was given its side, with what happened until then.
    window_minutes    integer NOT NULL CHECK (window_minutes > 0),
    state             text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'stopped by guard', 'ended')),
    started_by        text NOT NULL,
    started_at        timestamptz NOT NULL DEFAULT now(),
    ended_by          text NOT NULL DEFAULT '',
    ended_at          timestamptz,
    reason            text NOT NULL DEFAULT '',
    checked_at        timestamptz NOT NULL DEFAULT now(),
    -- What the figures were at the end: later deletions of sessions change nothing in it.
    result            jsonb,
    CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX live_comparisons_running ON live_comparisons (prompt) WHERE state = 'running';

-- Which side a session was given, at its first turn within the comparison; kept, so that a change of the share moves nobody.
CREATE TABLE live_sessions (
    comparison_id  bigint NOT NULL REFERENCES live_comparisons ON DELETE CASCADE,
    session_id     text NOT NULL,
    arm            text NOT NULL CHECK (arm IN ('A', 'B')),
    share_b        double precision NOT NULL,
    assigned_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (comparison_id, session_id)
);
CREATE INDEX live_sessions_of_session ON live_sessions (session_id);

-- A session is stored after its first turn, so no foreign key can take this along.
CREATE FUNCTION forget_live_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM live_sessions WHERE session_id = OLD.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER sessions_forgotten AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION forget_live_session();

-- What was done to a comparison, by whom; never changed.
CREATE TABLE live_events (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    comparison_id  bigint NOT NULL REFERENCES live_comparisons ON DELETE CASCADE,
    happened_at    timestamptz NOT NULL DEFAULT now(),
    actor          text NOT NULL,
    what           text NOT NULL
);
CREATE INDEX live_events_of_comparison ON live_events (comparison_id, id);
