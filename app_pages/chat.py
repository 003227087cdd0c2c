"""The conversation of one browser session: its turns so far and the one at work."""

import base64
import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

from PIL import Image

from agents.events import Message, TurnDone, TurnEvent
from agents.intent import Intent, Slots
from app_pages.running_turn import RunningTurn
from app_pages.turn_view import TurnView
from env.errors import PhotoError, VitrineError

logger = logging.getLogger(__name__)

THUMBNAIL_PX = 320

TurnRunner = Callable[[Message], Iterator[TurnEvent]]
Slider = Callable[[float, TurnDone], Iterator[TurnEvent]]
PhotoDecoder = Callable[[bytes], Image.Image]


class Chat:
    """Lives in `st.session_state`: nothing in it is shared with another browser."""

    def __init__(
        self,
        session_id: str,
        run: TurnRunner,
        decode: PhotoDecoder,
        views: tuple[TurnView, ...] = (),
        slide: Slider | None = None,
    ) -> None:
        """`run` starts one turn of this chat's session; `decode` makes an RGB picture of an uploaded file.

        `views` are the turns of an earlier visit. `slide` searches again with another weight of the photo.
        """
        self.session_id = session_id
        self._run = run
        self._slide = slide
        self._decode = decode
        self._ended = list(views)
        self._running: RunningTurn | None = None
        # The last turn that was started: the next one waits until it has let go of the session.
        self._before: RunningTurn | None = None

    @property
    def views(self) -> tuple[TurnView, ...]:
        """All turns in order, the one at work last."""
        last = (self._running.view,) if self._running else ()
        return (*self._ended, *last)

    @property
    def running(self) -> RunningTurn | None:
        """The newest turn while it is not done."""
        return self._running if self._running and not self._running.view.has_ended else None

    def ask(self, text: str, photo: bytes | None = None, intent: Intent | None = None) -> None:
        """Start a turn. An impatient second click changes nothing; another message replaces the one at work.

        `intent` is what a pressed button means exactly; `text` is then only what the conversation shows.
        """
        text = text.strip()
        if not text and photo is None:
            return
        if self.running and photo is None and not self.running.view.has_photo and self.running.view.text == text:
            return
        self.stop()
        if self._running:
            self._ended.append(self._running.view)
            self._running = None
        view = TurnView(number=len(self._ended) + 1, text=text)
        try:
            picture = None if photo is None else self._decode(photo)
        except PhotoError as error:
            self._ended.append(TurnView(number=view.number, text=text, has_photo=True, problem=str(error)))
            return
        if picture is not None:
            view = TurnView(number=view.number, text=text, has_photo=True, photo_url=thumbnail_url(picture))
        self._running = RunningTurn(view, lambda: self._run(Message(text, picture, intent)), self._before)
        self._before = self._running

    def pick(self, text: str, part: bytes) -> None:
        """Search with one garment of the newest turn's photo, for what else that turn's words wanted of it."""
        asked = self.views[-1].intent if self.views else None
        slots = replace(asked.slots, categories=(), count=None, count_said=False) if asked else Slots()
        self.ask(text, part, Intent("search", slots=slots))

    def slide(self, photo_weight: float) -> None:
        """Give the newest turn other cards, between its words (0) and its photo (1); nothing while it is at work."""
        view = self.views[-1] if self.views else None
        if self._slide is None or view is None or view.done is None or view.photo_weight is None:
            return
        try:
            for event in self._slide(photo_weight, view.done):
                view = view.after(event)
        except VitrineError as error:
            logger.warning("sliding failed: %s", error)
            view = replace(view, problem=str(error))
        self._ended = [*self.views[:-1], view]
        self._running = None

    def stop(self) -> None:
        """End the turn at work, if there is one; its cards stay."""
        if self._running:
            self._running.stop()


def thumbnail_url(picture: Image.Image) -> str:
    """A small JPEG of an RGB picture as a data URL."""
    small = picture.copy()
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode('ascii')}"
