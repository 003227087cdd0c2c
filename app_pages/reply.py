"""The reply as HTML: paragraphs of plain text in which `[n]` leads to card n."""

import re

from app_pages.wording import html_text
from tools.query import Hit

_HANDLE = re.compile(r"\[(\d{1,3})\]")
_HANDLE_BEGUN = re.compile(r"\[\d{0,3}$")


def reply_html(reply: str, turn: int, hits: tuple[Hit, ...], is_streaming: bool = False) -> str:
    """Draw `reply`. A handle without a card stays as it was written; one that is still arriving is not shown yet."""
    if is_streaming:
        reply = _HANDLE_BEGUN.sub("", reply)
    paragraphs = (paragraph for paragraph in re.split(r"\n{2,}", reply.strip()) if paragraph)
    body = "".join(f"<p>{_linked(paragraph, turn, hits)}</p>" for paragraph in paragraphs)
    return f'<div class="v-reply{" v-arriving" if is_streaming else ""}">{body}</div>'


def _linked(text: str, turn: int, hits: tuple[Hit, ...]) -> str:
    def link(match: re.Match[str]) -> str:
        number = int(match[1])
        if not 1 <= number <= len(hits):
            return match[0]
        title = html_text(hits[number - 1].item.title)
        return f'<a class="v-ref" href="#card-{turn}-{number}" title="{title}" aria-label="{number}, {title}">{number}</a>'

    return _HANDLE.sub(link, html_text(text)).replace("\n", "<br>")
