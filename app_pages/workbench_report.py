"""A run's report: the verdict and the numbers first, then the cases in which the variants did not do the same."""

from collections.abc import Sequence

import altair as alt
import streamlit as st

from agents.workbench.report_words import PRACTICE_NOTE, difference_words, summary, value_words
from agents.workbench.run_report import Measured, RunReport
from app_pages.wording import html_text, markdown_text
from app_pages.workbench_case_diff import case_html

_SIGNS = {"better": "▲", "worse": "▼", "no difference shown": "=", "too few to tell": "…"}
_KINDS = {"better": "better", "worse": "worse"}
_CASES_SHOWN = 10
# Of one family with the page, and apart from each other by light too.
_HUES = ("#b0622f", "#d99a3d", "#6f7f5c", "#8f6a86", "#5c7f8a")
_APART = "Difference to the first, 95 % interval"


def draw_report(report: RunReport, trust: str = "") -> None:
    """Draw a report; `trust` is how far the points of a judge can be trusted, "" where none gave any."""
    if not report.played:
        st.html('<p class="v-note">No case has been played by all variants yet.</p>')
        return
    if any(variant.is_practice for variant in report.variants):
        st.html(f'<p class="v-note">{html_text(PRACTICE_NOTE)}</p>')
    for place in range(1, len(report.variants)):
        verdict = report.verdict(place)
        st.html(
            f'<p class="v-bench-lead"><b class="v-bench-{_KINDS.get(verdict, "even")}">{_SIGNS[verdict]}</b>'
            f" {html_text(summary(report, place))}</p>"
        )
    st.html(_measures_html(report) + (f'<p class="v-note v-bench-trust">{html_text(trust)}</p>' if trust else ""))
    _draw_chart(report)
    st.html(_figures_html(report))
    _draw_cases(report)


def _measures_html(report: RunReport) -> str:
    """The measures, main ones first, those that decide nothing in a quieter tone."""
    heads = "".join(f"<th scope='col'>{html_text(variant.label)}</th>" for variant in report.variants)
    rows = [_measure_html(each, report) for each in sorted(report.measured, key=lambda each: not each.scorer.is_main)]
    heads += f'<th scope="col">{_APART}</th>'
    return _table_html("Measure", heads, "".join(rows))


def _table_html(corner: str, heads: str, body: str) -> str:
    """A table that scrolls in its own box where it is wider than the page."""
    head = f'<thead><tr><th scope="col">{corner}</th>{heads}</tr></thead>'
    return f'<div class="v-bench"><table>{head}<tbody>{body}</tbody></table></div>'


def _measure_html(each: Measured, report: RunReport) -> str:
    values = [value_words(each.scorer, mean) for mean in each.means]
    means = _cells_html(values, report)
    told = "<br>".join(
        f'<span class="v-bench-{_KINDS.get(verdict, "even")}">{_SIGNS[verdict]} {verdict}</span>'
        f" <small>{difference_words(each.scorer, apart)}</small>"
        for apart, verdict in zip(each.differences, each.verdicts, strict=True)
    )
    quiet = "" if each.scorer.is_main else ' class="v-bench-side"'
    words = html_text(each.scorer.words)
    apart = f'<td class="v-bench-wide" data-label="{_APART}">{told}</td>'
    return f"<tr{quiet}><th scope='row'>{words} <small>({each.n_cases})</small></th>{means}{apart}</tr>"


def _cells_html(values: Sequence[str], report: RunReport) -> str:
    """A cell for each variant; on a phone, where columns do not fit, each says whose it is."""
    labels = [html_text(variant.label) for variant in report.variants]
    pairs = zip(labels, values, strict=True)
    return "".join(f'<td data-label="{label}">{html_text(value)}</td>' for label, value in pairs)


def _draw_chart(report: RunReport) -> None:
    """Intervals of the measures that are shares, in one scale."""
    rows = [
        {
            "Measure": each.scorer.words, "Variant": report.variants[place].label, "points": 100 * apart.mean,
            "low": 100 * apart.low, "high": 100 * apart.high,
        }
        for each in report.measured if each.scorer.is_main and each.scorer.shown_as == "share"
        for place, apart in enumerate(each.differences, 1)
    ]  # fmt: skip
    if not rows or all(row["low"] == row["high"] == 0 for row in rows):
        return
    base = alt.Chart({"values": rows}).encode(
        y=alt.Y("Measure:N", title=None, axis=alt.Axis(labelLimit=220)),
        yOffset="Variant:N",
        color=alt.Color(
            "Variant:N",
            scale=alt.Scale(range=list(_HUES)),
            legend=alt.Legend(orient="bottom", title=None, labelLimit=320),
        ),
    )
    zero = alt.Chart({"values": [{"points": 0}]}).mark_rule(strokeDash=[3, 3]).encode(x="points:Q")
    lines = base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", title="points beside the first"), x2="high:Q")
    marks = base.mark_point(filled=True, size=70).encode(x="points:Q")
    st.html(
        '<p class="v-note">How far each variant is from the first: right of the dashed line is more; a bar across the'
        " line shows no difference.</p>"
    )
    st.altair_chart(zero + lines + marks, width="stretch", key=f"report-chart-{report.run.id}")


def _figures_html(report: RunReport) -> str:
    """What is no mean: slots one by one, violations by kind, latency, tokens, cost."""
    heads = "".join(f"<th scope='col'>{html_text(variant.label)}</th>" for variant in report.variants)
    rows = []
    for kind in dict.fromkeys(name for figures in report.figures for name in figures.violations):
        rows.append((f"Violation: {kind}", [str(figures.violations.get(kind, 0)) for figures in report.figures]))
    for slot in dict.fromkeys(name for figures in report.figures for name in figures.by_slot):
        cells = [figures.by_slot.get(slot, (0, 0)) for figures in report.figures]
        rows.append((f"Slot {slot.replace('_', ' ')}", [f"{right} of {n_cases}" for right, n_cases in cells]))
    rows.append(("Half of the turns within", [f"{figures.p50_ms:.0f} ms" for figures in report.figures]))
    rows.append(("95 of 100 within", [f"{figures.p95_ms:.0f} ms" for figures in report.figures]))
    for stage in dict.fromkeys(name for figures in report.figures for name in figures.stages_ms if name != "total"):
        told = f"Stage {stage.replace('_', ' ')}, median"
        rows.append((told, [f"{figures.stages_ms.get(stage, 0):.0f} ms" for figures in report.figures]))
    counted = "estimated" if any(figures.is_estimated for figures in report.figures) else "by the vendor's count"
    rows.append((f"Tokens in / out ({counted})", [f"{f.tokens_in} / {f.tokens_out}" for f in report.figures]))
    costs = ["unknown" if figures.cost is None else f"${figures.cost:.4f}" for figures in report.figures]
    rows.append(("Cost of the run", costs))
    rows.append(("Turns with a failure", [str(figures.n_failed) for figures in report.figures]))
    body = "".join(
        f"<tr><th scope='row'>{html_text(name)}</th>{_cells_html(cells, report)}</tr>" for name, cells in rows
    )
    summary_line = "<summary>Slots, violations, times and cost</summary>"
    return f'<details class="v-bench-more">{summary_line}{_table_html("Figure", heads, body)}</details>'


def _draw_cases(report: RunReport) -> None:
    differing = report.differing
    if not differing:
        st.html('<p class="v-note">The variants did the same in every case: slots, cards and words.</p>')
        return
    st.html(
        f'<h3 class="v-bench-title">{len(differing)} of {len(report.played)} cases differ</h3>'
        '<p class="v-note">− is what the first had, + what the other has instead.</p>'
    )
    n_pages = -(-len(differing) // _CASES_SHOWN)
    page = 1
    if n_pages > 1:
        page = int(st.number_input(f"Page (of {n_pages})", 1, n_pages, 1, key=f"report-page-{report.run.id}"))
    for each in differing[(page - 1) * _CASES_SHOWN : page * _CASES_SHOWN]:
        with st.expander(markdown_text(each.case.message), key=f"report-{report.run.id}-{each.case.id}"):
            st.html(case_html(each, [variant.label for variant in report.variants]))
