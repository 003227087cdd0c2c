"""Counts and shares in words."""


def counted(n: int, noun: str) -> str:
    """ "1 message", "1,200 messages"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def share_words(n_part: int, n_all: int) -> str:
    """A share as a percentage; never 0 % or 100 % where it is not all or nothing."""
    if not n_all:
        return "none"
    percent = 100 * n_part / n_all
    if 0 < percent < 1:
        return "less than 1 %"
    return "more than 99 %" if 99 < percent < 100 else f"{percent:.0f} %"


def quoted(text: str) -> str:
    """Somebody's own words."""
    return f"“{text}”"


def spell_ms(milliseconds: float) -> str:
    """A time as one says it: "320 ms", "2.4 s"."""
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"
