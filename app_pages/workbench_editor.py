"""The editor of a draft: its pieces, with what is wrong beside them while it is typed."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from agents.prompt import load_prompt, shape_of
from agents.prompt_check import MAX_PIECE_CHARS, Problem
from agents.workbench.prompt_book import MAX_NOTE_CHARS, PromptBook
from app_pages.access import actor
from app_pages.moments import moment
from app_pages.said import doing, draw_failure
from app_pages.wording import html_text, markdown_text
from app_pages.workbench_typing import check_while_typing
from app_pages.workbench_work import Work, drop_work, keep_work, work_on
from env.errors import PromptConflictError
from tools.store_prompts import PromptRow

PLACE = "workbench-editor"
_HEIGHTS_PX = {"system": 440, "user": 380}
_HEIGHT_PX = 90


def draw_editor(book: PromptBook, stored: PromptRow) -> None:
    """Draw the editor of a draft, and what can be done with it."""
    # What is typed is held against what it was begun on, whatever others save meanwhile.
    keep_work(work_on(stored))
    _draw_texts(stored)
    work = work_on(stored)
    if work.base.n_edits != stored.n_edits:
        if work.is_saved:
            drop_work(stored)
            st.rerun()
        draw_late(
            book,
            stored,
            f"this draft was saved by {stored.edited_by} at {moment(stored.edited_at)}, while you were typing. What you"
            " wrote is still here: save it as a new draft, or take theirs",
        )
        return
    with st.container(horizontal=True, key="workbench-save-bar", vertical_alignment="center"):
        st.button("Save", key="workbench-save", type="primary", on_click=_save, args=(book, stored))
        with st.popover("Delete draft", key="workbench-delete-open"):
            st.markdown(
                f"Delete draft {markdown_text(stored.version)} for good? Nothing answers by it, and no other version"
                " changes. What it says can be kept by exporting it first."
            )
            st.button("Delete for good", key="workbench-delete", type="primary", on_click=_delete, args=(book, stored))


def draw_late(book: PromptBook, stored: PromptRow, told: str) -> None:
    """Draw what can be done with work that can no longer be saved where it was begun."""
    draw_failure(told)
    with st.container(horizontal=True, key="workbench-conflict"):
        st.button("Save mine as a new draft", key="workbench-mine", on_click=_add_mine, args=(book, stored))
        st.button("Take theirs", key="workbench-theirs", on_click=drop_work, args=(stored,))


@st.fragment
def _draw_texts(stored: PromptRow) -> None:
    """The texts and what is wrong with them. Only this is drawn again while somebody types."""
    work = work_on(stored)
    check_while_typing(PLACE)
    texts, checks = st.columns([2, 1], gap="large")
    with texts, st.container(key=PLACE):
        typed = _typed(work)
    if typed != work:
        keep_work(typed)
    with checks:
        st.html(_checks_html(typed))


def _typed(work: Work) -> Work:
    """The fields, and what they hold. Another base is other fields: what was saved does not linger in them."""
    base, shape = work.base, shape_of(load_prompt(work.base.name))
    mark = f"{base.name}-{base.version}-{base.n_edits}".replace(".", "-")
    template = {}
    for piece in dict.fromkeys((*shape.offered, *work.template)):
        offered = sorted(shape.offered.get(piece, ()))
        template[piece] = st.text_area(
            f"{piece}: may use {', '.join(offered)}" if offered else piece,
            work.template.get(piece, ""),
            height=_HEIGHTS_PX.get(piece, _HEIGHT_PX),
            max_chars=2 * MAX_PIECE_CHARS,
            key=f"workbench-piece-{piece}-{mark}",
        )
    variables = st.text_input(
        "Variables, separated by commas", ", ".join(work.variables), key=f"workbench-variables-{mark}"
    )
    note = st.text_input(
        "Note: why this version", work.note, max_chars=MAX_NOTE_CHARS, key=f"workbench-note-{mark}",
        placeholder="Shorter replies for the sale",
    )  # fmt: skip
    declared = tuple(name.strip().lstrip("$") for name in variables.split(",") if name.strip())
    # A piece nobody wrote is a missing one, not an empty one.
    written = {piece: text for piece, text in template.items() if text or piece in work.base.template}
    return Work(base, written, declared, note)


def _checks_html(work: Work) -> str:
    saved = "Saved." if work.is_saved else "Not saved yet."
    n_chars = sum(map(len, work.template.values()))
    return (
        '<section class="v-checks" role="status" aria-label="Checks"><h3>Checks</h3>'
        f"{problems_html(work.problems)}"
        f'<p class="v-note">{n_chars:,} characters in {len(work.template)} pieces. {saved}</p>'
        '<p class="v-note">A variable is written $name, the sign itself $$.</p></section>'
    )


def problems_html(problems: Sequence[Problem]) -> str:
    """What is to be mended, or that nothing is."""
    if not problems:
        return '<p class="v-sound">Nothing to mend.</p>'
    rows = "".join(f"<li>{html_text(str(problem))}</li>" for problem in problems)
    return f'<p>{len(problems)} to mend before it can be published:</p><ul class="v-problems">{rows}</ul>'


def _save(book: PromptBook, stored: PromptRow) -> None:
    work = work_on(stored)

    def save() -> str:
        try:
            book.save(actor(), work.base, work.template, work.variables, work.note)
        except PromptConflictError:
            if stored.version in (row.version for row in book.rows(stored.name)):
                raise
            return f"draft {stored.version} was deleted meanwhile; {_added(book, stored)}"
        drop_work(stored)
        return f"draft {stored.version} is saved"

    doing(save)


def _add_mine(book: PromptBook, stored: PromptRow) -> None:
    doing(lambda: _added(book, stored))


def _added(book: PromptBook, stored: PromptRow) -> str:
    """What was typed, as a draft of its own."""
    draft = book.add(actor(), replace(work_on(stored).row, parent=stored.parent))
    drop_work(stored)
    st.session_state[f"workbench-version-{stored.name}"] = draft.version
    return f"what you wrote is draft {draft.version} now"


def _delete(book: PromptBook, stored: PromptRow) -> None:
    def delete() -> str:
        book.delete(actor(), stored)
        drop_work(stored)
        st.session_state.pop(f"workbench-version-{stored.name}", None)
        return f"draft {stored.version} is deleted"

    doing(delete)
