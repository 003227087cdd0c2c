"""Whether somebody sits before a screen on which a browser can be opened."""

import os
import sys


def has_screen() -> bool:
    """Whether windows can be opened here: a text browser would take over the terminal."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
