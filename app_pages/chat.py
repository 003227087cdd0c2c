"""The conversation of one browser session: its turns so far and the one at work."""

import base64
import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from PIL import Image

from agents.events import Choice, Message, TurnDone, TurnEvent
from agents.intent import Intent, Slots
from agents.pressing import Pressed
from agents.wanted import Limit
from app_pages.running_turn import RunningTurn
from app_pages.turn_view import TurnView
from env.errors import PhotoError, VitrineError
from tools.store_feedback import Verdict

logger = logging.getLogger(__name__)

THUMBNAIL_PX = 320

TurnRunner = Callable[[Message], Iterator[TurnEvent]]
OtherValues = Callable[[Pressed, Limit], tuple[tuple[str, Choice], ...]]
Slider = Callable[[float, TurnDone], Iterator[TurnEvent]]
PhotoDecoder = Callable[[bytes], Image.Image]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A chat as it is stored now, where something else than this page has changed it."""

    session_id: str
    views: tuple[TurnView, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """What can be done with what is stored of a chat.

    `resend` runs a message in the newest turn's place, `refresh` reads the chat again where another tab has written or
    deleted it, `judge` keeps what the shopper thought of a stored turn, or None for nothing any more. `others` finds
    the values that could stand in a limit's place. `keeper` is the id under which this shopper's things are kept.
    """

    resend: TurnRunner
    refresh: Callable[[], Refreshed | None]
    judge: Callable[[int, Verdict | None], None]
    others: OtherValues | None = None
    keeper: str = ""


class Chat:
    """Lives in `st.session_state`: nothing in it is shared with another browser."""

    def __init__(
        self,
        session_id: str,
        run: TurnRunner,
        decode: PhotoDecoder,
        views: tuple[TurnView, ...] = (),
        slide: Slider | None = None,
        stored: Stored | None = None,
    ) -> None:
        """`run` starts one turn of this chat's session; `decode` makes an RGB picture of an uploaded file.

        `views` are the turns of an earlier visit. `slide` searches again with another weight of the photo.
        """
        self.session_id = session_id
        self.keeper = stored.keeper if stored and stored.keeper else session_id
        self._run = run
        self._slide = slide
        self._stored = stored
        # In memory only: an edited message is sent with its photo again.
        self._photo: Image.Image | None = None
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
        self._end_running()
        self._catch_up()
        view = TurnView(number=len(self._ended) + 1, text=text)
        try:
            picture = None if photo is None else self._decode(photo)
        except PhotoError as error:
            self._ended.append(TurnView(number=view.number, text=text, has_photo=True, problem=str(error)))
            return
        if picture is not None:
            view = TurnView(number=view.number, text=text, has_photo=True, photo_url=thumbnail_url(picture))
        self._photo = picture
        self._begin(view, Message(text, picture, intent), self._run)

    def resend(self, text: str) -> None:
        """Send the newest message again in other words, with its photo while that is in memory; its turn goes.

        Where another tab has gone on with this chat meanwhile, nothing is replaced: the message is a new one.
        """
        text = text.strip()
        if self._stored is None or not self.views or not (text or self._photo):
            return
        self._end_running()
        if self._catch_up():
            self.ask(text)
            return
        gone = self._ended.pop()
        url = gone.photo_url if self._photo else ""
        view = TurnView(number=len(self._ended) + 1, text=text, has_photo=self._photo is not None, photo_url=url)
        is_stored = gone.done is not None or gone.is_stopped
        self._begin(view, Message(text, self._photo), self._stored.resend if is_stored else self._run)

    def judge(self, number: int, verdict: Verdict | None) -> None:
        """Keep what the shopper thought of turn `number`; nothing for a turn that failed or is at work."""
        view = self.views[number - 1] if 0 < number <= len(self.views) else None
        if self._stored is None or view is None or view.done is None or not view.done.number:
            return
        self._stored.judge(view.done.number, verdict)
        if number > len(self._ended):
            self._end_running()
        self._ended[number - 1] = replace(view, verdict=verdict)

    def _begin(self, view: TurnView, message: Message, run: TurnRunner) -> None:
        self._running = RunningTurn(view, lambda: run(message), self._before)
        self._before = self._running

    def pick(self, text: str, part: bytes) -> None:
        """Search with one garment of the newest turn's photo, for what else that turn's words wanted of it."""
        asked = self.views[-1].intent if self.views else None
        slots = replace(asked.slots, categories=(), count=None, count_said=False) if asked else Slots()
        self.ask(text, part, Intent("search", slots=slots))

    def press(self, choice: Choice) -> None:
        """Start the turn that a choice stands for."""
        self.ask(choice.label, intent=choice.intent)

    def others(self, pressed: Pressed, limit: Limit) -> tuple[tuple[str, Choice], ...]:
        """The values that could stand in a limit's place, each with what picking it does and finds."""
        return self._stored.others(pressed, limit) if self._stored and self._stored.others else ()

    def _end_running(self) -> None:
        self.stop()
        if self._running:
            self._ended.append(self._running.view)
            self._running = None

    def _catch_up(self) -> bool:
        """Take over what another tab has done to this chat; whether there was anything."""
        if self._stored is None or (self._before and self._before.is_at_work):
            return False
        try:
            refreshed = self._stored.refresh()
        except VitrineError as error:
            # The turn that comes next meets the same and tells it.
            logger.warning("chat not read again: %s", error)
            return False
        if refreshed is None:
            return False
        self.session_id, self._ended, self._photo = refreshed.session_id, list(refreshed.views), None
        return True

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
