"""One item seen large: its picture, facts, sizes and what else there is of its design."""

from collections.abc import Callable

import streamlit as st

from app_pages.cards import picture_html, price_html, sizes_html, sponsored_html
from app_pages.keeping import Keeping, draw_keep
from app_pages.wording import Wording, html_text, markdown_text
from tools.item import Item
from tools.query import Hit

Ask = Callable[[str], None]
MAX_VARIANTS = 8


def open_item(hit: Hit, similar: str, keeping: Keeping, ask: Ask) -> None:
    """Open the dialog of `hit` over the page, and remember that it was looked at.

    `similar` is the message that asks for more like it; "" where no number on the page means it.
    """
    keeping.profiles.view(keeping.shopper, hit.item.sku)
    keeping.notice(hit.item.sku, "open")
    st.dialog(markdown_text(hit.item.title), width="large")(_draw)(hit, similar, keeping, ask)


def _draw(hit: Hit, similar: str, keeping: Keeping, ask: Ask) -> None:
    wording = keeping.wording
    item = hit.item
    picture = f"{picture_html(item, wording, is_lazy=False)}{sponsored_html(hit)}"
    st.html(
        f'<div class="v-item"><div class="v-picture">{picture}</div>'
        f'<div class="v-facts">{price_html(item, wording)}{sizes_html(item)}'
        f"{_description_html(item)}{_facts_html(item, wording)}</div></div>"
    )
    draw_keep(item, keeping)
    if hit.variants:
        st.html(_variants_html(hit, wording))
    # A dialog runs alone; the answer is the whole page's business.
    if similar and st.button("More like this", key=f"similar-{item.sku}", on_click=ask, args=(similar,)):
        st.rerun()


def _description_html(item: Item) -> str:
    return f"<p>{html_text(item.description)}</p>" if item.description else ""


def _facts_html(item: Item, wording: Wording) -> str:
    rated = f"{item.rating:.1f} of 5" if item.rating is not None else ""
    if rated and item.n_ratings:
        rated += f", {item.n_ratings} ratings"
    facts = (
        ("Brand", item.brand),
        ("Colour", item.colour),
        ("Material", item.material),
        ("Pattern", item.pattern),
        ("For", wording.taxonomy.label(item.gender, item.age_group)),
        ("Good for", ", ".join(word for word in (item.usage, item.season) if word)),
        ("Rated", rated),
        ("Item number", item.sku),
    )
    rows = "".join(f"<dt>{name}</dt><dd>{html_text(value)}</dd>" for name, value in facts if value)
    return f"<dl>{rows}</dl>"


def _variants_html(hit: Hit, wording: Wording) -> str:
    tiles = "".join(
        f'<li><div class="v-picture">{picture_html(item, wording)}</div><p>{html_text(_look(item))}</p></li>'
        for item in hit.variants[:MAX_VARIANTS]
    )
    return f'<h3 class="v-also">Also in</h3><ul class="v-variants">{tiles}</ul>'


def _look(item: Item) -> str:
    """What tells an item from the others of its design."""
    pattern = "" if item.pattern == "solid" else item.pattern
    return " ".join(word for word in (item.colour, pattern) if word) or item.title
