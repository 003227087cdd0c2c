"""The reply as HTML: paragraphs of plain text in which `[n]` leads to card n."""

import re

from app_pages.wording import html_text
from tools.query import Hit

_HANDLE = re.compile(r"\[(\d{1,3})\]")
# Keeps a number and the title behind it on one line.
_NO_BREAK = "\u2060"
# How many characters before a handle are looked at for the item's name.
_NAMED_WITHIN = 40
_HANDLE_BEGUN = re.compile(r"\[\d{0,3}$")


def reply_html(reply: str, turn: int, hits: tuple[Hit, ...], is_streaming: bool = False, language: str = "") -> str:
    """Draw `reply`; its `language` tells a screen reader how to say it.

    A handle without a card stays as it was written; one that is still arriving is not shown yet.
    """
    if is_streaming:
        reply = _HANDLE_BEGUN.sub("", reply)
    paragraphs = (paragraph for paragraph in re.split(r"\n{2,}", reply.strip()) if paragraph)
    named: set[int] = set()
    body = "".join(
        f"<p>{_linked(html_text(paragraph), turn, hits, named)}</p>".replace("\n", "<br>") for paragraph in paragraphs
    )
    lang = f' lang="{html_text(language)}"' if language else ""
    return f'<div class="v-reply"{lang}>{body}</div>'


def _linked(text: str, turn: int, hits: tuple[Hit, ...], named: set[int]) -> str:
    """A paragraph with its handles as links: the first time with the item's title, then as a number."""

    def link(match: re.Match[str]) -> str:
        number = int(match[1])
        if not 1 <= number <= len(hits):
            return match[0]
        title = html_text(hits[number - 1].item.title)
        before = text[max(0, match.start() - _NAMED_WITHIN) : match.start()]
        shown = "" if number in named or _names(before, title) else title
        named.add(number)
        kind = "" if shown else ' class="v-again"'
        return (
            f'<a{kind} href="#card-{turn}-{number}" title="{title}" aria-label="{number}, {title}">'
            f"<b>{number}</b>{_NO_BREAK if shown else ''}{shown}</a>"
        )

    return _HANDLE.sub(link, text)


def _names(before: str, title: str) -> bool:
    """Whether the words before a handle already say what it is ("the linen shirt [2]")."""
    said = set(re.findall(r"[^\W\d_]{4,}", before.casefold()))
    return len(said & set(re.findall(r"[^\W\d_]{4,}", title.casefold()))) > 1
