"""`python -m env check` and the logs: what is tested, what is said, what stays hidden."""

import io
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from env.check import CHAT_CHECKS, check_checkpoint, check_database
from env.database import Database
from env.logs import configure_logging
from env.postgres_process import find_postmaster
from env.settings import REPO_DIR, AssistantName, ClassifierName, Settings


class _ChatServer(BaseHTTPRequestHandler):
    """Lists no models to whoever has the key."""

    def do_GET(self) -> None:
        is_allowed = self.headers.get("Authorization") in (None, "Bearer right")
        known = self.path in ("/v1/models", "/api/tags")
        self.send_response(404 if not known else 200 if is_allowed else 401)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Tests stay quiet."""


@pytest.fixture
def server_url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _ChatServer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _check(**environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "env", "check"], cwd=REPO_DIR, env={"PATH": os.defpath, **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_all_well_is_exit_code_0_with_a_line_for_each_part(small_catalog: Database, tmp_path: Path) -> None:
    done = _check(DATABASE_URL=small_catalog.url, DATA_DIR=str(tmp_path), OPENAI_API_KEY="sk-hidden")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert next(line for line in lines if line.startswith("DATABASE_URL")).split() == [
        "DATABASE_URL",
        "set,",
        "hidden",
        "set",
    ]
    assert next(line for line in lines if line.startswith("PORT")).split() == ["PORT", "8501", "default"]
    assert "sk-hidden" not in done.stdout
    assert small_catalog.url not in done.stdout
    database, checkpoint, chat = (line for line in lines if line.startswith(("ok", "FAIL")))
    assert database.startswith("ok    database  Postgres 18")
    assert database.endswith("48 items; vectors: 48 by test-embedder")
    assert checkpoint.startswith("ok    checkpoint  blip-2 in")
    assert checkpoint.endswith("files seen, not loaded")
    assert chat == "ok    chat: offline  reads and answers on this machine; nothing to reach"


def test_what_fails_is_told_and_the_rest_is_still_tested(server_url: str) -> None:
    done = _check(
        DATABASE_URL="postgresql://u:s3kret@127.0.0.1:1/x", EMBEDDER="models/none", CLASSIFIER="ollama",
        OLLAMA_BASE_URL=server_url, ASSISTANT="openai", OPENAI_BASE_URL="http://127.0.0.1:1/v1",
    )  # fmt: skip
    assert done.returncode == 1
    assert "s3kret" not in done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith(("ok", "FAIL"))]
    assert [line.split("  ")[0] for line in lines] == ["FAIL", "FAIL", "ok", "FAIL"]
    assert "no database answers at '127.0.0.1:1/x'" in lines[0]
    assert "EMBEDDER='models/none': no such folder" in lines[1]
    assert lines[2].endswith(f"{server_url}/api/tags answers HTTP 200; the model itself was not asked")
    assert "http://127.0.0.1:1/v1/models does not answer" in lines[3]


def test_a_setting_that_cannot_be_used_is_one_line() -> None:
    done = _check(PORT="hello")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("vitrine: setting PORT='hello'")
    assert done.stderr.count("\n") == 1


def test_the_embedded_database_is_started_for_the_check_and_stopped_again(passable_dir: Path) -> None:
    checked = check_database(Settings(data_dir=passable_dir))
    assert checked.is_well
    assert "embedded, at" in checked.seen
    assert "0 items; vectors: none" in checked.seen
    assert find_postmaster(passable_dir / "postgres" / "data") is None


@pytest.mark.parametrize(("key", "is_well"), [("", True), ("right", True), ("wrong", False)])
def test_a_refused_key_is_told(server_url: str, key: str, is_well: bool) -> None:
    settings = Settings(openai_base_url=f"{server_url}/v1", openai_api_key=key)  # type: ignore[arg-type]
    checked = CHAT_CHECKS["openai"](settings)
    assert checked.is_well is is_well
    assert ("refuses the key (HTTP 401)" in checked.seen) is not is_well


def test_gemini_is_reached_at_its_base_url_and_wants_a_project_or_a_key(server_url: str) -> None:
    assert "are both empty" in CHAT_CHECKS["gemini"](Settings()).seen
    assert "GOOGLE_CLOUD_PROJECT is empty" in CHAT_CHECKS["vertexai"](Settings()).seen
    reached = Settings(google_cloud_project="p", gemini_base_url=server_url)
    for name in ("gemini", "vertexai"):
        assert CHAT_CHECKS[name](reached).seen.startswith(f"{server_url} answers HTTP 404")
        assert CHAT_CHECKS[name](reached).is_well


def test_every_chat_model_that_can_be_chosen_can_be_checked() -> None:
    assert set(CHAT_CHECKS) == {*ClassifierName.__args__, *AssistantName.__args__}  # type: ignore[attr-defined]


def test_a_checkpoint_is_told_by_its_files(tmp_path: Path) -> None:
    assert check_checkpoint("c", "EMBEDDER", "Salesforce/blip2-never-downloaded").seen.endswith("not tested")
    assert not check_checkpoint("c", "EMBEDDER", str(tmp_path)).is_well
    (tmp_path / "config.json").write_text('{"model_type": "blip-2"}')
    assert "holds no *.safetensors" in check_checkpoint("c", "EMBEDDER", str(tmp_path)).seen
    (tmp_path / "model.safetensors").write_bytes(b"0" * 2 * 1024 * 1024)
    assert "blip-2 in" in check_checkpoint("c", "EMBEDDER", str(tmp_path)).seen
    assert "2 MiB of weights" in check_checkpoint("c", "EMBEDDER", str(tmp_path)).seen


def test_logs_hide_secrets_and_passwords_in_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    try:
        configure_logging(Settings(openai_api_key="sk-hidden", log_level="INFO"))  # type: ignore[arg-type]
        logging.getLogger("tools.x").info("asked with key=%s at %s", "sk-hidden", "postgresql://a:s3kret@h/d")
        logging.getLogger("httpx").info("noise")
    finally:
        root.handlers[:], root.level = before
        for room in ("env", "tools", "agents", "ingest", "training", "evals", "app_pages"):
            logging.getLogger(room).setLevel(logging.NOTSET)
    assert stderr.getvalue().endswith("INFO tools.x asked with key=*** at postgresql://a:***@h/d\n")
    assert "noise" not in stderr.getvalue()
