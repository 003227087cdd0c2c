"""A deadline for a whole answer: a vendor's own timeout only measures one read, so a slow drip would never end."""

import contextlib
import contextvars
import queue
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

T = TypeVar("T")
LATE = "the answer took too long"


class Waiting:
    """What a producer needs to know while it works: whether anybody still waits, and for how long."""

    def __init__(self, timeout_s: float) -> None:
        self._deadline_s = time.monotonic() + timeout_s
        self._left = threading.Event()

    @property
    def is_over(self) -> bool:
        """Whether the reader has left or the time is used up."""
        return self._left.is_set() or self.left_s <= 0

    @property
    def left_s(self) -> float:
        """Seconds until the deadline, never negative."""
        return max(0.0, self._deadline_s - time.monotonic())

    def pause(self, seconds: float) -> bool:
        """Sleep up to `seconds`; True when there is still somebody waiting afterwards."""
        self._left.wait(min(seconds, self.left_s))
        return not self.is_over

    def leave(self) -> None:
        """Say that nobody reads on."""
        self._left.set()


@dataclass(frozen=True, slots=True)
class _Piece(Generic[T]):
    value: T


_Pieces = queue.SimpleQueue[_Piece[T] | Exception | None]


def within(timeout_s: float, produce: Callable[[Waiting], Generator[T]]) -> Generator[T]:
    """Yield what `produce` yields, for at most `timeout_s` seconds counted from the first `next`.

    `produce` runs in a thread of its own, because a blocked read cannot be interrupted. The thread ends at its next
    piece once the reader has left or the time is up; a vendor's read timeout bounds the wait for that piece.

    Raises:
        TimeoutError: the time is up.
        Exception: whatever `produce` raises.
    """
    waiting = Waiting(timeout_s)
    pieces: _Pieces[T] = queue.SimpleQueue()
    # With the caller's context: on whose account the answer is.
    work = partial(contextvars.copy_context().run, _work, produce, waiting, pieces)
    threading.Thread(target=work, name="chat-model", daemon=True).start()
    try:
        while (piece := _next(pieces, waiting)) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece.value
    finally:
        waiting.leave()


def _next(pieces: _Pieces[T], waiting: Waiting) -> _Piece[T] | Exception | None:
    try:
        return pieces.get(timeout=waiting.left_s)
    except queue.Empty:
        raise TimeoutError(LATE) from None


def _work(produce: Callable[[Waiting], Generator[T]], waiting: Waiting, pieces: _Pieces[T]) -> None:
    try:
        with contextlib.closing(produce(waiting)) as produced:
            for value in produced:
                if waiting.is_over:
                    raise TimeoutError(LATE)
                pieces.put(_Piece(value))
        pieces.put(None)
    except Exception as error:  # noqa: BLE001 - handed over to the reader, who raises it
        pieces.put(error)
