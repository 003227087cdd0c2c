"""What has no place in a reply whatever the rows say: markup, addresses, numbers to call, secrets."""

import re
import unicodedata

_FORBIDDEN = {
    "a link or markup": re.compile(
        r"\w+://|//\w|www\.|\]\s?\(|!\[|</?[a-z!][^>]*>?|&#?\w+;|```|\b(?:javascript|data|mailto|tel|ftp)\s?:\S"
        r"|\b(?!(?:e\.g|i\.e)\b)[\w-]{2,}\.(?=[a-z])[a-z]{2,}(?:[/:]\S*)?\b|\b\w+ ?[(\[]?(?:dot|punkt|punto)[)\]]? ?"
        r"(?:com|net|org|example|shop|io|de)\b|hxxp|\\\w+\{|\$\$|\{\{|\{%|[{}]|\|\s?-{2,}",
        re.IGNORECASE,
    ),
    "an e-mail address": re.compile(r"\S+\s?(?:@|\(at\)|\[at\])\s?\w+|(?<!\w)@\w+", re.IGNORECASE),
    "a telephone number": re.compile(
        r"\+\s?\d[\d\s()./-]{6,}\d|\b\d{3,}[\s./-]\d{2,}[\s./-]\d{2,}\b|\b\d{7,}\b|\b\d{3}-\d{4}\b"
    ),
    "brackets that name no card": re.compile(r"\[(?!\d{1,3}\])|(?<!\d)\]"),
}  # fmt: skip
_SECRET = re.compile(r"[A-Za-z0-9_+/=-]{16,}|\b(?:sk|pk|ghp|xox[bp]|AIza)[-_]?[\w-]{6,}")
_EMPHASIS = re.compile(r"\*\*|__|`|(?m:^\s{0,3}(?:#{1,6}|[-*•]|\d{1,2}[.)])\s+)|(?<!\w)\*(?=\w)|(?<=[\w.!?])\*(?!\w)")
_MOST_TURNS_OF_CASE = 2


def plain(sentence: str) -> str:
    """The sentence without emphasis, list marks and characters that nobody sees."""
    seen = "".join(char for char in sentence if char in "\n\t" or unicodedata.category(char)[0] != "C")
    return _EMPHASIS.sub("", seen)


def folded(sentence: str) -> str:
    """The sentence as it is compared: full-width letters and digits as their plain ones, one kind of space."""
    return re.sub(r"\s", " ", unicodedata.normalize("NFKC", sentence))


def problem_of(sentence: str) -> str:
    """What has no place in this folded sentence, or ""."""
    for name, pattern in _FORBIDDEN.items():
        if pattern.search(sentence):
            return name
    return "a secret" if any(_is_secret(match.group()) for match in _SECRET.finditer(sentence)) else ""


def _is_secret(token: str) -> bool:
    """Random characters: letters among digits, or small and capital letters in turns."""
    turns = len(re.findall(r"[a-z][A-Z]", token))
    return bool(re.search(r"\d", token) and re.search(r"[A-Za-z]", token)) or turns > _MOST_TURNS_OF_CASE
