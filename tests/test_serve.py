"""The launcher: one clear line when it cannot serve, and nothing left behind when it ends."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from env.database import Database
from env.settings import REPO_DIR
from tests.e2e.served import launched
from tests.small_catalog import fill_small_catalog

WAIT_S = 30


@pytest.fixture
def stocked(database: Database, tmp_path: Path) -> dict[str, str]:
    """The environment of a shop that has items, so that the launcher draws none."""
    fill_small_catalog(database)
    return {"DATABASE_URL": database.url, "DATA_DIR": str(tmp_path / "data")}


def page_of(launcher: int) -> psutil.Process:
    (page,) = (child for child in psutil.Process(launcher).children() if "--page" in child.cmdline())
    return page


def test_a_port_in_use_is_one_line_that_says_what_to_do(stocked: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "serve.py"], cwd=REPO_DIR, env={**os.environ, **stocked, "PORT": str(port)},
            capture_output=True, text=True, check=False, timeout=WAIT_S,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        f"vitrine: cannot serve on 127.0.0.1:{port}: address already in use;"
        f" stop what uses it, or choose another port: PORT={port + 1} make run\n"
    )


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_a_wish_to_stop_ends_launcher_and_page(wish: signal.Signals, stocked: dict[str, str], tmp_path: Path) -> None:
    # As a shell does for what it starts in the background.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with launched(stocked, tmp_path / "log") as (launcher, _):
        signal.signal(signal.SIGINT, before)
        page = page_of(launcher.pid)
        launcher.send_signal(wish)
        assert launcher.wait(WAIT_S) == 0
        assert not page.is_running()


def test_the_page_ends_with_a_launcher_that_was_killed(stocked: dict[str, str], tmp_path: Path) -> None:
    with launched(stocked, tmp_path / "log") as (launcher, _):
        page = page_of(launcher.pid)
        launcher.kill()
        page.wait(WAIT_S)


def test_a_page_that_was_killed_is_told_and_ends_the_launcher(stocked: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with launched(stocked, log) as (launcher, _):
        page_of(launcher.pid).kill()
        assert launcher.wait(WAIT_S) == 1
    assert log.read_text().endswith("vitrine: the page ended unexpectedly (status -9); start again with `make run`\n")
