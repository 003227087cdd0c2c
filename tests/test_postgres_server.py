"""The embedded Postgres: started, shared, killed, recovered."""

import os
import shutil
import signal
import stat
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from env.database import open_database
from env.postgres_process import find_postmaster
from env.postgres_server import PostgresServer, start_postgres
from env.settings import Settings
from tests.postgres_lease import ask, pid_of, url_of, wait_until


def test_what_was_stored_is_there_after_a_stop_and_a_start(data_dir: Path) -> None:
    server = start_postgres(data_dir)
    ask(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    server.close()
    assert find_postmaster(server.home / "data") is None
    server = start_postgres(data_dir)
    assert ask(server.url, "SELECT answer FROM kept") == 42
    server.close()


def test_its_memory_is_what_the_setting_says(data_dir: Path) -> None:
    with open_database(Settings(data_dir=data_dir, postgres_memory_mb=48)) as database:
        assert ask(database.url, "SHOW shared_buffers") == "48MB"


def test_it_listens_on_a_private_socket_and_on_no_port(data_dir: Path) -> None:
    server = start_postgres(data_dir)
    socket_dir = Path(str(ask(server.url, "SHOW unix_socket_directories")))
    assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
    assert ask(server.url, "SHOW listen_addresses") == ""
    assert not [found for found in psutil.Process(pid_of(server)).net_connections("inet") if found.status == "LISTEN"]
    server.close()
    assert not socket_dir.exists()


def test_leases_share_one_server_and_the_last_one_out_stops_it(
    data_dir: Path, hold: Callable[..., subprocess.Popen[str]]
) -> None:
    other = hold()
    url = url_of(other)
    first, second = start_postgres(data_dir), start_postgres(data_dir)
    assert first.url == second.url == url
    other.communicate("", timeout=60)
    first.close()
    first.close()
    assert ask(second.url, "SELECT 1") == 1
    second.close()
    assert find_postmaster(second.home / "data") is None


def test_two_starters_at_once_get_one_server(data_dir: Path, hold: Callable[..., subprocess.Popen[str]]) -> None:
    starters = [hold() for _ in range(3)]
    urls = {url_of(starter) for starter in starters}
    assert len(urls) == 1
    assert ask(urls.pop(), "SELECT 1") == 1


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
    ask(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(pid_of(server), signal.SIGKILL)  # and it stays a zombie: this process has not asked for its end
    again = start_postgres(data_dir)
    assert ask(again.url, "SELECT answer FROM kept") == 42
    again.close()
    server.close()
    assert find_postmaster(server.home / "data") is None


def test_after_its_last_user_is_killed_the_server_stops_by_itself(
    data_dir: Path, hold: Callable[..., subprocess.Popen[str]]
) -> None:
    user = hold()
    url_of(user)
    data = (data_dir / "postgres") / "data"
    assert find_postmaster(data) is not None
    user.kill()
    user.wait()
    assert wait_until(lambda: find_postmaster(data) is None)


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
    assert wait_until(lambda: not watchers())
    user = hold()
    url_of(user)
    assert len(watchers()) == 1
    server.close()
    user.kill()
    user.wait()
    assert wait_until(lambda: find_postmaster(home / "data") is None)


def test_a_stale_pid_file_with_a_reused_process_id_is_no_server(data_dir: Path) -> None:
    server = start_postgres(data_dir)
    pid_file = server.home / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(pid_of(server), signal.SIGKILL)
    server.close()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    again = start_postgres(data_dir)
    assert ask(again.url, "SELECT 1") == 1
    again.close()


def test_a_half_written_pid_file_is_no_server(data_dir: Path) -> None:
    server = start_postgres(data_dir)
    server.close()
    (server.home / "data" / "postmaster.pid").write_text("")
    again = start_postgres(data_dir)
    assert ask(again.url, "SELECT 1") == 1
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
    shutil.rmtree(str(ask(server.url, "SHOW unix_socket_directories")))
    again = start_postgres(data_dir)
    assert again.url != server.url
    assert ask(again.url, "SELECT 1") == 1
    again.close()
    server.close()
