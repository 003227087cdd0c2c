"""The corner of the header: saved items, the bag and preferences, each with its panel."""

import streamlit as st

from app_pages.bag_panel import open_bag
from app_pages.keeping import Keeping, draw_told
from app_pages.preferences_panel import open_preferences
from app_pages.saved_panel import open_saved


def draw_keeping_bar(keeping: Keeping) -> None:
    """Draw the three buttons with today's numbers, and open the panel of the one that was pressed."""
    draw_told()
    n_saved = len(keeping.shoppers.saved(keeping.shopper))
    n_pieces = keeping.shoppers.cart(keeping.shopper).n_pieces
    panels = (
        ("open-saved", f"Saved · {n_saved}" if n_saved else "Saved", open_saved),
        ("open-bag", f"Bag · {n_pieces}" if n_pieces else "Bag", open_bag),
        ("open-preferences", "Preferences", open_preferences),
    )
    with st.container(key="keeping", horizontal=True):
        pressed = [panel for key, label, panel in panels if st.button(label, key=f"panel-{key}", type="tertiary")]
    for panel in pressed:
        panel(keeping)
