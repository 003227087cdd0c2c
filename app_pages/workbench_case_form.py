"""The labels of one case, as a form."""

import json
from dataclasses import replace

import streamlit as st

from agents.workbench.case_book import CaseBook
from agents.workbench.case_file import case_id
from app_pages.said import doing, draw_said, refuse, say
from app_pages.wording import html_text
from env.roles import Actor
from tools.store_cases import CaseRow

_WHOLE = "Every other slot has to be empty"


def draw_case_form(case: CaseRow | None, book: CaseBook, actor: Actor) -> None:
    """Draw the labels of a case, or an empty form for a new one; what is wrong with them is told below it."""
    name = case.id if case else "new"
    shown = case or CaseRow("", "")
    for place, earlier in enumerate(shown.earlier, 1):
        st.html(f'<p class="v-note">Before it, {place}: {html_text(earlier.text or "a photo")}</p>')
    if shown.note:
        st.html(f'<p class="v-note">{html_text(shown.note)}</p>')
    with st.form(key=f"case-{name}", border=False):
        key = f"case-{name}-"
        st.text_area("Message", shown.message, key=f"{key}message", height=68, max_chars=2_000)
        st.text_area(
            "Expected slots (JSON)", _json(shown), key=f"{key}expected", height=120,
            placeholder='{"route": "search", "categories": ["Dress"], "colours": ["red"]}',
        )  # fmt: skip
        st.checkbox(_WHOLE, shown.is_whole, key=f"{key}whole")
        st.text_input("Relevant items (SKUs, between spaces)", " ".join(shown.relevant), key=f"{key}relevant")
        st.text_area("Must say, one a line", "\n".join(shown.must_say), key=f"{key}say", height=68,
                     help="Words, or `regex: ...`, `equals: ...`, `max_chars: 300`.")  # fmt: skip
        st.text_area("Must not say, one a line", "\n".join(shown.must_not_say), key=f"{key}not", height=68)
        st.text_input("Rubric for the judge", shown.rubric, key=f"{key}rubric")
        st.text_input("Note", shown.note, key=f"{key}note")
        st.form_submit_button(
            "Keep" if case else "Add", key=f"{key}keep", on_click=_keep, args=(shown, name, book, actor)
        )
    draw_said(f"case-{name}")


def _json(case: CaseRow) -> str:
    return json.dumps(dict(case.expected), ensure_ascii=False, indent=1) if case.expected else ""


def _keep(case: CaseRow, name: str, book: CaseBook, actor: Actor) -> None:
    def typed(field: str) -> str:
        return str(st.session_state.get(f"case-{name}-{field}", "")).strip()

    try:
        expected = json.loads(typed("expected") or "{}")
        if not isinstance(expected, dict):
            raise ValueError("write one JSON object")
    except ValueError as error:
        refuse(f"the expected slots are no JSON object: {error}", f"case-{name}")
        return
    changed = replace(
        case,
        id=case.id or case_id(typed("message")),
        message=typed("message"),
        expected=expected,
        is_whole=bool(st.session_state.get(f"case-{name}-whole")) and bool(expected),
        relevant=tuple(typed("relevant").replace(",", " ").split()),
        must_say=_lines(typed("say")),
        must_not_say=_lines(typed("not")),
        rubric=typed("rubric"),
        note=typed("note"),
        source=case.source or f"written by {actor.name}",
    )

    def put() -> str:
        book.put(actor, [changed])
        return ""

    if not doing(put, f"case-{name}"):
        return
    say(f"Kept: {changed.message}")
    if not case.id:
        for field in ("message", "expected", "whole", "relevant", "say", "not", "rubric", "note"):
            st.session_state.pop(f"case-{name}-{field}", None)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
