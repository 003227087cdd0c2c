"""A stored turn as a case: its words and those before it, without what tells who wrote them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.scrub import scrubbed
from agents.workbench.case_file import case_id
from env.errors import BenchError
from tools.store_cases import CaseRow, Earlier
from tools.store_sessions import TurnRow

_NOTE_PHOTO = "a photo was part of it, and is not: photos are never stored"


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn taken in; `notes` say what of it could not be, `is_new` whether the case was not there before."""

    case: CaseRow
    notes: tuple[str, ...] = ()
    is_new: bool = True


def case_of_turn(turns: Sequence[TurnRow]) -> Taken:
    """The last of these turns as a case; the others are what was said before.

    Raises:
        BenchError: the turn was a photo without words.
    """
    *before, last = turns
    message = scrubbed(last.message)
    if not message.strip():
        raise BenchError("this turn was a photo without words, and photos are never stored; take one with words")
    earlier = tuple(Earlier(scrubbed(turn.message), _intent(turn.record)) for turn in before)
    notes = [_NOTE_PHOTO] if last.has_photo or any(turn.has_photo for turn in before) else []
    if message != last.message or any(each.text != turn.message for each, turn in zip(earlier, before, strict=True)):
        notes.append("personal text was taken out")
    case = CaseRow(
        id=case_id(message, [each.text for each in earlier]),
        message=message,
        earlier=earlier,
        source=f"a conversation of {last.created_at:%Y-%m-%d}",
        note="; ".join(notes),
    )
    return Taken(case, tuple(notes))


def _intent(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What an earlier turn was read as, whole enough to be pressed: `count_said` is stored with its parts only."""
    intent = record.get("intent")
    if not intent:
        return None
    whole = {**intent, "text": scrubbed(record.get("text", ""))}
    wished = [part.get("slots", {}) for part in record.get("parts", ())]
    is_said = [bool(slots.get("count_said")) for slots in wished]
    if "parts" in intent and len(intent["parts"]) == len(is_said):
        pairs = zip(intent["parts"], is_said, strict=True)
        return {**whole, "parts": [{**part, "count_said": said} for part, said in pairs]}
    return {**whole, "count_said": is_said[0]} if len(is_said) == 1 and "count" in intent else whole
