"""A turn at work beside the page, so that drawing, tapping a card or stopping never waits for a model."""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

from agents.events import TurnEvent
from app_pages.turn_view import TurnView
from env.errors import VitrineError

logger = logging.getLogger(__name__)


class RunningTurn:
    """Runs one turn in a thread of its own and keeps its latest TurnView.

    Streamlit ends a script run whenever the shopper touches anything. The turn goes on here, and the next run picks
    up where the last one stopped drawing.
    """

    def __init__(self, view: TurnView, start: Callable[[], Iterator[TurnEvent]], after: "RunningTurn | None") -> None:
        """Start at once, but read no event before the turn `after` has let go of their common session."""
        self._view = view
        self._start = start
        self._after = after
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name=f"turn-{view.number}", daemon=True)
        self._thread.start()

    @property
    def view(self) -> TurnView:
        """The turn as far as it has come."""
        with self._changed:
            return self._view

    @property
    def is_at_work(self) -> bool:
        """Whether the thread still holds the session, be the turn stopped or not."""
        return self._thread.is_alive()

    def wait(self, seen: TurnView, timeout_s: float) -> TurnView:
        """The view as soon as it differs from `seen`, or the same one after `timeout_s`."""
        with self._changed:
            self._changed.wait_for(lambda: self._view is not seen, timeout_s)
            return self._view

    def stop(self) -> None:
        """End the turn here and now, and keep what it has shown. Its thread ends at the next event."""
        self._update(lambda view: view if view.has_ended else replace(view, is_stopped=True))

    def _work(self) -> None:
        if self._after is not None:
            self._after._thread.join()
            self._after = None
        try:
            with closing(self._start()) as events:  # type: ignore[type-var]
                for event in events:
                    if not self._show(event):
                        return
        except VitrineError as error:
            logger.warning("turn failed: %s", error)
            self._fail(str(error))
        except Exception:
            trace = uuid.uuid4().hex[:8]
            logger.exception("turn failed, trace %s", trace)
            self._fail(f"Something broke on our side. Please ask again; if it stays, tell the shop “{trace}”.")

    def _show(self, event: TurnEvent) -> bool:
        self._update(lambda view: view if view.has_ended else view.after(event))
        return not self.view.is_stopped

    def _fail(self, problem: str) -> None:
        self._update(lambda view: view if view.has_ended else replace(view, problem=problem))

    def _update(self, change: Callable[[TurnView], TurnView]) -> None:
        with self._changed:
            self._view = change(self._view)
            self._changed.notify_all()
