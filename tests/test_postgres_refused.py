"""The embedded Postgres: folders and disks it refuses, and the users it runs as."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from env.errors import DatabaseError
from env.postgres_binaries import ROOT_DIR, can_pass
from env.postgres_server import start_postgres
from tests.postgres_lease import ask, pid_of, url_of

NOBODY = 65534


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
    uids = psutil.Process(pid_of(server)).uids()
    assert uids.real == uids.effective == (server.home / "data").stat().st_uid != 0
    server.close()


def test_as_root_an_unreachable_folder_is_kept_elsewhere(data_dir: Path) -> None:
    _needs_root()
    shutil.rmtree(data_dir / "postgres")
    data_dir.chmod(0o700)
    server = start_postgres(data_dir)
    try:
        assert server.home.parent == ROOT_DIR
        assert ask(server.url, "SELECT 1") == 1
    finally:
        server.close()
        shutil.rmtree(server.home)


@pytest.mark.parametrize("folder", ["closed", "very-long-" * 12])
def test_the_socket_is_kept_where_it_fits_and_can_be_reached(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    elsewhere = data_dir / folder
    elsewhere.mkdir(mode=0o700)
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    server = start_postgres(data_dir)
    assert ask(server.url, "SELECT 1") == 1
    assert len(str(ask(server.url, "SHOW unix_socket_directories"))) < 80
    server.close()


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
    assert ask(url_of(allowed), "SELECT 1") == 1
    # Root joins in: the server stays that user's.
    server = start_postgres(data_dir)
    assert psutil.Process(pid_of(server)).uids().real == NOBODY
    allowed.communicate("", timeout=60)
    server.close()
