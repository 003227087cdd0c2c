"""What differs between two versions of a prompt: lines, and the words that changed within them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]
_WORDS = re.compile(r"\s+|[$\w]+|[^\s\w]")
# Below this a line was replaced, not changed: words of the one among words of the other would only confuse.
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words. `is_changed` marks what a line of one version has and its counterpart has not."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison."""

    kind: Kind
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The line as it stands in its version."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class PieceDiff:
    """How one piece changed; equal lines are among the lines, for their context."""

    piece: str
    lines: tuple[Line, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return any(line.kind != "same" for line in self.lines)


def diff_of(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[PieceDiff, ...]:
    """Every piece of either version, in the old order, then what is new."""
    pieces = dict.fromkeys((*old, *new))
    return tuple(PieceDiff(piece, tuple(_lines(old.get(piece), new.get(piece)))) for piece in pieces)


def _lines(old: str | None, new: str | None) -> Iterator[Line]:
    before, after = (text.splitlines() if text is not None else [] for text in (old, new))
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Line("same", (Span(line),)) for line in before[old_from:old_to])
        else:
            yield from _changed(before[old_from:old_to], after[new_from:new_to])


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """Lines that took each other's place, pairwise with the words that differ; then what is left of the longer side."""
    n_pairs = min(len(before), len(after))
    for old, new in zip(before[:n_pairs], after[:n_pairs], strict=True):
        old_spans, new_spans = _words(old, new)
        yield Line("removed", old_spans)
        yield Line("added", new_spans)
    yield from (Line("removed", (Span(line, True),)) for line in before[n_pairs:])
    yield from (Line("added", (Span(line, True),)) for line in after[n_pairs:])


def _words(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return (Span(old, True),), (Span(new, True),)
    old_spans, new_spans = [], []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        is_changed = kind != "equal"
        old_spans.append(Span("".join(before[old_from:old_to]), is_changed))
        new_spans.append(Span("".join(after[new_from:new_to]), is_changed))
    return tuple(span for span in old_spans if span.text), tuple(span for span in new_spans if span.text)
