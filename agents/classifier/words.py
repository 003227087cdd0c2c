"""Text into tokens, and the spelling-blind key under which words are compared."""

import re
import unicodedata
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,]\d+)*|[,.;:!?&+/#]")
_WITH = re.compile(r"\bw/(o\b)?")
_PUNCTUATION = frozenset(",.;:!?&+/#")
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", " ": " "})
# Ends that look like a plural and are none, or whose singular is not found by cutting.
_IRREGULAR = {
    "women": "woman", "men": "man", "children": "child", "childrens": "child",
    "people": "person", "scarves": "scarf", "knives": "knife",
    "this": "this", "his": "his",
    "is": "is", "was": "was", "has": "has", "us": "us", "plus": "plus", "canvas": "canvas", "its": "its",
    "always": "always", "as": "as", "christmas": "christmas",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark. `start` and `end` are character offsets into the plain text."""

    text: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """Punctuation separates, and never belongs to a phrase."""
        return self.text in _PUNCTUATION


def plain(message: str) -> str:
    """The message in lower case with straight quotes and single-width forms; offsets of tokens refer to this."""
    text = unicodedata.normalize("NFKC", message).translate(_STRAIGHT).lower()
    text = _WITH.sub(lambda match: "without " if match.group(1) else "with ", text)
    return re.sub(r"\s+", " ", text).strip()


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a plain text. Hyphens separate words, so that "t-shirt" and "t shirt" read the same."""
    return tuple(Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text))


def singular(word: str) -> str:
    """The singular of an English noun, or the word itself; possessives lose their ending."""
    word = word.removesuffix("'s").removesuffix("'")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def plural(words: str) -> str:
    """The plural of an English noun or noun phrase; one that is a plural already stays."""
    if is_plural(words.split()[-1]):
        return words
    if words.endswith("y") and words[-2:-1] not in "aeiou":
        return f"{words[:-1]}ies"
    return f"{words}{'es' if words.endswith(('s', 'x', 'ch', 'sh')) else 's'}"


def is_plural(word: str) -> bool:
    """Whether the word's last part is written in the plural."""
    return "'" not in word and singular(word) != word


def key(words: tuple[str, ...] | list[str]) -> str:
    """What a phrase is compared by: no spaces, no hyphens, every word in the singular ("T-Shirts" is "tshirt")."""
    return "".join(_stem(word) for word in words)


def _stem(word: str) -> str:
    # "beanies" is cut to "beany": the singular must arrive at the same place.
    stem = singular(word)
    return stem[:-2] + "y" if stem.endswith("ie") else stem


def phrase_key(phrase: str) -> str:
    """The key of a phrase as a catalogue or the taxonomy spells it."""
    return key([token.text for token in tokens(plain(phrase)) if not token.is_mark])
