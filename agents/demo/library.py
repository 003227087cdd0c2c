"""The recordings that can be played: those that ship with the shop, and those that were kept here."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agents.demo.recording import Recording
from env.errors import DemoError
from env.roles import Action, Actor
from tools.store_demo import REMOVED_DAYS, DemoStore, RecordingRow

_FOLDER = Path(__file__).with_name("recordings")
_MOST_LISTED = 50
# What the database counts with has no more.
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Listed:
    """A recording of the list. `id` is "file:NAME" or "kept:NUMBER"."""

    id: str
    title: str
    recorded_at: datetime | None

    @property
    def was_kept(self) -> bool:
        """Whether it was kept here: such a one can be removed."""
        return self.id.startswith("kept:")


def recordings(store: DemoStore) -> tuple[Listed, ...]:
    """All of them: kept ones first, newest first."""
    kept = [_listed(row) for row in store.recordings(_MOST_LISTED)]
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
    if kind == "kept" and (number := _number(name)):
        return Recording.from_json(store.recording(number))
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


def removed(store: DemoStore) -> tuple[Listed, ...]:
    """The recordings that can be put back, last removed first."""
    return tuple(_listed(row) for row in store.recordings(_MOST_LISTED, is_removed=True))


def remove(store: DemoStore, actor: Actor, name: str) -> None:
    """Take a kept recording off the list; it can be put back for REMOVED_DAYS.

    Raises:
        AccessError: the actor may not present.
        DemoError: there is none of this id, or it ships with the shop.
    """
    actor.require(Action.PRESENT)
    if name.startswith("file:"):
        raise DemoError(f"recording {name!r} ships with the shop and stays; those that were kept here can be removed")
    if not store.remove_recording(_number(name)):
        raise DemoError(f"there is no recording {name!r} to remove; `python -m agents demo recordings` lists them")


def put_back(store: DemoStore, actor: Actor, name: str) -> None:
    """Undo `remove`.

    Raises:
        AccessError: the actor may not present.
        DemoError: none of this id was removed, or it was deleted since.
    """
    actor.require(Action.PRESENT)
    if not store.put_back_recording(_number(name)):
        raise DemoError(f"there is no removed recording {name!r}; after {REMOVED_DAYS} days they are deleted")


def _number(name: str) -> int:
    """The number in "kept:7"; 0, which none has, where it is no such id."""
    digits = name.removeprefix("kept:")
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) <= _MOST_DIGITS else 0


def _listed(row: RecordingRow) -> Listed:
    return Listed(f"kept:{row.id}", row.title, row.recorded_at)


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
