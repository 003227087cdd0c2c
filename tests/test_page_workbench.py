"""The prompts of the workbench, run by Streamlit's own test runner: edited, compared, published, rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from agents.desk import open_desk
from agents.prompt import load_prompt
from agents.workbench.gate import set_policy
from agents.workbench.gate_verdict import GateVerdict
from agents.workbench.prompt_book import PromptBook
from agents.workbench.prompt_files import as_yaml
from agents.workbench.promptfoo import as_promptfoo
from agents.workbench.scorers import SCORERS
from env.roles import EVERYTHING
from env.settings import Settings, load_settings
from tests.stocked_shop import ask
from tools.shop import open_shop

TIMEOUT_S = 60
# The page as app.py runs it.
SCRIPT = """
from app_pages.closed import draw_closed
from app_pages.workbench_page import draw_workbench
from env.errors import VitrineError
try:
    draw_workbench()
except VitrineError as error:
    draw_closed(error)
"""
SHIPPED = load_prompt("assistant").version


def open_page() -> AppTest:
    return AppTest.from_string(SCRIPT, default_timeout=TIMEOUT_S).run()


def drawn(page: AppTest) -> str:
    """All HTML of the page; nothing broke while it was drawn."""
    assert not page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def look_at(page: AppTest, view: str) -> str:
    page.button_group(key="workbench-view").set_value(view).run()
    return drawn(page)


@contextmanager
def book() -> Iterator[PromptBook]:
    with open_shop(load_settings()) as shop:
        yield PromptBook(shop.database)


@pytest.fixture
def page(surroundings: pytest.MonkeyPatch) -> AppTest:
    """The page, with the gate off, the shipped version in force again and no drafts left."""
    with open_shop(load_settings()) as shop:
        set_policy(EVERYTHING, shop.database, {"is_on": False}, SCORERS)
    with book() as opened:
        while back := opened.way_back("assistant"):
            opened.rollback(EVERYTHING, "assistant", "", version=back)
        for row in opened.rows("assistant"):
            if row.status == "draft":
                opened.delete(EVERYTHING, row)
    return open_page()


def begin_draft(page: AppTest) -> str:
    """A draft of the version in force; its version."""
    if [box for box in page.selectbox if box.key == "workbench-version-assistant" and box.value != SHIPPED]:
        page.selectbox(key="workbench-version-assistant").set_value(SHIPPED).run()
    page.button(key="workbench-draft").click().run()
    return str(page.selectbox(key="workbench-version-assistant").value)


def piece(page: AppTest, name: str) -> object:
    (found,) = [area for area in page.text_area if str(area.key).startswith(f"workbench-piece-{name}-")]
    return found


def write(page: AppTest, name: str, text: str) -> str:
    piece(page, name).set_value(text).run()  # type: ignore[attr-defined]
    return drawn(page)


def test_a_fresh_workbench_says_what_is_in_force_and_that_no_model_is_set(page: AppTest) -> None:
    html = drawn(page)
    assert f"In force: <b>version {SHIPPED}</b>, as it ships with the code." in html
    assert "No model is set for this (ASSISTANT=offline)" in html
    assert "shoppers are answered by rules on this machine, and this prompt is at work only in runs" in html
    assert "workbench-rollback" not in {button.key for button in page.button}
    assert "nobody has asked anything yet" in look_at(page, "Preview")


def test_a_draft_is_checked_while_it_is_written_saved_published_and_rolled_back(page: AppTest) -> None:
    version = begin_draft(page)
    before = load_prompt("assistant").template["user"]
    html = write(page, "user", before.replace("$message", "$mesage for $5"))
    assert "piece &#x27;user&#x27;, line 5: a lone &#x27;$&#x27;" in html
    assert "did you mean &#x27;$message&#x27;?" in html
    assert "Not saved yet." in html
    assert "Save them first" in look_at(page, "Publish")
    look_at(page, "Text")
    html = write(page, "user", before.replace("<facts>", "<known>"))
    assert "Nothing to mend." in html
    page.button(key="workbench-save").click().run()
    assert f"Draft {version} is saved." in drawn(page)
    html = look_at(page, "Compare")
    assert "<del>facts</del>" in html
    assert "<ins>known</ins>" in html
    assert "The gate is open" in look_at(page, "Publish")
    page.text_input(key=f"workbench-why-assistant-{version}").set_value("clearer").run()
    page.button(key="workbench-publish").click().run()
    html = drawn(page)
    assert f"{version} is in force from the next turn on, instead of {SHIPPED}." in html
    assert f"In force: <b>version {version}</b>, since " in html
    assert "by this computer. “clearer”" in html
    with book() as opened:
        assert opened.in_force("assistant") == version
    page.button(key="workbench-rollback").click().run()
    assert f"{SHIPPED} is in force again from the next turn on, instead of {version}." in drawn(page)
    with book() as opened:
        assert opened.in_force("assistant") == SHIPPED


def test_of_two_writers_the_second_keeps_what_was_typed(page: AppTest) -> None:
    version = begin_draft(page)
    with book() as opened:
        row = opened.read("assistant", version)
        opened.save(replace(EVERYTHING, name="ben"), row, {**row.template, "photo": "Ben's:"}, row.variables, "")
    write(page, "photo", "Mine:")
    assert "This draft was saved by ben at " in drawn(page)
    page.button(key="workbench-mine").click().run()
    mine = str(page.selectbox(key="workbench-version-assistant").value)
    assert f"What you wrote is draft {mine} now." in drawn(page)
    with book() as opened:
        assert opened.read("assistant", mine).template["photo"] == "Mine:"
        assert opened.read("assistant", version).template["photo"] == "Ben's:"


def test_work_on_a_draft_that_was_published_or_deleted_meanwhile_is_not_lost(page: AppTest) -> None:
    version = begin_draft(page)
    write(page, "photo", "Mine:")
    with book() as opened:
        opened.retire(EVERYTHING, "assistant", version, "")
    page.button(key="workbench-save").click().run()
    assert f"Version {version} is retired by now. What you wrote in it is still here." in drawn(page)
    page.button(key="workbench-mine").click().run()
    mine = str(page.selectbox(key="workbench-version-assistant").value)
    write(page, "photo", "Mine, again:")
    with book() as opened:
        opened.delete(EVERYTHING, opened.read("assistant", mine))
    page.button(key="workbench-save").click().run()
    assert f"Draft {mine} was deleted meanwhile; what you wrote is draft " in drawn(page)
    last = str(page.selectbox(key="workbench-version-assistant").value)
    with book() as opened:
        assert opened.read("assistant", last).template["photo"] == "Mine, again:"


def test_a_preview_is_filled_with_a_real_turn(page: AppTest) -> None:
    with open_shop(load_settings()) as shop:
        desk = open_desk(shop)
        ask(desk, desk.new_session(), "red <i>T-shirts</i> under $30")
    html = look_at(page, "Preview")
    assert "red ‹i›T-shirts‹/i› under $30" in html
    assert "&lt;items&gt;\n[1] " in html


@pytest.mark.parametrize("form", ["yaml", "promptfoo"])
def test_an_exported_file_is_imported_as_a_draft_and_a_broken_one_told(page: AppTest, form: str) -> None:
    with book() as opened:
        row = opened.read("assistant", SHIPPED)
    text = as_yaml(row) if form == "yaml" else as_promptfoo(row, (), Settings())
    page.file_uploader(key="workbench-import-file").upload("a.yaml", text.replace("items", "tems").encode()).run()
    page.button(key="workbench-import").click().run()
    assert "is not filled in here; did you mean &#x27;$items&#x27;?" in drawn(page)
    page.file_uploader(key="workbench-import-file").upload("a.yaml", text.encode()).run()
    page.button(key="workbench-import").click().run()
    html = drawn(page)
    assert "of assistant was read from the file." in html
    version = str(page.selectbox(key="workbench-version-assistant").value)
    with book() as opened:
        assert opened.read("assistant", version).template == row.template


def test_the_button_goes_back_to_the_newest_version_that_fits(page: AppTest) -> None:
    first = begin_draft(page)
    with book() as opened:
        second = opened.draft(EVERYTHING, "assistant", SHIPPED).version
        for version in (first, second):
            opened.publish(EVERYTHING, "assistant", version, "", lambda *_: GateVerdict(True))
    with open_shop(load_settings()) as shop, shop.database.connection() as connection:
        connection.execute(
            "UPDATE prompt_versions SET variables = '{}' WHERE version = %(version)s", {"version": first}
        )
    drawn(page.run())
    (back,) = [button for button in page.button if button.key == "workbench-rollback"]
    assert back.label == f"Roll back to {SHIPPED}"
    assert f"{first}, which was in force in between, no longer fits the code." in back.help
    assert f"{first} (retired)" in page.selectbox(key="workbench-version-assistant").options
    assert "retired, to mend" in list(page.dataframe[0].value["State"])
    back.click().run()
    assert f"{SHIPPED} is in force again from the next turn on, instead of {second}." in drawn(page)


def test_a_published_version_that_broke_is_told_and_the_shipped_one_named(page: AppTest) -> None:
    version = begin_draft(page)
    look_at(page, "Publish")
    page.button(key="workbench-publish").click().run()
    with open_shop(load_settings()) as shop, shop.database.connection() as connection:
        connection.execute(
            "UPDATE prompt_versions SET variables = '{}' WHERE version = %(version)s", {"version": version}
        )
    html = drawn(page.run())
    assert "The shipped version answers in its place: version" in html
    page.button(key="workbench-retire").click().run()
    assert f"{version} is retired; in force is {SHIPPED}." in drawn(page)


def test_a_shopper_has_no_workbench(surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("ACCESS", "public")
    page = open_page()
    assert "This needs leave to edit prompts: &#x27;somebody&#x27; is shopper" in drawn(page)
    assert [button.key for button in page.button] == ["try-again"]
