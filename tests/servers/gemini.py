"""Gemini's REST protocol, on Vertex AI's paths and on the developer API's: `python -m tests.servers.gemini`."""

import base64
import json
import re
from collections.abc import Iterator

from tests.servers.local import serve_by_hand
from tests.servers.wire import Ask, Json

PATH = re.compile(
    r"^/v1(?:beta1|beta)?/(?:projects/[^/]+/locations/[^/]+/publishers/google/)?models/(?P<model>[^/:]+)"
    r":(?P<call>generateContent|streamGenerateContent)(?:\?|$)"
)
VERSION = "{model}-local"


class Gemini:
    """Reads `contents`, answers `candidates`; streams as server-sent events or, without alt=sse, as one JSON array."""

    name = "Gemini"
    stream_type = "text/event-stream"

    def read(self, path: str, body: Json) -> Ask | None:
        """The question, or None where the path is not Gemini's."""
        found = PATH.match(path)
        if not found:
            return None
        config = body.get("generationConfig", {})
        return Ask(
            model=found["model"],
            system="\n".join(part.get("text", "") for part in body.get("systemInstruction", {}).get("parts", [])),
            parts=tuple(_part(part) for content in body["contents"] for part in content["parts"]),
            wants_json=config.get("responseMimeType") == "application/json",
            is_stream=found["call"] == "streamGenerateContent",
            temperature=config.get("temperature"),
            max_output_tokens=config.get("maxOutputTokens"),
        )

    def whole(self, ask: Ask, text: str) -> Json:
        """The answer in one piece."""
        return _response(ask, text, "STOP")

    def stream(self, ask: Ask, path: str, words: Iterator[str]) -> Iterator[bytes]:
        """The answer word by word."""
        head, between, tail = _frame(path)
        yield head
        for word in words:
            yield json.dumps(_response(ask, word, None)).encode()
            yield between
        yield json.dumps(_response(ask, "", "STOP")).encode() + tail

    def ping(self, path: str, n_before: int) -> bytes:
        """Bytes that are part of a stream and say nothing."""
        return b"\n" if _is_sse(path) else b" " if n_before else b"["

    def blocked(self, ask: Ask, path: str) -> bytes:
        """An empty answer, withheld for safety."""
        withheld = {
            "candidates": [{"finishReason": "SAFETY", "index": 0, "safetyRatings": []}],
            "usageMetadata": {"promptTokenCount": 1, "totalTokenCount": 1},
            "modelVersion": VERSION.format(model=ask.model),
        }
        head, _, tail = _frame(path) if ask.is_stream else (b"", b"", b"")
        return head + json.dumps(withheld).encode() + tail

    def error(self, status: int, message: str) -> Json:
        """Google's error body."""
        names = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}
        return {"error": {"code": status, "status": names.get(status, "INTERNAL"), "message": message}}


def _is_sse(path: str) -> bool:
    return "?alt=sse" in path


def _frame(path: str) -> tuple[bytes, bytes, bytes]:
    """What stands before, between and after the pieces of a stream."""
    return (b"data: ", b"\r\n\r\ndata: ", b"\r\n\r\n") if _is_sse(path) else (b"[", b",\r\n", b"]")


def _part(part: Json) -> str | bytes:
    data = part.get("inlineData")
    # Google's library writes the URL-safe alphabet, gateways and curl users the plain one.
    return (
        base64.urlsafe_b64decode(data["data"].translate(str.maketrans("+/", "-_")))
        if data
        else str(part.get("text", ""))
    )


def _response(ask: Ask, text: str, finish_reason: str | None) -> Json:
    candidate: Json = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}
    if finish_reason:
        candidate["finishReason"] = finish_reason
    return {
        "candidates": [candidate],
        "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2},
        "modelVersion": VERSION.format(model=ask.model),
    }


def _how_to(url: str) -> str:
    return (
        f"CLASSIFIER=gemini ASSISTANT=gemini GOOGLE_CLOUD_PROJECT=local GEMINI_ACCESS_TOKEN=local GEMINI_BASE_URL={url}"
    )


if __name__ == "__main__":
    serve_by_hand(Gemini(), _how_to)
