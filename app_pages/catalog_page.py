"""The catalogue desk: items as stored, ingests with undo, and a feed sent by the browser."""

import streamlit as st

from app_pages.access import require
from app_pages.catalog_desk import shop
from app_pages.catalog_item import draw_item
from app_pages.catalog_list import draw_list
from app_pages.catalog_run import draw_run
from app_pages.catalog_runs import draw_runs
from app_pages.catalog_upload import draw_upload
from app_pages.page_head import draw_head
from env.roles import Action

ITEMS, INGESTS, UPLOAD = "Items", "Ingests", "Upload a feed"
_VIEWS = {ITEMS: draw_list, INGESTS: draw_runs, UPLOAD: draw_upload}


def draw_catalog_desk() -> None:
    """Draw the page: what the address names, else the view chosen.

    Raises:
        AccessError: whoever is here may not look at the stored catalogue.
    """
    require(Action.READ_CATALOG)
    sku, run = st.query_params.get("sku", ""), st.query_params.get("run", "")
    if sku:
        draw_item(sku)
    elif run.isdecimal() and len(run) < 19:
        draw_run(int(run))
    else:
        _draw_views()


def _draw_views() -> None:
    draw_head("Catalogue", "The items as they are stored, and every feed that brought them.")
    first = UPLOAD if not shop().catalog.n_items() else ITEMS
    chosen = st.segmented_control(
        "What to look at",
        list(_VIEWS),
        default=first,
        key="view",
        label_visibility="collapsed",
        bind="query-params",
    )
    _VIEWS[chosen or first]()
