"""The personal shelf of an empty chat: a few things like those that were looked at or saved."""

import streamlit as st

from app_pages.cards import picture_html, price_html
from app_pages.keeping import Keeping
from app_pages.wording import html_text, markdown_text
from tools.item import Item
from tools.query import Hit

N_SHELF = 4
# What was looked at longer ago says less about what is wanted now.
_N_RECENT = 8


def shelf_of(keeping: Keeping) -> tuple[str, tuple[Hit, ...]]:
    """The title of the item looked at last, and up to four items near all of them; ("", ()) where there is no shelf."""
    if not keeping.profiles.profile(keeping.shopper).has_shelf:
        return "", ()
    saved = [one.sku for one in keeping.shoppers.saved(keeping.shopper)][:_N_RECENT]
    viewed = keeping.profiles.viewed(keeping.shopper, _N_RECENT)
    seen = list(dict.fromkeys((*viewed, *saved)))
    known = keeping.catalog.items(seen)
    if not known:
        return "", ()
    return known[0].title, keeping.catalog.like_these([item.sku for item in known], N_SHELF)


def draw_shelf(keeping: Keeping) -> Hit | None:
    """Draw the row, and return the item that was opened in this run."""
    title, hits = shelf_of(keeping)
    opened = None
    if not hits:
        return None
    with st.container(key="shelf"):
        st.html(f'<h2 class="v-shelf">Because you looked at {html_text(title)}</h2>')
        with st.container(key="cards-shelf"):
            for place, hit in enumerate(hits, start=1):
                with st.container(key=f"card-shelf-{place}"):
                    st.html(_card_html(hit.item, keeping))
                    label = markdown_text(f"Look at {hit.item.title}")
                    if st.button(label, key=f"open-shelf-{place}", type="tertiary"):
                        opened = hit
    return opened


def _card_html(item: Item, keeping: Keeping) -> str:
    return (
        f'<article class="v-card"><div class="v-picture">{picture_html(item, keeping.wording)}</div>'
        f'<h3 class="v-title">{html_text(item.title)}</h3>{price_html(item, keeping.wording)}</article>'
    )
