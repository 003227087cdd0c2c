"""Delimited text as records, row by row, with recovery: one broken row never takes its neighbours with it.

The csv module alone would let a stray quotation mark swallow thousands of lines in silence, and would shift the
columns of a row with an unquoted delimiter. Here a record may span lines only where its quotes say so and they end
well; otherwise the line stands by itself, its quotation marks taken literally.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from env.errors import FeedError
from ingest.row import Note, Place, Rejected
from ingest.text_file import MAX_LINE_CHARS, Line, TextFile, inspect, lines

DELIMITERS = (",", "\t", ";", "|")
MAX_RECORD_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Record:
    """One row by column name; columns are lower case. Every column of the header is present."""

    place: Place
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Header:
    """The first row of a file: its column names in lower case, and the delimiter between them."""

    columns: tuple[str, ...]
    delimiter: str


def read_header(path: Path) -> Header:
    """Read a file's column names.

    Raises:
        OSError: the file cannot be read.
        FeedError: the file is empty, or a column is named twice.
    """
    file = inspect(path)
    return _header(file, lines(file))


def read_records(path: Path, free_column: str = "") -> Iterator[Record | Rejected | Note]:
    """Yield the rows of a delimited file with a header, memory bounded by the longest row.

    `free_column` names the one column whose unquoted delimiters are recovered; without it such a row is rejected.

    Raises:
        OSError: the file cannot be read.
        FeedError: the file is empty, or a column is named twice.
    """
    file = inspect(path)
    if file.is_guessed:
        yield Note(Place(1), "encoding", f"{path.name!r} is not UTF-8; read as Windows-1252")
    source = lines(file)
    header = _header(file, source)
    free = header.columns.index(free_column) if free_column in header.columns else None
    for place, fields in _records(source, header):
        if isinstance(fields, Rejected):
            yield fields
            continue
        if not any(field.strip() for field in fields):
            continue
        fitted = fit(fields, len(header.columns), free, header.delimiter)
        if fitted is None:
            detail = f"{len(fields)} fields under {len(header.columns)} names; quote what holds {header.delimiter!r}"
            yield Rejected(place, "too_many_fields", detail)
        else:
            yield Record(place, dict(zip(header.columns, fitted, strict=True)))


def fit(fields: list[str], width: int, free: int | None, delimiter: str) -> list[str] | None:
    """Bring a row to `width` fields: "" fills a short one, surplus goes into column `free`; None if it cannot."""
    surplus = len(fields) - width
    if surplus <= 0:
        return fields + [""] * -surplus
    if free is None:
        return None if any(field.strip() for field in fields[width:]) else fields[:width]
    return [*fields[:free], delimiter.join(fields[free : free + surplus + 1]), *fields[free + surplus + 1 :]]


def _header(file: TextFile, source: Iterator[Line]) -> Header:
    for line in source:
        if line.text.strip():
            delimiter = max(DELIMITERS, key=line.text.count)
            columns = tuple(" ".join(name.split()).lower() for name in _split(line.text, delimiter))
            while columns and not columns[-1]:
                columns = columns[:-1]
            twice = next((name for name in columns if name and columns.count(name) > 1), None)
            if twice is not None:
                raise FeedError(f"{file.path.name!r} names the column {twice!r} twice; rename one")
            return Header(columns, delimiter)
    raise FeedError(f"{str(file.path)!r} is empty; a header line with column names is needed")


def _records(source: Iterator[Line], header: Header) -> Iterator[tuple[Place, list[str] | Rejected]]:
    """Yield each record with the place of its first line."""
    is_whole = _whole_pattern(header.delimiter)
    waiting: deque[Line] = deque()  # lines taken for a record that did not end well, to be read again

    def following() -> Line | None:
        return waiting.popleft() if waiting else next(source, None)

    while (first := following()) is not None:
        place = Place(first.number)
        if first.is_cut:
            yield place, Rejected(place, "line_too_long", f"longer than {MAX_LINE_CHARS} characters")
        elif '"' not in first.text:
            yield place, first.text.rstrip("\r\n").split(header.delimiter)
        else:
            taken = _take(first, following, is_whole)
            fields = _quoted_fields(taken, header, is_whole)
            if fields is None:
                waiting.extendleft(reversed(taken[1:]))
                fields = first.text.rstrip("\r\n").split(header.delimiter)
            yield place, fields


def _take(first: Line, following: Callable[[], Line | None], is_whole: Callable[[str], object]) -> list[Line]:
    """Take lines for as long as the text ends inside a quoted field that one more quotation mark would end well."""
    taken, text = [first], first.text
    while len(taken) < MAX_RECORD_LINES and len(text) < MAX_LINE_CHARS:
        if text.count('"') % 2 == 0 or is_whole(text + '"') is None:
            break
        line = following()
        if line is None:
            break
        taken.append(line)
        text += line.text
    return taken


def _quoted_fields(taken: list[Line], header: Header, is_whole: Callable[[str], object]) -> list[str] | None:
    """Read lines as one record; None where the quotes do not end well, or join lines to a row of another width."""
    text = "".join(line.text for line in taken).rstrip("\r\n")
    if is_whole(text) is None:
        return None
    fields = _split(text, header.delimiter)
    return fields if len(taken) == 1 or len(fields) == len(header.columns) else None


def _whole_pattern(delimiter: str) -> Callable[[str], object]:
    d = re.escape(delimiter)
    field = rf'(?:"(?:[^"]|"")*+"|(?!")[^{d}\r\n]*+)'
    return re.compile(rf"{field}(?:{d}{field})*+").fullmatch


def _split(text: str, delimiter: str) -> list[str]:
    csv.field_size_limit(MAX_LINE_CHARS * 2)
    return next(csv.reader([text.rstrip("\r\n")], delimiter=delimiter), [])
