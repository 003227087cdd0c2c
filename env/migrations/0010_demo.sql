-- A link that lets guests of a demo into the shop. Its token is kept as it is, so that the presenter's page can show the
-- code again; it opens nothing but a few turns, and for a short time.
CREATE TABLE demo_links (
    token       text PRIMARY KEY,
    made_by     text NOT NULL,
    n_guests    integer NOT NULL CHECK (n_guests > 0),
    -- For each guest.
    n_turns     integer NOT NULL CHECK (n_turns > 0),
    created_at  timestamptz NOT NULL DEFAULT now(),
    ends_at     timestamptz NOT NULL,
    -- Set where the presenter ended it before its time.
    ended_at    timestamptz
);

-- Everybody who uses the shop as part of a demo, under the id by which their chats, bag and saved items are kept.
CREATE TABLE demo_audiences (
    shopper     text PRIMARY KEY CHECK (shopper <> ''),
    kind        text NOT NULL CHECK (kind IN ('presenter', 'guest', 'kiosk', 'replay')),
    token       text REFERENCES demo_links ON DELETE SET NULL,
    n_turns     integer NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT now(),
    used_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX demo_audiences_of_link ON demo_audiences (token) WHERE token IS NOT NULL;

-- The chats of demos, for whoever counts what shoppers do and leaves these out.
CREATE VIEW demo_sessions AS
SELECT sessions.id AS session_id, demo_audiences.kind, demo_audiences.token, sessions.updated_at
FROM sessions JOIN demo_audiences USING (shopper);

CREATE TABLE demo_recordings (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title        text NOT NULL,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    body         jsonb NOT NULL
);
