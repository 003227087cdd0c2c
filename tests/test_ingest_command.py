"""`python -m ingest` as a process: reports, exit codes, Ctrl-C, and kill -9 in the middle."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from env.database import Database
from env.settings import REPO_DIR, Settings
from ingest.__main__ import main
from tests.feed_files import plain_rows, write_plain
from tests.in_process import run_in_process

N_ROWS = 700


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    database_url = settings.database_url.get_secret_value()
    return os.environ | {"DATA_DIR": str(settings.data_dir), "DATABASE_URL": database_url, "EMBEDDER_DEVICE": "cpu"}


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More rows than one chunk holds, each with a picture of its own."""
    return write_plain(tmp_path_factory.mktemp("feed"), plain_rows(N_ROWS))


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "ingest", *map(str, arguments)]


def ingest(environment: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=REPO_DIR, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


@contextlib.contextmanager
def begun(environment: dict[str, str], *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A run under way; whatever happens, it is gone afterwards."""
    process = subprocess.Popen(
        command(*arguments), cwd=REPO_DIR, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def wait_for_rows(database: Database, n_rows: int) -> None:
    deadline = time.monotonic() + 240
    while n_stored(database) < n_rows:
        assert time.monotonic() < deadline, "no rows arrived"
        time.sleep(0.05)


def n_stored(database: Database) -> int:
    with database.connection() as connection:
        row = connection.execute("SELECT count(*) FROM items").fetchone()
    assert row is not None
    return int(row[0])


def told(report: Path) -> dict[str, int]:
    loaded = json.loads(report.read_text())
    return {name: loaded[name] for name in ("read", "new", "changed", "unchanged", "rejected")}


def test_killed_in_the_middle_and_run_again_gives_exactly_the_catalogue(
    environment: dict[str, str], database: Database, feed: Path, tmp_path: Path
) -> None:
    with begun(environment, feed) as process:
        wait_for_rows(database, 1)
        process.send_signal(signal.SIGKILL)
    n_before = n_stored(database)
    assert 0 < n_before < N_ROWS
    done = ingest(environment, feed, "--report", tmp_path / "report.json")
    assert done.returncode == 0, done.stderr
    assert told(tmp_path / "report.json") == {
        "read": N_ROWS, "new": N_ROWS - n_before, "changed": 0, "unchanged": n_before, "rejected": 0,
    }  # fmt: skip
    with database.connection() as connection:
        found = connection.execute("SELECT sku, title FROM items WHERE embedding IS NOT NULL ORDER BY sku").fetchall()
    assert found == sorted((f"S-{n:03d}", f"Dress number {n}") for n in range(N_ROWS))


def test_ctrl_c_stores_what_is_done_and_says_how_to_go_on(
    environment: dict[str, str], database: Database, feed: Path
) -> None:
    with begun(environment, feed) as process:
        wait_for_rows(database, 1)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "ingest: storing what is done" in errors
    assert output.splitlines()[-1] == "stopped; all of the above is kept: run the same command again to go on"
    assert f"written {n_stored(database):,} " in output
    assert n_stored(database) < N_ROWS


@pytest.fixture
def signals_kept() -> Iterator[None]:
    """A command takes Ctrl-C for itself; afterwards it is the test run's again."""
    before = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    yield
    for number, handler in before:
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals_kept")
def test_exit_codes_and_messages(environment: dict[str, str], tmp_path: Path) -> None:
    def load(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return run_in_process(lambda: sys.exit(main()), tuple(map(str, arguments)), environment)

    gone = load(tmp_path / "gone")
    assert (gone.returncode, gone.stderr) == (1, f"ingest: there is no file or folder {str(tmp_path / 'gone')!r}\n")
    assert load(tmp_path, "--kind", "xls").returncode == 2
    assert load().returncode == 2
    bad = write_plain(tmp_path / "bad", [plain_rows(1)[0] | {"price": "-1"}])
    none_good = load(bad)
    assert none_good.returncode == 1
    assert "rejected 1 bad_price: line 1 (first: '-1' is negative)" in none_good.stdout
    some_good = ingest(environment, write_plain(bad, [plain_rows(1)[0] | {"price": "-1"}, *plain_rows(1)]))
    assert some_good.returncode == 0, some_good.stderr


def test_a_folder_called_like_a_command_is_reached_by_its_path(
    environment: dict[str, str], tmp_path: Path, database: Database
) -> None:
    write_plain(tmp_path / "demo", plain_rows(1))
    environment = environment | {"PYTHONPATH": str(REPO_DIR)}
    done = subprocess.run(
        command("./demo"), cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert n_stored(database) == 1


def test_a_killed_demo_filling_leaves_no_process_and_is_finished_later(
    environment: dict[str, str], database: Database
) -> None:
    with begun(environment, "demo", "--if-empty", "--groups", "10") as process:
        wait_for_rows(database, 1)
        drawing = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
    assert drawing
    assert psutil.wait_procs(drawing, timeout=30)[1] == []
    n_before = n_stored(database)
    done = ingest(environment, "demo", "--if-empty", "--groups", "10")
    assert done.returncode == 0, done.stderr
    assert f"unchanged {n_before}," in done.stdout
    assert n_stored(database) > n_before
    assert ingest(environment, "demo", "--if-empty", "--groups", "10").stdout == ""
