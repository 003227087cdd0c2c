"""The text side of a search: what a shopper's sentence asks the catalogue's words for.

A sentence never ends in an AND of all its words: any of them counts, and the more of them the better. Only what is
typed as a search engine's operator is meant as one: "quoted phrases" come first, -words are in no hit.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tools.store_filters import Parameters

# Postgres holds no NUL in a text.
_PLAIN_MARKS = str.maketrans({"“": '"', "”": '"', "\x00": " "})
_MINUS = re.compile(r'(?:^|(?<=\s))-(?:"([^"]+)"|([^\W\d][\w’\'-]*))')
_PHRASE = re.compile(r'"([^"]+)"')
_WORD = re.compile(r"\w[\w’'&-]*")
# Said to a shop assistant, and by no catalogue. English stop words (the, for, with ...) are Postgres's to drop.
_FILLER_TEXT = (
    "hi hello hey please thanks thank show find get give want wanted need needed looking look looks search "
    "searching like love would could can may might something anything some any thing things one ones buy buying "
    "purchase shop shopping help got have recommend suggest suggestion suggestions maybe perhaps really very nice "
    "good great me my i i'm i'd im id you your what which where do does also just around about similar kind kinds "
    "sort type let's lets see there "
)
_FILLER = frozenset(_FILLER_TEXT.split())
_MOST_LEXEMES = 24
# Rows that share a rare word with the shopper's are candidates; so many are read, in about a millisecond.
MOST_WORDED = 250
_ALL = 2**31 - 1
# Rows with all words are found by reading where the rarest of them occurs; where even that is in more items, reading
# takes longer than the whole search, and the nearest rows say the words anyway.
_MOST_READ = 20_000
# Shorter words have too many neighbours to be guessed at.
_SHORTEST_GUESSED = 4
_TWO_TYPOS_FROM = 9


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A word in its stem and the number of items that hold it; 0 where it is not known."""

    text: str
    n_items: int

    @property
    def quoted(self) -> str:
        """The lexeme as tsquery reads it literally."""
        return "'" + self.text.replace("\\", "\\\\").replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was typed: `plain` words, maybe ""; `phrases` and `minus` as websearch_to_tsquery reads them."""

    plain: str
    phrases: str | None
    minus: str | None


def read_sentence(text: str) -> Sentence:
    """A shopper's sentence without filler, its quoted phrases (their words count among the plain ones) and -words."""
    typed = text.translate(_PLAIN_MARKS)
    minus = [phrase or word for phrase, word in _MINUS.findall(typed)]
    rest = _MINUS.sub(" ", typed)
    phrases = _PHRASE.findall(rest)
    plain = [word for word in _WORD.findall(rest) if word.casefold().replace("’", "'") not in _FILLER]
    return Sentence(
        " ".join(plain),
        " ".join(f'"{phrase}"' for phrase in phrases) or None,
        " or ".join(f'"{phrase}"' for phrase in minus) or None,
    )


def text_parameters(sentence: Sentence, lexemes: Sequence[Lexeme], is_alone: bool) -> Parameters:
    """The parameters of the text side, for the sentence's lexemes; `is_alone` spares no row that says any of them."""
    asked = sorted(lexemes, key=lambda lexeme: (lexeme.n_items, lexeme.text))[:_MOST_LEXEMES]
    return {
        "worded": _candidates(asked, _ALL if is_alone else MOST_WORDED),
        "n_worded": _ALL if is_alone else MOST_WORDED,
        "lexemes": [lexeme.quoted for lexeme in asked],
        "phrases": sentence.phrases,
        "minus": sentence.minus,
    }


def _candidates(asked: Sequence[Lexeme], most: int) -> str | None:
    """Which rows join the nearest ones, as a tsquery: those with any rare word, and those with all words.

    `asked` has the rarest word first.
    """
    if not asked:
        return None
    rare: list[Lexeme] = []
    n_rows = 0
    for lexeme in asked:
        n_rows += lexeme.n_items
        if n_rows <= most:
            rare.append(lexeme)
    said = [lexeme.quoted for lexeme in rare]
    if asked[0].n_items <= max(most, _MOST_READ):
        said.append(f"({' & '.join(lexeme.quoted for lexeme in asked)})")
    return " | ".join(said) or None


def corrected(unknown: str, known: Mapping[str, int]) -> Lexeme | None:
    """The known lexeme that an unknown one is a typo of: one slip away, two in a long word; the most frequent wins."""
    if len(unknown) < _SHORTEST_GUESSED or any(letter.isdigit() for letter in unknown):
        return None
    most = 2 if len(unknown) >= _TWO_TYPOS_FROM else 1
    near = process.extract(unknown, known.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    if not near:
        return None
    word, _, _ = min(near, key=lambda found: (found[1], -known[found[0]], found[0]))
    return Lexeme(word, known[word])
