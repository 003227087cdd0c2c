"""What goes over the wire, the same for every vendor: the question a client asked, the answer, the ways to fail."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

# Nested JSON as it stands on the wire: its shape is the vendor's.
Json = dict[str, Any]


class Fault(StrEnum):
    """A way to fail, once or always."""

    REFUSED = "refused"  # 401
    UNKNOWN = "unknown"  # 404
    BUSY = "busy"  # 429
    BROKEN = "broken"  # 500
    MALFORMED = "malformed"  # 200 with a body that is no JSON
    NO_SCHEMA = "no-schema"  # 400 whenever a schema is asked for, as servers without structured output answer
    NO_PICTURES = "no-pictures"  # 400 whenever there are pictures, as models without eyes answer
    NO_EYES = "no-eyes"  # 500 whenever there are pictures, as llama.cpp answers without a projector
    BLOCKED = "blocked"  # an empty answer with the vendor's word for a safety block
    CUT = "cut"  # the connection ends in the middle of the answer
    HANG = "hang"  # nothing is sent, the connection stays open
    DRIP = "drip"  # after one sentence words keep coming, slowly, without end
    PING = "ping"  # bytes keep coming that are no words, without end
    WRONG_SHAPE = "wrong-shape"  # JSON, but not what the schema says
    UNKNOWN_HANDLE = "unknown-handle"  # a reply about a card that is not there


STATUS_OF = {
    Fault.REFUSED: 401,
    Fault.UNKNOWN: 404,
    Fault.BUSY: 429,
    Fault.BROKEN: 500,
    Fault.NO_SCHEMA: 400,
    Fault.NO_PICTURES: 400,
    Fault.NO_EYES: 500,
}
MESSAGE_OF = {
    # Vendors repeat the key they refuse.
    Fault.REFUSED: "Incorrect API key provided: sk-very-secret.",
    Fault.NO_EYES: "image input is not supported - hint: you may need to provide the mmproj",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One question as the server understood it. `parts` are the user's texts and decoded pictures, in order."""

    model: str
    system: str
    parts: tuple[str | bytes, ...]
    wants_json: bool
    is_stream: bool
    temperature: float | None
    max_output_tokens: int | None

    @property
    def text(self) -> str:
        """All texts the user sent, without the pictures."""
        return "\n".join(part for part in self.parts if isinstance(part, str))

    @property
    def pictures(self) -> tuple[bytes, ...]:
        """All pictures the user sent."""
        return tuple(part for part in self.parts if isinstance(part, bytes))


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: Json
    ask: Ask


class Vendor(Protocol):
    """How one vendor writes questions and answers down."""

    name: str
    # Content type of a streamed answer.
    stream_type: str

    def read(self, path: str, body: Json) -> Ask | None:
        """The question, or None where the path is not the vendor's."""
        ...

    def whole(self, ask: Ask, text: str) -> Json:
        """The answer in one piece."""
        ...

    def stream(self, ask: Ask, path: str, words: Iterator[str]) -> Iterator[bytes]:
        """The answer piece by piece, the end mark included."""
        ...

    def ping(self, path: str, n_before: int) -> bytes:
        """Bytes that are part of a stream and say nothing."""
        ...

    def blocked(self, ask: Ask, path: str) -> bytes:
        """An empty answer, withheld for safety: the whole body, streamed or not."""
        ...

    def error(self, status: int, message: str) -> Json:
        """The body of a refusal."""
        ...
