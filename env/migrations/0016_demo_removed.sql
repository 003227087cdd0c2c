-- A recording that was removed from the list: kept for a while, so that it can be put back.
ALTER TABLE demo_recordings ADD COLUMN removed_at timestamptz;
