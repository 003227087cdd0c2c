"""The tab of the test set: what it holds, how cases come in and go, and their labels."""

import streamlit as st

from agents.workbench.case_book import CaseBook
from agents.workbench.case_file import MAX_FILE_BYTES, intent_slots, read_case_file, written_cases
from app_pages.access import require
from app_pages.said import doing, draw_said, refuse
from app_pages.wording import html_text
from app_pages.workbench_case_diff import plain_value
from app_pages.workbench_case_form import draw_case_form
from app_pages.workbench_shared import case_book
from env.roles import Action, Actor
from evals.intent import CASES_DIR
from tools.store_cases import CaseRow

_REMOVED = "cases-removed"
_KINDS = ("All", "With labels", "Without labels", "From conversations")
_TEACH = (
    "The test set is what every version of a prompt has to answer before shoppers meet it. Three ways in: begin with"
    " the labelled messages that come with Vitrine, take a file of your own, or press “Add to the test set” under “How"
    " this was found” in any conversation of the shop."
)


def draw_cases() -> None:
    """Draw the tab."""
    actor = require(Action.EDIT_PROMPTS)
    book = case_book()
    cases = book.cases()
    draw_said()
    with st.container(key="cases-removed-now"):
        _draw_undo(book, actor)
    if cases:
        n_labelled = sum(_is_labelled(case) for case in cases)
        st.html(f'<p class="v-bench-lead">{len(cases)} cases, {n_labelled} of them with labels.</p>')
        _draw_table(cases, book, actor)
    else:
        st.html(f'<p class="v-bench-lead">{html_text(_TEACH)}</p>')
    _draw_ways_in(cases, book, actor)


def _draw_undo(book: CaseBook, actor: Actor) -> None:
    """What was removed last can come back at once; what was removed before, from the list below."""
    ids = st.session_state.get(_REMOVED, ())
    if ids:
        with st.container(key="cases-undo", horizontal=True, vertical_alignment="center"):
            st.html(f'<p class="v-note" role="status">{_counted(len(ids))} removed.</p>')
            st.button("Put back", key="cases-put-back", on_click=_restore, args=(book, actor, tuple(ids)))


def _draw_table(cases: list[CaseRow], book: CaseBook, actor: Actor) -> None:
    with st.container(key="cases-filter", horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Find", key="cases-find", placeholder="words of a message, a label or a note")
        kind = st.selectbox("Show", _KINDS, key="cases-kind")
    shown = [case for case in cases if _is_kind(case, kind) and _has_words(case, words)]
    if not shown:
        st.html('<p class="v-note">No case is like that. Clear the words, or show all.</p>')
        return
    table = {
        "Message": [case.message for case in shown],
        "Before it": [len(case.earlier) for case in shown],
        "Expected": [_expected_words(case) for case in shown],
        "Items": [len(case.relevant) for case in shown],
        "Must say": [" | ".join(case.must_say) for case in shown],
        "From": [case.source for case in shown],
    }
    picked = st.dataframe(
        table, key="cases-table", hide_index=True, height=min(38 * (len(shown) + 1), 420), on_select="rerun",
        selection_mode="multi-row",
        column_config={"Message": st.column_config.TextColumn(width="medium"),
                       "Expected": st.column_config.TextColumn(width="medium")},
    )  # fmt: skip
    chosen = [shown[place] for place in picked.selection.rows if place < len(shown)]
    if not chosen:
        st.html('<p class="v-note">Tick a row to see and label it, or several to remove them.</p>')
        return
    ids = tuple(case.id for case in chosen)
    st.button(f"Remove {_counted(len(ids))}", key="cases-remove", on_click=_remove, args=(book, actor, ids))
    if len(chosen) == 1:
        draw_case_form(chosen[0], book, actor)


def _draw_ways_in(cases: list[CaseRow], book: CaseBook, actor: Actor) -> None:
    with st.container(key="cases-ways", horizontal=True):
        st.button(
            "Add the shipped cases", key="cases-shipped", on_click=_add_shipped, args=(book, actor),
            help="320 labelled messages in five languages; those that are there already keep your labels.",
        )  # fmt: skip
        if cases:
            st.download_button(
                "Download all", written_cases(cases), "test-set.jsonl", "application/jsonl", key="cases-download"
            )
    with st.expander("Take cases from a file", expanded=False, key="cases-upload-place"):
        st.html(
            "<p class='v-note'>CSV, JSON or JSON lines with a column <code>message</code>; labels may be in"
            " <code>intent</code> or <code>slots</code> (JSON), <code>relevant</code>, <code>must_say</code>,"
            " <code>must_not_say</code> (between bars), <code>rubric</code>, <code>earlier</code>, <code>note</code>."
            " Good rows are taken where others are refused.</p>"
        )
        st.file_uploader("File", ["csv", "json", "jsonl"], key="cases-file", max_upload_size=MAX_FILE_BYTES // 2**20)
        st.button("Take them in", key="cases-take", on_click=_upload, args=(book, actor))
        for line in st.session_state.pop("cases-refused", ()):
            st.html(f'<p class="v-note v-problem">{html_text(line)}</p>')
    with st.expander("Write a case", key="cases-write-place"):
        draw_case_form(None, book, actor)
    if removed := book.removed():
        with st.expander(f"Removed ({len(removed)})", key="cases-removed-place"):
            for case in removed[:50]:
                with st.container(key=f"removed-{case.id}", horizontal=True, vertical_alignment="center"):
                    st.html(f"<p>{html_text(case.message)}</p>")
                    st.button("Put back", key=f"restore-{case.id}", on_click=_restore, args=(book, actor, (case.id,)))


def _upload(book: CaseBook, actor: Actor) -> None:
    file = st.session_state.get("cases-file")
    if file is None:
        refuse("choose a file first")
        return

    def take() -> str:
        found = read_case_file(file.getvalue(), file.name)
        n_new = book.put(actor, found.cases)
        st.session_state["cases-refused"] = tuple(f"line {each.line}: {each.reason}" for each in found.refused)
        return f"{n_new} added, {len(found.cases) - n_new} written over, {len(found.refused)} refused"

    doing(take)


def _add_shipped(book: CaseBook, actor: Actor) -> None:
    """The labelled cases that come along; rows for a made-up screen are for `python -m evals intent` alone."""

    def add() -> str:
        found = read_case_file((CASES_DIR / "intent_dev.jsonl").read_bytes(), "intent_dev.jsonl")
        there = {case.id for case in book.cases([case.id for case in found.cases])}
        n_new = book.put(actor, [case for case in found.cases if case.id not in there])
        return f"{n_new} added, {len(there)} were there; {len(found.refused)} need a screen or a photo"

    doing(add)


def _remove(book: CaseBook, actor: Actor, ids: tuple[str, ...]) -> None:
    def remove() -> str:
        book.remove(actor, ids)
        st.session_state[_REMOVED] = ids
        return ""

    doing(remove)


def _restore(book: CaseBook, actor: Actor, ids: tuple[str, ...]) -> None:
    def restore() -> str:
        n_back = book.restore(actor, ids)
        st.session_state.pop(_REMOVED, None)
        return f"{_counted(n_back)} back in the set"

    doing(restore)


def _counted(n_cases: int) -> str:
    return f"{n_cases} case{'' if n_cases == 1 else 's'}"


def _is_labelled(case: CaseRow) -> bool:
    return bool(case.expected or case.relevant or case.must_say or case.must_not_say)


def _is_kind(case: CaseRow, kind: str | None) -> bool:
    wanted = {"With labels": _is_labelled(case), "Without labels": not _is_labelled(case),
              "From conversations": case.source.startswith("a conversation")}  # fmt: skip
    return wanted.get(kind or "", True)


def _has_words(case: CaseRow, words: str) -> bool:
    text = " ".join((case.id, case.message, case.source, case.note, _expected_words(case))).casefold()
    return all(word in text for word in words.casefold().split())


def _expected_words(case: CaseRow) -> str:
    """The labelled slots in one line."""
    named = [name for name in intent_slots() if name in case.expected and name not in ("language", "parts")]
    told = [f"{name.replace('_', ' ')} {plain_value(case.expected[name])}" for name in named]
    return ", ".join((*told, *(f"({plain_value(part)})" for part in case.expected.get("parts", ()))))
