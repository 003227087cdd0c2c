-- Whose chat it is ('' for one of nobody: the command line's, or one from before shoppers were told apart), the name its
-- shopper gave it, how often it was written (tells a second tab that it is behind), and the state that the newest turn
-- began from: what an edited message is asked in again.
ALTER TABLE sessions
    ADD COLUMN shopper       text NOT NULL DEFAULT '',
    ADD COLUMN title         text NOT NULL DEFAULT '',
    ADD COLUMN version       bigint NOT NULL DEFAULT 1,
    ADD COLUMN state_before  jsonb;
CREATE INDEX sessions_of_shopper ON sessions (shopper, updated_at DESC) WHERE shopper <> '';

-- What a shopper thought of a turn; it goes with the turn.
CREATE TABLE feedback (
    session_id  text NOT NULL,
    number      integer NOT NULL,
    is_good     boolean NOT NULL,
    reasons     text[] NOT NULL DEFAULT '{}',
    said        text NOT NULL DEFAULT '',
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, number),
    FOREIGN KEY (session_id, number) REFERENCES turns ON DELETE CASCADE
);
