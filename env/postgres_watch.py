"""`python -m env.postgres_watch HOME`: stops the embedded Postgres after its last user was killed."""

import contextlib
import sys
from pathlib import Path

from env.postgres_server import watch

if __name__ == "__main__":
    # The folder may be removed while we wait; then there is nothing left to stop.
    with contextlib.suppress(FileNotFoundError):
        watch(Path(sys.argv[1]))
