"""The tabs of the test set and of the runs by Streamlit's own test runner, and the button under a turn of the shop."""

import time

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from agents.workbench.case_book import CaseBook
from agents.workbench.case_result import CaseResult
from agents.workbench.run_book import RunBook
from app_pages.resources import close_desk
from env.database import Database
from env.roles import EVERYTHING
from env.settings import REPO_DIR, load_settings
from tests.servers.vendors import pointed_at
from tests.thumbed_turns import give_thumbs, judge_server, take_thumbs
from tests.workbench_cases import SHIPPED, colour_cases, practice
from tools.store_runs import ResultRow, RunStore
from tools.store_thumbs import ThumbStore

TIMEOUT_S = 120
CASES = "from app_pages.workbench_cases import draw_cases; draw_cases()"
RUNS = "from app_pages.workbench_runs import draw_runs; draw_runs()"


def open_tab(script: str) -> AppTest:
    page = AppTest.from_string(script, default_timeout=TIMEOUT_S).run()
    assert not page.exception
    return page


def drawn(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


@pytest.mark.usefixtures("surroundings")
def test_an_empty_test_set_teaches_and_a_case_is_written_labelled_and_refused_in_words() -> None:
    page = open_tab(CASES)
    assert "Three ways in" in drawn(page)
    page.text_area(key="case-new-message").set_value("red <b>dresses</b>")
    page.text_area(key="case-new-expected").set_value('{"colour": ["red"]}')
    page.button(key="case-new-keep").click().run()
    assert not page.exception
    assert "Unknown slot &#x27;colour&#x27;; slots are action" in drawn(page)
    page.text_area(key="case-new-expected").set_value('{"colours": ["red"]}')
    page.button(key="case-new-keep").click().run()
    assert "Kept: red &lt;b&gt;dresses&lt;/b&gt;" in drawn(page)
    assert "1 cases, 1 of them with labels" in drawn(page).replace("1 case,", "1 cases,")
    assert list(page.dataframe[0].value["Expected"]) == ["colours red"]


@pytest.mark.usefixtures("surroundings")
def test_a_run_is_started_followed_and_reported_on_the_page(stocked: tuple[str, object]) -> None:
    with Database(stocked[0]) as database:
        CaseBook.of(database).put(EVERYTHING, colour_cases()[:3])
        page = open_tab(RUNS)
        page.number_input(key="setup-cases").set_value(2).run()
        page.button(key="setup-run").click().run()
        assert not page.exception
        assert "It goes on when this page is closed" in drawn(page)
        give_up = time.monotonic() + TIMEOUT_S
        while (run := RunStore(database).runs()[0]).status != "done" and time.monotonic() < give_up:
            time.sleep(0.1)
        assert (run.status, run.problem) == ("done", "")
    page = open_tab(RUNS)
    assert "2 cases are too few to tell" in drawn(page)
    assert "The variants did the same in every case" in drawn(page)
    assert "The practice model of this machine takes part" in drawn(page)


@pytest.mark.usefixtures("surroundings")
def test_a_run_that_lost_its_process_is_taken_up_on_the_page(stocked: tuple[str, object]) -> None:
    with Database(stocked[0]) as database:
        book = RunBook.of(database, load_settings(), SHIPPED)
        run_id = book.start(EVERYTHING, [practice("a"), practice("b")], colour_cases()[:1])
        book.stop(EVERYTHING, run_id)
        page = open_tab(RUNS)
        assert f"Run {run_id}, “a / b”, stopped after 0 of 2 turns" in drawn(page)
        page.button(key=f"run-resume-{run_id}").click().run()
        assert not page.exception
        give_up = time.monotonic() + TIMEOUT_S
        while (run := book.run(run_id)).status != "done" and time.monotonic() < give_up:
            time.sleep(0.1)
        assert run.status == "done"


def test_the_judge_is_held_against_thumbs_on_the_page_and_the_result_is_there_again(
    surroundings: pytest.MonkeyPatch, stocked: tuple[str, object]
) -> None:
    with Database(stocked[0]) as database, judge_server() as server:
        CaseBook.of(database).put(EVERYTHING, colour_cases()[:1])
        assert "none is set. Set ASSISTANT in env/llm.env" in drawn(open_tab(RUNS))
        for name, value in (pointed_at(server.url) | {"assistant": "openai", "openai_model": "wise-1"}).items():
            surroundings.setenv(name.upper(), str(value))
        streamlit.cache_resource.clear()
        close_desk()
        page = open_tab(RUNS)
        assert "No shopper has given a thumb yet." in drawn(page)
        assert "thumbs-start" not in {button.key for button in page.button}
        give_thumbs(database, 12, 8)
        page.run()
        assert "20 turns have a thumb. The judge is asked about all of them" in drawn(page)
        page.button(key="thumbs-start").click().run()
        assert not page.exception
        assert "The judge is at work. It goes on when this page is closed." in drawn(page)
        store = ThumbStore(database)
        give_up = time.monotonic() + TIMEOUT_S
        while store.checks()[0].status == "running" and time.monotonic() < give_up:
            time.sleep(0.1)
        told = "The judge agrees with the thumbs of shoppers in 90 % of 20 turns; Cohen&#x27;s kappa is 0.79."
        html = drawn(open_tab(RUNS))
        assert told in html
        assert "with openai: wise-1." in html
        # A report with points of the judge says the same beside them.
        book = RunBook.of(database, load_settings(), SHIPPED)
        run_id = book.start(EVERYTHING, [practice("a"), practice("b")], colour_cases()[:1], has_judge=True)
        with database.connection() as connection:
            for variant in (0, 1):
                judged = CaseResult({"route": "search"}, judged=0.75).to_json()
                book.store.put_result(run_id, ResultRow(variant, colour_cases()[0].id, judged))
            connection.execute("UPDATE bench_runs SET status = 'done' WHERE id = %(id)s", {"id": run_id})
        page = open_tab(RUNS)
        assert f'<p class="v-note v-bench-trust">{told}' in drawn(page)
        take_thumbs(database)


def test_a_turn_is_taken_in_by_one_click_and_shoppers_see_no_such_button(surroundings: pytest.MonkeyPatch) -> None:
    app = str(REPO_DIR / "app.py")
    page = AppTest.from_file(app, default_timeout=TIMEOUT_S).run()
    page.chat_input(key="asked").set_value("green belts").run()
    (take,) = [button for button in page.button if str(button.key).startswith("take-")]
    take.click().run()
    assert not page.exception
    assert "Added to the test set." in drawn(page)
    surroundings.setenv("ACCESS", "public")
    streamlit.cache_resource.clear()
    page = AppTest.from_file(app, default_timeout=TIMEOUT_S).run()
    page.chat_input(key="asked").set_value("green belts").run()
    assert not [button for button in page.button if str(button.key).startswith("take-")]
    refused = AppTest.from_string(CASES, default_timeout=TIMEOUT_S).run()
    # What is refused is tested where it is refused; here nothing of the tab may be drawn.
    assert refused.exception
    assert not refused.get("html")
