"""Text files of unknown encoding, as numbered lines of bounded length."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

MAX_LINE_CHARS = 4_000_000
_BLOCK_BYTES = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file whose encoding and number of line feeds are known. `is_guessed`: the bytes are not UTF-8."""

    path: Path
    encoding: str
    is_guessed: bool
    n_lines: int


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line with its line end. An over-long line is cut: `is_cut`."""

    number: int
    text: str
    is_cut: bool = False


def inspect(path: Path) -> TextFile:
    """Find the encoding by reading the file once, a block at a time: a byte order mark, else UTF-8, else Windows-1252.

    Raises:
        OSError: the file cannot be read.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, is_guessed, n_lines = "utf-8", False, 0
    with path.open("rb") as file:
        start = file.read(4)
        marked = next((name for mark, name in _BOMS if start.startswith(mark)), "")
        block = start + file.read(_BLOCK_BYTES)
        while block:
            n_lines += block.count(b"\n")
            if not marked and not is_guessed:
                is_guessed = not _decodes(decoder, block)
            block = file.read(_BLOCK_BYTES)
    if not marked and not is_guessed:
        is_guessed = not _decodes(decoder, b"", final=True)
    if is_guessed:
        encoding = "cp1252"
    return TextFile(path, marked or encoding, is_guessed, n_lines)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def lines(file: TextFile) -> Iterator[Line]:
    """Yield the lines of a file, one in memory at a time; bytes without a meaning become U+FFFD, NUL is dropped."""
    with file.path.open(encoding=file.encoding, errors="replace", newline="") as stream:
        number = 0
        while text := stream.readline(MAX_LINE_CHARS):
            number += 1
            is_cut = len(text) == MAX_LINE_CHARS and not text.endswith(("\n", "\r"))
            if is_cut:
                _skip_line(stream)
            yield Line(number, text.replace("\0", ""), is_cut)


def _skip_line(stream: TextIO) -> None:
    while (rest := stream.readline(MAX_LINE_CHARS)) and not rest.endswith(("\n", "\r")):
        pass
