"""The pieces of a message in another language, put in the order that English would say them in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from agents.classifier.glossary import Kind

_NOUNS: tuple[Kind, ...] = ("noun", "thing")
_ADJECTIVES: tuple[Kind, ...] = ("adjective", "quality")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some English in place of `n_units` units of a message, and the text that stood before them.

    `is_known` is False where the glossary does not know the unit, which is then kept.
    """

    english: str
    kind: Kind
    before: str
    n_units: int
    is_known: bool


def in_english_order(pieces: Sequence[Piece], adjectives_follow: bool) -> list[Piece]:
    """The pieces with what stands behind its noun or its number put before it, and "one" where English needs a noun."""
    ordered: list[Piece] = []
    for piece in _merged(pieces):
        is_near = bool(ordered) and not piece.before.strip()
        follows_noun = adjectives_follow and is_near and ordered[-1].kind in _NOUNS
        if is_near and (piece.kind == "after" or (follows_noun and piece.kind in _ADJECTIVES)):
            ordered.insert(len(ordered) - 1, replace(piece, before=" "))
        elif is_near and not piece.before and piece.english == "that" and ordered[-1].kind in _ADJECTIVES:
            # Chinese says "red that" for "the red one".
            ordered.insert(len(ordered) - 1, replace(piece, english="the"))
        else:
            ordered.append(piece)
    return list(_pointing(ordered))


def _merged(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces without those that English leaves out; what stood before these stays."""
    before = ""
    for piece in pieces:
        if piece.english or piece.kind == "mark":
            yield replace(piece, before=before + piece.before)
        before = "" if piece.english else before + piece.before


def _pointing(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """ "The red" of other languages is the red one in English; "the" alone is it."""
    for at, piece in enumerate(pieces):
        follows = pieces[at + 1] if at + 1 < len(pieces) else replace(piece, kind="mark")
        is_alone = follows.kind == "mark" or (follows.kind == "other" and follows.is_known)
        yield replace(piece, english="it") if piece.english == "the" and is_alone else piece
        described = list(takewhile(_describes, reversed(pieces[: at + 1])))
        start = at - len(described)
        is_pointing = bool(described) and start >= 0 and pieces[start].english.endswith("the")
        if is_pointing and follows.kind not in (*_NOUNS, *_ADJECTIVES):
            yield Piece("one", "noun", " ", 0, True)


def _describes(piece: Piece) -> bool:
    return piece.kind in _ADJECTIVES and not piece.before.strip()
