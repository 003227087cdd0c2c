"""The engines that embed a feed: full batches, the same vectors from each, and nothing left behind by Ray."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import psutil
import pytest
from PIL import Image

from env.database import Database
from env.errors import EmbedderError, SettingsError
from env.settings import REPO_DIR, Settings
from ingest.engine import open_engine
from ingest.engine_ray import Pool, choose_pool
from ingest.engine_ray_worker import Column, Worker, packed
from ingest.feed import Options, find_feed
from ingest.pictures import Found, PictureReader
from ingest.pipeline import run
from ingest.row import InlinePicture, LocalPicture
from ingest.work import Means
from tests.feed_files import bundled_embedder, open_test_shop, picture, plain_rows, write_plain
from tools.embedder import Embedder, ImageEmbeddings
from tools.pictures import PictureStore
from tools.shop import LazyEmbedder, Shop

N_ROWS = 700  # more than one chunk


class Counting:
    """The bundled embedder, which notes how many pictures it was given each time."""

    def __init__(self, embedder: Embedder) -> None:
        self.fingerprint, self._embedder = embedder.fingerprint, embedder
        self.sizes: list[int] = []

    def embed_images(self, images: Sequence[Image.Image]) -> ImageEmbeddings:
        self.sizes.append(len(images))
        return self._embedder.embed_images(images)


@pytest.fixture
def shop(settings: Settings) -> Iterator[Shop]:
    with open_test_shop(settings) as opened:
        yield opened


def test_batches_are_full_though_rows_are_refused_or_unchanged_between_them(shop: Shop, tmp_path: Path) -> None:
    told = plain_rows(100)
    source = write_plain(tmp_path / "feed", told)
    (source / "images" / "S-003.jpg").write_bytes(picture()[:300])
    run(shop, find_feed(source, name="test"), Options(limit=3))
    counting = Counting(shop.embedder)
    counted = replace(shop, load_embedder=cast(LazyEmbedder, lambda: counting))
    report = run(counted, find_feed(source, name="test"), Options(chunk_rows=40))
    assert (report.n_new, report.n_unchanged, report.n_rejected) == (96, 3, 1)
    assert counting.sizes == [32, 32, 32]


def test_an_engine_that_is_not_known_or_not_installed_is_told(
    shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.closing(PictureReader(settings, shop.pictures)) as pictures, ThreadPoolExecutor(1) as pool:
        means = Means(shop, pictures, pool, 8)
        with pytest.raises(SettingsError, match="there is no engine 'spark'; the engines are 'local', 'ray'"):
            open_engine("spark", means)
        monkeypatch.setitem(sys.modules, "ray", None)
        with pytest.raises(SettingsError, match=r"pip install -r requirements-ray.txt"), open_engine("ray", means):
            pass


def test_the_pool_leaves_one_core_free_and_is_never_empty() -> None:
    def pools(device: Any, **resources: float) -> Pool:
        return choose_pool(resources, Settings(embedder_device=device))

    assert pools("auto", CPU=1.0) == Pool(n_actors=1, n_cpus=1, n_gpus=0)
    assert pools("auto", CPU=2.0) == Pool(n_actors=1, n_cpus=1, n_gpus=0)
    assert pools("auto", CPU=64.0) == Pool(n_actors=63, n_cpus=1, n_gpus=0)
    assert pools("auto", CPU=64.0, GPU=4.0) == Pool(n_actors=4, n_cpus=1, n_gpus=1)
    assert pools("cpu", CPU=64.0, GPU=4.0) == Pool(n_actors=63, n_cpus=1, n_gpus=0)


def test_a_worker_embeds_like_the_shop_and_tells_what_it_refuses(settings: Settings) -> None:
    settings = settings.model_copy(update={"embedder_device": "cpu", "embedder_dtype": "fp32"})
    embedder = bundled_embedder()()
    worker = Worker(settings, embedder.fingerprint)
    given = [
        Found(InlinePicture(picture("red")), "", picture("red")),
        Found(LocalPicture(Path("feed"), "a.jpg"), "", b"no picture"),
        Found(InlinePicture(picture("blue")), "", picture("blue")),
    ]
    row: Column = {name: [value] for name, value in packed(7, given).items()}
    done = {name: column[0] for name, column in worker(row).items()}
    images = [PictureStore(settings.data_dir / "pictures").open(done["images"][place]) for place in (0, 2)]
    expected = embedder.embed_images(images)
    assert (done["number"], done["reasons"]) == (7, ["", "not_a_picture", ""])
    assert done["details"][1] == "'a.jpg' is not a picture"
    assert np.allclose(np.frombuffer(done["pooled"], np.float32).reshape(2, -1), expected.pooled, atol=1e-5)
    assert np.allclose(np.frombuffer(done["tokens"], np.float32), expected.tokens.ravel(), atol=1e-5)


def test_a_machine_with_another_checkpoint_is_told_and_not_used(settings: Settings) -> None:
    with pytest.raises(EmbedderError, match=r"and 'blip2-other' on this one; put the same checkpoint on all"):
        Worker(settings, "blip2-other")


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    database_url = settings.database_url.get_secret_value()
    told = {"DATA_DIR": str(settings.data_dir), "DATABASE_URL": database_url}
    return os.environ | told | {"EMBEDDER_DEVICE": "cpu", "EMBEDDER_DTYPE": "fp32"}


@contextlib.contextmanager
def ray_run(environment: dict[str, str], feed: Path) -> Iterator[subprocess.Popen[str]]:
    """A run on Ray under way; whatever happens, it is gone afterwards."""
    command = [sys.executable, "-m", "ingest", str(feed), "--engine", "ray"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=REPO_DIR, env=environment, **pipes) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def wait_for_rows(database: Database, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 400
    while not stored(database, "sku"):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "no rows arrived"
        time.sleep(0.1)


def stored(database: Database, columns: str) -> list[tuple[Any, ...]]:
    with database.connection() as connection:
        found: list[tuple[Any, ...]] = connection.execute(f"SELECT {columns} FROM items ORDER BY sku").fetchall()
    return found


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Every process that a run started."""
    found: list[psutil.Process] = psutil.Process(process.pid).children(recursive=True)
    return found


def listening(processes: Sequence[psutil.Process]) -> set[str]:
    """The addresses that processes listen on."""
    found = set()
    for process in processes:
        with contextlib.suppress(psutil.Error):
            told = process.net_connections("inet")
            found |= {str(one.laddr.ip).removeprefix("::ffff:") for one in told if one.status == psutil.CONN_LISTEN}
    return found


def folders(process: subprocess.Popen[str]) -> list[Path]:
    """What a run left among the temporary files."""
    return list(Path(tempfile.gettempdir()).glob(f"vitrine-ray-{process.pid}-*"))


@pytest.mark.ray
def test_a_killed_ray_run_leaves_no_process_and_the_next_one_gives_the_local_vectors(
    environment: dict[str, str], database: Database, tmp_path: Path
) -> None:
    feed = write_plain(tmp_path / "feed", plain_rows(N_ROWS))
    (feed / "images" / "S-005.jpg").write_bytes(picture()[:300])
    with ray_run(environment, feed) as killed:
        wait_for_rows(database, killed)
        started = family(killed)
        assert listening(started) == {"127.0.0.1"}
        killed.send_signal(signal.SIGKILL)
    assert len(started) > 3
    n_before = len(stored(database, "sku"))
    assert 0 < n_before < N_ROWS - 1
    with ray_run(environment, feed) as process:
        output, errors = process.communicate(timeout=500)
    assert process.returncode == 0, errors
    assert f"unchanged {n_before}, rejected 1 " in output
    assert "rejected 1 damaged_picture: line 6 (first: 'images/S-005.jpg' is damaged or cut short)" in output
    assert (folders(killed), folders(process)) == ([], [])
    assert psutil.wait_procs(started, timeout=150)[1] == []  # two of Ray's own try to report for a minute first
    assert_vectors_are_local(database, Path(environment["DATA_DIR"]))


def assert_vectors_are_local(database: Database, data_dir: Path) -> None:
    found = stored(database, "sku, title, image, embedding, token_embeddings")
    assert [sku for sku, *_ in found] == [f"S-{n:03d}" for n in range(N_ROWS) if n != 5]
    assert all(title == f"Dress number {int(sku[2:])}" for sku, title, *_ in found)
    pictures = PictureStore(data_dir / "pictures")
    expected = bundled_embedder()().embed_images([pictures.open(image) for _, _, image, _, _ in found])
    pooled = np.stack([vector.to_numpy() for *_, vector, _ in found])
    tokens = np.array([[token.to_numpy() for token in tokens] for *_, tokens in found])
    assert np.allclose(pooled, expected.pooled, atol=1e-5)
    assert np.allclose(tokens, expected.tokens, atol=1e-3)  # stored with half precision


@pytest.mark.ray
def test_ctrl_c_ends_a_ray_run_in_order(environment: dict[str, str], database: Database, tmp_path: Path) -> None:
    feed = write_plain(tmp_path / "feed", plain_rows(N_ROWS))
    with ray_run(environment, feed) as process:
        wait_for_rows(database, process)
        started = family(process)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=200)
    assert process.returncode == 130, errors
    assert output.splitlines()[-1] == "stopped; all of the above is kept: run the same command again to go on"
    assert f"written {len(stored(database, 'sku')):,} " in output
    assert psutil.wait_procs(started, timeout=60)[1] == []
    assert folders(process) == []
