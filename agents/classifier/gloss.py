"""Messages in other languages, put phrase by phrase into the English that the rules read.

It is no translation that a person would enjoy: it only has to name the same things in an order that English would.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agents.classifier.glossary import Ending, Gloss, Glossary, Kind, fold, rewritten, units
from agents.classifier.pieces import Piece, in_english_order
from agents.classifier.words import Token, plural

_SHORTEST_STEM = 3
# A word this long bears one slip.
_SHORTEST_SLIP = 5
_MOST_NEAR = 4
_LEAST_TENS = 20
_MULTIPLIERS = (10, 100, 1000, 10_000)


def glossed(text: str, glossary: Glossary) -> str:
    """A plain text in English, word for word."""
    pieces = in_english_order(_pieces(text, glossary, with_slips=True), glossary.adjectives_follow)
    words = "".join(_spaced(piece) for piece in pieces)
    return " ".join(words.split())


def n_known(text: str, glossary: Glossary, is_shared: Callable[[str], bool]) -> int:
    """How many units of a plain text the glossary knows, or everyone: a brand is the same in every language."""
    pieces = _pieces(text, glossary, with_slips=False)
    return sum(piece.n_units for piece in pieces if piece.is_known or is_shared(piece.english))


def _pieces(text: str, glossary: Glossary, with_slips: bool) -> list[Piece]:
    text = rewritten(text, glossary.rewrites)
    found = units(text)
    folded = [fold(unit.text) for unit in found]
    pieces: list[Piece] = []
    at = end = 0
    while at < len(found):
        n_units, gloss = _gloss(folded[at:], glossary, with_slips)
        before = text[end : found[at].start]
        english = gloss.english if gloss else found[at].text
        kind = gloss.kind if gloss else _unknown_kind(found[at])
        pieces.append(Piece(english, kind, before, n_units, bool(gloss)))
        at += n_units
        end = found[at - 1].end
    return [*pieces, Piece("", "mark", text[end:], 0, False)]


def _unknown_kind(unit: Token) -> Kind:
    return "mark" if unit.is_mark else "number" if unit.text[0].isdigit() else "other"


def _gloss(folded: Sequence[str], glossary: Glossary, with_slips: bool) -> tuple[int, Gloss | None]:
    """The gloss of the longest phrase at the start, and how many units that is; None for one that is unknown."""
    for n_units in _lengths(folded[0], glossary):
        gloss = _of_phrase(tuple(folded[:n_units]), glossary) if n_units <= len(folded) else None
        if gloss is not None:
            return n_units, gloss
    n_units, number = _number(folded, glossary)
    if n_units:
        return n_units, Gloss(str(number), "number") if number != 1 else Gloss("a", "determiner")
    return 1, _gloss_of_word(folded[0], glossary, with_slips)


def _lengths(first: str, glossary: Glossary) -> Sequence[int]:
    """How long the phrases are that start with a word, or with it less an ending; longest first."""
    found = glossary.starts.get(first)
    if found is not None:
        return found
    stems = (stem[0] for ending in glossary.endings for stem in _without_ending((first,), ending))
    return next((glossary.starts[stem] for stem in stems if stem in glossary.starts), ())


def _number(folded: Sequence[str], glossary: Glossary) -> tuple[int, int]:
    """How many units at the start are a number in words, and its value."""
    total = n_units = 0
    parts: list[int] = []
    for at, unit in enumerate(folded):
        found = _number_parts(unit, glossary)
        if not found and not (unit in glossary.connectors and _joins(parts, folded[at + 1 :], glossary)):
            break
        if found:
            parts += found
            n_units = at + 1
    for part in parts:
        below = total % part if part in _MULTIPLIERS else 0
        total += below * (part - 1) if below else part
    return n_units, total


def _joins(parts: Sequence[int], following: Sequence[str], glossary: Glossary) -> bool:
    """Whether a connector stands inside one number: in "treinta y cinco", not in "entre treinta y cuarenta"."""
    more = _number_parts(following[0], glossary) if parts and following else []
    return len(more) == 1 and more[0] < _LEAST_TENS <= parts[-1] and parts[-1] % 10 == 0


def _number_parts(word: str, glossary: Glossary) -> list[int]:
    """The numbers that a word is made of ("zweihundertfuenfzig": 2, 100, 50), or none."""
    parts: list[int] = []
    while word:
        part = max((name for name in glossary.numbers if word.startswith(name)), key=len, default="")
        if not part:
            return []
        parts.append(glossary.numbers[part])
        word = word.removeprefix(part)
        if word:
            word = word.removeprefix(next((c for c in glossary.connectors if word.startswith(c)), ""))
    return parts


def _gloss_of_word(word: str, glossary: Glossary, with_slips: bool) -> Gloss | None:
    known = _known(word, glossary) or _compound(word, glossary)
    if known or not with_slips or len(word) < _SHORTEST_SLIP or not word.isalpha():
        return known
    near = process.extract(word, glossary.words, scorer=OSA.distance, score_cutoff=1, limit=_MOST_NEAR)
    glosses = {_known(found, glossary) for found, _, _ in near if found[0] == word[0] and len(found) >= _SHORTEST_STEM}
    # Items and their facets first. "Kleine" is no slip of "keine": words that join are taken as they are written.
    for kinds in (("noun", "adjective"), ("thing", "quality")):
        alike = [gloss for gloss in glosses if gloss is not None and gloss.kind in kinds]
        if alike:
            return alike[0] if len(alike) == 1 else None
    return None


def _of_phrase(words: tuple[str, ...], glossary: Glossary) -> Gloss | None:
    """The gloss of several words as they are listed, or with an ending at the last or at the first ("sacs a dos")."""
    if words in glossary.phrases:
        return glossary.phrases[words]
    stems = ((replaced, ending) for ending in glossary.endings for replaced in _without_ending(words, ending))
    found = ((glossary.phrases[stem], ending) for stem, ending in stems if stem in glossary.phrases)
    gloss, ending = next(found, (None, None))
    if gloss is None or ending is None or gloss.kind != "noun":
        return None
    return replace(gloss, english=plural(gloss.english)) if ending.is_plural else gloss


def _without_ending(words: tuple[str, ...], ending: Ending) -> Iterator[tuple[str, ...]]:
    for place in (len(words) - 1, 0):
        if words[place].endswith(ending.cut):
            yield (*words[:place], words[place].removesuffix(ending.cut) + ending.put, *words[place + 1 :])


def _known(word: str, glossary: Glossary) -> Gloss | None:
    """The gloss of a word as it is listed, or without an ending."""
    gloss = glossary.phrases.get((word,))
    if gloss is not None:
        return gloss
    for ending in glossary.endings:
        stem = word.removesuffix(ending.cut) + ending.put
        if not word.endswith(ending.cut) or len(stem) < _SHORTEST_STEM:
            continue
        gloss = glossary.phrases.get((stem,))
        if gloss is not None:
            is_several = ending.is_plural and gloss.kind == "noun"
            return replace(gloss, english=plural(gloss.english)) if is_several else gloss
    return None


def _compound(word: str, glossary: Glossary) -> Gloss | None:
    """A word made of two, as German makes them: "lederjacke" is a leather jacket."""
    for first in sorted((first for first in glossary.compounds if word.startswith(first)), key=len, reverse=True):
        second = _known(word.removeprefix(first), glossary)
        if second is not None and second.kind == "noun":
            return Gloss(f"{glossary.compounds[first]} {second.english}", "noun")
    return None


def _spaced(piece: Piece) -> str:
    if not piece.english:
        return f"{piece.before} "
    # A glossed word stands alone; digits stay beside what was written beside them ("30-50", "29 €").
    start = " " if piece.is_known else ""
    end = " " if piece.is_known or not piece.english[0].isalnum() else ""
    return f"{piece.before}{start}{piece.english}{end}"
