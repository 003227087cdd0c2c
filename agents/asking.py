"""Whole turns for scripts: a message in, everything about its answer out, as JSON or as plain text."""

import json
import logging
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.desk import Desk
from agents.events import Evidence, IntentRead, ItemsFound, Message, TurnDone
from agents.intent import Intent
from agents.intent_json import intent_json
from agents.session import Session
from agents.turn import run_turn
from env.errors import PhotoError, VitrineError
from env.settings import Settings
from tools.item_json import hit_json
from tools.money import format_price
from tools.photo import decode_photo
from tools.pictures import PictureStore

logger = logging.getLogger(__name__)
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Answered:
    """One finished turn."""

    session_id: str
    intent: Intent
    evidence: Evidence
    done: TurnDone


class BatchLine(BaseModel):
    """One message of a batch file. `image` is a path; relative ones start from the working directory."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    id: str = ""
    text: str = ""
    image: Path | None = None
    photo_weight: float | None = Field(default=None, ge=0, le=1)
    session: str = ""


def answer(session: Session, message: Message, desk: Desk) -> Answered:
    """Run one turn to its end; raises what `run_turn` raises."""
    intent, evidence = Intent("unclear"), Evidence()
    for event in run_turn(session, message, desk):
        match event:
            case IntentRead():
                intent = event.intent
            case ItemsFound():
                evidence = event.evidence
            case TurnDone():
                return Answered(session.id, intent, evidence, event)
    raise VitrineError("the turn ended without an answer; please report this")


def answer_lines(lines: Iterable[str], desk: Desk) -> Iterator[str]:
    """One JSON result for each line that is not blank; a line that cannot be answered gives its id and `error`."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield json.dumps(_answer_line(number, line, desk), ensure_ascii=False)


def _answer_line(number: int, line: str, desk: Desk) -> dict[str, Any]:
    line_id = str(number)
    try:
        asked = BatchLine.model_validate_json(line)
        line_id = asked.id or line_id
        photo = read_photo(asked.image, desk.shop.settings) if asked.image else None
        session = desk.session(asked.session) if asked.session else desk.new_session()
        if asked.photo_weight is not None:
            session.photo_weight = asked.photo_weight
        answered = answer(session, Message(asked.text, photo), desk)
        return {"id": line_id, **answered_json(answered, desk.shop.pictures)}
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return {"id": line_id, "error": f"line {number}: {f'{where}: ' if where else ''}{first['msg'].lower()}"}
    except VitrineError as error:
        return {"id": line_id, "error": str(error)}


def read_photo(path: Path, settings: Settings) -> Image.Image:
    """The picture of a file.

    Raises:
        PhotoError: the file cannot be read, or is no picture that can be used.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PhotoError(f"cannot read the picture {str(path)!r}: {error.strerror}; name a readable file") from error
    return decode_photo(data, settings)


def answered_json(answered: Answered, pictures: PictureStore) -> dict[str, Any]:
    """A turn as one object; in `intent`, what is absent was not asked. `handle` is the number of an item's card."""
    done = answered.done
    return {
        "session": answered.session_id,
        "intent": intent_json(answered.intent),
        "items": [
            {"handle": str(place), **hit_json(hit, pictures)} for place, hit in enumerate(answered.evidence.hits, 1)
        ],
        "reply": done.reply,
        "suggestions": list(done.suggestions),
        "relaxed": [note for part in answered.evidence.parts for note in part.relaxed],
        "backends": dict(done.backends),
        "prompt_versions": dict(done.prompt_versions),
        "failures": list(done.failures),
        "timings_ms": dict(done.timings_ms),
    }


def told_json(answered: Answered, pictures: PictureStore) -> str:
    """A turn as one line of JSON."""
    return json.dumps(answered_json(answered, pictures), ensure_ascii=False)


def told_text(answered: Answered, locale: str) -> str:
    """A turn for people: the cards as a numbered list, the reply, what to ask next."""
    lines = []
    for place, hit in enumerate(answered.evidence.hits, 1):
        cents = hit.item.pays_cents
        price = "" if cents is None else f"  {format_price(cents, hit.item.currency, locale)}"
        lines.append(f"{place:>3}  {hit.item.title}{price}{f'  ({hit.why})' if hit.why else ''}")
    blocks = ["\n".join(lines)] if lines else []
    blocks.append("\n".join(textwrap.fill(line, _WIDTH) for line in answered.done.reply.splitlines()))
    blocks += [failure for failure in answered.done.failures]
    if answered.done.suggestions:
        blocks.append("Next: " + " | ".join(answered.done.suggestions))
    blocks.append(f"Go on with: --session {answered.session_id}")
    return printable("\n\n".join(blocks))


def printable(text: str) -> str:
    """Without control characters: a catalogue's text must not steer a terminal."""
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", text)
