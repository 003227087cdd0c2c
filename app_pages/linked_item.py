"""An item that the address names (`/?item=SKU`): its dialog, over whatever the page shows."""

import streamlit as st

from app_pages.item_dialog import Ask, open_item
from app_pages.keeping import Keeping
from tools.query import Hit


def open_linked(held: Keeping, ask: Ask) -> None:
    """Open the dialog of the item once; a SKU that has left the catalogue opens nothing."""
    sku = st.query_params.get("item", "")
    if not sku:
        return
    # Taken out of the address, so that it does not open again with every press.
    del st.query_params["item"]
    for item in held.catalog.items([sku]):
        open_item(Hit(item, 0.0), "", held, ask)
