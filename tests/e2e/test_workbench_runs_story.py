"""A merchandiser plants a regression in a prompt, sees run and gate refuse it, mends it, publishes, rolls back."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from agents.workbench.case_book import CaseBook
from agents.workbench.prompt_book import PromptBook
from agents.workbench.run_report import MIN_CASES
from env.database import Database
from env.roles import EVERYTHING
from tests.e2e.conftest import PHONE, WIDE, NewPage
from tests.e2e.served import served
from tests.e2e.test_shop_page import has_no_sideways_scroll, serious
from tests.e2e.waiting import at_rest, press
from tests.workbench_cases import colour_cases

# As few as a verdict takes.
N_CASES = MIN_CASES
RULE = "Never write a price, a size, a stock or a title yourself."


@pytest.fixture(scope="module")
def bench(small_stocked: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Database]]:
    """A page over the 48 small items with a small test set, and its database."""
    with Database(small_stocked["DATABASE_URL"]) as database:
        CaseBook.of(database).put(EVERYTHING, colour_cases()[:N_CASES])
        with served(small_stocked, tmp_path_factory.mktemp("served") / "page.log") as page_url:
            yield page_url, database


def draft(database: Database, old: str, new: str) -> str:
    """A draft of the assistant's prompt with words of its rules replaced; its version."""
    book = PromptBook(database)
    begun = book.draft(EVERYTHING, "assistant", book.in_force("assistant"))
    assert old in begun.template["system"]
    template = {**begun.template, "system": begun.template["system"].replace(old, new)}
    return book.save(EVERYTHING, begun, template, begun.variables, "").version


def play(page: Page) -> None:
    """Run what the form proposes: what is in force beside the newest draft."""
    at_rest(page)
    page.get_by_role("tab", name="Runs").click()
    form = page.locator(".st-key-setup-run")
    form.wait_for(state="attached")
    at_rest(page)
    setup = page.locator("details").filter(has=form)
    if setup.get_attribute("open") is None:
        page.get_by_text("Compare versions").click()
        expect(setup).to_have_attribute("open", "")
        at_rest(page)
    press(form.get_by_role("button"), page.get_by_text("It goes on when this page is closed"))


def look_at_publishing(page: Page, version: str) -> None:
    """What the prompts' tab says of a version that is to be published."""
    page.get_by_role("tab", name="Prompts").click()
    chosen = page.locator(".st-key-workbench-version-assistant").get_by_role("combobox")
    chosen.wait_for()
    at_rest(page)
    chosen.click()
    page.get_by_role("option", name=version).click()
    at_rest(page)
    page.locator(".st-key-workbench-view").get_by_role("radio", name="Publish").click()
    expect(page.get_by_role("button", name=f"Publish {version}")).to_be_visible()


def test_a_planted_regression_is_refused_and_what_mends_it_is_published_and_rolled_back(
    bench: tuple[str, Database], new_page: NewPage, screenshot: Callable[[Page, str], None]
) -> None:
    url, database = bench
    planted = draft(database, RULE, "")
    page = new_page(url)
    page.get_by_role("link", name="Behind the counter").click()
    play(page)
    expect(page.locator(".v-bench-lead")).to_contain_text("worse on contract violations a turn", timeout=300_000)
    at_rest(page)
    page.get_by_role("heading", name="What came out").evaluate("heading => heading.scrollIntoView()")
    screenshot(page, "workbench-runs")
    page.get_by_text("The gate", exact=True).click()
    expect(page.locator(".v-bench-gate").filter(has_text=planted)).to_contain_text("may not be published")
    assert serious(page) == []
    mended = draft(database, "Plain, warm and concrete", "Warm, plain and concrete")
    page.reload()
    play(page)
    expect(page.locator(".v-bench-lead")).to_contain_text("no difference shown", timeout=300_000)
    page.get_by_text("The gate", exact=True).click()
    expect(page.locator(".v-bench-gate").filter(has_text=mended)).to_contain_text("may be published")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert has_no_sideways_scroll(page)
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    look_at_publishing(page, planted)
    expect(page.get_by_text("The gate is closed")).to_be_visible()
    expect(page.get_by_role("button", name=f"Publish {planted}")).to_be_disabled()
    look_at_publishing(page, mended)
    page.get_by_role("button", name=f"Publish {mended}").click()
    expect(page.locator(".v-standing")).to_contain_text(f"version {mended}")
    page.get_by_role("button", name="Roll back to").click()
    expect(page.locator(".v-standing")).not_to_contain_text(f"version {mended}")
