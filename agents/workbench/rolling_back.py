"""The way back: which versions were in force before the one that is, and the newest of them that could answer now."""

from collections.abc import Collection, Sequence

from agents.workbench.soundness import is_sound, ready
from env.errors import PromptError
from tools.store_prompts import Change, PromptRow


def earlier(log: Sequence[Change], stored: Collection[str], shipped: str) -> tuple[str, ...]:
    """The versions that rolling back passes, the one before the version in force first; empty where there is none.

    A version of the log that is not `stored` is one that shipped with older code: today's shipped one stands for it.
    """
    stack = [shipped]
    for change in log:
        version = change.to_version if change.to_version in stored else shipped
        if change.kind != "roll back":
            stack.append(version)
            continue
        if len(stack) > 1:
            stack.pop()
        # One that could not answer was passed over.
        while len(stack) > 1 and stack[-1] != version:
            stack.pop()
    return tuple(stack[-2::-1])


def newest_sound(rows: Sequence[PromptRow], current: str) -> str:
    """The first of `rows` that could answer, "" where there is none but the one in force."""
    return next((row.version for row in rows if row.version != current and is_sound(row)), "")


def checked_target(rows: Sequence[PromptRow], current: str, version: str) -> str:
    """The version to return to: `version`, or the first of `rows` where it is "".

    Raises:
        PromptError: it was not in force before `current`, or something is wrong with it.
    """
    by_version = {row.version: row for row in rows}
    found = by_version.get(version) if version else rows[0]
    if found is None:
        known = ", ".join(dict.fromkeys(row.version for row in rows))
        raise PromptError(f"version {version!r} was not in force before {current!r}; there were {known}")
    try:
        ready(found)
    except PromptError as error:
        sound = newest_sound(rows, current)
        way = f"roll back to {sound!r} instead" if sound else "no earlier version is sound, so publish another"
        raise PromptError(f"cannot roll back to {found.version!r}: {error}; {way}") from error
    return found.version
