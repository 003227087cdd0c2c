"""An embedded Postgres with pgvector, shared by all processes that use the same data folder.

Each process holds a shared lock (a lease) while it uses the server. Whoever gives back the last lease stops it. Where
that process was killed and could not, a small watcher (env.postgres_watch) does. As root the server runs under an
unused user id; where that user cannot reach the project's folder, its data is kept under /var/lib/vitrine.
"""

import atexit
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from env import postgres_process
from env.errors import DatabaseError
from env.postgres_binaries import ROOT_DIR, Account, Binaries, can_pass, find_binaries, initdb_account, server_account
from env.postgres_process import DATABASE, Child, Postmaster

_MIN_FREE_BYTES = 100_000_000
_MEMORY_MB = 128
_WATCHER_END_S = 5.0
# Made before they are locked and only read afterwards: a folder that was removed is not brought back by a lock.
_LOCK_FILES = ("start.lock", "lease", "presence", "watch.lock")
_REPO_DIR = Path(__file__).resolve().parent.parent


class PostgresServer:
    """A lease on the server of `home`; `url` is valid until `close`, which is safe to call twice."""

    def __init__(self, home: Path, postmaster: Postmaster, locks: tuple[IO[bytes], IO[bytes]]) -> None:
        self.home = home
        self._postmaster = postmaster
        self._lease, self._presence = locks
        self._children: list[Child] = []
        atexit.register(self.close)

    @property
    def url(self) -> str:
        """Connection URL of the shop's database."""
        return self.database_url(DATABASE)

    def database_url(self, database: str) -> str:
        """Connection URL of another database on this server."""
        return self._postmaster.url(database)

    def close(self) -> None:
        """Give the lease back; the last one out stops the server and waits for its end."""
        if self._lease.closed:
            return
        atexit.unregister(self.close)
        with _start_lock(self.home):
            is_last = stop_if_unused(self.home, self._lease)
            self._lease.close()
        self._presence.close()
        for child in self._children:
            # Where another process took over in this very moment, our watcher now serves that one.
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_WATCHER_END_S if is_last else 0)
            if child.poll() is None:
                child.returncode = 0  # left running for the others on purpose: Popen need not warn

    def adopt(self, child: Child) -> None:
        """Remember a process to reap when the server ends."""
        self._children.append(child)


def start_postgres(data_dir: Path, memory_mb: int = _MEMORY_MB) -> PostgresServer:
    """A lease on the server of `data_dir`, started (and its data folder created) if need be.

    `memory_mb` is what it keeps of tables and indexes in memory; it counts where the server is not running yet.

    Raises:
        DatabaseError: the disk is full, the data folder is someone else's or of another Postgres version, there are
            no binaries for this machine, or the server does not come up (with the end of its log).
    """
    try:
        home = server_home(data_dir)
        home.mkdir(parents=True, exist_ok=True)
        for name in _LOCK_FILES:
            if not (home / name).exists():
                (home / name).touch()
        with _start_lock(home):
            return _start_locked(home, memory_mb)
    except OSError as error:
        raise DatabaseError(
            f"cannot use the data folder {str(data_dir)!r}: {error.strerror or error}; "
            "free it, or set DATA_DIR to a folder this user can write"
        ) from error


def server_home(data_dir: Path) -> Path:
    """The folder of the embedded server that belongs to `data_dir`: data/, server.log and the lock files."""
    home = data_dir.absolute() / "postgres"
    if os.geteuid() != 0 or (home / "data").exists():
        return home
    if not home.exists():
        home.mkdir(parents=True)
        home.chmod(0o711)
    if can_pass(home):
        return home
    elsewhere = ROOT_DIR / hashlib.sha256(str(home).encode()).hexdigest()[:12]
    if not elsewhere.exists():
        elsewhere.mkdir(parents=True)
        for folder in (ROOT_DIR, elsewhere):
            folder.chmod(0o711)
    return elsewhere


def stop_if_unused(home: Path, lease: IO[bytes]) -> bool:
    """Stop the server if no other process holds a lease; whether that was so. The caller holds the start lock."""
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    postgres_process.stop(home / "data")
    return True


def watch(home: Path) -> None:
    """Wait until no process uses the server any more, then stop it if the last one could not."""
    while True:
        with (home / "presence").open("rb") as presence:
            fcntl.flock(presence, fcntl.LOCK_EX)
        with _start_lock(home), (home / "lease").open("rb") as lease:
            if stop_if_unused(home, lease):
                return


@contextlib.contextmanager
def _start_lock(home: Path) -> Iterator[None]:
    """Only one process at a time starts or stops the server of `home`."""
    with (home / "start.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start_locked(home: Path, memory_mb: int) -> PostgresServer:
    data = home / "data"
    account = server_account(data)
    binaries = find_binaries(account)
    _check_data(data, binaries, account)
    if not data.exists():
        if shutil.disk_usage(home).free < _MIN_FREE_BYTES:
            raise DatabaseError(f"the disk of {str(home)!r} is full; free some space and start again")
        postgres_process.make_cluster(data, binaries, account, initdb_account(account))
    postmaster, child = postgres_process.find_postmaster(data), None
    if postmaster is None or not postgres_process.answers(postmaster, lambda: _still_runs(data)):
        postgres_process.stop(data)
        postmaster, child = postgres_process.start(data, home / "server.log", binaries, account, memory_mb)
    server = PostgresServer(home, postmaster, (_shared_lock(home / "lease"), _shared_lock(home / "presence")))
    for started in (child, _start_watcher(home)):
        if started is not None:
            server.adopt(started)
    return server


def _still_runs(data: Path) -> bool:
    return postgres_process.find_postmaster(data) is not None


def _check_data(data: Path, binaries: Binaries, account: Account) -> None:
    """Refuse a data folder that this Postgres or this user cannot serve."""
    if not data.exists():
        return
    owner = data.stat().st_uid
    if owner != account.uid and not account.is_other:
        raise DatabaseError(
            f"the data folder {str(data)!r} belongs to user id {owner}, this process runs as {account.uid}; "
            "run as that user, remove the folder, or set DATA_DIR to another one"
        )
    mark = data / "PG_VERSION"
    if not mark.exists():
        raise DatabaseError(
            f"the folder {str(data)!r} is not a Postgres data folder; move it away, or set DATA_DIR to another one"
        )
    made_by = mark.read_text().strip()
    if made_by != binaries.major:
        raise DatabaseError(
            f"the data folder {str(data)!r} was made by Postgres {made_by}, this is Postgres {binaries.major}; "
            "move it away and ingest the catalogue again, or set DATA_DIR to another folder"
        )
    if owner != account.uid:
        account.give(data)  # we are root, and so was who copied it here


def _shared_lock(path: Path) -> IO[bytes]:
    lock = path.open("rb")
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def _start_watcher(home: Path) -> Child | None:
    """Start the watcher unless one is at work: it inherits, and so holds, the lock that says so."""
    with (home / "watch.lock").open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        return subprocess.Popen(
            [sys.executable, "-m", "env.postgres_watch", str(home)], cwd=_REPO_DIR, pass_fds=[lock.fileno()],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
