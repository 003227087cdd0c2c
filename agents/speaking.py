"""Which language a reply is in, for the stretch of code that composes it.

Sentences are made from counts, limits and rows in many small places; like gettext's own installed language this one is
ambient, but it never outlasts the `with` block, so that two turns of one process cannot mix.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LANGUAGES = ("en", "de", "es", "fr", "zh")
"""Languages that replies are written in; whoever writes in another one is answered in English."""
_SPOKEN: ContextVar[str] = ContextVar("spoken", default="en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything said inside is in this language, or in English where there are no words for it.

    Nothing may be yielded to others from inside: what they say would be in this language too.
    """
    token = _SPOKEN.set(language if language in LANGUAGES else "en")
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken() -> str:
    """The two-letter code of the language in use: English outside of `speaking`."""
    return _SPOKEN.get()


def spoken_locale(locale: str) -> str:
    """How money is written: as the shop's locale does in English or in its own language, else as the language does."""
    language = spoken()
    return locale if language == "en" or locale.startswith(language) else language
