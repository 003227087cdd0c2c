"""Items side by side: a table of what differs, with their pictures over the columns."""

import streamlit as st

from agents.comparison import Comparison, compare_items, interests
from agents.events import Evidence
from app_pages.cards import picture_html
from app_pages.turn_view import TurnView
from app_pages.wording import Wording, html_text, markdown_text
from tools.item import Item

_NAMES = {
    "price": "Price", "sale": "Sale", "material": "Material", "colour": "Colour", "pattern": "Pattern",
    "size": "In stock", "rating": "Rated", "brand": "Brand", "season": "Season", "usage": "Good for",
    "category": "Kind", "gender": "For",
}  # fmt: skip
_BEST = {"price": "lowest", "rating": "highest"}


def is_comparison(view: TurnView) -> bool:
    """Whether the cards of a turn are to be seen side by side; also after a reload: both are stored with the turn."""
    return view.intent is not None and view.intent.route == "compare" and len(view.hits) > 1


def draw_comparison(turn: int, question: str, evidence: Evidence, wording: Wording) -> int | None:
    """Draw the table, and return the number of the item opened in this run."""
    items = [hit.item for hit in evidence.hits]
    compared = compare_items(items, wording.locale, interests(question, ()))
    with st.container(key=f"compare-{turn}"):
        st.html(comparison_html(turn, items, compared, wording))
        opened = None
        with st.container(key=f"compare-open-{turn}", horizontal=True):
            for number, item in enumerate(items, start=1):
                if st.button(markdown_text(f"Look at {number}: {item.title}"), key=f"look-{turn}-{number}"):
                    opened = number
    return opened


def comparison_html(turn: int, items: list[Item], compared: Comparison, wording: Wording) -> str:
    """The table, which scrolls inside its own box, and one line for what is equal."""
    heads = "".join(_head_html(turn, number, item, wording) for number, item in enumerate(items, start=1))
    rows = "".join(_row_html(row.facet, row.values, row.best) for row in compared.rows)
    every = "both" if len(items) == 2 else f"all {len(items)}"
    same = (
        f'<p class="v-same">The same for {every}: {html_text(", ".join(compared.same))}.</p>' if compared.same else ""
    )
    none = "" if compared.rows else '<p class="v-same">The data tells no difference between them.</p>'
    return (
        f'<div class="v-compare" role="region" aria-label="Comparison of {len(items)} items" tabindex="0"><table>'
        f'<caption class="v-unseen">What differs between these {len(items)} items</caption>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{none}{same}"
    )


def _head_html(turn: int, number: int, item: Item, wording: Wording) -> str:
    return (
        f'<th scope="col" id="card-{turn}-{number}"><div class="v-picture">{picture_html(item, wording)}'
        f'<span class="v-number">{number}</span></div><span class="v-title">{html_text(item.title)}</span></th>'
    )


def _row_html(facet: str, values: tuple[str, ...], best: int | None) -> str:
    cells = "".join(_cell_html(facet, value, place == best) for place, value in enumerate(values))
    return f'<tr><th scope="row">{_NAMES[facet]}</th>{cells}</tr>'


def _cell_html(facet: str, value: str, is_best: bool) -> str:
    if not value:
        return '<td class="v-unsaid">not said</td>'
    told = html_text(value)
    return f"<td><strong>{told}</strong> <small>{_BEST[facet]}</small></td>" if is_best else f"<td>{told}</td>"
