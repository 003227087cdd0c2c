"""The engine for many pictures and many machines: Ray Data with a pool of actors, each with the model in it.

Rows go in through a queue and come out in the order they get done, so that one data set serves a whole run and every
actor loads its checkpoint once.
"""

import importlib.util
import logging
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from pydantic import SecretStr

from env.errors import EmbedderError, SettingsError, VitrineError
from env.ray_variables import keep_ray_private
from env.settings import Settings
from ingest.engine_ray_worker import Feeder, Row, Worker, packed
from ingest.row import Rejected
from ingest.work import Engine, Identified, Means, batches
from tools.store_load import LoadRow

BATCHES_AN_ACTOR = 4  # at work, on their way there, on their way back
_FOLDER = "vitrine-ray-"


@dataclass(frozen=True, slots=True)
class Pool:
    """How many actors embed at the same time, and what each of them holds."""

    n_actors: int
    n_cpus: int
    n_gpus: int


def choose_pool(resources: Mapping[str, float], settings: Settings) -> Pool:
    """One actor a GPU where the embedder may use them, else one a core but one, at least one.

    The core left out is this process's, which reads, compares and writes. What feeds the actors asks for no core
    at all, or on a small machine it would wait for ever for one that an actor holds.
    """
    n_gpus = int(resources.get("GPU", 0))
    if n_gpus and settings.embedder_device in ("auto", "cuda"):
        return Pool(n_gpus, 1, 1)
    return Pool(max(1, int(resources.get("CPU", 1)) - 1), 1, 0)


@contextmanager
def open_ray(means: Means) -> Iterator[Engine]:
    """Ray started on this machine, for this run alone; afterwards its processes and its folder are gone.

    Raises:
        SettingsError: Ray is not installed, or does not start.
    """
    if importlib.util.find_spec("ray") is None:
        raise SettingsError("the engine 'ray' is not installed; pip install -r requirements-ray.txt, or use 'local'")
    fingerprint = means.shop.embedder.fingerprint  # a checkpoint that cannot be used is told before Ray starts
    _remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-"))
    try:
        with _own_signals():
            ray = _start(folder)
        try:
            pool = choose_pool(ray.cluster_resources(), means.shop.settings)
            yield RayEngine(means, pool, fingerprint)
        finally:
            ray.shutdown()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class RayEngine:
    """Rows come out in the order they get done."""

    def __init__(self, means: Means, pool: Pool, fingerprint: str) -> None:
        self._means = means
        self._pool = pool
        self._fingerprint = fingerprint
        self._under_way: dict[int, list[Identified]] = {}

    def embed(self, rows: Iterable[Identified], stop: threading.Event) -> Iterator[list[LoadRow | Rejected]]:
        """See Engine. A refused row takes a place in its batch, since batches are cut before pictures are opened."""
        from ray.util.queue import Queue

        queue = Queue(actor_options={"num_cpus": 0})
        done = self._done(queue)
        for number, batch in enumerate(batches(rows, self._means.n_batch)):
            if stop.is_set():
                return
            self._under_way[number] = batch
            queue.put(packed(number, [one.found for one in batch]))
            if len(self._under_way) >= BATCHES_AN_ACTOR * self._pool.n_actors:
                yield self._taken(next(done))
        queue.put(None)
        while self._under_way and not stop.is_set():
            yield self._taken(next(done))

    def _done(self, queue: Any) -> Iterator[Row]:
        """What the actors make of the batches in the queue; starts them when it is first asked.

        Raises:
            EmbedderError: an actor failed; what it says itself where it can say it.
        """
        import pyarrow as pa
        import ray

        # A source in memory needs no task of its own to be read. One byte a block: every batch goes on at once.
        data = ray.data.from_arrow(pa.table({"begin": [0]}))
        data.context.target_max_block_size = 1
        data.context.enable_progress_bars = False
        data = data.map_batches(
            Feeder,
            fn_constructor_args=(queue,),
            compute=ray.data.ActorPoolStrategy(size=1),
            num_cpus=0,
            batch_size=1,
            batch_format="numpy",
        ).map_batches(
            Worker,
            fn_constructor_args=(_without_secrets(self._means.shop.settings), self._fingerprint),
            compute=ray.data.ActorPoolStrategy(size=self._pool.n_actors),
            num_cpus=self._pool.n_cpus,
            num_gpus=self._pool.n_gpus,
            batch_size=1,
            batch_format="numpy",
        )
        try:
            # Prefetching would hold batches back until more of them come.
            for rows in data.iter_batches(batch_size=None, batch_format="numpy", prefetch_batches=0):
                yield {name: column[0] for name, column in rows.items()}
        except VitrineError:
            raise
        except ray.exceptions.RayError as error:
            raise EmbedderError(
                f"the engine 'ray' failed: {str(error).splitlines()[-1]}; run the same command again to go on"
            ) from error

    def _taken(self, row: Row) -> list[LoadRow | Rejected]:
        """The rows of one batch, with what came back for them."""
        embedder = self._means.shop.embedder
        pooled = iter(np.frombuffer(row["pooled"], np.float32).reshape(-1, embedder.dim))
        tokens = iter(np.frombuffer(row["tokens"], np.float32).reshape(-1, embedder.n_query_tokens, embedder.dim))
        batch = self._under_way.pop(int(row["number"]))
        return [
            Rejected(one.place, reason, detail, one.raw)
            if reason
            else LoadRow(replace(one.item, image=image), one.content_hash, next(pooled), next(tokens), one.origins)
            for one, image, reason, detail in zip(batch, row["images"], row["reasons"], row["details"], strict=True)
        ]


def _start(folder: Path) -> Any:
    keep_ray_private()
    import ray
    import ray.data

    logging.getLogger("ray").setLevel(logging.CRITICAL)
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    n_cpus = len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else psutil.cpu_count()
    try:
        ray.init(
            address="local",
            num_cpus=n_cpus,
            include_dashboard=False,
            configure_logging=False,
            log_to_driver=False,
            _temp_dir=str(folder),
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise SettingsError(f"Ray does not start here ({error}); use --engine local") from error
    return ray


@contextmanager
def _own_signals() -> Iterator[None]:
    """Ray takes SIGTERM for itself; the run's own handlers are put back, with which it ends in order."""
    is_main = threading.current_thread() is threading.main_thread()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in handlers.items():
        if is_main and handler is not None:
            signal.signal(number, handler)


def _without_secrets(settings: Settings) -> Settings:
    """The settings for processes that only decode and embed: no password, no key, a data folder found from anywhere."""
    secrets = {name: SecretStr("") for name, value in settings if isinstance(value, SecretStr)}
    return settings.model_copy(update={**secrets, "data_dir": settings.data_dir.absolute()})


def _remove_leftovers() -> None:
    """Remove the folders of runs that were killed: each bears the number of its process."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        pid = folder.name.removeprefix(_FOLDER).split("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)
