"""Cases as files: JSON lines, a JSON list or CSV. Good rows survive bad ones; each bad one is told with its line."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from agents.intent_json import intent_from_json
from agents.workbench.checks import check_problem
from env.errors import BenchError, VitrineError
from tools.store_cases import CaseRow, Earlier

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_CASES = 5_000
_MESSAGE_CHARS = 2_000
_SINGLE_SLOT = {"route": "search"}

Screens = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is no case: its line in the file, counted from 1, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What a file held."""

    cases: tuple[CaseRow, ...]
    refused: tuple[Refused, ...]


def _words(value: object) -> object:
    """A list as it is, or what stands between bars in one cell."""
    if isinstance(value, str):
        return [word.strip() for word in value.split("|") if word.strip()]
    return [] if value is None else value


def _data(value: object) -> object:
    """JSON out of a cell; an empty one says nothing."""
    if isinstance(value, str):
        return json.loads(value) if value.strip() else None
    return value


def _messages(value: object) -> object:
    """Earlier messages: a list of texts or of {text, intent}; in one cell, between bars."""
    if isinstance(value, str):
        value = json.loads(value) if value.strip().startswith("[") else _words(value)
    return [{"text": each} if isinstance(each, str) else each for each in value] if isinstance(value, list) else value


Words = Annotated[list[str], BeforeValidator(_words)]
Slots = Annotated[dict[str, Any] | None, BeforeValidator(_data)]


class _EarlierLine(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str
    intent: dict[str, Any] | None = None


class _Line(BaseModel):
    """One row. `intent` is a whole intent, `slots` single slots of one."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    id: str = ""
    message: str = Field(validation_alias=AliasChoices("message", "text"), min_length=1, max_length=_MESSAGE_CHARS)
    earlier: Annotated[list[_EarlierLine] | None, BeforeValidator(_messages)] = None
    state: Slots = None
    intent: Slots = None
    slots: Slots = None
    relevant: Words = []
    rubric: str = ""
    must_say: Words = []
    must_not_say: Words = []
    note: str = ""
    source: str = ""
    screen: str = ""
    has_photo: bool = False


COLUMNS = (
    "id", "message", "earlier", "intent", "slots", "relevant", "rubric", "must_say", "must_not_say", "note", "source",
)  # fmt: skip


def read_case_file(data: bytes, name: str, screens: Screens | None = None) -> CaseFile:
    """The cases of a file. `screens` are states of a chat by the name that a row's `screen` may give.

    Raises:
        BenchError: the file as a whole cannot be read.
    """
    if len(data) > MAX_FILE_BYTES:
        raise BenchError(f"{name!r} has {len(data)} bytes, at most {MAX_FILE_BYTES} are read; split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BenchError(f"{name!r} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    cases: dict[str, CaseRow] = {}
    refused: list[Refused] = []
    for line, row in _rows(text, name):
        try:
            case = _case(row, name, screens or {})
            if case.id in cases:
                raise BenchError(f"the id {case.id!r} was used above")
            cases[case.id] = case
        except (VitrineError, ValidationError, ValueError) as error:
            refused.append(Refused(line, _reason(error)))
    if len(cases) > MAX_CASES:
        raise BenchError(f"{name!r} has {len(cases)} cases, at most {MAX_CASES} are taken; split it")
    return CaseFile(tuple(cases.values()), tuple(refused))


def _rows(text: str, name: str) -> Iterator[tuple[int, Any]]:
    if name.lower().endswith(".csv"):
        yield from _csv_rows(text, name)
        return
    if text.lstrip().startswith("["):
        try:
            yield from enumerate(json.loads(text), 1)
        except json.JSONDecodeError as error:
            raise BenchError(f"{name!r} begins like a list and is no JSON: {error.msg}, line {error.lineno}") from error
        return
    for line, written in enumerate(text.splitlines(), 1):
        if written.strip():
            yield line, written


def _csv_rows(text: str, name: str) -> Iterator[tuple[int, Any]]:
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    if not {"message", "text"} & {str(column).strip() for column in reader.fieldnames or ()}:
        raise BenchError(f"{name!r} has no column 'message'; columns are {', '.join(COLUMNS)}")
    try:
        for row in reader:
            if None in row:
                yield reader.line_num, ValueError("more cells than columns; put texts with commas into quotes")
            else:
                yield reader.line_num, {key.strip(): value for key, value in row.items() if value not in (None, "")}
    except csv.Error as error:
        raise BenchError(f"{name!r} cannot be read from line {reader.line_num} on: {error}") from error


def _case(row: Any, name: str, screens: Screens) -> CaseRow:
    if isinstance(row, Exception):
        raise row
    line = _Line.model_validate(json.loads(row) if isinstance(row, str) else row)
    if line.has_photo:
        raise BenchError("it needs a photo, and photos are never stored; leave it out")
    if line.screen and line.screen not in screens:
        raise BenchError(f"nobody knows the screen {line.screen!r}")
    state = line.state or (dict(screens[line.screen]) if line.screen else None)
    case = CaseRow(
        id=line.id.strip() or case_id(line.message, [each.text for each in line.earlier or ()]),
        message=line.message.strip(),
        earlier=tuple(Earlier(each.text, each.intent) for each in line.earlier or ()),
        state=state,
        expected=line.intent or line.slots or {},
        is_whole=line.intent is not None,
        relevant=tuple(line.relevant),
        rubric=line.rubric,
        must_say=tuple(line.must_say),
        must_not_say=tuple(line.must_not_say),
        source=line.source or f"file {name}",
        note=line.note,
    )
    check_case(case)
    return case


def check_case(case: CaseRow) -> None:
    """Make sure that the labels of a case can be compared.

    Raises:
        BenchError: a slot or a check cannot be used.
        IntentError: the route or the action is not one of ours.
    """
    if not case.message.strip():
        raise BenchError("the message is empty; write what a shopper would")
    if case.expected:
        known = set(intent_slots())
        unknown = sorted(set(case.expected) - known)
        if unknown:
            raise BenchError(f"unknown slot {unknown[0]!r}; slots are {', '.join(sorted(known))}")
        intent_from_json({**_SINGLE_SLOT, **case.expected})
    for check in (*case.must_say, *case.must_not_say):
        if problem := check_problem(check):
            raise BenchError(problem)
    for each in case.earlier:
        if each.intent is not None:
            intent_from_json(each.intent)


def intent_slots() -> tuple[str, ...]:
    """The names that an expected intent may use."""
    from dataclasses import fields

    from agents.intent import Slots as IntentSlots

    inner = {"count_said"}
    own = tuple(slot.name for slot in fields(IntentSlots) if slot.name not in inner)
    return ("route", "language", *own, "references", "parts", "cleared", "action")


def case_id(message: str, earlier: Iterable[str] = ()) -> str:
    """An id made from what is asked, so that the same case taken in twice is one case."""
    return "c" + hashlib.sha256("\n".join((*earlier, message)).encode()).hexdigest()[:10]


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        return f"{where}: {first['msg'].lower()}" if where else first["msg"].lower()
    if isinstance(error, json.JSONDecodeError):
        return f"it is no JSON: {error.msg.lower()} at character {error.pos + 1}"
    return str(error)


def written_cases(cases: Iterable[CaseRow]) -> str:
    """Cases as JSON lines that `read_case_file` reads again; empty labels are left out."""
    lines = []
    for case in cases:
        data: dict[str, Any] = {"id": case.id, "message": case.message}
        data["earlier"] = [{"text": each.text, "intent": each.intent} for each in case.earlier]
        data["state"] = case.state
        data["intent" if case.is_whole else "slots"] = dict(case.expected)
        for name in ("relevant", "must_say", "must_not_say"):
            data[name] = list(getattr(case, name))
        data |= {"rubric": case.rubric, "note": case.note, "source": case.source}
        lines.append(json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)
