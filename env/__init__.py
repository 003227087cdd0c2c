"""The surroundings: settings, errors, database, logs."""
