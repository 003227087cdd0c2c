"""The prompts of the workbench: what is in force, the versions of each, and what can be done with one."""

from dataclasses import replace

import streamlit as st

from agents.workbench.prompt_book import InForce, PromptBook
from agents.workbench.prompt_files import MAX_FILE_CHARS, from_yaml
from agents.workbench.promptfoo import from_promptfoo, is_promptfoo
from agents.workbench.soundness import is_sound
from app_pages.access import actor
from app_pages.moments import moment, stamp
from app_pages.resources import desk, settings
from app_pages.said import doing, draw_failure, draw_said
from app_pages.wording import html_text, markdown_text
from app_pages.workbench_editor import draw_editor, draw_late
from app_pages.workbench_publish import draw_log, draw_publish, draw_rollback
from app_pages.workbench_views import draw_compare, draw_files, draw_preview
from app_pages.workbench_work import work_on
from env.errors import PromptError
from tools.store_prompts import PromptRow

_VIEWS = ("Text", "Compare", "Preview", "Publish", "Export")
_ABOUT = {
    "assistant": "what the model is told that writes the replies",
    "classifier": "what the model is told that reads the messages",
}


def draw_prompts() -> None:
    """Draw the tab."""
    book = PromptBook(desk().shop.database)
    draw_said()
    name = st.segmented_control(
        "Prompt", book.names(), default=book.names()[0], key="workbench-name", required=True,
        format_func=str.capitalize,
    )  # fmt: skip
    standing, rows = book.standing(name), book.rows(name)
    st.html(_standing_html(name, standing))
    with st.container(key="workbench-mind"):
        _draw_mind(name, standing)
    with st.container(horizontal=True, key="workbench-actions"):
        draw_rollback(book, name, standing)
        _draw_import(book)
    _draw_versions(rows, standing)
    row = _chosen(rows)
    view = st.segmented_control(
        "What to do", _VIEWS, default=_VIEWS[0], key="workbench-view", required=True, label_visibility="collapsed"
    )
    _draw_view(view, book, row, standing)
    draw_log(book, name)


def _draw_mind(name: str, standing: InForce) -> None:
    """What is to be kept in mind of the prompt in force."""
    if standing.problem:
        draw_failure(f"the shipped version answers in its place: {standing.problem}")
    if not _is_at_work(name):
        st.html(
            f'<p class="v-note">No model is set for this ({name.upper()}=offline): shoppers are answered by rules on'
            " this machine, and this prompt is at work only in runs.</p>"
        )


def _draw_view(view: str, book: PromptBook, row: PromptRow, standing: InForce) -> None:
    if view == "Text" and row.status == "draft":
        draw_editor(book, row)
    elif view == "Text":
        _draw_text(book, row)
    elif view == "Compare":
        draw_compare(book, row)
    elif view == "Preview":
        draw_preview(row)
    elif view == "Publish":
        draw_publish(book, row, standing)
    else:
        draw_files(row)


def _is_at_work(name: str) -> bool:
    backend = settings().classifier if name == "classifier" else settings().assistant
    return backend != "offline"


def _standing_html(name: str, standing: InForce) -> str:
    row, change = standing.version, standing.change
    since = f"since {moment(change.created_at)}, by {change.author}" if change else "as it ships with the code"
    note = f" “{change.note}”" if change and change.note else ""
    about = _ABOUT.get(name, "")
    return (
        f'<p class="v-standing">In force: <b>version {html_text(row.version)}</b>, {html_text(since)}.{html_text(note)}'
        f"<span>{html_text(about.capitalize())}.</span></p>"
    )


def _draw_versions(rows: tuple[PromptRow, ...], standing: InForce) -> None:
    """The versions as a table to sort and search; which one is looked at is chosen below it."""
    st.dataframe(
        [
            {
                "Version": row.version,
                "State": _state(row, standing),
                "Made from": row.parent,
                "By": row.author,
                "When": stamp(row.edited_at),
                "Note": row.note,
            }
            for row in rows
        ],
        hide_index=True,
        key=f"workbench-versions-{rows[0].name}",
    )


def _state(row: PromptRow, standing: InForce) -> str:
    if row.version == standing.version.version:
        return "in force"
    return row.status if is_sound(row) else f"{row.status}, to mend"


def _chosen(rows: tuple[PromptRow, ...]) -> PromptRow:
    """The version to look at: the newest, until another is chosen."""
    key = f"workbench-version-{rows[0].name}"
    by_version = {row.version: row for row in rows}
    if st.session_state.get(key) not in by_version:
        st.session_state.pop(key, None)
    chosen = st.selectbox(
        "Version", list(by_version), key=key, format_func=lambda version: f"{version} ({by_version[version].status})"
    )
    return by_version[chosen]


def _draw_text(book: PromptBook, row: PromptRow) -> None:
    """A version that no longer changes, and the way to one that does."""
    if not work_on(row).is_saved:
        draw_late(book, row, f"version {row.version} is {row.status} by now. What you wrote in it is still here")
    st.html(
        f'<p class="v-note">Version {html_text(row.version)} is {row.status} and stays as it is. A draft begins with'
        " its text, is changed as long as you like, and answers nobody until it is published.</p>"
    )
    st.button(
        f"Edit as a new draft of {markdown_text(row.version)}", key="workbench-draft", type="primary", on_click=_draft,
        args=(book, row),
    )  # fmt: skip
    pieces = "".join(f"<h3>{html_text(piece)}</h3><pre>{html_text(text)}</pre>" for piece, text in row.template.items())
    st.html(f'<section class="v-told-model">{pieces}</section>')


def _draw_import(book: PromptBook) -> None:
    with st.popover("Import", key="workbench-import-open"):
        st.html(
            '<p class="v-note">A version as YAML, or a promptfoo configuration that was exported here. It becomes a'
            " draft of its own; nothing is written over.</p>"
        )
        sent = st.file_uploader("File", ["yaml", "yml"], key="workbench-import-file", max_upload_size=1)
        st.button(
            "Import as a draft", key="workbench-import", disabled=sent is None, on_click=_import,
            args=(book, sent.getvalue() if sent else b""),
        )  # fmt: skip


def _draft(book: PromptBook, row: PromptRow) -> None:
    def draft() -> str:
        made = book.draft(actor(), row.name, row.version)
        st.session_state[f"workbench-version-{row.name}"] = made.version
        return f"draft {made.version} is yours to change; it answers nobody until it is published"

    doing(draft)


def _import(book: PromptBook, data: bytes) -> None:
    def read() -> str:
        try:
            text = data[: 4 * MAX_FILE_CHARS].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise PromptError(f"byte {error.start + 1} of the file is not UTF-8 text; export it as UTF-8") from error
        found = (from_promptfoo if is_promptfoo(text) else from_yaml)(text, book.names())
        made = book.add(actor(), replace(found, note=found.note or "imported"))
        st.session_state["workbench-name"] = made.name
        st.session_state[f"workbench-version-{made.name}"] = made.version
        return f"draft {made.version} of {made.name} was read from the file"

    doing(read)
