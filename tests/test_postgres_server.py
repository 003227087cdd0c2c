"""The embedded Postgres: started, shared, killed, recovered, refused."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from env.errors import DatabaseError
from env.postgres_binaries import ROOT_DIR, can_pass
from env.postgres_process import find_postmaster
from env.postgres_server import PostgresServer, start_postgres

REPO_DIR = Path(__file__).resolve().parent.parent
NOBODY = 65534
_HOLD = """
import sys
from pathlib import Path
from env.postgres_server import start_postgres
server = start_postgres(Path(sys.argv[1]))
print(server.url, flush=True)
sys.stdin.read()
server.close()
"""


@pytest.fixture(scope="module")
def used_once() -> Iterator[Path]:
    """A data folder whose server ran and was stopped: copying it is quicker than setting up a new one."""
    with tempfile.TemporaryDirectory(prefix="vitrine-test-") as name:
        os.chmod(name, 0o711)
        start_postgres(Path(name)).close()
        yield Path(name)


@pytest.fixture
def data_dir(used_once: Path, passable_dir: Path) -> Iterator[Path]:
    """A data folder of its own that other users can pass; what still runs in it is stopped afterwards."""
    subprocess.run(["cp", "-a", used_once / "postgres", passable_dir], check=True)
    yield passable_dir
    postmaster = find_postmaster(passable_dir / "postgres" / "data")
    if postmaster is not None:
        os.kill(postmaster.pid, signal.SIGKILL)


@pytest.fixture
def hold(data_dir: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a process that holds a lease until its stdin closes; its first line of output is the URL."""
    started: list[subprocess.Popen[str]] = []

    def start(python: str = sys.executable, **more: object) -> subprocess.Popen[str]:
        process: subprocess.Popen[str] = subprocess.Popen(
            [python, "-c", _HOLD, str(data_dir)], cwd=REPO_DIR, env={"PYTHONPATH": os.pathsep.join(sys.path)},
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more,
        )  # type: ignore[call-overload]  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.communicate(timeout=60)


def _url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, process.stderr.read() if process.stderr else ""
    return line


def _ask(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def _pid(server: PostgresServer) -> int:
    postmaster = find_postmaster(server.home / "data")
    assert postmaster is not None
    return postmaster.pid


def _wait_until(holds: Callable[[], bool]) -> bool:
    for _ in range(600):
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_what_was_stored_is_there_after_a_stop_and_a_start(data_dir: Path) -> None:
    server = start_postgres(data_dir)
    _ask(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    server.close()
    assert find_postmaster(server.home / "data") is None
    server = start_postgres(data_dir)
    assert _ask(server.url, "SELECT answer FROM kept") == 42
    server.close()


def test_it_listens_on_a_private_socket_and_on_no_port(data_dir: Path) -> None:
    server = start_postgres(data_dir)
    socket_dir = Path(str(_ask(server.url, "SHOW unix_socket_directories")))
    assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
    assert _ask(server.url, "SHOW listen_addresses") == ""
    assert not [found for found in psutil.Process(_pid(server)).net_connections("inet") if found.status == "LISTEN"]
    server.close()
    assert not socket_dir.exists()


def test_leases_share_one_server_and_the_last_one_out_stops_it(
    data_dir: Path, hold: Callable[..., subprocess.Popen[str]]
) -> None:
    other = hold()
    url = _url(other)
    first, second = start_postgres(data_dir), start_postgres(data_dir)
    assert first.url == second.url == url
    other.communicate("", timeout=60)
    first.close()
    first.close()
    assert _ask(second.url, "SELECT 1") == 1
    second.close()
    assert find_postmaster(second.home / "data") is None


def test_two_starters_at_once_get_one_server(data_dir: Path, hold: Callable[..., subprocess.Popen[str]]) -> None:
    starters = [hold() for _ in range(3)]
    urls = {_url(starter) for starter in starters}
    assert len(urls) == 1
    assert _ask(urls.pop(), "SELECT 1") == 1


def test_two_threads_at_once_get_one_server(data_dir: Path) -> None:
    servers: list[PostgresServer] = []
    threads = [threading.Thread(target=lambda: servers.append(start_postgres(data_dir))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({server.url for server in servers}) == 1
    for server in servers:
        server.close()
    assert find_postmaster(servers[0].home / "data") is None


def test_a_killed_postgres_is_started_again_with_its_data(data_dir: Path) -> None:
    server = start_postgres(data_dir)
    _ask(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(_pid(server), signal.SIGKILL)  # and it stays a zombie: this process has not asked for its end
    again = start_postgres(data_dir)
    assert _ask(again.url, "SELECT answer FROM kept") == 42
    again.close()
    server.close()
    assert find_postmaster(server.home / "data") is None


def test_after_its_last_user_is_killed_the_server_stops_by_itself(
    data_dir: Path, hold: Callable[..., subprocess.Popen[str]]
) -> None:
    user = hold()
    _url(user)
    data = (data_dir / "postgres") / "data"
    assert find_postmaster(data) is not None
    user.kill()
    user.wait()
    assert _wait_until(lambda: find_postmaster(data) is None)


def test_a_server_that_lost_its_watcher_gets_a_new_one(
    data_dir: Path, hold: Callable[..., subprocess.Popen[str]]
) -> None:
    def watchers() -> list[psutil.Process]:
        found = [process for process in psutil.process_iter(["cmdline"]) if process.info["cmdline"]]
        return [process for process in found if process.info["cmdline"][-2:] == ["env.postgres_watch", str(home)]]

    home = data_dir / "postgres"
    server = start_postgres(data_dir)
    (watcher,) = watchers()
    watcher.kill()
    assert _wait_until(lambda: not watchers())
    user = hold()
    _url(user)
    assert len(watchers()) == 1
    server.close()
    user.kill()
    user.wait()
    assert _wait_until(lambda: find_postmaster(home / "data") is None)


def test_a_stale_pid_file_with_a_reused_process_id_is_no_server(data_dir: Path) -> None:
    server = start_postgres(data_dir)
    pid_file = server.home / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(_pid(server), signal.SIGKILL)
    server.close()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    again = start_postgres(data_dir)
    assert _ask(again.url, "SELECT 1") == 1
    again.close()


def test_a_half_written_pid_file_is_no_server(data_dir: Path) -> None:
    server = start_postgres(data_dir)
    server.close()
    (server.home / "data" / "postmaster.pid").write_text("")
    again = start_postgres(data_dir)
    assert _ask(again.url, "SELECT 1") == 1
    again.close()


def test_a_set_up_that_was_killed_is_begun_again(data_dir: Path) -> None:
    home = data_dir / "postgres"
    shutil.rmtree(home / "data")
    unfinished = home / "data.new-1"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    server = start_postgres(data_dir)
    assert not unfinished.exists()
    server.close()


def test_a_lost_socket_folder_is_replaced(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("env.postgres_process._START_TIMEOUT_S", 2.0)
    server = start_postgres(data_dir)
    shutil.rmtree(str(_ask(server.url, "SHOW unix_socket_directories")))
    again = start_postgres(data_dir)
    assert again.url != server.url
    assert _ask(again.url, "SELECT 1") == 1
    again.close()
    server.close()


def test_a_folder_of_another_version_is_refused_with_both_versions(data_dir: Path) -> None:
    server = start_postgres(data_dir)
    server.close()
    (server.home / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseError, match=r"was made by Postgres 16, this is Postgres 18; move it away"):
        start_postgres(data_dir)


def test_a_folder_that_is_no_database_is_refused_and_left_alone(data_dir: Path) -> None:
    data = data_dir / "postgres" / "data"
    shutil.rmtree(data)
    data.mkdir()
    (data / "holiday.txt").write_text("mine")
    with pytest.raises(DatabaseError, match="is not a Postgres data folder; move it away"):
        start_postgres(data_dir)
    assert (data / "holiday.txt").read_text() == "mine"


def test_a_server_that_does_not_come_up_is_told_with_the_end_of_its_log(data_dir: Path) -> None:
    server = start_postgres(data_dir)
    server.close()
    with (server.home / "data" / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = 'plenty'\n")
    with pytest.raises(DatabaseError, match=r"did not start: .*plenty") as caught:
        start_postgres(data_dir)
    assert "\n" not in str(caught.value)


def test_a_data_dir_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match=r"cannot use the data folder .*file/var'.*Not a directory"):
        start_postgres(tmp_path / "file" / "var")


def test_a_full_disk_is_told(data_dir: Path) -> None:
    small = data_dir / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk can be mounted only as root with the right to mount")
    try:
        with pytest.raises(DatabaseError, match=r"disk .*is full; free some space"):
            start_postgres(small)
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_disk_that_fills_up_while_setting_up_is_told(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("env.postgres_server._MIN_FREE_BYTES", 0)
    test_a_full_disk_is_told(data_dir)


def _needs_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can show what happens as root, or as another user")


def _python_for_all() -> str:
    """An interpreter of this version that every user can run: this one may be below /root."""
    here = Path(sys.executable).resolve()
    if can_pass(here.parent):
        return str(here)
    other = shutil.which(f"python{sys.version_info.major}.{sys.version_info.minor}", path="/usr/local/bin:/usr/bin")
    if other is None:
        pytest.skip("no interpreter of this version that another user could run")
    return other


def test_as_root_the_server_runs_under_an_unused_user_id(data_dir: Path) -> None:
    _needs_root()
    server = start_postgres(data_dir)
    uids = psutil.Process(_pid(server)).uids()
    assert uids.real == uids.effective == (server.home / "data").stat().st_uid != 0
    server.close()


def test_as_root_an_unreachable_folder_is_kept_elsewhere(data_dir: Path) -> None:
    _needs_root()
    shutil.rmtree(data_dir / "postgres")
    data_dir.chmod(0o700)
    server = start_postgres(data_dir)
    try:
        assert server.home.parent == ROOT_DIR
        assert _ask(server.url, "SELECT 1") == 1
    finally:
        server.close()
        shutil.rmtree(server.home)


def test_a_plain_user_runs_it_and_a_folder_of_another_user_is_refused(
    data_dir: Path, hold: Callable[..., subprocess.Popen[str]]
) -> None:
    _needs_root()
    plain = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "python": _python_for_all()}
    refused = hold(**plain)
    assert f"belongs to user id 56432, this process runs as {NOBODY}" in refused.communicate("", timeout=60)[1]
    shutil.rmtree(data_dir / "postgres")
    shutil.chown(data_dir, NOBODY, NOBODY)
    allowed = hold(**plain)
    assert _ask(_url(allowed), "SELECT 1") == 1
    # Root joins in: the server stays that user's.
    server = start_postgres(data_dir)
    assert psutil.Process(_pid(server)).uids().real == NOBODY
    allowed.communicate("", timeout=60)
    server.close()
