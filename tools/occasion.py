"""On which occasion something is looked for: by what words, for whom, and when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Visitor:
    """What is known of whoever looks; None and "" where it is not known.

    `is_returning` says that they have shopped here before, `language` is that of their words ("de").
    """

    is_returning: bool | None = None
    language: str = ""
    is_signed_in: bool | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """One look at the shop. `words` are the messages that count, as they were written; `now` is None for right now."""

    words: tuple[str, ...] = ()
    visitor: Visitor = Visitor()
    now: datetime | None = None
