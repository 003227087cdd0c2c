"""The insight page, run by Streamlit's own test runner over a log with known answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from agents.retention import retention
from app_pages.staff import STAFF_PAGES, staff_pages
from env.database import Database
from env.roles import ANYBODY
from tests.insight_log import BOOTS, Logged, day, write

PAGE = "from app_pages.insight_page import draw_insight; draw_insight()"
TIMEOUT_S = 120


@pytest.fixture
def database(stocked: tuple[str, Path]) -> Iterator[Database]:
    with Database(stocked[0]) as opened:
        yield opened
        with opened.connection() as connection:
            connection.execute("DELETE FROM sessions")
            connection.execute("UPDATE retention SET days = NULL, days_before = NULL, applies_at = now()")


def drawn(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def opened() -> AppTest:
    page = AppTest.from_string(PAGE, default_timeout=TIMEOUT_S).run()
    assert not page.exception
    return page


def test_an_empty_shop_teaches_the_first_step(surroundings: pytest.MonkeyPatch) -> None:
    assert "Nobody has talked to the shop yet" in drawn(opened())


def test_it_is_for_those_who_may_read_what_shoppers_wrote(surroundings: pytest.MonkeyPatch) -> None:
    assert "insight" in {page.path for page in STAFF_PAGES}
    assert staff_pages(ANYBODY) == []
    surroundings.setenv("ACCESS", "public")
    page = AppTest.from_string(PAGE, default_timeout=TIMEOUT_S).run()
    assert len(page.exception) == 1
    assert not page.get("html")


def test_each_question_is_answered_and_leads_to_its_turns(surroundings: pytest.MonkeyPatch, database: Database) -> None:
    write(database, [
        Logged("a", day(1), "red dress", taken="colour", did=((1, "save"),)),
        Logged("a", day(1), "<b>hat</b> for anna@example.com"),
        Logged("b", day(2), "boots", slots=BOOTS, shown=(), thumb=False),
    ])  # fmt: skip
    page = opened()
    html = drawn(page)
    assert "Counted are turns from 1 March 2026 to 2 March 2026." in html
    assert "“Boots, size 42, at most 50 EUR” was missed most: 1 of 1 time it was asked for" in html
    tables = [table.value.columns.tolist()[0] for table in page.dataframe]
    assert tables == ["words", "wish", "limit", "read as"]
    page.selectbox(key="insight-facet").set_value("size").run()
    assert page.dataframe[1].value.values.tolist() == [["42", 1, 0, 1, 1, "boots"]]
    words = [words for words in page.selectbox(key="insight-row-queries").options if "hat" in words]
    page.selectbox(key="insight-row-queries").set_value(words[0]).run()
    html = drawn(page)
    assert "1 turn, shown are 1 to 1." in html
    assert "&lt;b&gt;hat&lt;/b&gt; for (e-mail)" in html
    assert "anna@example.com" not in html
    assert html.count('<img src="/pictures/') == 2
    page.segmented_control(key="insight-view").set_value("Answers").run()
    assert "0 of 1 thumb point up" in drawn(page)
    assert not page.exception


def test_the_time_turns_are_kept_is_set_told_and_taken_back(
    surroundings: pytest.MonkeyPatch, database: Database
) -> None:
    write(database, [Logged("a", day(1), "red dress"), Logged("a", day(1), "hat")])
    page = opened()
    page.segmented_control(key="insight-view").set_value("Keeping").run()
    assert "Turns are kept until somebody deletes them." in drawn(page)
    page.number_input(key="insight-days").set_value(30).run()
    assert "This deletes 2 turns and 1 whole chat of today" in drawn(page)
    page.button(key="insight-keep-days").click().run()
    assert retention(database).next_days == 30
    assert "on: turns are kept for 30 days. A shorter time waits 24 hours" in drawn(page)
    page.button(key="insight-take-back").click().run()
    assert not retention(database).is_waiting
    assert "Turns are kept until somebody deletes them." in drawn(page)
