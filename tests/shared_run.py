"""What the workers of a test run share: one Postgres server, and databases that the first to ask fills for all."""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from env.database import connect, prepare
from env.postgres_process import find_postmaster
from env.postgres_server import PostgresServer, start_postgres

TEMPLATE = "vitrine_template"
"""Name of the migrated, empty database that tests copy."""


class SharedRun:
    """The folder and the server of a test run."""

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        self.folder, self.server = folder, server

    def once(self, name: str, make: Callable[[], None]) -> None:
        """Do something for all workers; those that come while it is done wait for its end."""
        done = self.folder / f"{name}.done"
        with (self.folder / f"{name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                make()
                done.touch()

    def template(self) -> str:
        """The name of the migrated, empty database."""

        def make() -> None:
            prepare(self._new(TEMPLATE))

        self.once("template", make)
        return TEMPLATE

    def stock(self, name: str, fill: Callable[[str, Path], None]) -> tuple[str, Path]:
        """The URL of a database and a data folder that `fill` filled, to be copied and left as they are."""
        database, folder = f"stock_{name}", self.folder / f"stock-{name}"
        template = self.template()

        def make() -> None:
            folder.mkdir(exist_ok=True)
            fill(self._new(database, template), folder)

        self.once(database, make)
        return self.server.database_url(database), folder

    def _new(self, name: str, template: str = "template1") -> str:
        with connect(self.server.url) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.server.database_url(name)


@contextlib.contextmanager
def shared_run(run_id: str) -> Iterator[SharedRun]:
    """Take part in a run; the last worker out stops the server and clears up."""
    folder = Path(tempfile.gettempdir(), f"vitrine-tests-{run_id}")
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)  # Postgres may run as another user
    server = start_postgres(folder)
    with connect(server.url) as admin:
        # Nothing of this run needs to outlive a power cut; every copy and drop of a database would wait for disks.
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            admin.execute(f"ALTER SYSTEM SET {name} = off")
        admin.execute("SELECT pg_reload_conf()")
    try:
        yield SharedRun(folder, server)
    finally:
        server.close()
        if find_postmaster(server.home / "data") is None:
            shutil.rmtree(folder, ignore_errors=True)
