"""The items as stored: searched, filtered, sorted, a page at a time."""

from dataclasses import replace

import streamlit as st

from app_pages.catalog_desk import desk_store, item_link, note, shop, table_html, thumb_html, when
from app_pages.resources import wording
from app_pages.wording import html_text, sentence
from env.errors import VitrineError
from ingest.desk_csv import MOST_EXPORTED, items_csv
from tools.query import FACETS, Filters, Query
from tools.store_desk import Cursor, DeskSort, Listing, RowCount, StoredItem, found_by
from tools.store_load import sources

PAGE_ROWS = 50
MOST_HITS = 50
SORTS: dict[str, DeskSort] = {"SKU": "sku", "Title": "title", "Price": "price", "Last changed": "changed"}
LACKS = ("No picture", "No price", "Stale vectors")
ALL_SOURCES = "All sources"
_CURSORS, _LISTED = "desk-cursors", "desk-listed"


def draw_list() -> None:
    """Draw what is asked for and one page of it."""
    if not shop().catalog.n_items():
        note("The catalogue is empty. Choose “Upload a feed” above: a CSV with sku, title, price and image will do.")
        return
    told, listing = _asked()
    count = desk_store().count(listing)
    cursors: list[Cursor] = st.session_state.setdefault(_CURSORS, [])
    if st.session_state.get(_LISTED) != listing:
        cursors.clear()
    st.session_state[_LISTED] = listing
    page = desk_store().page(listing, PAGE_ROWS, cursors[-1] if cursors else None)
    note(_summary(count, len(cursors), len(page.rows), told))
    if page.rows:
        st.html(_table(page.rows))
    else:
        note("No item is stored like that. Take a filter away, or search for other words.")
    _draw_ways_on(cursors, page.after, listing, bool(page.rows))


def _asked() -> tuple[str, Listing]:
    """The controls, and the list they ask for with a word about it."""
    with st.container(key="desk-asked", horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Words, or an SKU", key="q", placeholder="linen shirt, or A-10", bind="query-params")
        source = st.selectbox("Source", [ALL_SOURCES, *sources(shop().database)], key="source", bind="query-params")
        order = st.selectbox("Sorted by", list(SORTS), key="sort", bind="query-params")
        filters = _draw_filters()
    lacks = st.pills(
        "What is missing", LACKS, selection_mode="multi", key="lacks", label_visibility="collapsed", bind="query-params"
    )
    listing = Listing(
        filters=filters,
        source="" if source == ALL_SOURCES else source,
        sort=SORTS[order],
        lacks_picture="No picture" in lacks,
        lacks_price="No price" in lacks,
        is_stale="Stale vectors" in lacks,
    )
    return _searched(words.strip(), listing) if words.strip() else ("", listing)


def _draw_filters() -> Filters:
    vocabulary = shop().catalog.without_rules().vocabulary()
    chosen: dict[str, tuple[str, ...]] = {}
    n_chosen = sum(bool(st.session_state.get(facet)) for facet in FACETS)
    with st.popover(f"Filters · {n_chosen}" if n_chosen else "Filters"):
        for facet in FACETS:
            values = vocabulary.values(facet)
            if values:
                label = facet.replace("_", " ").capitalize()
                chosen[facet] = tuple(st.multiselect(label, values, key=facet, bind="query-params"))
    return Filters(facets={facet: values for facet, values in chosen.items() if values})


def _back() -> None:
    st.session_state[_CURSORS].pop()


def _searched(words: str, listing: Listing) -> tuple[str, Listing]:
    """The list narrowed by an SKU where one begins so, else by the shop's own search."""
    by_sku = replace(listing, sku_begins=words)
    if desk_store().count(by_sku).n:
        return f"whose SKU begins with “{words}”", by_sku
    try:
        found = shop().catalog.without_rules().search(Query(text=words, filters=listing.filters, top_k=MOST_HITS))
    except VitrineError as error:
        note(sentence(str(error)), role="alert")
        return "", found_by(listing, ())
    skus = [item.sku for hit in found.hits for item in (hit.item, *hit.variants)]
    return f"among the {MOST_HITS} best designs for “{words}”, best first", found_by(listing, skus[:PAGE_ROWS])


def _summary(count: RowCount, n_before: int, n_here: int, told: str) -> str:
    n_items = f"about {count.n:,}" if count.is_estimate else f"{count.n:,}"
    begin = n_before * PAGE_ROWS
    shown = f", {begin + 1:,} to {begin + n_here:,} here" if n_here and (n_before or count.n > n_here) else ""
    estimate = " (an estimate: counting so many takes too long)" if count.is_estimate else ""
    return f"{n_items} items {told}".rstrip() + f"{shown}{estimate}."


def _table(rows: tuple[StoredItem, ...]) -> str:
    fingerprint = shop().embedder.fingerprint
    head = ["Picture", "Item", "Category", "Colour", "Price", "Source", "Changed"]
    return table_html("Items", head, [_cells(row, fingerprint) for row in rows], numbers=frozenset({4}))


def _cells(row: StoredItem, fingerprint: str) -> list[str]:
    item = row.item
    name = f'<b>{html_text(item.title)}</b><span class="v-sku">{html_text(item.sku)}</span>'
    price = wording().money(item.pays_cents, item.currency) if item.pays_cents is not None else "no price"
    stale = '<span class="v-sku">stale vectors</span>' if item.image and row.embedder != fingerprint else ""
    return [
        item_link(item.sku, thumb_html(item)),
        item_link(item.sku, name),
        html_text(item.category),
        html_text(item.colour),
        html_text(price),
        html_text(_short(row.source)),
        f"{when(row.updated_at)}{stale}",
    ]


def _short(source: str) -> str:
    """A source that is a path is told by its end."""
    return f"…/{source.rsplit('/', 1)[-1]}" if "/" in source else source


def _draw_ways_on(cursors: list[Cursor], after: Cursor | None, listing: Listing, has_rows: bool) -> None:
    with st.container(key="desk-ways", horizontal=True):
        if cursors:
            st.button("Back", key="page-back", on_click=_back)
        if after is not None:
            st.button("Next page", key="page-next", on_click=cursors.append, args=(after,))
        if has_rows:
            store = desk_store()
            st.download_button(
                "Download as CSV",
                data=lambda: items_csv(store.all_rows(listing, MOST_EXPORTED)),
                file_name="catalogue.csv",
                mime="text/csv",
                key="export-items",
                on_click="ignore",
                help=f"All that is filtered, {MOST_EXPORTED:,} items at most.",
            )
