"""The pages behind the counter: who may open them, and the way between them."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app_pages.catalog_page import draw_catalog_desk
from app_pages.demo_page import draw_demo
from app_pages.insight_page import draw_insight
from app_pages.resources import settings
from app_pages.rules_page import draw_rules
from app_pages.workbench_page import draw_workbench
from env.roles import Action, Actor


@dataclass(frozen=True, slots=True)
class StaffPage:
    """One page behind the counter, drawn for whoever may take its action."""

    title: str
    path: str
    action: Action
    draw: Callable[[], None]


STAFF_PAGES: tuple[StaffPage, ...] = (
    StaffPage("Workbench", "workbench", Action.EDIT_PROMPTS, draw_workbench),
    StaffPage("Rules", "rules", Action.EDIT_RULES, draw_rules),
    StaffPage("Insight", "insight", Action.READ_INSIGHT, draw_insight),
    StaffPage("Catalogue", "catalogue", Action.READ_CATALOG, draw_catalog_desk),
    StaffPage("Demo", "demo", Action.PRESENT, draw_demo),
)


def staff_pages(actor: Actor) -> list[StreamlitPage]:
    """The pages this actor may open, in the order of the counter; the others do not exist for them."""
    return [st.Page(page.draw, title=page.title, url_path=page.path) for page in STAFF_PAGES if actor.may(page.action)]


def draw_counter(shop: StreamlitPage, pages: list[StreamlitPage], current: StreamlitPage) -> None:
    """Draw the way between the pages; on the shop's own page one quiet link to the first of them."""
    if not pages:
        return
    if current.url_path == shop.url_path:
        with st.container(key="door"):
            st.page_link(pages[0], label="Behind the counter")
        return
    with st.container(key="counter", horizontal=True):
        st.page_link(shop, label="Shop")
        for page in pages:
            st.page_link(page, label=page.title)
    if settings().access == "local":
        st.html(
            '<p class="v-counter-note">No sign-in is set up: this page answers this computer alone, and whoever sits at'
            " it may do everything.</p>"
        )
