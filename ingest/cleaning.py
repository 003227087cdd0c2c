"""Text of strangers made plain: no markup, no control characters, no more than its share. What it says stays data."""

import html
import re
import unicodedata

import nh3

_TAG = re.compile(r"<\s*[/!a-zA-Z][^>]*>?")
_BLOCK_END = re.compile(r"<\s*(?:br|/p|/li|/div|/h[1-6]|/tr)\b[^>]*>", re.IGNORECASE)
# Marks that change how text around them is shown or hide text from people: bidirectional overrides, tag characters.
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


def clean_line(text: str, max_chars: int) -> str:
    """One line of plain text, at most `max_chars` long."""
    return " ".join(clean_text(text, max_chars).split())


def clean_text(text: str, max_chars: int) -> str:
    """Plain text of one or more lines, at most `max_chars` long; markup goes, its words stay (scripts go whole)."""
    if "&" in text:
        text = html.unescape(text)
    if _TAG.search(text):
        text = html.unescape(nh3.clean(_BLOCK_END.sub(r"\g<0>" + "\n", text), tags=set()))
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = "".join(char if char.isprintable() or char == "\n" else _plain(char) for char in text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _cut(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), max_chars)


def _plain(char: str) -> str:
    """Spaces and tabs become a space, joiners inside words stay, every other unprintable character goes."""
    if char.isspace():
        return " "
    return char if char in "\u200c\u200d" else ""


def _cut(text: str, max_chars: int) -> str:
    if len(text) <= max_chars:
        return text
    begin = text[: max_chars - 1]
    at_word = begin.rfind(" ")
    return (begin[:at_word] if at_word > max_chars // 2 else begin) + "…"
