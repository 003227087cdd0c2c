"""The cards of a turn: a grid of items, each of which opens its dialog."""

import streamlit as st

from agents.events import Evidence
from app_pages.wording import Wording, html_text, markdown_text, picture_alt
from tools.item import Item
from tools.query import Hit

N_SKELETONS = 4
MAX_SWATCHES = 6


def draw_cards(turn: int, evidence: Evidence, wording: Wording) -> int | None:
    """Draw one card a hit, numbered from 1, and return the number of the one opened in this run."""
    opened = None
    with st.container(key=f"cards-{turn}"):
        for number, hit in enumerate(evidence.hits, start=1):
            with st.container(key=f"card-{turn}-{number}"):
                st.html(card_html(turn, number, hit, wording))
                label = markdown_text(f"Look at {number}: {hit.item.title}")
                if st.button(label, key=f"open-{turn}-{number}", type="tertiary"):
                    opened = number
    return opened


def skeletons_html() -> str:
    """The shape of cards to come, of the size the cards will have."""
    card = '<div class="v-card v-skeleton"><div class="v-picture"></div><span></span><span></span><span></span></div>'
    return f'<div class="v-waiting" aria-hidden="true">{card * N_SKELETONS}</div>'


def card_html(turn: int, number: int, hit: Hit, wording: Wording) -> str:
    """One card. Text of the catalogue is escaped here and nowhere before."""
    item = hit.item
    return (
        f'<article class="v-card" id="card-{turn}-{number}">'
        f'<div class="v-picture">{picture_html(item, wording)}<span class="v-number">{number}</span>'
        f"{sponsored_html(hit)}</div>"
        f'<h3 class="v-title">{html_text(item.title)}</h3>'
        f"{price_html(item, wording)}{_swatches_html(hit, wording)}{sizes_html(item)}"
        f'<p class="v-why">{html_text(hit.why)}</p></article>'
    )


def sponsored_html(hit: Hit) -> str:
    """The label of a card whose place is paid for; nothing on any other."""
    return '<span class="v-sponsored">Sponsored</span>' if hit.placed == "sponsored" else ""


def picture_html(item: Item, wording: Wording, is_lazy: bool = True) -> str:
    """The picture, or the item's category in its place where the feed brought none."""
    if not item.image:
        return f'<span class="v-no-picture">{html_text(item.category)}</span>'
    loading = "lazy" if is_lazy else "eager"
    return (
        f'<img src="/pictures/{html_text(item.image)}" alt="{html_text(picture_alt(item, wording))}"'
        f' loading="{loading}" decoding="async">'
    )


def price_html(item: Item, wording: Wording) -> str:
    """What a shopper pays, the old price struck beside it; an unknown price is told as such."""
    if item.pays_cents is None:
        return '<p class="v-price v-unpriced">no price given</p>'
    pays = html_text(wording.money(item.pays_cents, item.currency))
    if item.price_cents is None or item.pays_cents >= item.price_cents:
        return f'<p class="v-price">{pays}</p>'
    was = html_text(wording.money(item.price_cents, item.currency))
    return f'<p class="v-price v-sale">{pays} <s><span class="v-unseen">instead of </span>{was}</s></p>'


def sizes_html(item: Item) -> str:
    """The sizes that can be had, or that none can."""
    if item.availability == "out_of_stock":
        return '<p class="v-sizes">sold out</p>'
    if not item.sizes:
        return ""
    in_stock = [size for size, stock in item.sizes.items() if stock != 0]
    if not in_stock:
        return '<p class="v-sizes">sold out</p>'
    if len(item.sizes) == 1:
        return '<p class="v-sizes">in stock</p>'
    return f'<p class="v-sizes"><span class="v-unseen">in stock: </span>{html_text(" · ".join(in_stock))}</p>'


def _swatches_html(hit: Hit, wording: Wording) -> str:
    colours = dict.fromkeys(item.colour for item in (hit.item, *hit.variants) if wording.taxonomy.hex(item.colour))
    if len(colours) < 2:
        return ""
    dots = "".join(
        f'<i style="background:{wording.taxonomy.hex(colour)}" title="{html_text(colour)}"></i>'
        for colour in list(colours)[:MAX_SWATCHES]
    )
    more = f"<b>+{len(colours) - MAX_SWATCHES}</b>" if len(colours) > MAX_SWATCHES else ""
    names = html_text("also in " + ", ".join(colour for colour in colours if colour != hit.item.colour))
    return f'<p class="v-swatches" role="img" aria-label="{names}">{dots}{more}</p>'
