"""The corner of the header: saved items, the bag and preferences, each with its panel."""

import streamlit as st

from app_pages.bag_panel import open_bag
from app_pages.keeping import Keeping, draw_told
from app_pages.preferences_panel import open_preferences
from app_pages.saved_panel import open_saved


def numbers_of(keeping: Keeping) -> tuple[int, int]:
    """How many items are saved, and how many pieces the bag holds."""
    return len(keeping.shoppers.saved(keeping.shopper)), keeping.shoppers.cart(keeping.shopper).n_pieces


def draw_keeping_bar(keeping: Keeping) -> tuple[int, int]:
    """Draw the three buttons with today's numbers, which are returned, and open the panel of the one pressed."""
    draw_told()
    n_saved, n_pieces = numbers = numbers_of(keeping)
    panels = (
        ("open-saved", f"Saved · {n_saved}" if n_saved else "Saved", open_saved),
        ("open-bag", f"Bag · {n_pieces}" if n_pieces else "Bag", open_bag),
        ("open-preferences", "Preferences", open_preferences),
    )
    with st.container(key="keeping", horizontal=True):
        pressed = [panel for key, label, panel in panels if st.button(label, key=f"panel-{key}", type="tertiary")]
    for panel in pressed:
        panel(keeping)
    return numbers
