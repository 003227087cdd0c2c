"""The chat completions protocol of OpenAI, vLLM, llama.cpp and LM Studio: `python -m tests.servers.openai`."""

import base64
import json
from collections.abc import Iterator

from tests.servers.local import serve_by_hand
from tests.servers.wire import Ask, Json


class OpenAI:
    """Reads `messages`, answers `choices`; streams as server-sent events that end with [DONE]."""

    name = "OpenAI"
    stream_type = "text/event-stream"

    def read(self, path: str, body: Json) -> Ask | None:
        """The question, or None where the path is not /v1/chat/completions."""
        if path != "/v1/chat/completions":
            return None
        system = [part for m in body["messages"] if m["role"] == "system" for part in _parts(m["content"])]
        return Ask(
            model=body["model"],
            system="\n".join(part for part in system if isinstance(part, str)),
            parts=tuple(part for m in body["messages"] if m["role"] != "system" for part in _parts(m["content"])),
            wants_json="response_format" in body,
            is_stream=bool(body.get("stream")),
            temperature=body.get("temperature"),
            max_output_tokens=body.get("max_completion_tokens") or body.get("max_tokens"),
        )

    def whole(self, ask: Ask, text: str) -> Json:
        """The answer in one piece."""
        message = {"role": "assistant", "content": text}
        return _completion(ask, {"message": message, "finish_reason": "stop"}, "chat.completion")

    def stream(self, ask: Ask, path: str, words: Iterator[str]) -> Iterator[bytes]:
        """The answer word by word."""
        for word in words:
            yield _event(ask, {"content": word}, None)
        yield _event(ask, {}, "stop") + b"data: [DONE]\n\n"

    def ping(self, path: str, n_before: int) -> bytes:
        """A comment, as gateways send while a model thinks."""
        return b": still here\n\n"

    def blocked(self, ask: Ask, path: str) -> bytes:
        """An empty answer, withheld by the content filter."""
        if ask.is_stream:
            return _event(ask, {"role": "assistant", "content": ""}, "content_filter")
        message = {"role": "assistant", "content": ""}
        choice = {"message": message, "finish_reason": "content_filter"}
        return json.dumps(_completion(ask, choice, "chat.completion")).encode()

    def error(self, status: int, message: str) -> Json:
        """OpenAI's error body."""
        return {"error": {"message": message, "type": "refused", "code": status}}


def _parts(content: str | list[Json]) -> Iterator[str | bytes]:
    if isinstance(content, str):
        yield content
        return
    for part in content:
        if part["type"] == "image_url":
            yield base64.b64decode(part["image_url"]["url"].partition("base64,")[2])
        else:
            yield str(part["text"])


def _completion(ask: Ask, choice: Json, kind: str) -> Json:
    return {
        "id": "local",
        "object": kind,
        "created": 0,
        "model": f"{ask.model}-local",
        "choices": [{"index": 0, **choice}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


def _event(ask: Ask, delta: Json, finish_reason: str | None) -> bytes:
    choice = {"delta": delta, "finish_reason": finish_reason}
    return b"data: " + json.dumps(_completion(ask, choice, "chat.completion.chunk")).encode() + b"\n\n"


def _how_to(url: str) -> str:
    return f"CLASSIFIER=openai ASSISTANT=openai OPENAI_BASE_URL={url}/v1"


if __name__ == "__main__":
    serve_by_hand(OpenAI(), _how_to)
