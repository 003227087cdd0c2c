"""The postmaster of one data folder: is it alive, start it, stop it."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from env.errors import DatabaseError
from env.postgres_binaries import Account, Binaries, can_pass

DATABASE = "vitrine"
Child = subprocess.Popen[bytes]

_PORT = 5432
_START_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 120.0
_LOG_TAIL_LINES = 3
_MAX_LOG_BYTES = 1_000_000
_LOG_PREFIX = re.compile(r"^\S+ \S+ \S+ \[\d+\] ")

_OPTIONS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "logging_collector": "off",
    # A container's /dev/shm is 64 MB by default, too small to build an index in parallel.
    "dynamic_shared_memory_type": "mmap",
    "maintenance_work_mem": "256MB",
}


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A running server, as its own postmaster.pid tells. `socket_dir` is where it listens."""

    pid: int
    socket_dir: Path

    def url(self, database: str) -> str:
        """Connection URL of a database of this server. No password: the socket's folder admits its owner only."""
        return f"postgresql://{DATABASE}@/{database}?host={quote(str(self.socket_dir), safe='')}&port={_PORT}"


def find_postmaster(data_dir: Path) -> Postmaster | None:
    """The live server of `data_dir`, or None; a dead one, a zombie or a reused process id is not a server."""
    try:
        lines = (data_dir / "postmaster.pid").read_text().splitlines()
        pid, socket_dir = int(lines[0]), Path(lines[4])
    except (FileNotFoundError, ValueError, IndexError):
        return None
    return Postmaster(pid, socket_dir) if is_server_of(pid, data_dir) else None


def is_server_of(pid: int, data_dir: Path) -> bool:
    """Whether process `pid` lives and is the server of `data_dir`."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and str(data_dir) in process.cmdline()
    except psutil.Error:
        return False


def make_cluster(data_dir: Path, binaries: Binaries, account: Account, initdb_account: Account) -> None:
    """Create the data folder, whole or not at all: a killed attempt leaves nothing that looks like one.

    Raises:
        DatabaseError: initdb failed, with its own last words.
    """
    for leftover in data_dir.parent.glob(f"{data_dir.name}.new-*"):
        shutil.rmtree(leftover)
    unfinished = data_dir.with_name(f"{data_dir.name}.new-{os.getpid()}")
    unfinished.mkdir(mode=0o700)
    initdb_account.give(unfinished)
    command = [
        binaries.program("initdb"), "-D", str(unfinished), "-U", DATABASE, "--auth=trust", "--no-sync",
        "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--text-search-config=english",
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", env=_environment(), **initdb_account.as_subprocess
        )  # type: ignore[call-overload]
        if done.returncode != 0:
            raise DatabaseError(_explain(f"cannot create the database in {str(data_dir)!r}", done.stderr))
        account.give(unfinished)
        unfinished.rename(data_dir)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def start(
    data_dir: Path, log_file: Path, binaries: Binaries, account: Account, memory_mb: int
) -> tuple[Postmaster, Child]:
    """Start the server of `data_dir` and wait until it answers. The caller holds the start lock; none is running.

    `memory_mb` is what it keeps of tables and indexes in memory.

    Raises:
        DatabaseError: it did not come up, with the end of its log.
    """
    _clear_leftovers(data_dir)
    deadline = time.monotonic() + _START_TIMEOUT_S
    while True:
        socket_dir = _make_socket_dir(account)
        child, log_start = _launch(data_dir, log_file, socket_dir, binaries, account, memory_mb)
        postmaster = Postmaster(child.pid, socket_dir)
        if answers(postmaster, lambda: child.poll() is None):  # noqa: B023 - called at once
            return postmaster, child
        child.kill()
        child.wait()
        shutil.rmtree(socket_dir, ignore_errors=True)
        said = log_file.read_bytes()[log_start:].decode(errors="replace")
        # After a kill -9 the old server's children need a moment to notice and let go of its memory.
        if "pre-existing shared memory block" not in said or time.monotonic() > deadline:
            raise DatabaseError(_explain(f"the embedded Postgres in {str(data_dir)!r} did not start", said))
        time.sleep(0.2)


def answers(postmaster: Postmaster, is_alive: Callable[[], bool]) -> bool:
    """Wait until the server takes connections and holds our database, which is made here the first time.

    False where it ended, or was not ready in a minute.
    """
    deadline = time.monotonic() + _START_TIMEOUT_S
    while is_alive() and time.monotonic() < deadline:
        try:
            with psycopg.connect(postmaster.url("postgres"), connect_timeout=5, autocommit=True) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                if known is None:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
            return True
        except psycopg.OperationalError:
            time.sleep(0.02)
    return False


def stop(data_dir: Path) -> None:
    """Stop the server of `data_dir`, if it runs, and wait for its end; open connections are cut, nothing is lost.

    Raises:
        DatabaseError: it did not end in time.
    """
    postmaster = find_postmaster(data_dir)
    if postmaster is None:
        return
    os.kill(postmaster.pid, signal.SIGINT)  # Postgres calls this a fast shutdown
    deadline = time.monotonic() + _STOP_TIMEOUT_S
    while is_server_of(postmaster.pid, data_dir):
        if time.monotonic() > deadline:
            raise DatabaseError(
                f"the embedded Postgres (process {postmaster.pid}) did not stop in {_STOP_TIMEOUT_S:.0f} s; "
                f"see server.log beside {str(data_dir)!r}"
            )
        time.sleep(0.01)
    shutil.rmtree(postmaster.socket_dir, ignore_errors=True)


def _environment() -> dict[str, str]:
    """English messages, and none of the caller's PG* variables."""
    return {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}


def _make_socket_dir(account: Account) -> Path:
    """A private folder with a path short enough for a socket (104 bytes on macOS), on a disk that can hold one."""
    parent = Path(tempfile.gettempdir())
    fits = len(os.fsencode(parent)) < 60 and (can_pass(parent) or not account.is_other)
    made = Path(tempfile.mkdtemp(prefix="vitrine-", dir=parent if fits else "/tmp"))
    account.give(made)
    return made


def _clear_leftovers(data_dir: Path) -> None:
    """Remove what a killed server left: Postgres would take a zombie's or a reused process id for a running one."""
    pid_file = data_dir / "postmaster.pid"
    if not pid_file.exists():
        return
    lines = pid_file.read_text().splitlines()
    if len(lines) > 4 and Path(lines[4]).name.startswith("vitrine-"):
        shutil.rmtree(lines[4], ignore_errors=True)
    pid_file.unlink()


def _launch(
    data_dir: Path, log_file: Path, socket_dir: Path, binaries: Binaries, account: Account, memory_mb: int
) -> tuple[Child, int]:
    """Start the process; also return where its part of the log begins."""
    given = {**_OPTIONS, "shared_buffers": f"{memory_mb}MB"}
    options = [f"--{name}={value}" for name, value in given.items()]
    command = [binaries.program("postgres"), "-D", str(data_dir), f"--unix_socket_directories={socket_dir}", *options]
    too_long = log_file.exists() and log_file.stat().st_size > _MAX_LOG_BYTES
    with log_file.open("wb" if too_long else "ab") as log:
        log_start = log.tell()
        # Its own session: Ctrl-C is for us, and we stop the server when the last of us is done with it.
        child: Child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=_environment(),
            start_new_session=True, **account.as_subprocess,
        )  # type: ignore[call-overload]  # fmt: skip
    return child, log_start


def _explain(what: str, said: str) -> str:
    """One line from a failed program's output: the known causes in plain words, else the end of what it said."""
    if "No space left on device" in said:
        return f"{what}: the disk is full; free some space (Postgres needs about 200 MB) and start again"
    lines = [_LOG_PREFIX.sub("", line).strip() for line in said.splitlines()]
    telling = [line for line in lines if line and "removing" not in line and "is shut down" not in line]
    return f"{what}: {' / '.join(telling[-_LOG_TAIL_LINES:]) or 'it said nothing'}"
