"""The real page, served by the real command in processes of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from env.settings import REPO_DIR

START_S = 180
STOP_S = 30


@contextlib.contextmanager
def served(environment: Mapping[str, str], log: Path, port: int = 0) -> Iterator[str]:
    """The URL of a page that `serve.py` serves on a port, a free one without; stopped as Ctrl-C would."""
    with launched(environment, log, port) as (_, url):
        yield url


@contextlib.contextmanager
def launched(environment: Mapping[str, str], log: Path, port: int = 0) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The launcher that serves a page, and the page's URL, once it is up."""
    port = port or free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "serve.py"],
            cwd=REPO_DIR,
            env={**os.environ, **environment, "PORT": str(port), "OMP_NUM_THREADS": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_up(process, url, log)
            yield process, url
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_S)
            finally:
                process.kill()
                process.wait()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
            return
        time.sleep(0.2)
    raise RuntimeError(f"the page did not come up at {url}:\n{log.read_text(errors='replace')[-4000:]}")
