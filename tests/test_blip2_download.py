"""A checkpoint from the hub: fetched once over a real socket, safetensors only, and used without network afterwards."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from env.settings import REPO_DIR
from tests.test_blip2 import write_tiny

REPO, COMMIT = "shop/tiny-blip2", "0" * 39 + "1"
EMBED = """
import sys
from env.errors import EmbedderError
from env.settings import Settings
from tools.embedder import load_embedder
try:
    print(load_embedder(Settings(embedder=sys.argv[1])).embed_query_text(["red dress"]).shape)
except EmbedderError as error:
    print(error)
"""


class Hub(ThreadingHTTPServer):
    """Speaks as much of the hub's protocol as a download needs, for the files of one folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), HubRequest)
        self.folder, self.fetched = folder, list[str]()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class HubRequest(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_HEAD(self) -> None:
        self.answer(has_body=False)

    def do_GET(self) -> None:
        self.answer(has_body=True)

    def answer(self, has_body: bool) -> None:
        path, files = self.path.split("?")[0], sorted(self.server.folder.iterdir())
        if path.startswith(f"/api/models/{REPO}/revision/"):
            names = [{"rfilename": file.name} for file in files]
            self.send(json.dumps({"id": REPO, "sha": COMMIT, "siblings": names}).encode(), {}, has_body)
        elif path.startswith(f"/api/models/{REPO}/tree/"):
            entries = [
                {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": COMMIT} for file in files
            ]
            self.send(json.dumps(entries).encode(), {}, has_body)
        elif path.startswith(f"/{REPO}/resolve/") and (self.server.folder / path.rsplit("/", 1)[-1]).is_file():
            self.send_file(self.server.folder / path.rsplit("/", 1)[-1], has_body)
        else:
            self.send_error(404)

    def send_file(self, file: Path, has_body: bool) -> None:
        if has_body:
            self.server.fetched.append(file.name)
        body = file.read_bytes()
        self.send(body, {"ETag": f'"{sha256(body).hexdigest()}"', "X-Repo-Commit": COMMIT}, has_body)

    def send(self, body: bytes, headers: dict[str, str], has_body: bool) -> None:
        self.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if has_body:
            self.wfile.write(body)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    folder = write_tiny(tmp_path / "served")
    (folder / "pytorch_model.bin").write_bytes(b"may run code when it is read")
    server = Hub(folder)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def embed(name: str, endpoint: str, cache: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "HF_ENDPOINT": endpoint, "HF_HOME": str(cache), "HF_HUB_OFFLINE": "0"}
    command = [sys.executable, "-c", EMBED, name]
    return subprocess.run(command, cwd=REPO_DIR, env=environment, capture_output=True, text=True, check=True)


def test_a_checkpoint_is_fetched_once_and_serves_without_network(hub: Hub, tmp_path: Path) -> None:
    first = embed(REPO, hub.url, tmp_path / "cache")
    assert first.stdout.strip() == "(1, 256)"
    assert "%|" in first.stderr  # the progress bar
    assert "model.safetensors" in hub.fetched
    assert "pytorch_model.bin" not in hub.fetched
    again = embed(REPO, "http://127.0.0.1:9", tmp_path / "cache")
    assert again.stdout.strip() == "(1, 256)"


def test_a_name_the_hub_does_not_know_is_told(hub: Hub, tmp_path: Path) -> None:
    told = embed("shop/nothing", hub.url, tmp_path / "cache").stdout
    assert told.startswith("EMBEDDER='shop/nothing' could not be downloaded from the Hugging Face hub")
    assert "models/blip2-mini" in told
