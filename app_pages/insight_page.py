"""Insight: what shoppers asked for, what the shop did not have, how it did, and the turns behind every figure."""

from typing import Any

import streamlit as st

from agents.insight import Insight
from agents.insight.asked import FACETS, Facet
from agents.insight.block import Block, BlockName, Cell
from agents.insight.csv_files import as_csv
from agents.workbench.worker import bench_folder
from app_pages.access import require
from app_pages.insight_behind import draw_behind
from app_pages.insight_charts import draw_chart
from app_pages.insight_keeping import draw_keeping
from app_pages.insight_scope import draw_scope
from app_pages.page_head import draw_head
from app_pages.resources import desk, settings
from app_pages.wording import html_text
from env.roles import Action
from tools.insight import Pick, Scope

# Only what is looked at is counted.
_VIEWS: dict[str, tuple[BlockName, ...]] = {
    "Wishes": ("queries", "missed", "limits", "routes"),
    "Items": ("chosen", "unchosen"),
    "Answers": ("thumbs", "times", "failures", "cost"),
    "Days": ("talk",),
}
_KEEPING = "Keeping"
_FACET_WORDS = {"wish": "the whole wish", "price": "price limit"}


def draw_insight() -> None:
    """Draw the page for whoever may read what shoppers wrote."""
    insight = Insight(desk().shop.database, require(Action.READ_INSIGHT), bench_folder(settings()))
    draw_head("Insight", "What shoppers looked for, found, chose and missed.")
    options = insight.options()
    if not options.n_turns:
        st.html(
            '<p class="v-empty">Nobody has talked to the shop yet. Ask it something on <a href="/" target="_self">its'
            " own page</a>: the message shows here at once, with what it found.</p>"
        )
        draw_keeping()
        return
    scope = draw_scope(options)
    view = st.segmented_control(
        "Look at",
        (*_VIEWS, _KEEPING),
        default="Wishes",
        required=True,
        key="insight-view",
        label_visibility="collapsed",
    )
    if view == _KEEPING:
        draw_keeping()
        return
    for name in _VIEWS[str(view)]:
        _draw_block(insight, scope, name)


def _draw_block(insight: Insight, scope: Scope, name: BlockName) -> None:
    """One question: its answer as a sentence, a chart and a table, and the way to the turns behind a row."""
    with st.container(key=f"insight-{name}"):
        told = st.container()
        facet = _facet() if name == "missed" else "wish"
        block = insight.block(name, scope, facet)
        told.html(f"<h2>{html_text(block.question)}</h2><p>{html_text(block.sentence)}</p>")
        if not block.rows:
            return
        draw_chart(block)
        pick = _draw_table(block)
        if pick is not None:
            draw_behind(insight, scope, pick, name)


def _facet() -> Facet:
    chosen = st.selectbox(
        "What we did not have, by",
        FACETS,
        format_func=lambda facet: _FACET_WORDS.get(facet, facet),
        key="insight-facet",
    )
    return chosen or "wish"


def _draw_table(block: Block) -> Pick | None:
    """The table, its CSV file, and the row picked: in the table, or by name for keyboards and thumbs."""
    cells = {name: [_rounded(name, cell) for cell in block.column(name)] for name in block.columns}
    shown = {name: column for name in block.columns if (column := _column(name))}
    table = st.dataframe(
        cells, hide_index=True, column_config=shown, key=f"insight-table-{block.name}", on_select="rerun",
        selection_mode="single-row", placeholder="–", height=min(38 + 35 * len(block.rows), 290),
    )  # fmt: skip
    named = {_row_words(row.cells): place for place, row in enumerate(block.rows)}
    with st.container(key=f"insight-pick-{block.name}"):
        chosen = st.selectbox(
            "Turns behind", tuple(named), index=None, placeholder="a row of the table", key=f"insight-row-{block.name}"
        )
        st.download_button(
            "Download as CSV", as_csv(block), f"{block.name}.csv", "text/csv", key=f"insight-csv-{block.name}",
            on_click="ignore",
        )  # fmt: skip
    rows: list[int] = table.selection.rows
    place = rows[0] if rows else named.get(chosen) if chosen else None
    return block.rows[place].pick if place is not None and place < len(block.rows) else None


def _column(name: str) -> Any:
    if name.endswith("share"):
        return st.column_config.NumberColumn(name, format="percent")
    return st.column_config.DateColumn(name, format="YYYY-MM-DD") if name == "day" else None


def _rounded(name: str, cell: Cell) -> Cell:
    return round(cell, 2) if name.endswith("share") and isinstance(cell, float) else cell


def _row_words(cells: tuple[object, ...]) -> str:
    """A row by what tells it from the others: its first words, and the next where there are two."""
    told = [str(cell) for cell in cells[:2] if isinstance(cell, str) or not isinstance(cell, int | float | type(None))]
    return " · ".join(told)
