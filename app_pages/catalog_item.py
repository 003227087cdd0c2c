"""One item as stored, as a spread: its picture, its fields with their sources, what is near, what happened to it."""

from collections.abc import Mapping
from dataclasses import fields, replace

import streamlit as st

from app_pages.cards import picture_html, price_html
from app_pages.catalog_desk import (
    address,
    field_html,
    item_link,
    note,
    run_link,
    shop,
    table_html,
    thumb_html,
    title,
    when,
)
from app_pages.catalog_seen import draw_seen
from app_pages.resources import wording
from app_pages.wording import html_text, sentence
from env.errors import CatalogError
from ingest.differences import Told, field_text, told_history
from tools.item import Item
from tools.store_copies import KEPT_DAYS, KEPT_RUNS
from tools.store_desk_item import ItemRecord, Neighbour, last_known, read_history, read_record

ORIGINS = {
    "title": "read from the title",
    "gender": "told by the gender",
    "sizes": "told by the stock of its sizes",
    "setting": "the shop's setting",
    "nothing": "nobody told",
}
# Drawn elsewhere on the spread.
_APART = frozenset({"title", "image", "category_path"})
_WHAT = {"new": "brought back", "changed": "changed", "removed": "removed"}


def draw_item(sku: str) -> None:
    """Draw the page of an item, also of one that is gone but still known."""
    opened = shop()
    record = read_record(opened.database, sku, opened.catalog.n_items())
    history = read_history(opened.database, sku)
    st.html('<p class="v-back"><a href="?view=Items" target="_self">All items</a></p>')
    if record is None:
        try:
            _draw_gone(last_known(history, sku))
        except CatalogError as error:
            note(sentence(str(error)), role="alert")
            return
    else:
        _draw_spread(record)
        draw_seen(record)
        _draw_near(record)
    _draw_history(told_history(record.item if record else None, history), record)


def _draw_spread(record: ItemRecord) -> None:
    item = record.item
    rows = [
        [
            field_html(one.name),
            _value_html(item, one.name),
            html_text(_origin(record.origins, one.name)),
        ]
        for one in fields(Item)
        if one.name not in _APART and field_text(item, one.name)
    ]
    facts = table_html("Fields", ["Field", "Value", "From"], rows)
    st.html(
        f'<div class="v-item"><div class="v-picture">{picture_html(item, wording(), is_lazy=False)}</div>'
        f'<div class="v-facts"><h1 class="v-desk-title">{html_text(item.title)}</h1>{price_html(item, wording())}'
        f"{_stored_html(record)}</div></div>{facts}"
    )


def _stored_html(record: ItemRecord) -> str:
    fingerprint = shop().embedder.fingerprint
    vectors = "none" if not record.embedder else "up to date" if record.embedder == fingerprint else "stale"
    told = (
        ("Path", " > ".join(record.item.category_path)),
        ("Source", record.source),
        ("Vectors", f"{vectors}{f' ({record.embedder})' if record.embedder else ''}"),
        ("Added", when(record.created_at)),
        ("Changed", when(record.updated_at)),
    )
    rows = "".join(f"<dt>{name}</dt><dd>{html_text(value)}</dd>" for name, value in told if value)
    written = f"<dt>Written by</dt><dd>{run_link(record.last_ingest)}</dd>" if record.last_ingest else ""
    see = f'<a class="v-hand-off" href="/{address(item=record.item.sku)}" target="_self">See it in the shop</a>'
    return f"<dl>{rows}{written}</dl><p>{see}</p>"


def _value_html(item: Item, name: str) -> str:
    text = field_text(item, name)
    if name in ("price_cents", "sale_price_cents"):
        text = wording().money(getattr(item, name), item.currency)
    return f'<span class="v-value">{html_text(text)}</span>'


def _origin(origins: Mapping[str, str] | None, name: str) -> str:
    """Where a value came from; only what was noted is told."""
    if name == "sku":
        return "feed"
    if origins is None:
        return "unknown"
    return ORIGINS.get(origins[name], origins[name]) if name in origins else "feed"


def _draw_near(record: ItemRecord) -> None:
    title("Nearest by picture")
    if record.neighbours:
        note("Cosine of the two pictures' vectors; 1 is the same. Variants are of the same design.")
        st.html(f'<ul class="v-near">{"".join(map(_neighbour_html, record.neighbours))}</ul>')
    else:
        note("It has no picture to compare." if not record.embedder else "Nothing else can be compared with it yet.")
    if record.duplicates or (record.folded_into and record.folded_into != record.item.sku):
        title("Folded into one card with")
        others = "".join(f"<li>{_tile(item, html_text(item.sku))}</li>" for item in record.duplicates)
        st.html(f'<ul class="v-near">{others}</ul>')


def _neighbour_html(one: Neighbour) -> str:
    variant = " · variant" if one.is_variant else ""
    return f"<li>{_tile(one.item, f'{one.score:.3f}{variant}')}</li>"


def _tile(item: Item, told: str) -> str:
    picture = f'<span class="v-picture">{picture_html(item, wording())}</span>'
    return item_link(item.sku, f'{picture}<b>{html_text(item.title)}</b><span class="v-sku">{told}</span>')


def _draw_gone(item: Item) -> None:
    st.html(
        f'<div class="v-item v-gone"><div class="v-picture">{picture_html(item, wording(), is_lazy=False)}</div>'
        f'<div class="v-facts"><h1 class="v-desk-title">{html_text(item.title)}</h1>'
        f"<p>This item has left the catalogue. So it looked then; an undo of that run brings it back.</p>"
        f"<p>{html_text(item.sku)}</p></div></div>"
    )


def _draw_history(history: tuple[Told, ...], record: ItemRecord | None) -> None:
    title("History")
    rows = [
        [f"{run_link(one.past.run)}", when(one.past.started_at), html_text(one.past.actor), _changes_html(one)]
        for one in history
    ]
    if rows:
        st.html(table_html("History", ["Run", "When", "Who", "What"], rows))
    added = f" It was added on {when(record.created_at)}." if record else ""
    note(f"Kept: the {KEPT_RUNS} newest runs of each source that changed anything, for {KEPT_DAYS} days.{added}")


def _changes_html(one: Told) -> str:
    lines = [
        f"<li><b>{field_html(change.field)}</b> <del>{html_text(change.before) or 'nothing'}</del>"
        f" <ins>{html_text(change.after) or 'nothing'}</ins></li>"
        for change in one.changes
    ]
    if one.pictures and one.past.before:
        before, after = (thumb_html(replace(one.past.before, image=image)) for image in one.pictures)
        lines.append(f"<li><b>picture</b> {before} {after}</li>")
    if not lines:
        # A row is also written again for its vectors or its source alone.
        word = "written again, all fields the same" if one.past.what == "changed" else _WHAT[one.past.what]
        return html_text(word)
    return f'<ul class="v-diff">{"".join(lines)}</ul>'
