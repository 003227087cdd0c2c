"""What vendors say an answer used, in all and for one asker."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written so far, by the vendor's own count; both 0 where it sends none."""

    tokens_in: int = 0
    tokens_out: int = 0

    def plus(self, tokens_in: int, tokens_out: int) -> "Usage":
        """The sum with one more piece of an answer."""
        return Usage(self.tokens_in + tokens_in, self.tokens_out + tokens_out)


@dataclass(slots=True)
class Spent:
    """What was used on somebody's account."""

    usage: Usage = field(default_factory=Usage)


_ACCOUNT: ContextVar[Spent | None] = ContextVar("account", default=None)


@contextmanager
def on_account(spent: Spent) -> Iterator[None]:
    """Whatever models are asked meanwhile by this thread, and use to answer, is added to `spent`."""
    before = _ACCOUNT.set(spent)
    try:
        yield
    finally:
        _ACCOUNT.reset(before)


def each_on_account(pieces: Iterator[str], spent: Spent) -> Iterator[str]:
    """The same pieces; what they use is added to `spent`, whoever else asks between two of them."""
    while True:
        with on_account(spent):
            try:
                piece = next(pieces)
            except StopIteration:
                return
        yield piece


def add_used(tokens_in: int, tokens_out: int) -> None:
    """Add to the account that the answer at work is on, if to any."""
    spent = _ACCOUNT.get()
    if spent is not None:
        spent.usage = spent.usage.plus(tokens_in, tokens_out)
