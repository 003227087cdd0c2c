"""Ollama's own protocol: `python -m tests.servers.ollama`."""

import base64
import json
from collections.abc import Iterator

from tests.servers.local import serve_by_hand
from tests.servers.wire import Ask, Json


class Ollama:
    """Reads `messages` with their `images`, answers one JSON object a line."""

    name = "Ollama"
    stream_type = "application/x-ndjson"

    def read(self, path: str, body: Json) -> Ask | None:
        """The question, or None where the path is not /api/chat."""
        if path != "/api/chat":
            return None
        messages, options = body["messages"], body.get("options", {})
        return Ask(
            model=body["model"],
            system="\n".join(m["content"] for m in messages if m["role"] == "system"),
            parts=tuple(part for m in messages if m["role"] != "system" for part in _parts(m)),
            wants_json=bool(body.get("format")),
            is_stream=bool(body.get("stream", True)),
            temperature=options.get("temperature"),
            max_output_tokens=options.get("num_predict"),
        )

    def whole(self, ask: Ask, text: str) -> Json:
        """The answer in one piece."""
        return _line(ask, text, done_reason="stop")

    def stream(self, ask: Ask, path: str, words: Iterator[str]) -> Iterator[bytes]:
        """The answer word by word."""
        for word in words:
            yield json.dumps(_line(ask, word)).encode() + b"\n"
        yield json.dumps(_line(ask, "", done_reason="stop")).encode() + b"\n"

    def ping(self, path: str, n_before: int) -> bytes:
        """White space before the next line."""
        return b" "

    def blocked(self, ask: Ask, path: str) -> bytes:
        """An empty answer: Ollama has no word for a safety block."""
        return json.dumps(_line(ask, "", done_reason="stop")).encode() + b"\n"

    def error(self, status: int, message: str) -> Json:
        """Ollama's error body."""
        return {"error": message}


def _parts(message: Json) -> Iterator[str | bytes]:
    yield str(message["content"])
    for image in message.get("images") or []:
        yield base64.b64decode(image)


def _line(ask: Ask, text: str, done_reason: str = "") -> Json:
    line: Json = {
        "model": f"{ask.model}-local",
        "created_at": "2026-01-01T00:00:00Z",
        "message": {"role": "assistant", "content": text},
        "done": bool(done_reason),
    }
    return line | ({"done_reason": done_reason} if done_reason else {})


def _how_to(url: str) -> str:
    return f"CLASSIFIER=ollama ASSISTANT=ollama OLLAMA_BASE_URL={url}"


if __name__ == "__main__":
    serve_by_hand(Ollama(), _how_to)
