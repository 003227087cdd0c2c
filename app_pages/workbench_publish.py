"""Into force and back: what the gate says, publishing, retiring, rolling back, and the log of all that."""

import streamlit as st

from agents.workbench.prompt_book import MAX_NOTE_CHARS, InForce, PromptBook
from agents.workbench.publishing import gate_of
from agents.workbench.soundness import check
from app_pages.access import actor, may
from app_pages.moments import stamp
from app_pages.resources import desk
from app_pages.said import doing
from app_pages.wording import html_text, markdown_text
from app_pages.workbench_editor import problems_html
from app_pages.workbench_work import work_on
from env.roles import Action
from tools.store_prompts import PromptRow


def draw_publish(book: PromptBook, row: PromptRow, standing: InForce) -> None:
    """Draw what stands between a version and the shoppers, and the button."""
    if not may(Action.PUBLISH_PROMPTS):
        st.html('<p class="v-note">Putting a version into force needs leave to publish prompts.</p>')
        return
    if row.version == standing.version.version:
        st.html(f'<p class="v-note">Version {html_text(row.version)} is in force.</p>')
        _draw_retire(book, row)
        return
    if row.status == "shipped":
        st.html(
            f'<p class="v-note">Version {html_text(row.version)} ships with the code: it answers whenever nothing is'
            f" published. Retire {html_text(standing.version.version)} to return to it.</p>"
        )
        return
    _draw_way(book, row, standing.version.version)
    _draw_retire(book, row)


def _draw_way(book: PromptBook, row: PromptRow, current: str) -> None:
    problems = check(row.name, row.template, row.variables)
    verdict = None if problems else gate_of(desk().shop.database)(row.name, row.version)
    if not work_on(row).is_saved:
        st.html('<p class="v-told v-told-not" role="alert">You have changes that are not saved. Save them first.</p>')
    if verdict is None:
        st.html(problems_html(problems))
    else:
        said = "".join(f"<li>{html_text(reason)}</li>" for reason in verdict.reasons)
        state = "The gate is open" if verdict.is_open else "The gate is closed"
        st.html(f'<div class="v-gate" data-open="{str(verdict.is_open).lower()}"><h3>{state}</h3><ul>{said}</ul></div>')
    st.html(
        f'<p class="v-note">From the next turn on every shopper is answered by {html_text(row.version)} instead of'
        f" {html_text(current)}. One click rolls it back.</p>"
    )
    note = st.text_input("Why, for the log", max_chars=MAX_NOTE_CHARS, key=f"workbench-why-{row.name}-{row.version}")
    st.button(
        f"Publish {markdown_text(row.version)}", key="workbench-publish", type="primary",
        disabled=verdict is None or not verdict.is_open or not work_on(row).is_saved,
        on_click=_publish, args=(book, row, note),
    )  # fmt: skip


def _draw_retire(book: PromptBook, row: PromptRow) -> None:
    """Put aside: offered for what is in force and for drafts."""
    if row.status not in ("draft", "published"):
        return
    after = (
        "The version that ships with the code answers from the next turn on; rolling back undoes that."
        if row.status == "published"
        else "It stays here to be read, compared and published, and can no longer be edited."
    )
    with st.popover("Retire", key="workbench-retire-open"):
        st.markdown(f"Retire {markdown_text(row.version)}? {after}")
        st.button(f"Retire {markdown_text(row.version)}", key="workbench-retire", on_click=_retire, args=(book, row))


def draw_rollback(book: PromptBook, name: str, standing: InForce) -> None:
    """Draw the one click back, where there is a version to go back to that could answer."""
    back = book.way_back(name) if may(Action.PUBLISH_PROMPTS) else ""
    if back:
        before = book.before(name)
        skipped = f" {before}, which was in force in between, no longer fits the code." if before != back else ""
        st.button(
            f"Roll back to {markdown_text(back)}", key="workbench-rollback", on_click=_roll_back,
            args=(book, name, standing.version.version, back),
            help=f"From the next turn on {back} answers instead of {standing.version.version}.{skipped}",
        )  # fmt: skip


def draw_log(book: PromptBook, name: str) -> None:
    """Draw every change of what was in force, newest first."""
    changes = book.log(name)[::-1]
    if not changes:
        return
    with st.expander("What was in force when", key="workbench-log"):
        st.dataframe(
            [
                {
                    "When": stamp(change.created_at),
                    "What": change.kind,
                    "From": change.from_version,
                    "To": change.to_version,
                    "Who": change.author,
                    "Note": change.note,
                    "Gate": "; ".join(change.reasons),
                }
                for change in changes
            ],
            hide_index=True,
            key="workbench-log-table",
        )


def _publish(book: PromptBook, row: PromptRow, note: str) -> None:
    def publish() -> str:
        change = book.publish(actor(), row.name, row.version, note, gate_of(desk().shop.database))
        return f"{change.to_version} is in force from the next turn on, instead of {change.from_version}"

    doing(publish)


def _retire(book: PromptBook, row: PromptRow) -> None:
    def retire() -> str:
        book.retire(actor(), row.name, row.version, "")
        return f"{row.version} is retired; in force is {book.in_force(row.name)}"

    doing(retire)


def _roll_back(book: PromptBook, name: str, seen: str, back: str) -> None:
    def roll_back() -> str:
        change = book.rollback(actor(), name, "", seen, back)
        return f"{change.to_version} is in force again from the next turn on, instead of {change.from_version}"

    doing(roll_back)
