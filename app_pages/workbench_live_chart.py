"""The chart of a live comparison: the difference as sessions came in, with its band."""

from typing import Any

import altair as alt

from agents.live.report import LiveReport

# Readable on paper and after dark.
_LINE, _ZERO = "#b9773f", "#8d7f76"
_HEIGHT_PX = 260


def difference_chart(report: LiveReport) -> alt.LayerChart | alt.FacetChart:
    """B minus A in points over the time at which sessions began; the report has two points at least."""
    rows = [
        {
            "at": point.at.isoformat(),
            "sessions": point.n_sessions,
            "difference": round(point.difference * 100, 2),
            "low": round(max(point.low, -1.0) * 100, 2),
            "high": round(min(point.high, 1.0) * 100, 2),
        }
        for point in report.points
    ]
    data = alt.Data(values=rows)  # type: ignore[no-untyped-call]
    base = alt.Chart(data).encode(
        x=alt.X("at:T", title=None, axis=alt.Axis(labelOverlap=True, grid=False, tickCount=5)), tooltip=_tooltip()
    )
    title = "B minus A, points"
    scale, axis = alt.Scale(domain=_domain(rows), nice=False), alt.Axis(tickCount=5, format="+d")
    band = base.mark_area(color=_LINE, opacity=0.22, clip=True).encode(
        y=alt.Y("low:Q", title=title, scale=scale, axis=axis), y2="high:Q"
    )
    line = base.mark_line(color=_LINE, strokeWidth=2.5, clip=True).encode(y=alt.Y("difference:Q", scale=scale))
    zero = base.mark_rule(color=_ZERO, strokeDash=[4, 4]).encode(y=alt.datum(0, scale=scale), x=alt.value(0))
    zero = zero.encode(x2=alt.value("width"))
    return alt.layer(band, zero, line).properties(height=_HEIGHT_PX, width="container")


def _tooltip() -> list[Any]:
    return [
        alt.Tooltip("at:T", title="Session began", format="%d %b %H:%M"),
        alt.Tooltip("sessions:Q", title="Sessions"),
        alt.Tooltip("difference:Q", title="Difference", format="+.1f"),
        alt.Tooltip("low:Q", title="From", format="+.1f"),
        alt.Tooltip("high:Q", title="To", format="+.1f"),
    ]


def _domain(rows: list[dict[str, Any]]) -> list[float]:
    """Room for the later part of the band: the first sessions know nothing, and would press all else flat."""
    later = rows[len(rows) // 3 :]
    reach = max(max(abs(row["low"]), abs(row["high"])) for row in later)
    return [-min(reach * 1.1, 100.0), min(reach * 1.1, 100.0)]
