"""The figures of a live comparison as a table, and what was done to it as a list."""

from collections.abc import Sequence

from agents.live.measures import MEASURES
from agents.live.report import ArmSize, Figure, LiveReport
from agents.live.words import arm_words, difference_words
from app_pages.wording import html_text
from tools.store_live import LiveEvent

# A sign beside the colour: what is shown must not hang on colour alone.
_SIGNS = {"better": "▲ better", "worse": "▼ worse"}


def figures_html(report: LiveReport) -> str:
    """Every outcome in both arms with its interval; the deciding one first. It scrolls inside its own box."""
    comparison = report.comparison
    names = [comparison.decided_by, *(name for name in MEASURES if name != comparison.decided_by)]
    rows = "".join(_row_html(report.figures[name], is_deciding=name == comparison.decided_by) for name in names)
    return (
        '<div class="v-live-table" role="region" aria-label="Figures of both versions" tabindex="0"><table>'
        '<caption class="v-unseen">What sessions of either version came to</caption>'
        f'<thead><tr><td></td><th scope="col">A: {html_text(comparison.version_a)}</th>'
        f'<th scope="col">B: {html_text(comparison.version_b)}</th><th scope="col">B minus A</th><td></td></tr></thead>'
        f"<tbody>{_sizes_html(report.a, report.b)}{rows}{_latency_html(report.a, report.b)}</tbody></table></div>"
    )


def _row_html(figure: Figure, *, is_deciding: bool) -> str:
    measure = MEASURES[figure.measure]
    mark = " <small>decides</small>" if is_deciding else ""
    shown = figure.shown if figure.difference is not None else "too early"
    return (
        f'<tr{" class=v-live-decides" if is_deciding else ""}><th scope="row">{html_text(measure.label)}{mark}</th>'
        f"<td>{arm_words(figure.a, figure.measure)}</td><td>{arm_words(figure.b, figure.measure)}</td>"
        f'<td>{difference_words(figure)}</td><td class="v-live-{shown.split()[0]}">{_SIGNS.get(shown, shown)}</td></tr>'
    )


def _sizes_html(a: ArmSize, b: ArmSize) -> str:
    cells = "".join(f"<td>{arm.n_sessions:,} <small>{arm.n_turns:,} turns</small></td>" for arm in (a, b))
    return f'<tr><th scope="row">Sessions counted</th>{cells}<td></td><td></td></tr>'


def _latency_html(a: ArmSize, b: ArmSize) -> str:
    """The middle turn and the slow one; the row above them compares what is typical."""
    cells = "".join(
        "<td>–</td>"
        if arm.p50_ms is None or arm.p95_ms is None
        else f"<td>{arm.p50_ms:,.0f} / {arm.p95_ms:,.0f} ms</td>"
        for arm in (a, b)
    )
    return f'<tr><th scope="row">Half / 95 % of turns within</th>{cells}<td></td><td></td></tr>'


def events_html(events: Sequence[LiveEvent]) -> str:
    """What was done, by whom and when."""
    rows = "".join(
        f"<li>{event.happened_at:%d %b %Y %H:%M}, {html_text(event.actor)}: {html_text(event.what)}</li>"
        for event in events
    )
    return f'<ul class="v-live-events">{rows}</ul>'
