"""Fixtures for all tests: no network, settings of their own, a real Postgres, a small catalogue."""

import contextlib
import ipaddress
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest

from env.database import Database, connect
from env.postgres_process import find_postmaster
from env.postgres_server import PostgresServer, start_postgres
from env.settings import Settings
from evals.retrieval_gallery import Bench
from tests.postgres_lease import start_holder
from tests.shared_run import SharedRun, shared_run
from tests.small_bench import pictured_bench
from tests.small_catalog import fill_pictured_catalog, fill_small_catalog
from tests.stocked_shop import bundled_embedder, small_shop
from tools.embedder import Embedder, load_embedder
from tools.pictures import PictureStore
from tools.shop import Shop

# A busy machine is no defect of what is tested.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

_real_connect = socket.socket.connect
_real_connect_ex = socket.socket.connect_ex


def _refuse_outside(address: Any, family: int) -> None:
    """Tests reach this machine and nothing else."""
    if family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host.split("%")[0]).is_loopback:
            return
    if host != "localhost":
        raise OSError(f"tests run without network: {host!r} is not this machine")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _refuse_outside(address, self.family)
    _real_connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _refuse_outside(address, self.family)
    return _real_connect_ex(self, address)


@pytest.fixture(autouse=True, scope="session")
def _network_off() -> Iterator[None]:
    """Every Python socket in the test run connects to loopback or Unix sockets only."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded_connect)
    patch.setattr(socket.socket, "connect_ex", _guarded_connect_ex)
    patch.setenv("HF_HUB_OFFLINE", "1")
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings must not decide whether tests pass."""
    monkeypatch.setitem(Settings.model_config, "env_file", ())
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def passable_dir() -> Iterator[Path]:
    """A temporary folder that every user can pass, as an embedded Postgres needs when the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="vitrine-test-") as folder:
        os.chmod(folder, 0o711)
        yield Path(folder)


@pytest.fixture(scope="session")
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
    """Starts processes that hold a lease on the server of `data_dir` until their stdin closes; see postgres_lease."""
    started: list[subprocess.Popen[str]] = []

    def start(python: str = sys.executable, **more: object) -> subprocess.Popen[str]:
        started.append(start_holder(data_dir, python, **more))
        return started[-1]

    yield start
    for process in started:
        process.communicate(timeout=60)


@pytest.fixture(scope="session")
def shared(testrun_uid: str) -> Iterator[SharedRun]:
    """What all workers of this test run share."""
    with shared_run(testrun_uid) as joined:
        yield joined


@pytest.fixture(scope="session")
def postgres_server(shared: SharedRun) -> PostgresServer:
    """The embedded Postgres of this test run."""
    return shared.server


@pytest.fixture(scope="session")
def new_database(shared: SharedRun) -> Callable[[], AbstractContextManager[str]]:
    """Makes migrated databases, for fixtures that live longer than a test: `with new_database() as url`."""

    return lambda: _copied(shared.server, shared.template())


@pytest.fixture(scope="session")
def copy_database(postgres_server: PostgresServer) -> Callable[[str], AbstractContextManager[str]]:
    """Copies a database that nobody is connected to: `with copy_database(url) as copy_url`."""
    return lambda url: _copied(postgres_server, urlsplit(url).path.strip("/"))


@contextlib.contextmanager
def _copied(server: PostgresServer, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    with connect(server.url) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.database_url(name)
    with connect(server.url) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def database_url(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """URL of a fresh migrated database, dropped after the test."""
    with new_database() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open pool on a fresh migrated database."""
    with Database(database_url) as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings with a data folder of their own and the test's database."""
    return Settings(data_dir=tmp_path / "var", database_url=database_url)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The bundled checkpoint, loaded once for the whole run."""
    return load_embedder(Settings())


@pytest.fixture
def small_catalog(database: Database) -> Database:
    """The test's database holding 48 synthetic items (tests/small_catalog.py) with unit vectors and no model."""
    fill_small_catalog(database)
    return database


@pytest.fixture(scope="module")
def shop(
    new_database: Callable[[], AbstractContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """A shop with the 48 small items, for tests that write no items."""
    with small_shop(new_database, tmp_path_factory.mktemp("shop")) as opened:
        yield opened


@pytest.fixture(scope="module")
def bench(
    new_database: Callable[[], AbstractContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    """A measuring bench over the 48 small items, drawn and embedded for real; about 40 queries of a kind."""
    with pictured_bench(new_database, tmp_path_factory.mktemp("bench"), 40) as opened:
        yield opened


@pytest.fixture(scope="session")
def page_stock(shared: SharedRun) -> tuple[str, Path]:
    """A database URL and a data folder with 48 items and their pictures, to be copied and left as they are."""

    def fill(url: str, folder: Path) -> None:
        with Database(url) as database:
            fill_pictured_catalog(database, PictureStore(folder / "pictures"), bundled_embedder())

    return shared.stock("page", fill)


@pytest.fixture(scope="module")
def stocked(
    page_stock: tuple[str, Path],
    copy_database: Callable[[str], AbstractContextManager[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Path]]:
    """A database URL and a data folder with 48 items and their pictures, for the tests of one file."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(page_stock[1], folder, dirs_exist_ok=True)
    with copy_database(page_stock[0]) as url:
        yield url, folder


@pytest.fixture
def surroundings(stocked: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment of a page over that shop; change it before the page is opened."""
    import streamlit as st

    monkeypatch.setenv("DATABASE_URL", stocked[0])
    monkeypatch.setenv("DATA_DIR", str(stocked[1]))
    st.cache_resource.clear()
    yield monkeypatch
    from app_pages.resources import close_desk

    close_desk()
    st.cache_resource.clear()
