"""What the pages of the catalogue desk share: the desk itself, and small pieces of HTML."""

from datetime import datetime
from urllib.parse import urlencode

import streamlit as st

from app_pages.cards import picture_html
from app_pages.resources import desk, wording
from app_pages.wording import html_text
from ingest.desk import IngestDesk
from tools.item import Item
from tools.shop import Shop
from tools.store_desk import DeskStore
from tools.store_ingests import IngestRun

STATES = {
    "running": "at work",
    "done": "done",
    "stopped": "stopped",
    "failed": "failed",
    "interrupted": "interrupted",
}


def shop() -> Shop:
    """The open shop."""
    return desk().shop


def ingest_desk() -> IngestDesk:
    """The desk behind all tabs: its jobs go on when a tab is closed."""
    opened = shop()
    return _desk_of(opened, id(opened))


@st.cache_resource(show_spinner=False)
def _desk_of(_shop: Shop, shop_id: int) -> IngestDesk:
    """One desk for each shop that was opened; the shop itself is no key."""
    return IngestDesk(_shop)


def desk_store() -> DeskStore:
    """The catalogue as stored."""
    opened = shop()
    return DeskStore(opened.database, opened.embedder.fingerprint)


def address(**parameters: str) -> str:
    """A link within this page."""
    return html_text(f"?{urlencode(parameters)}")


def thumb_html(item: Item) -> str:
    """A small picture."""
    return f'<span class="v-thumb">{picture_html(item, wording())}</span>'


def item_link(sku: str, inside: str) -> str:
    """A link to an item's own page around some HTML."""
    return f'<a href="{address(sku=sku)}" target="_self">{inside}</a>'


def run_link(number: int) -> str:
    """A link to a run."""
    return f'<a href="{address(run=str(number))}" target="_self">run {number}</a>'


def field_html(name: str) -> str:
    """A field as people call it; amounts are drawn as money, not as cents."""
    return html_text(name.removesuffix("_cents").removeprefix("n_").replace("_", " "))


def when(moment: datetime) -> str:
    """A moment as a table shows it, in the time of this machine."""
    return f"{moment.astimezone():%d %b %Y, %H:%M}"


def state_html(run: IngestRun) -> str:
    """How a run stands: in words, never by colour alone."""
    word = f"undone by {run.undone_by}" if run.undone_by else STATES[run.state]
    return f'<span class="v-state" data-state="{"undone" if run.undone_by else run.state}">{html_text(word)}</span>'


def note(text: str, role: str = "status") -> None:
    """One quiet sentence."""
    st.html(f'<p class="v-note" role="{role}">{html_text(text)}</p>')


def title(text: str, level: int = 2) -> None:
    """A heading in the shop's serif."""
    st.html(f'<h{level} class="v-desk-title">{html_text(text)}</h{level}>')


def table_html(name: str, head: list[str], rows: list[list[str]], numbers: frozenset[int] = frozenset()) -> str:
    """A table of cells that are HTML already; on a phone each row becomes a card. `numbers` are columns of figures."""
    heads = "".join(f'<th scope="col"{_figure(place, numbers)}>{html_text(one)}</th>' for place, one in enumerate(head))
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-label="{html_text(head[place])}"{_figure(place, numbers)}>{cell}</td>'
            for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="v-table" aria-label="{html_text(name)}"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _figure(place: int, numbers: frozenset[int]) -> str:
    return ' class="v-figure"' if place in numbers else ""
