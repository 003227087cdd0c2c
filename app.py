"""Vitrine's pages: the navigation, and the server around it (`streamlit run app.py`)."""

import logging
import threading
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from app_pages.access import actor
from app_pages.closed import draw_broken, draw_closed
from app_pages.follow_route import follow_route
from app_pages.frame import draw_frame
from app_pages.picture_route import picture_route
from app_pages.resources import close_desk, keep_turns, settings, warm_up
from app_pages.shop import draw_shop
from app_pages.shopper_cookie import ShopperCookie
from app_pages.staff import draw_counter, staff_pages
from app_pages.visitor import home_url, is_visiting
from env.errors import VitrineError
from env.logs import configure_logging
from env.settings import REPO_DIR

logger = logging.getLogger(__name__)


def draw() -> None:
    """One run of the script: the frame that all pages share, then the page of the address.

    A failure of what a page stands on is told in its place.
    """
    icon = str(REPO_DIR / "static" / "vitrine.svg")
    st.set_page_config(page_title="Vitrine", page_icon=icon, layout="wide", initial_sidebar_state="collapsed")
    shop = st.Page(draw_shop, title="Shop", default=True)
    try:
        behind = staff_pages(actor())
        page = st.navigation([shop, *behind], position="hidden")
        draw_frame(home_url())
        if not is_visiting():
            draw_counter(shop, behind, page)
        page.run()
    except VitrineError as error:
        draw_closed(error)


@asynccontextmanager
async def _open(_: st.App) -> AsyncIterator[None]:
    """The shop is made ready beside the server's start, and closed after its end."""
    configure_logging(settings())
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    is_over = threading.Event()
    threading.Thread(target=keep_turns, args=(is_over,), name="retention", daemon=True).start()
    yield
    is_over.set()
    close_desk()


def _told(error: Exception) -> bool:
    """The edge for what nobody expected: logged once with a trace id; the shopper sees the id and no traceback."""
    trace = uuid.uuid4().hex[:8]
    logger.error("page failed, trace %s", trace, exc_info=error)
    draw_broken(trace)
    return True


if __name__ == "__main__":
    draw()
else:
    app = st.App(
        __file__,
        lifespan=_open,
        routes=[picture_route(), follow_route()],
        middleware=[Middleware(ShopperCookie)],
        on_script_error=_told,
    )
