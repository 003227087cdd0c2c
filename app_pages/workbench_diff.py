"""A comparison of two versions as HTML: lines with their sign, words that changed marked within them."""

from collections.abc import Iterator, Sequence

from agents.workbench.prompt_diff import Line, PieceDiff, Span
from app_pages.wording import html_text

_CONTEXT_LINES = 2
_SIGNS = {"same": " ", "added": "+", "removed": "−"}
_READ_OUT = {"same": "", "added": "added: ", "removed": "removed: "}


def diff_html(pieces: Sequence[PieceDiff]) -> str:
    """Every piece that changed; lines far from a change are counted, not shown."""
    changed = [piece for piece in pieces if piece.is_changed]
    if not changed:
        return '<p class="v-note">The two say the same.</p>'
    return "".join(
        f'<section class="v-diff"><h3>{html_text(piece.piece)}</h3><div>{"".join(_rows(piece.lines))}</div></section>'
        for piece in changed
    )


def _rows(lines: Sequence[Line]) -> Iterator[str]:
    near = {
        place
        for at, line in enumerate(lines)
        if line.kind != "same"
        for place in range(at - _CONTEXT_LINES, at + _CONTEXT_LINES + 1)
    }
    n_skipped = 0
    for at, line in enumerate(lines):
        if at not in near:
            n_skipped += 1
            continue
        if n_skipped:
            yield _skipped(n_skipped)
            n_skipped = 0
        yield _row(line)
    if n_skipped:
        yield _skipped(n_skipped)


def _skipped(n_lines: int) -> str:
    return f'<p class="v-skipped">{n_lines} line{"" if n_lines == 1 else "s"} the same</p>'


def _row(line: Line) -> str:
    words = "".join(_words(line, span) for span in line.spans) or "&nbsp;"
    return (
        f'<p class="v-line-{line.kind}"><b aria-hidden="true">{_SIGNS[line.kind]}</b>'
        f'<span><span class="v-unseen">{_READ_OUT[line.kind]}</span>{words}</span></p>'
    )


def _words(line: Line, span: Span) -> str:
    text = html_text(span.text)
    if not span.is_changed:
        return text
    return f"<ins>{text}</ins>" if line.kind == "added" else f"<del>{text}</del>"
