"""The recordings that can be played: those that ship with the shop, and those that were kept here."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agents.demo.recording import Recording
from env.errors import DemoError
from env.roles import Action, Actor
from tools.store_demo import DemoStore

_FOLDER = Path(__file__).with_name("recordings")
_MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A recording of the list. `id` is "file:NAME" or "kept:NUMBER"."""

    id: str
    title: str
    recorded_at: datetime | None


def recordings(store: DemoStore) -> tuple[Listed, ...]:
    """All of them: kept ones first, newest first."""
    kept = [Listed(f"kept:{row.id}", row.title, row.recorded_at) for row in store.recordings(_MOST_LISTED)]
    shipped = [
        Listed(f"file:{path.stem}", path.stem.replace("-", " "), None) for path in sorted(_FOLDER.glob("*.json"))
    ]
    return (*kept, *shipped)


def open_recording(store: DemoStore, name: str) -> Recording:
    """The recording of an id.

    Raises:
        DemoError: there is none, or it is damaged.
    """
    kind, _, rest = name.partition(":")
    if kind == "kept" and rest.isdecimal():
        return Recording.from_json(store.recording(int(rest)))
    if kind == "file" and rest in {path.stem for path in _FOLDER.glob("*.json")}:
        return read_recording(_FOLDER / f"{rest}.json")
    raise DemoError(f"there is no recording {name!r}; record a demo first")


def keep(store: DemoStore, actor: Actor, recording: Recording) -> int:
    """Keep a recording; its number.

    Raises:
        AccessError: the actor may not present.
    """
    actor.require(Action.PRESENT)
    return store.put_recording(recording.title, recording.to_json())


def read_recording(path: Path) -> Recording:
    """The recording in a file.

    Raises:
        DemoError: it cannot be read, or is none.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DemoError(f"recording {str(path)!r} cannot be read; record it again") from error
    if not isinstance(data, dict):
        raise DemoError(f"recording {str(path)!r} holds no recording; record it again")
    return Recording.from_json(data)
