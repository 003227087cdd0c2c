"""What can be looked at of one version: how it differs, what a model would be told, and its files."""

from collections.abc import Sequence

import streamlit as st

from agents.prompt import Prompt
from agents.workbench.preview import PICTURE, Said, preview
from agents.workbench.prompt_book import PromptBook
from agents.workbench.prompt_diff import diff_of
from agents.workbench.prompt_files import as_yaml
from agents.workbench.prompt_values import values_of
from agents.workbench.promptfoo import FILE_NAME, as_promptfoo
from agents.workbench.soundness import ready
from app_pages.moments import moment
from app_pages.resources import desk
from app_pages.said import draw_failure
from app_pages.wording import html_text
from app_pages.workbench_diff import diff_html
from app_pages.workbench_work import work_on
from env.errors import VitrineError
from tools.store_latest import LatestTurn, LatestTurnStore
from tools.store_prompts import PromptRow

_N_TURNS = 12
_LABEL_CHARS = 60


def draw_compare(book: PromptBook, row: PromptRow) -> None:
    """Draw the difference of another version to this one, with what is typed in it."""
    others = [other.version for other in book.rows(row.name) if other.version != row.version]
    if not others:
        st.html('<p class="v-note">This is the only version. Begin a draft, and compare it with this one.</p>')
        return
    first = row.parent if row.parent in others else others[-1]
    chosen = st.selectbox(
        "Compared with", others, index=others.index(first), key=f"workbench-compare-{row.name}-{row.version}"
    )
    work = work_on(row)
    unsaved = "" if work.is_saved else ", with what you have not saved"
    st.html(
        f'<p class="v-note">From {html_text(chosen)} to {html_text(row.version)}{unsaved}:'
        " − is gone, + is new, and marked words changed within a line.</p>"
        + diff_html(diff_of(book.read(row.name, chosen).template, work.template))
    )


def draw_preview(row: PromptRow) -> None:
    """Draw what a model would be told with one of the latest turns."""
    turns = LatestTurnStore(desk().shop.database).list(_N_TURNS)
    if not turns:
        st.html(
            '<p class="v-note">A preview is filled with a turn that really happened, and nobody has asked anything yet.'
            " Ask something in the shop, then come back.</p>"
        )
        return
    place = st.selectbox(
        "Filled with the newest turn of a chat", range(len(turns)), format_func=lambda at: _turn_label(turns[at]),
        key="workbench-preview-turn",
    )  # fmt: skip
    try:
        said = preview(_prompt(row), turns[place], desk().shop)
    except VitrineError as error:
        draw_failure(str(error))
        return
    st.html(
        '<p class="v-note">This is what a model would be told. None was asked, and pictures are left out.</p>'
        + "".join(_said_html(message) for message in said)
    )


def _prompt(row: PromptRow) -> Prompt:
    return ready(work_on(row).row)


def _turn_label(turn: LatestTurn) -> str:
    words = " ".join(turn.message.split()) or "(a photo)"
    return f"{words[:_LABEL_CHARS]}{'…' if len(words) > _LABEL_CHARS else ''} · {moment(turn.created_at)}"


def _said_html(message: Said) -> str:
    parts = "".join(
        f'<p class="v-note">{PICTURE}</p>' if part == PICTURE else f"<pre>{html_text(part)}</pre>"
        for part in message.parts
    )
    return f'<section class="v-told-model"><h3>{message.role}</h3>{parts}</section>'


def draw_files(row: PromptRow) -> None:
    """Draw the ways to take a version along."""
    st.html(
        '<p class="v-note">As YAML it is read here again, or becomes the file that ships with the code. As a promptfoo'
        " configuration it is tried elsewhere; the latest turns can go along as tests, with what shoppers wrote.</p>"
    )
    with_turns = st.toggle("Latest turns as tests of promptfoo", key="workbench-export-turns")
    with st.container(horizontal=True, key="workbench-export"):
        st.download_button(
            "Export as YAML", as_yaml(row), f"{row.name}-{row.version}.yaml", "application/yaml",
            key="workbench-export-yaml", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Export for promptfoo", lambda: _promptfoo(row, _N_TURNS if with_turns else 0), FILE_NAME,
            "application/yaml", key="workbench-export-promptfoo", on_click="ignore",
        )  # fmt: skip


def _promptfoo(row: PromptRow, n_turns: int) -> str:
    shop = desk().shop
    turns: Sequence[LatestTurn] = LatestTurnStore(shop.database).list(n_turns) if n_turns else ()
    return as_promptfoo(row, [values_of(row.name, turn, shop) for turn in turns], shop.settings)
