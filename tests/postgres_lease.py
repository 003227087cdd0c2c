"""Processes that hold a lease on an embedded Postgres, and what tests ask of it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from env.postgres_process import find_postmaster
from env.postgres_server import PostgresServer
from env.settings import REPO_DIR

_HOLD = """
import sys
from pathlib import Path
from env.postgres_server import start_postgres
server = start_postgres(Path(sys.argv[1]))
print(server.url, flush=True)
sys.stdin.read()
server.close()
"""


def start_holder(data_dir: Path, python: str, **more: object) -> subprocess.Popen[str]:
    """Start a process that holds a lease until its stdin closes; `more` goes to Popen."""
    process: subprocess.Popen[str] = subprocess.Popen(
        [python, "-c", _HOLD, str(data_dir)], cwd=REPO_DIR, env={"PYTHONPATH": os.pathsep.join(sys.path)},
        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more,
    )  # type: ignore[call-overload]  # fmt: skip
    return process


def url_of(process: subprocess.Popen[str]) -> str:
    """The URL a holder printed once it had its lease."""
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, process.stderr.read() if process.stderr else ""
    return line


def ask(url: str, query: str) -> object:
    """The first value a query gives, or None."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def pid_of(server: PostgresServer) -> int:
    """Process id of the server."""
    postmaster = find_postmaster(server.home / "data")
    assert postmaster is not None
    return postmaster.pid


def wait_until(holds: Callable[[], bool]) -> bool:
    """Whether something came true within half a minute."""
    for _ in range(600):
        if holds():
            return True
        time.sleep(0.05)
    return False
