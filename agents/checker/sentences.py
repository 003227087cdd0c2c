"""A reply in sentences, whatever pieces it arrives in, and a sentence in the clauses that speak of one card."""

import re
from dataclasses import dataclass, field

MOST_CHARS = 600
"""A sentence longer than this is not waited for: it is left out whole."""
_ENDS, _WIDE_ENDS = ".!?…", "。！？．"
_CLOSERS = "\"'”’»)）」*_`"
_CLAUSE = re.compile(
    r"(?:[;:—–，；、：]|,(?!\d)|\s-\s|\s(?:and|but|while|whereas|or|und|aber|während|oder|et|mais|tandis que|ou|y|pero"
    r"|mientras|o)(?=\s))"
)
_HANDLE = re.compile(r"\[(\d{1,3})\]")


@dataclass(slots=True)
class Sentences:
    """Takes a reply in pieces and gives its sentences, each with the space behind it.

    It looks at one character at a time, so where the pieces were cut changes nothing. A mark ends a sentence where
    space follows: "3.5" and "shop.example" go on.
    """

    _held: str = ""
    _is_ended: bool = False
    _is_too_long: bool = False
    too_long: int = field(default=0)

    def feed(self, piece: str) -> list[str]:
        """The sentences that `piece` completes."""
        complete = []
        for char in piece:
            if self._is_ended and not char.isspace():
                complete.append(self._take())
            if len(self._held) < MOST_CHARS:
                self._held += char
            else:
                self._held = self._held[-2:] + char
                self._is_too_long = True
            self._is_ended = self._is_ended or self._ends(char)
        return [sentence for sentence in complete if sentence]

    def finish(self) -> list[str]:
        """What is left at the end."""
        sentence = self._take()
        return [sentence] if sentence else []

    def _ends(self, char: str) -> bool:
        if char == "\n" or char in _WIDE_ENDS:
            return True
        return char.isspace() and self._held.rstrip().rstrip(_CLOSERS)[-1:] in tuple(_ENDS)

    def _take(self) -> str:
        sentence = "" if self._is_too_long else self._held
        self.too_long += self._is_too_long
        self._held, self._is_ended, self._is_too_long = "", False, False
        return sentence


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence and the cards it speaks of, by place from 1; `start` is its offset in the sentence."""

    text: str
    start: int
    places: tuple[int, ...]


def clauses_of(sentence: str, before: tuple[int, ...]) -> tuple[Clause, ...]:
    """The clauses in order. One without a handle speaks of what the one before speaks of, or the next, or `before`."""
    cut, start = [], 0
    for match in _CLAUSE.finditer(sentence):
        text = sentence[start : match.start()]
        # "[1]" alone is the beginning of "[1] and [2] are striped".
        if re.search(r"[^\W\d]", _HANDLE.sub("", text)):
            cut.append((start, text))
            start = match.start()
    cut.append((start, sentence[start:]))
    handles = [places_in(text) for _, text in cut]
    clauses, spoken_of = [], next((found for found in handles if found), before)
    for (offset, text), found in zip(cut, handles, strict=True):
        spoken_of = found or spoken_of
        clauses.append(Clause(text, offset, spoken_of))
    return tuple(clauses)


def places_in(text: str) -> tuple[int, ...]:
    """The handles in `text`, each once, in order."""
    return tuple(dict.fromkeys(int(number) for number in _HANDLE.findall(text)))
