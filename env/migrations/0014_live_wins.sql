-- What the guard does once B clearly wins: tell it, or put B in force for all. won_at is when it saw that, once; what kept
-- B from being put in force then is in win_problem.
ALTER TABLE live_comparisons
    ADD COLUMN when_b_wins text NOT NULL DEFAULT 'tell' CHECK (when_b_wins IN ('tell', 'publish')),
    ADD COLUMN won_at timestamptz,
    ADD COLUMN win_problem text NOT NULL DEFAULT '';
