"""What the picture of an item shows, beside what its row says."""

import streamlit as st

from app_pages.catalog_desk import field_html, note, shop, table_html, title
from app_pages.wording import html_text
from tools.seeing_item import Compared, compared
from tools.store_desk_item import ItemRecord

_HOW_IT_IS_USED = (
    "Seen in the picture by this machine, and not stored in the row. Shoppers who ask are told it with “looks”"
    " (all but the kind); it is never used as a limit."
)


def draw_seen(record: ItemRecord) -> None:
    """Draw each attribute that can be asked of the picture; one sentence where none can."""
    title("What its picture shows")
    why_not = _why_not(record)
    if why_not:
        note(why_not)
        return
    opened = shop()
    found = list(compared(record.item, opened.catalog.item_vector(record.item.sku), opened.catalog.eyes()))
    for one in found:
        if one.is_likely_mistake:
            st.html(f'<p class="v-differs" role="status">{html_text(_difference(one))}</p>')
    doubtful = [one.attribute for one in found if one.verdict == "differ" and not one.is_likely_mistake]
    more = f" Where {' and '.join(doubtful)} differ, it is mostly the picture that is misread." if doubtful else ""
    note(f"{_HOW_IT_IS_USED}{more}")
    head = ["Attribute", "The picture looks", "How sure", "The row says", "Together"]
    st.html(table_html("What its picture shows", head, [_row(one) for one in found], frozenset({2})))


def _why_not(record: ItemRecord) -> str:
    """Why nothing can be told of a picture; "" where something can."""
    opened = shop()
    if not record.item.image:
        return "It has no picture, so nothing can be seen."
    if not record.embedder:
        return "Its picture has no vector yet; `python -m ingest reembed` makes one."
    if record.embedder != opened.embedder.fingerprint:
        return "Its vector is of another embedder, which cannot be read; `python -m ingest reembed` makes a new one."
    if not opened.catalog.eyes().is_calibrated:
        return (
            f"Pictures cannot be read with the embedder at work, {record.embedder}: it was never calibrated."
            " `python -m evals seeing SOURCE --calibrate` does that."
        )
    return ""


def _difference(one: Compared) -> str:
    assert one.seen is not None
    told = f"the row says {one.said}, the picture looks {one.seen.value}, {one.seen.percent} %"
    return f"{one.attribute.capitalize()}: {told}."


def _row(one: Compared) -> list[str]:
    looks = html_text(one.seen.value) if one.seen else '<span class="v-unsure">cannot be told surely</span>'
    sure = f"{one.seen.percent} %" if one.seen else ""
    word = {"agree": "agree", "differ": "differ", "open": ""}[one.verdict]
    together = f"<b>{word}</b>" if one.is_likely_mistake else word
    return [field_html(one.attribute), looks, sure, html_text(one.said) or "nothing", together]
