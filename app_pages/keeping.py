"""Whose things a page shows, and where they are kept."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from agents.profile import own_sizes
from app_pages.wording import Wording, html_text, markdown_text
from tools.cart import CartLine, n_left, shop_url, sizes_in_stock
from tools.catalog import Catalog
from tools.item import Item
from tools.store_outcomes import OutcomeKind
from tools.store_profile import ProfileStore
from tools.store_shopper import ShopperStore

# Where a sentence waits in the session's state: one for the page, one for the dialog that stays open.
TOLD = "keeping-told"
NOTE = "keeping-note"


def _unnoticed(sku: str, kind: OutcomeKind) -> None:
    """Nobody counts what is done here."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the panels of one shopper work with.

    `notice` is told by SKU what was done with an item; `link` is the address that leads to an item's own page, or "".
    """

    shopper: str
    shoppers: ShopperStore
    profiles: ProfileStore
    catalog: Catalog
    wording: Wording
    notice: Callable[[str, OutcomeKind], None] = _unnoticed
    link: Callable[[Item], str] = shop_url

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
        _draw_sizes(item, keeping)
        with st.container(key=f"keep-buttons-{item.sku}", horizontal=True):
            _draw_add(item, keeping)
            _draw_save(item, keeping)
        if note := st.session_state.pop(NOTE, ""):
            st.html(f'<p class="v-note" role="alert">{html_text(note)}</p>')


def _draw_sizes(item: Item, keeping: Keeping) -> None:
    """Draw the sizes that can be had, the shopper's own one chosen; nothing where there is nothing to choose."""
    sizes = sizes_in_stock(item)
    if len(item.sizes) < 2 or not sizes:
        return
    profile = keeping.profiles.profile(keeping.shopper)
    own = [size for size in own_sizes(profile, item.category_path or (item.category,)) if size in sizes]
    default = own[0] if len(own) == 1 else None
    st.pills("Size", sizes, default=default, format_func=markdown_text, key=f"size-{item.sku}")


def _chosen(item: Item) -> str | None:
    """The size chosen: "" where the item has none, None where one is still to be chosen."""
    if len(item.sizes) < 2:
        return next(iter(item.sizes), "")
    size: str | None = st.session_state.get(f"size-{item.sku}")
    return size


def _draw_add(item: Item, keeping: Keeping) -> None:
    can_be_had = n_left(item, "") > 0 if not item.sizes else bool(sizes_in_stock(item))
    is_pressed = st.button(
        "Add to bag" if can_be_had else "Out of stock",
        key=f"add-{item.sku}",
        type="primary",
        disabled=not can_be_had,
        on_click=_add,
        args=(item, keeping),
    )
    _close_when_done(is_pressed)


def _add(item: Item, keeping: Keeping) -> None:
    size = _chosen(item)
    if size is None:
        st.session_state[NOTE] = "Choose a size first."
        return
    line = keeping.add(item, size)
    if line is None:
        st.session_state[NOTE] = "There are no more of it: your bag holds all there are."
        return
    keeping.notice(item.sku, "cart")
    in_size = f", size {line.size}" if line.size else ""
    count = f" You have {line.quantity} of it now." if line.quantity > 1 else ""
    st.session_state[TOLD] = f"In your bag: {markdown_text(f'{line.title}{in_size}')}.{count}"


def _draw_save(item: Item, keeping: Keeping) -> None:
    is_saved = keeping.is_saved(item.sku)
    label = "Saved ✓ take it out" if is_saved else "Save"
    is_pressed = st.button(label, key=f"save-{item.sku}", on_click=_save, args=(item, is_saved, keeping))
    _close_when_done(is_pressed)


def _save(item: Item, is_saved: bool, keeping: Keeping) -> None:
    if is_saved:
        keeping.shoppers.unsave(keeping.shopper, [item.sku])
    else:
        keeping.shoppers.save(keeping.shopper, [item])
    if keeping.is_saved(item.sku) == is_saved:
        st.session_state[NOTE] = "That could not be changed just now; please try again."
        return
    if not is_saved:
        keeping.notice(item.sku, "save")
    st.session_state[TOLD] = f"{'No longer saved' if is_saved else 'Saved'}: {markdown_text(item.title)}."


def _close_when_done(is_pressed: bool) -> None:
    """What was done is told over the page, whose header counts anew; what could not be done is told in the dialog."""
    if is_pressed and TOLD in st.session_state:
        st.rerun()


def draw_told() -> None:
    """Say once what was done in a dialog that has closed."""
    if told := st.session_state.pop(TOLD, ""):
        st.toast(told)
