"""Whose things a page shows, and where they are kept."""

from dataclasses import dataclass

import streamlit as st

from agents.profile import own_sizes
from app_pages.wording import Wording, markdown_text
from tools.cart import CartLine, n_left, sizes_in_stock
from tools.catalog import Catalog
from tools.item import Item
from tools.store_profile import ProfileStore
from tools.store_shopper import ShopperStore


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the panels of one shopper work with."""

    shopper: str
    shoppers: ShopperStore
    profiles: ProfileStore
    catalog: Catalog
    wording: Wording

    def add(self, item: Item, size: str) -> CartLine | None:
        """One more piece in the cart; the line as it was read back, or None where it did not grow."""
        before = self.shoppers.line(self.shopper, item.sku, size)
        most = n_left(item, size)
        if not most:
            return None
        self.shoppers.add_to_cart(self.shopper, item, size, 1, most)
        after = self.shoppers.line(self.shopper, item.sku, size)
        return after if after and after.quantity > (before.quantity if before else 0) else None

    def is_saved(self, sku: str) -> bool:
        """Whether an item is among the saved ones."""
        return any(saved.sku == sku for saved in self.shoppers.saved(self.shopper))


def draw_keep(item: Item, keeping: Keeping) -> None:
    """Draw the sizes in stock with "Add to bag" and "Save"; what was done is told once it was read back."""
    with st.container(key=f"keep-{item.sku}"):
        size = _draw_sizes(item, keeping)
        with st.container(key=f"keep-buttons-{item.sku}", horizontal=True):
            _draw_add(item, size, keeping)
            _draw_save(item, keeping)


def _draw_sizes(item: Item, keeping: Keeping) -> str | None:
    """The size chosen: "" where the item has none, None where one is still to be chosen."""
    sizes = sizes_in_stock(item)
    if not item.sizes:
        return ""
    if len(item.sizes) == 1 and sizes:
        return sizes[0]
    if not sizes:
        return None
    profile = keeping.profiles.profile(keeping.shopper)
    own = [size for size in own_sizes(profile, item.category_path or (item.category,)) if size in sizes]
    return st.pills(
        "Size",
        sizes,
        default=own[0] if len(own) == 1 else None,
        format_func=markdown_text,
        key=f"size-{item.sku}",
    )


def _draw_add(item: Item, size: str | None, keeping: Keeping) -> None:
    can_be_had = n_left(item, "") > 0 if not item.sizes else bool(sizes_in_stock(item))
    label = "Add to bag" if can_be_had else "Out of stock"
    if not st.button(label, key=f"add-{item.sku}", type="primary", disabled=not can_be_had):
        return
    if size is None:
        st.html('<p class="v-note" role="alert">Choose a size first.</p>')
        return
    line = keeping.add(item, size)
    if line is None:
        st.html('<p class="v-note" role="alert">There are no more of it: your bag holds all there are.</p>')
        return
    in_size = f", size {line.size}" if line.size else ""
    count = f" You have {line.quantity} of it now." if line.quantity > 1 else ""
    _told(f"In your bag: {markdown_text(f'{line.title}{in_size}')}.{count}")


def _draw_save(item: Item, keeping: Keeping) -> None:
    is_saved = keeping.is_saved(item.sku)
    if not st.button("Saved ✓ take it out" if is_saved else "Save", key=f"save-{item.sku}"):
        return
    if is_saved:
        keeping.shoppers.unsave(keeping.shopper, [item.sku])
    else:
        keeping.shoppers.save(keeping.shopper, [item])
    if keeping.is_saved(item.sku) == is_saved:
        st.html('<p class="v-note" role="alert">That could not be changed just now; please try again.</p>')
        return
    _told(f"{'No longer saved' if is_saved else 'Saved'}: {markdown_text(item.title)}.")


def _told(text: str) -> None:
    """Say it over the page and close the dialog: the numbers in the header are the whole page's business."""
    st.toast(text)
    st.rerun()
