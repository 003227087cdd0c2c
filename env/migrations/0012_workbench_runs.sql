-- The test set of the prompt workbench, in the order of `place`: cases of one file come at one time. A removed case keeps
-- its row, so that its removal can be undone. `expected` holds intent slots by name; with is_whole every other slot has to
-- be empty. `state` is what the chat starts from (null: a fresh one), `earlier` its messages before this one.
CREATE TABLE test_cases (
    id            text PRIMARY KEY,
    place         bigint GENERATED ALWAYS AS IDENTITY,
    message       text NOT NULL,
    earlier       jsonb NOT NULL DEFAULT '[]',
    state         jsonb,
    expected      jsonb NOT NULL DEFAULT '{}',
    is_whole      boolean NOT NULL DEFAULT false,
    relevant      text[] NOT NULL DEFAULT '{}',
    rubric        text NOT NULL DEFAULT '',
    must_say      text[] NOT NULL DEFAULT '{}',
    must_not_say  text[] NOT NULL DEFAULT '{}',
    source        text NOT NULL DEFAULT '',
    note          text NOT NULL DEFAULT '',
    added_by      text NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    removed_at    timestamptz
);

-- Variants side by side over cases as they were when the run was asked for. beat_at tells a run that is at work from one
-- whose process died; seconds_worked adds up over stops and goes on counting where a run is taken up again.
CREATE TABLE bench_runs (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title           text NOT NULL,
    status          text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'stopped', 'done', 'failed')),
    variants        jsonb NOT NULL,
    cases           jsonb NOT NULL,
    n_results       integer NOT NULL,
    has_judge       boolean NOT NULL DEFAULT false,
    wants_stop      boolean NOT NULL DEFAULT false,
    problem         text NOT NULL DEFAULT '',
    seconds_worked  double precision NOT NULL DEFAULT 0,
    started_by      text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    beat_at         timestamptz,
    ended_at        timestamptz
);
CREATE TABLE bench_results (
    run_id      bigint NOT NULL REFERENCES bench_runs ON DELETE CASCADE,
    variant     integer NOT NULL,
    case_id     text NOT NULL,
    result      jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run_id, variant, case_id)
);

-- What the team asks of a version before it may be published: the newest row counts, the others are its history.
CREATE TABLE gate_policies (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    policy  jsonb NOT NULL,
    set_by  text NOT NULL,
    set_at  timestamptz NOT NULL DEFAULT now()
);
