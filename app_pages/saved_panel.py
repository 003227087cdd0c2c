"""Saved items, opened: each can be looked at or taken out."""

import hashlib

import streamlit as st

from app_pages.cards import picture_html, price_html
from app_pages.keeping import Keeping
from app_pages.wording import html_text, markdown_text
from tools.cart import SavedItem

LOOK_AT = "look-at"
"""Where the SKU waits in the session's state that the page is to open next: a dialog cannot open another."""


def open_saved(keeping: Keeping) -> None:
    """Open the saved items over the page; closing them draws the page anew, with its numbers."""
    st.dialog("Saved", width="medium", on_dismiss="rerun")(_draw)(keeping)


def _draw(keeping: Keeping) -> None:
    saved = keeping.shoppers.saved(keeping.shopper)
    if not saved:
        st.html('<p class="v-empty">Nothing saved yet. Open a card and save what you like.</p>')
        return
    for one in saved:
        key = hashlib.sha256(one.sku.encode()).hexdigest()[:12]
        with st.container(key=f"line-{key}"):
            st.html(_saved_html(one, keeping))
            with st.container(key=f"line-tools-{key}", horizontal=True):
                if one.item is not None and st.button("Look at it", key=f"look-{key}"):
                    st.session_state[LOOK_AT] = one.sku
                    st.rerun()
                help_text = markdown_text(f"Take {one.title} out of the saved items")
                st.button(
                    "Remove", key=f"unsave-{key}", type="tertiary", help=help_text, on_click=_unsave,
                    args=(keeping, one.sku),
                )  # fmt: skip


def _saved_html(one: SavedItem, keeping: Keeping) -> str:
    if one.item is None:
        return (
            '<div class="v-line v-gone"><div class="v-picture"></div><div>'
            f"<h3>{html_text(one.title)}</h3><p>It has left the shop.</p></div></div>"
        )
    return (
        f'<div class="v-line"><div class="v-picture">{picture_html(one.item, keeping.wording)}</div><div>'
        f"<h3>{html_text(one.item.title)}</h3>{price_html(one.item, keeping.wording)}</div></div>"
    )


def _unsave(keeping: Keeping, sku: str) -> None:
    keeping.shoppers.unsave(keeping.shopper, [sku])
