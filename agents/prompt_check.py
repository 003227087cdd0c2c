"""What is wrong with a prompt, piece by piece and line by line: the same for files and for versions of the book."""

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

MAX_PIECE_CHARS = 16_000
"""A model reads this with every message, beside the message."""
MAX_VARIABLES = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `piece` "" is the prompt as a whole; `line` counts from 1, 0 is none in particular."""

    piece: str
    line: int
    text: str

    def __str__(self) -> str:
        """Where, and what."""
        place = ", ".join(
            part for part in (f"piece {self.piece!r}" * bool(self.piece), f"line {self.line}" * bool(self.line)) if part
        )
        return f"{place}: {self.text}" if place else self.text


@dataclass(frozen=True, slots=True)
class Shape:
    """What the code fills in: the variables offered to each piece, and those among them that a piece must use."""

    offered: Mapping[str, frozenset[str]]
    needed: frozenset[str] = field(default_factory=frozenset)


def problems_of(
    template: Mapping[str, str], variables: Sequence[str], shape: Shape | None = None
) -> tuple[Problem, ...]:
    """All that is wrong, in reading order; empty for a sound prompt. No shape: any pieces and variables are fine."""
    return (
        *_signs(template),
        *_declarations(template, variables, shape),
        *_lengths(template, variables),
        *(_misfits(template, shape) if shape else ()),
    )


def used_in(text: str) -> tuple[str, ...]:
    """The variables of a piece in order of their first use."""
    return tuple(dict.fromkeys(name for name, _ in _uses(text)))


def _uses(text: str) -> Iterator[tuple[str, int]]:
    """Every variable with the line it stands on; also of a text that holds a lone sign."""
    for match in string.Template.pattern.finditer(text):
        name = match["named"] or match["braced"]
        if name:
            yield name, _line(text, match)


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1


def _signs(template: Mapping[str, str]) -> Iterator[Problem]:
    for piece, text in template.items():
        for match in string.Template.pattern.finditer(text):
            if match["invalid"] is not None:
                yield Problem(piece, _line(text, match), "a lone '$'; write '$$' for the sign itself")


def _declarations(template: Mapping[str, str], variables: Sequence[str], shape: Shape | None) -> Iterator[Problem]:
    """Declared and used are the same; of what is not filled in at all that is told instead."""
    declared, used = set(variables), set[str]()
    for piece, text in template.items():
        offered = shape.offered.get(piece) if shape else None
        for name, line in _uses(text):
            if name not in declared | used and (offered is None or name in offered):
                yield Problem(piece, line, f"used but not declared: '${name}'; add it to the variables")
            used.add(name)
    for name in dict.fromkeys(variables):
        if name not in used:
            yield Problem("", 0, f"declared but not used: '${name}'; use it or take it out of the variables")
        if variables.count(name) > 1:
            yield Problem("", 0, f"declared twice: '${name}'; name it once")


def _lengths(template: Mapping[str, str], variables: Sequence[str]) -> Iterator[Problem]:
    for piece, text in template.items():
        if len(text) > MAX_PIECE_CHARS:
            line = text.count("\n", 0, MAX_PIECE_CHARS) + 1
            yield Problem(piece, line, f"{len(text)} characters, at most {MAX_PIECE_CHARS} are sent; shorten it")
        if not text.strip():
            yield Problem(piece, 0, "it is empty; write what it should say")
    if len(variables) > MAX_VARIABLES:
        yield Problem("", 0, f"{len(variables)} variables, at most {MAX_VARIABLES} are read")


def _misfits(template: Mapping[str, str], shape: Shape) -> Iterator[Problem]:
    """What the code could not fill in, or would never send."""
    for piece in template:
        if piece not in shape.offered:
            known = ", ".join(shape.offered)
            yield Problem(piece, 0, f"no such piece is ever sent; take it out, the pieces are {known}")
    for piece, offered in shape.offered.items():
        if piece not in template:
            yield Problem(piece, 0, "this piece is missing; write it")
            continue
        yield from _foreign(piece, template[piece], offered)
        for name in sorted(offered & shape.needed - set(used_in(template[piece]))):
            yield Problem(piece, 0, f"'${name}' is missing, and without it the model does not know what to answer")


def _foreign(piece: str, text: str, offered: frozenset[str]) -> Iterator[Problem]:
    for name, line in dict.fromkeys(_uses(text)):
        if name not in offered:
            near = get_close_matches(name, sorted(offered), 1)
            hint = f"did you mean '${near[0]}'?" if near else _offer(offered)
            yield Problem(piece, line, f"'${name}' is not filled in here; {hint}")


def _offer(offered: frozenset[str]) -> str:
    return f"what is: {', '.join(f'${name}' for name in sorted(offered))}" if offered else "no variable is"
