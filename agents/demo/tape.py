"""Records a live conversation while it goes on."""

import base64
import io
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from PIL import Image

from agents.demo.recording import RecordedEvent, RecordedTurn, Recording, event_json
from agents.demo.snapshot import images_of
from agents.events import ItemsFound, Message, TurnDone, TurnEvent
from agents.turn import PRESSED
from env.errors import CatalogError, DemoError
from tools.pictures import PictureStore

_PICTURE_PX = (300, 400)
_QUALITY = 70
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class _Taken:
    message: Message
    events: list[tuple[float, TurnEvent]] = field(default_factory=list)

    @property
    def done(self) -> TurnDone | None:
        last = self.events[-1][1] if self.events else None
        return last if isinstance(last, TurnDone) else None


class Tape:
    """What was said and what came of it, in memory until it is kept."""

    def __init__(self) -> None:
        self._taken: list[_Taken] = []

    def turn(self, message: Message, begin: Callable[[], Iterator[TurnEvent]]) -> Iterator[TurnEvent]:
        """The events of a turn as they come, remembered with their times."""
        taken, began_s = _Taken(message), time.monotonic()
        self._taken.append(taken)
        for event in begin():
            taken.events.append((round((time.monotonic() - began_s) * 1000, 1), event))
            yield event

    @property
    def n_turns(self) -> int:
        """How many turns came to their end."""
        return sum(1 for taken in self._taken if taken.done)

    def recording(
        self, title: str, pictures: PictureStore, photos: Sequence[bytes] = (), captions: Mapping[str, str] = _NONE
    ) -> Recording:
        """All turns that came to their end. Of photos only those in `photos` are kept: the journey's own.

        `captions` are what the presenter said, by the message it was said to.

        Raises:
            DemoError: there is no such turn.
        """
        whole = [taken for taken in self._taken if taken.done]
        if not whole:
            raise DemoError("there is nothing to keep yet; play a journey or ask something first")
        kept, images = _pictures(whole, pictures)
        allowed = {_thumbprint(photo) for photo in photos}
        turns = tuple(_turn(taken, images, allowed, captions) for taken in whole)
        return Recording(title, datetime.now(UTC), _worked(whole), turns, kept)


def _turn(taken: _Taken, images: Mapping[str, str], allowed: set[bytes], captions: Mapping[str, str]) -> RecordedTurn:
    events: list[RecordedEvent] = [event_json(event, at_ms, images) for at_ms, event in taken.events]
    photo = taken.message.photo
    is_own = photo is not None and photo.tobytes() in allowed
    told = base64.b64encode(_small_jpeg(photo)).decode("ascii") if photo is not None and is_own else ""
    return RecordedTurn(taken.message.text, tuple(events), told, captions.get(taken.message.text, ""))


def _pictures(whole: list[_Taken], store: PictureStore) -> tuple[dict[str, str], dict[str, str]]:
    """The cards' pictures made small: their base64 by new name, and the new name by the old one."""
    kept: dict[str, str] = {}
    images: dict[str, str] = {}
    for taken in whole:
        for _, event in taken.events:
            for name in images_of(event.evidence) if isinstance(event, ItemsFound) else ():
                if name in images:
                    continue
                try:
                    data = _small_jpeg(store.open(name))
                except CatalogError:
                    continue  # the card is drawn without its picture, as it was seen
                images[name] = store.put(data)
                kept[images[name]] = base64.b64encode(data).decode("ascii")
    return kept, images


def _small_jpeg(picture: Image.Image) -> bytes:
    small, out = picture.copy(), io.BytesIO()
    small.thumbnail(_PICTURE_PX)
    small.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _thumbprint(photo: bytes) -> bytes:
    with Image.open(io.BytesIO(photo)) as opened:
        return opened.convert("RGB").tobytes()


def _worked(whole: list[_Taken]) -> str:
    """Who read and who wrote, as the turns say, each once."""
    names = [name for taken in whole if taken.done for name in _names(taken.done)]
    return ", ".join(dict.fromkeys(names))


def _names(done: TurnDone) -> list[str]:
    said = {"classifier": "read by", "assistant": "written by"}
    names = {stage: done.backends.get(stage, PRESSED) for stage in said}
    return [f"{said[stage]} {name}" for stage, name in names.items() if name != PRESSED]
