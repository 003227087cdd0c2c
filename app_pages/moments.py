"""Times as the browser's own clock shows them."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def moment(when: datetime | None) -> str:
    """Day and minute ("21 Nov 2026, 23:40"), "" for no time."""
    return f"{when.astimezone(_zone()):%-d %b %Y, %H:%M}" if when else ""


def stamp(when: datetime | None) -> str:
    """The same in digits ("2026-11-21 23:40"), so that a table of them can be sorted."""
    return f"{when.astimezone(_zone()):%Y-%m-%d %H:%M}" if when else ""


def _zone() -> tzinfo:
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
