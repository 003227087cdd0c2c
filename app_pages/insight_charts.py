"""Charts in the colours of the house, light and dark, one for each block of insight."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from agents.insight.block import Block, BlockName

# Altair asks whether a value is one of pandas', and fails where another thread's page is just importing it.
importlib.import_module("pandas")

# A bar needs as much to be read and touched.
_BAR_PX = 26
_MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of app_pages/vitrine.css that a chart needs, and two hues that differ in lightness as well."""

    ink: str
    soft: str
    line: str
    first: str
    second: str


_LIGHT = Palette("#2a2320", "#6b5d54", "#e2d6c6", "#8a4528", "#d99a3d")
_DARK = Palette("#f3ebe1", "#b9aba1", "#41373d", "#e9b873", "#a8644a")
# Altair's own methods say no more of what they return.
_Chart = Any


def draw_chart(block: Block) -> None:
    """Draw the chart of a block that has rows. Without a single thumb there is nothing to be drawn of them."""
    if block.name == "thumbs" and not any(row.cells[block.columns.index("up share")] is not None for row in block.rows):
        return
    palette = _DARK if st.context.theme.type == "dark" else _LIGHT
    chart = _CHARTS[block.name](block, palette)
    st.altair_chart(_themed(chart, palette), theme=None, width="stretch", key=f"chart-{block.name}")


def _themed(chart: _Chart, palette: Palette) -> _Chart:
    """The chart in the type and the lines of the house, on the page's own ground."""
    axis = {
        "labelColor": palette.soft,
        "titleColor": palette.soft,
        "domainColor": palette.line,
        "tickColor": palette.line,
    }
    themed = chart.configure(background="transparent", font="Figtree, 'Helvetica Neue', Arial, sans-serif")
    themed = themed.configure_view(stroke=None).configure_axis(
        gridColor=palette.line, labelFontSize=13, titleFontSize=13, titleFontWeight=400, labelLimit=150, **axis
    )
    return themed.configure_legend(
        orient="top", title=None, labelColor=palette.soft, labelFontSize=13, symbolType="circle"
    )


def _values(block: Block) -> list[dict[str, Any]]:
    """The rows as Altair wants them; names of columns may hold what a field must not."""
    names = [_field(name) for name in block.columns]
    return [dict(zip(names, (_plain(cell) for cell in row.cells), strict=True)) for row in block.rows]


def _data(values: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=values)


def _field(name: str) -> str:
    return name.replace(" ", "_").replace("%", "percent")


def _plain(cell: object) -> object:
    return cell if cell is None or isinstance(cell, str | int | float) else str(cell)


def _by_day(block: Block, palette: Palette) -> _Chart:
    chart = alt.Chart(_data(_values(block)), height=220).mark_bar(color=palette.first, cornerRadius=3)
    messages = alt.Y("messages:Q", axis=alt.Axis(tickMinStep=1, format=",d"))
    return chart.encode(x=_days(), y=messages, tooltip=["day:T", "messages:Q", "chats:Q", "shoppers:Q"])


def _bars(label: str, value: str, title: str) -> Callable[[Block, Palette], _Chart]:
    """One bar a row, the first rows at the top."""

    def draw(block: Block, palette: Palette) -> _Chart:
        values = _values(block)[:_MOST_BARS]
        data = _data(values)
        return alt.Chart(data, height=alt.Step(_BAR_PX)).mark_bar(color=palette.first, cornerRadius=3).encode(
            x=_count(value, title), y=_names(label), tooltip=[f"{label}:N", f"{value}:Q"]
        )  # fmt: skip

    return draw


def _stacked(label: str | None, names: tuple[str, str]) -> Callable[[Block, Palette], _Chart]:
    """Two counts of each row in one bar; `label` None is the first column."""

    def draw(block: Block, palette: Palette) -> _Chart:
        field = label or _field(block.columns[0])
        rows = _values(block)[:_MOST_BARS]
        values = [
            {field: row[field], "what": name, "messages": row[_field(name)], "place": place}
            for row in rows
            for place, name in enumerate(names)
        ]
        return alt.Chart(_data(values), height=alt.Step(_BAR_PX)).mark_bar(cornerRadius=3).encode(
            x=_count("messages", "messages"), y=_names(field), color=_pair(names, palette), order="place:Q",
            tooltip=[f"{field}:N", "what:N", "messages:Q"],
        )  # fmt: skip

    return draw


def _failures(block: Block, palette: Palette) -> _Chart:
    """One bar a service and reason."""
    values = [row | {"what": f"{row['service']} {row['reason']}"} for row in _values(block)[:_MOST_BARS]]
    chart = alt.Chart(_data(values), height=alt.Step(_BAR_PX)).mark_bar(color=palette.first, cornerRadius=3)
    return chart.encode(x=_count("messages", "messages"), y=_names("what"), tooltip=["what:N", "messages:Q"])


def _thumbs(block: Block, palette: Palette) -> _Chart:
    """A point for each share, with the line of its interval."""
    values = [
        row | {"who": f"{row['prompts']} · {row['answered_by']}"}
        for row in _values(block)
        if row["up_share"] is not None
    ]
    base = alt.Chart(_data(values or [{}]), height=alt.Step(_BAR_PX)).encode(y=_names("who"))
    axis = alt.Axis(format="%", title="thumbs up, of all thumbs")
    lines = base.mark_rule(color=palette.second, strokeWidth=3).encode(
        x=alt.X("low_share:Q", scale=alt.Scale(domain=[0, 1]), axis=axis), x2="high_share:Q"
    )
    points = base.mark_point(color=palette.first, filled=True, size=110, opacity=1).encode(
        x="up_share:Q", tooltip=["who:N", "up:Q", "down:Q", alt.Tooltip("up_share:Q", format=".0%")]
    )
    return alt.layer(lines, points)


def _times(block: Block, palette: Palette) -> _Chart:
    """The whole turn, day by day."""
    names = ("half of the answers", "19 of 20")
    values = [
        {"day": row["day"], "what": name, "seconds": row[field] / 1000}
        for row in _values(block)
        if row["stage"] == "total"
        for name, field in zip(names, ("half_within_ms", "95_percent_within_ms"), strict=True)
    ]
    chart = alt.Chart(_data(values), height=220).mark_line(point=True, strokeWidth=2)
    return chart.encode(
        x=_days(), y=alt.Y("seconds:Q", title="seconds at most"), color=_pair(names, palette),
        tooltip=["day:T", "what:N", alt.Tooltip("seconds:Q", format=".2f")],
    )  # fmt: skip


def _cost(block: Block, palette: Palette) -> _Chart:
    """Cost by day, or calls where no cost is known."""
    values = _values(block)
    column = _field(block.columns[-1])
    is_known = any(row[column] is not None for row in values)
    field, title = (column, block.columns[-1]) if is_known else ("calls", "calls")
    # More models than hues: the tooltip names each.
    scheme = alt.Scale(range=[palette.first, palette.second, palette.soft, palette.ink, palette.line])
    return alt.Chart(_data(values), height=220).mark_bar(cornerRadius=3).encode(
        x=_days(), y=alt.Y(f"{field}:Q", title=title), color=alt.Color("model:N", scale=scheme),
        tooltip=["day:T", "model:N", "calls:Q", f"{field}:Q"],
    )  # fmt: skip


def _pair(names: tuple[str, str], palette: Palette) -> alt.Color:
    return alt.Color("what:N", scale=alt.Scale(domain=list(names), range=[palette.first, palette.second]))


def _days() -> alt.X:
    return alt.X("utcyearmonthdate(day):T", title=None, axis=alt.Axis(format="%-d %b", grid=False, labelOverlap=True))


def _count(field: str, title: str) -> alt.X:
    return alt.X(f"{field}:Q", title=title, axis=alt.Axis(tickMinStep=1, format=",d"))


def _names(field: str) -> alt.Y:
    return alt.Y(f"{field}:N", sort=None, title=None, axis=alt.Axis(grid=False, ticks=False, domain=False))


_CHARTS: dict[BlockName, Callable[[Block, Palette], _Chart]] = {
    "talk": _by_day,
    "routes": _bars("read_as", "messages", "messages"),
    "queries": _bars("words", "messages", "messages"),
    "missed": _stacked(None, ("nearest shown", "nothing shown")),
    "limits": _stacked("limit", ("given up by the shop", "by shoppers")),
    "unchosen": _bars("item", "expected", "turns that would have chosen it"),
    "chosen": _bars("item", "chosen", "turns that chose it"),
    "thumbs": _thumbs,
    "times": _times,
    "cost": _cost,
    "failures": _failures,
}
