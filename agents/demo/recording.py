"""A recorded conversation: its events with their times, played back without a model, a catalogue or a search."""

import base64
import binascii
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from agents.demo.snapshot import evidence_from_snapshot, evidence_snapshot
from agents.events import IntentRead, ItemsFound, ReplyToken, TurnDone, TurnEvent
from agents.intent_json import intent_from_json, intent_json
from agents.record import reply_json
from env.errors import DemoError, VitrineError
from tools.pictures import PictureStore

_FORM = 1
# A pause in front of people is no place for a model's bad minute.
_LONGEST_WAIT_S = 8.0


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One event and when it came, in milliseconds since its turn began."""

    at_ms: float
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """What was said, and all that came of it. `photo` is a JPEG in base64 where the journey sent one."""

    message: str
    events: tuple[RecordedEvent, ...]
    photo: str = ""
    caption: str = ""

    @property
    def photo_bytes(self) -> bytes | None:
        """The journey's photo, None without one."""
        return base64.b64decode(self.photo) if self.photo else None


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole conversation. `worked` names who read and who wrote; `pictures` are JPEGs in base64 by their names."""

    title: str
    recorded_at: datetime
    worked: str
    turns: tuple[RecordedTurn, ...]
    pictures: Mapping[str, str]

    @property
    def mark(self) -> str:
        """What stands over every turn that is played back."""
        day = f"{self.recorded_at.day} {self.recorded_at:%B %Y}"
        return f"Recorded on {day}, {self.worked}. Items and prices are those of that day."

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "form": _FORM,
            "title": self.title,
            "recorded_at": self.recorded_at.isoformat(),
            "worked": self.worked,
            "turns": [asdict(turn) for turn in self.turns],
            "pictures": dict(self.pictures),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Recording":
        """A recording as `to_json` wrote it.

        Raises:
            DemoError: it is none, or one of another version.
        """
        if data.get("form") != _FORM:
            raise DemoError(f"this is no recording of form {_FORM}, but {data.get('form')!r}; record it again")
        try:
            turns = tuple(_turn(turn) for turn in data["turns"])
            # Read once here, so that a damaged file is told before an audience sees half of it.
            for turn in turns:
                _ = [event_from_json(event) for event in turn.events], turn.photo_bytes
            recorded_at = datetime.fromisoformat(data["recorded_at"])
            return cls(str(data["title"]), recorded_at, str(data["worked"]), turns, dict(data["pictures"]))
        except (KeyError, TypeError, ValueError, VitrineError) as error:
            raise DemoError(f"this recording is damaged: {error}; record it again") from error

    def unpack(self, pictures: PictureStore) -> None:
        """Put its pictures where the page draws them from.

        Raises:
            DemoError: a picture is not what its name says.
            CatalogError: they cannot be written.
        """
        for name, text in self.pictures.items():
            try:
                stored = pictures.put(base64.b64decode(text, validate=True))
            except binascii.Error as error:
                raise DemoError(f"picture {name!r} of this recording is damaged; record it again") from error
            if stored != name:
                raise DemoError(f"picture {name!r} of this recording is another one; record it again")


def replayed(turn: RecordedTurn, speed: float = 1.0) -> Iterator[TurnEvent]:
    """The events of a turn again, at the pace they came."""
    began_s = time.monotonic()
    for event in turn.events:
        wait_s = min(event.at_ms / 1000 / speed, _LONGEST_WAIT_S) - (time.monotonic() - began_s)
        if wait_s > 0:
            time.sleep(wait_s)
        yield event_from_json(event)


def event_json(event: TurnEvent, at_ms: float, images: Mapping[str, str]) -> RecordedEvent:
    """An event as data; pictures are called what `images` calls them."""
    match event:
        case IntentRead(intent, backend):
            return RecordedEvent(at_ms, "intent", {"backend": backend, "text": intent.text, **intent_json(intent)})
        case ItemsFound(evidence):
            return RecordedEvent(at_ms, "items", evidence_snapshot(evidence, images))
        case ReplyToken(text):
            return RecordedEvent(at_ms, "words", {"text": text})
        case TurnDone():
            return RecordedEvent(at_ms, "done", reply_json(event))


def event_from_json(event: RecordedEvent) -> TurnEvent:
    """The event that `event_json` wrote. A stored number is not part of it: nothing recorded is judged again."""
    data = event.data
    match event.kind:
        case "intent":
            return IntentRead(intent_from_json(data), data["backend"])
        case "items":
            return ItemsFound(evidence_from_snapshot(data))
        case "words":
            return ReplyToken(data["text"])
        case "done":
            pressed = {label: intent_from_json(intent) for label, intent in data["pressed"].items()}
            return TurnDone(
                data["reply"], tuple(data["suggestions"]), data["backends"], data["prompt_versions"],
                data["timings_ms"], tuple(data["failures"]), pressed,
            )  # fmt: skip
    raise DemoError(f"a recording holds no {event.kind!r}; record it again")


def _turn(data: Mapping[str, Any]) -> RecordedTurn:
    events = tuple(RecordedEvent(**event) for event in data["events"])
    return RecordedTurn(data["message"], events, data.get("photo", ""), data.get("caption", ""))
