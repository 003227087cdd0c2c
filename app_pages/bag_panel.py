"""The bag, opened: lines with pictures, pieces, today's prices, totals, and the ways to the shop's own pages."""

import hashlib

import streamlit as st

from app_pages.cards import picture_html
from app_pages.keeping import Keeping
from app_pages.wording import html_text, markdown_text
from tools.cart import MOST_PIECES, Cart, CartLine


def open_bag(keeping: Keeping) -> None:
    """Open the bag over the page; closing it draws the page anew, with its numbers."""
    st.dialog("Your bag", width="medium", on_dismiss="rerun")(_draw)(keeping)


def _draw(keeping: Keeping) -> None:
    cart = keeping.shoppers.cart(keeping.shopper)
    if not cart.lines:
        st.html('<p class="v-empty">Nothing in it yet. Open a card and put something in.</p>')
        return
    for line in cart.lines:
        _draw_line(line, keeping)
    st.html(_total_html(cart, keeping))
    st.button(
        "Empty the bag", key="empty-bag", type="tertiary", on_click=_clear,
        args=(keeping,),
    )  # fmt: skip


def _draw_line(line: CartLine, keeping: Keeping) -> None:
    key = line_key(line)
    with st.container(key=f"line-{key}"):
        st.html(line_html(line, keeping))
        with st.container(key=f"line-tools-{key}", horizontal=True):
            if line.n_left:
                st.number_input(
                    f"Pieces of {line.title}"[:120].replace("$", ""),
                    min_value=1,
                    max_value=max(line.n_left, line.quantity, 1),
                    value=line.quantity,
                    key=f"pieces-{key}",
                    label_visibility="collapsed",
                    on_change=_set_pieces,
                    args=(line, keeping, f"pieces-{key}"),
                )
            st.button(
                "Remove", key=f"remove-{key}", type="tertiary", on_click=_remove, args=(line, keeping),
                help=markdown_text(f"Take {line.title} out of the bag"),
            )  # fmt: skip
            if line.item is not None and (url := keeping.link(line.item)):
                st.html(
                    f'<a class="v-hand-off" href="{html_text(url)}" target="_blank" rel="noopener noreferrer">'
                    'Buy at the shop<span class="v-unseen"> (opens a new tab)</span></a>'
                )


def line_key(line: CartLine) -> str:
    """A line's name among the page's widgets: SKUs and sizes may hold any sign."""
    return hashlib.sha256(f"{line.sku}\n{line.size}".encode()).hexdigest()[:12]


def line_html(line: CartLine, keeping: Keeping) -> str:
    """One line with its picture; text of the catalogue is escaped here."""
    if line.item is None:
        return (
            '<div class="v-line v-gone"><div class="v-picture"></div><div>'
            f"<h3>{html_text(line.title)}</h3><p>It has left the shop.</p></div></div>"
        )
    size = f"<p>Size {html_text(line.size)}</p>" if line.size else ""
    return (
        f'<div class="v-line"><div class="v-picture">{picture_html(line.item, keeping.wording)}</div><div>'
        f"<h3>{html_text(line.item.title)}</h3>{size}{_price_html(line, keeping)}</div></div>"
    )


def _price_html(line: CartLine, keeping: Keeping) -> str:
    item = line.item
    if item is None or not line.n_left:
        return "<p>Out of stock today.</p>"
    notes = ""
    if line.quantity > line.n_left:
        notes = f"<p>Only {line.n_left} left today.</p>"
    if item.pays_cents is None or line.pays_cents is None:
        return f"<p>No price given.</p>{notes}"
    price = keeping.wording.money(line.pays_cents, item.currency)
    each = f" <span>{html_text(keeping.wording.money(item.pays_cents, item.currency))} each</span>"
    if line.has_new_price and line.added_cents is not None:
        before = keeping.wording.money(line.added_cents, line.currency)
        notes += f"<p>It was {html_text(before)} when you chose it.</p>"
    return f'<p class="v-price">{html_text(price)}{each if line.quantity > 1 else ""}</p>{notes}'


def _total_html(cart: Cart, keeping: Keeping) -> str:
    sums = [html_text(keeping.wording.money(cents, currency)) for currency, cents in cart.totals.items()]
    without = "<p>Without what cannot be bought or has no price.</p>" if cart.n_uncounted else ""
    return f'<div class="v-total"><p>Together <b>{" + ".join(sums)}</b></p>{without}</div>' if sums else without


def _set_pieces(line: CartLine, keeping: Keeping, key: str) -> None:
    wanted = min(int(st.session_state[key]), line.n_left or MOST_PIECES)
    keeping.shoppers.set_quantity(keeping.shopper, line.sku, line.size, wanted)


def _remove(line: CartLine, keeping: Keeping) -> None:
    keeping.shoppers.remove_from_cart(keeping.shopper, [line.sku], line.size)


def _clear(keeping: Keeping) -> None:
    keeping.shoppers.clear_cart(keeping.shopper)
