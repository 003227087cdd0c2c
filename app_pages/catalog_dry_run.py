"""What a feed would do, drawn: figures first, then examples of each kind, then what is refused."""

from functools import partial

import streamlit as st

from app_pages.catalog_desk import field_html, note, table_html, title
from app_pages.catalog_run import figures_html
from app_pages.wording import html_text
from ingest.desk_csv import report_csv, told_now
from ingest.differences import Change
from ingest.dry_run import DryRun, Line

MOST_SHOWN = 20


def draw_dry_run(found: DryRun) -> None:
    """Draw the whole of it."""
    title("What it would do")
    note(f"Read as {found.kind}: {found.n_read:,} rows in {found.seconds:.1f} s. Nothing is written yet.")
    told = (
        ("new", found.n_new), ("changed", found.n_changed), ("removed", found.n_removed),
        ("unchanged", found.n_unchanged), ("rejected", found.n_rejected),
    )  # fmt: skip
    st.html(figures_html(list(told)))
    if found.changed:
        _draw_changed(found)
    _draw_lines("New", found.new, found.n_new)
    _draw_lines("Removed", found.removed, found.n_removed)
    _draw_rejected(found)
    if found.n_untried:
        note(f"{found.n_untried:,} pictures on the web were not asked for; the run tells what cannot be had.")


def _draw_changed(found: DryRun) -> None:
    title("Changed", level=3)
    counts = ", ".join(f"{field_html(field)} in {n:,}" for field, n in found.n_by_field.items())
    st.html(f'<p class="v-note">Fields that change: {counts}.</p>')
    rows = [
        [html_text(change.sku), html_text(change.title), _changes_html(change)] for change in found.changed[:MOST_SHOWN]
    ]
    st.html(table_html("Changed", ["SKU", "Item", "Before and after"], rows))
    _note_more(len(rows), found.n_changed)


def _changes_html(change: Change) -> str:
    lines = "".join(
        f"<li><b>{field_html(one.field)}</b> <del>{html_text(one.before) or 'nothing'}</del>"
        f" <ins>{html_text(one.after) or 'nothing'}</ins></li>"
        for one in change.fields
    )
    return f'<ul class="v-diff">{lines}</ul>'


def _draw_lines(name: str, lines: tuple[Line, ...], n_all: int) -> None:
    if not lines:
        return
    title(name, level=3)
    rows = [[html_text(line.sku), html_text(line.title)] for line in lines[:MOST_SHOWN]]
    st.html(table_html(name, ["SKU", "Item"], rows))
    _note_more(len(rows), n_all)


def _draw_rejected(found: DryRun) -> None:
    for name, by_reason in (("Rejected", found.rejected), ("Notes", found.notes)):
        if not by_reason:
            continue
        title(name, level=3)
        rows = [
            [html_text(reason), f"{told.n:,}", html_text(str(told.first[0].place)), html_text(told.first[0].detail)]
            for reason, told in by_reason.items()
        ]
        st.html(table_html(name, ["Reason", "Rows", "First", "Detail"], rows, numbers=frozenset({1})))
        st.download_button(
            f"Download {name.lower()}",
            data=partial(report_csv, told_now(by_reason)),
            file_name=f"{name.lower()}.csv",
            mime="text/csv",
            key=f"export-look-{name}",
            on_click="ignore",
        )


def _note_more(n_shown: int, n_all: int) -> None:
    if n_all > n_shown:
        note(f"The first {n_shown} of {n_all:,}.")
