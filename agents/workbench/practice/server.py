"""The practice model behind a socket of loopback: chat completions, whole and streamed, with usage numbers."""

import json
import logging
import re
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from agents.workbench.practice.reader import read_message
from agents.workbench.practice.writer import write_reply

logger = logging.getLogger(__name__)
PATH = "/v1/chat/completions"
_MAX_BODY_BYTES = 20 * 1024 * 1024
_CHARS_PER_TOKEN = 4
_CLIENT_WAIT_S = 30.0

Json = dict[str, Any]


class PracticeServer:
    """Listens on a free port from `__enter__` to `__exit__`; `url` is its address."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=lambda: self._server.serve_forever(poll_interval=0.05), name="practice-model", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _CLIENT_WAIT_S

    def do_POST(self) -> None:
        """Answer one question."""
        # One question a connection: nobody has to find out which of them went stale.
        self.close_connection = True
        size_bytes = int(self.headers.get("Content-Length") or 0)
        if self.path != PATH or not 0 < size_bytes <= _MAX_BODY_BYTES:
            self._send(404, {"error": {"message": f"ask {PATH}", "type": "refused"}})
            return
        try:
            body = json.loads(self.rfile.read(size_bytes))
            system, user = _said(body, "system"), _said(body, "user")
        except (ValueError, KeyError, TypeError):
            self._send(400, {"error": {"message": "the body is no question", "type": "refused"}})
            return
        text = read_message(system, user) if _wants_json(body) else write_reply(system, user)
        usage = _usage(f"{system}\n{user}", text)
        if body.get("stream"):
            self._stream(text, usage)
        else:
            self._send(200, _completion({"message": {"role": "assistant", "content": text}}, "stop", usage))

    def log_message(self, format: str, *args: object) -> None:
        """Requests are no news."""
        logger.debug("practice model: %s", format % args)

    def _send(self, status: int, body: Json) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, text: str, usage: Json) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for event in _events(text, usage):
            self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
        self.wfile.write(b"data: [DONE]\n\n")


def _events(text: str, usage: Json) -> Iterator[Json]:
    """The reply sentence by sentence, then what it used, as OpenAI sends it: an event without a choice."""
    for piece in re.findall(r"\S.*?(?:[.!?]\s+|$)|\s+", text, re.DOTALL):
        yield _completion({"delta": {"role": "assistant", "content": piece}}, None, None, "chat.completion.chunk")
    yield _completion({"delta": {}}, "stop", None, "chat.completion.chunk")
    yield {**_completion({"delta": {}}, None, usage, "chat.completion.chunk"), "choices": []}


def _completion(choice: Json, finish_reason: str | None, usage: Json | None, kind: str = "chat.completion") -> Json:
    whole = {"index": 0, **choice, "finish_reason": finish_reason}
    answer = {"id": "practice", "object": kind, "created": 0, "model": "practice", "choices": [whole]}
    return answer | ({"usage": usage} if usage else {})


def _usage(asked: str, said: str) -> Json:
    tokens_in, tokens_out = (-(-len(text) // _CHARS_PER_TOKEN) for text in (asked, said))
    return {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}


def _wants_json(body: Mapping[str, Any]) -> bool:
    return "response_format" in body


def _said(body: Mapping[str, Any], role: str) -> str:
    """All text of one role; pictures are not looked at."""
    texts = []
    for message in body["messages"]:
        if message["role"] == role:
            content = message["content"]
            parts = [content] if isinstance(content, str) else [part.get("text", "") for part in content]
            texts += [str(part) for part in parts]
    return "\n".join(texts)
