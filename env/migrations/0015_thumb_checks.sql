-- How far a model judge agreed with shoppers' thumbs, each time it was held against them. Only counts are kept: how often
-- thumb and judge were both up, only one of them, or neither. beat_at tells a check at work from one whose process died.
CREATE TABLE thumb_checks (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    judged_by   text NOT NULL,
    status      text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'stopped', 'done', 'failed')),
    n_turns     integer NOT NULL,
    n_both_up   integer NOT NULL DEFAULT 0,
    n_thumb_up  integer NOT NULL DEFAULT 0,
    n_judge_up  integer NOT NULL DEFAULT 0,
    n_neither   integer NOT NULL DEFAULT 0,
    n_failed    integer NOT NULL DEFAULT 0,
    wants_stop  boolean NOT NULL DEFAULT false,
    problem     text NOT NULL DEFAULT '',
    started_by  text NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    beat_at     timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz
);
