"""The page of live comparisons: started, read, changed and ended by those who may."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from agents.live.book import LiveBook, Plan
from agents.live.versions import open_versions
from agents.workbench.gate import set_policy
from agents.workbench.prompt_book import PromptBook
from agents.workbench.scorers import SCORERS
from env.database import Database
from env.roles import EVERYTHING
from tests.live_shoppers import TRIED, Crowd, come, two_versions

TIMEOUT_S = 60
PAGE = """
from app_pages.workbench_live import draw_live
from tests.live_shoppers import two_versions
draw_live(two_versions())
"""
REFUSED = """
import streamlit as st
from app_pages.workbench_live import draw_live
from env.errors import AccessError
try:
    draw_live()
except AccessError as error:
    st.text(str(error))
"""


@pytest.fixture(autouse=True)
def _page(surroundings: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return surroundings


@pytest.fixture
def kept(stocked: tuple[str, Path]) -> Iterator[Database]:
    """The page's database, without comparisons and versions before and after a test."""
    with Database(stocked[0]) as database:
        yield database
        with database.connection() as connection:
            for table in ("live_comparisons", "sessions", "prompt_versions", "gate_policies"):
                connection.execute(f"DELETE FROM {table}")


def opened(script: str = PAGE) -> AppTest:
    page = AppTest.from_string(script, default_timeout=TIMEOUT_S).run()
    assert not page.exception
    return page


def drawn(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def test_a_comparison_is_started_with_the_sessions_it_takes(kept: Database) -> None:
    page = opened()
    assert "Nothing has been compared yet." in drawn(page)
    assert "How long that is cannot be told yet: no session came in the last 28 days." in drawn(page)
    assert "On this machine nothing is asked of a model by this prompt" in drawn(page)
    page.number_input(key="live-effect-cart").set_value(5.0).run()
    assert "about <b>2,616 sessions</b>" in drawn(page)
    page.slider(key="live-new-share").set_value(20).run()
    assert "about <b>2,616 sessions</b>" not in drawn(page)
    page.button(key="live-go").click().run()
    assert "Started: 20 % of new sessions get 2.1 from now on." in drawn(page)
    (running,) = LiveBook(kept, two_versions()).every()
    assert (running.prompt, running.version_b, running.share_b) == ("assistant", TRIED, 0.2)
    assert "Too early to tell: 0 of 50 sessions are counted for A, 0 of 50 for B." in drawn(page)
    assert page.selectbox(key="live-prompt").options == ["Classifier"]


def test_figures_are_read_the_share_changed_and_the_comparison_stopped_and_started_again(kept: Database) -> None:
    started = LiveBook(kept, two_versions()).start(EVERYTHING, Plan("assistant", TRIED))
    come(kept, started.id, Crowd(300, 0.1), Crowd(300, 0.3))
    page = opened()
    assert "B is better, shown since " in drawn(page)
    assert '<p class="v-live-won" role="status">B clearly wins by “Put into the bag”: +20.0 points [+' in drawn(page)
    assert ">▲ better</td>" in drawn(page)
    assert len(page.get("vega_lite_chart")) == 1
    page.slider(key=f"live-share-value-{started.id}").set_value(90)
    page.button(key=f"live-share-do-{started.id}").click().run()
    assert "90 % of new sessions get B now; those that have a version keep it." in drawn(page)
    page.button(key=f"live-stop-do-{started.id}").click().run()
    assert "Stopped. Every session gets version 2 again from its next turn on." in drawn(page)
    assert "B is better, shown since " in drawn(page)
    page.button(key=f"live-again-{started.id}").click().run()
    states = [comparison.state for comparison in LiveBook(kept, two_versions()).every()]
    assert states == ["running", "ended"]


def test_what_the_guard_did_is_told(kept: Database) -> None:
    started = LiveBook(kept, two_versions()).start(EVERYTHING, Plan("assistant", TRIED))
    come(kept, started.id, Crowd(300, 0.3), Crowd(300, 0.1))
    page = opened()
    told = drawn(page)
    assert "Stopped by the guard on " in told
    assert "B is worse by “Put into the bag”" in told
    assert "every session has the version in force from its next turn on." in told
    assert not LiveBook(kept, two_versions()).find(started.id).is_running
    with kept.connection() as connection:
        connection.execute("UPDATE live_comparisons SET result = '{}'")
    assert f"The kept figures of comparison {started.id} cannot be read" in drawn(opened())


def test_the_guard_is_told_to_put_b_in_force_and_does(kept: Database) -> None:
    set_policy(EVERYTHING, kept, {"is_on": False}, SCORERS)
    prompts = PromptBook(kept)
    draft = prompts.draft(EVERYTHING, "assistant", prompts.in_force("assistant"))
    page = opened("from app_pages.workbench_live import draw_live; draw_live()")
    page.radio(key="live-when-b-wins").set_value("publish").run()
    page.button(key="live-go").click().run()
    (started,) = LiveBook(kept, open_versions(kept)).every()
    assert (started.version_b, started.when_b_wins) == (draft.version, "publish")
    assert "once B clearly wins, the guard puts it in force" in drawn(page)
    come(kept, started.id, Crowd(300, 0.1), Crowd(300, 0.3))
    told = drawn(page.run())
    assert f"by the guard: {draft.version} is used for all: B is better by “Put into the bag”" in told
    assert prompts.in_force("assistant") == draft.version


def test_with_one_version_only_the_page_says_how_to_come_by_another(kept: Database) -> None:
    page = opened("from app_pages.workbench_live import draw_live; draw_live()")
    assert "Only version 2 of it may meet shoppers. Make another one under Prompts" in drawn(page)
    assert not [button for button in page.button if button.key == "live-go"]


def test_whoever_may_not_is_refused(kept: Database, surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("ACCESS", "public")
    page = AppTest.from_string(REFUSED, default_timeout=TIMEOUT_S).run()
    (told,) = page.text
    assert told.value.startswith("this needs leave to compare versions on shoppers: 'somebody' is shopper")
    assert not page.button
