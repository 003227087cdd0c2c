"""A merchandiser at the prompts: a draft is checked while typed, published, answers a shopper, and is rolled back."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from agents.prompt import load_prompt
from agents.workbench.gate import set_policy
from agents.workbench.scorers import SCORERS
from env.database import Database
from env.roles import EVERYTHING
from tests.e2e.conftest import PHONE, NewPage
from tests.e2e.served import served
from tests.e2e.test_shop_page import ask, has_no_sideways_scroll, serious
from tests.servers.local import LocalServer
from tests.servers.openai import OpenAI
from tests.servers.vendors import pointed_at

SHIPPED = load_prompt("assistant").version


@pytest.fixture(scope="module")
def model_url(small_stocked: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page over the 48 small items whose replies come from a model behind a vendor's protocol."""
    with Database(small_stocked["DATABASE_URL"]) as database:
        set_policy(EVERYTHING, database, {"is_on": False}, SCORERS)
    with LocalServer(OpenAI()) as server:
        told = {name.upper(): str(value) for name, value in pointed_at(server.url).items()}
        log = tmp_path_factory.mktemp("served") / "page.log"
        with served(small_stocked | {"ASSISTANT": "openai"} | told, log) as page_url:
            yield page_url


def say(page: Page, view: str) -> None:
    page.locator(".st-key-workbench-view").get_by_role("radio", name=view).click()


def answered_by(page: Page, turn: int) -> str:
    """What a turn says about the versions it went by."""
    found = page.locator(f".st-key-found-{turn}")
    found.locator("summary").click()
    return found.inner_text()


def test_a_draft_is_mended_while_typed_published_answers_and_is_rolled_back(
    model_url: str, new_page: NewPage, screenshot: Callable[[Page, str], None]
) -> None:
    page = new_page(model_url)
    page.get_by_role("link", name="Behind the counter").click()
    expect(page.get_by_text("as it ships with the code")).to_be_visible()
    page.get_by_role("button", name="Edit as a new draft").click()
    user = page.get_by_label("user: may use")
    user.click()
    page.keyboard.press("Control+Home")
    # Nothing but typing: the check comes by itself, and the field keeps the keyboard.
    page.keyboard.type("Take $mesage to heart. ")
    expect(page.get_by_text("did you mean '$message'?")).to_be_visible()
    expect(user).to_be_focused()
    for _ in range(len("$mesage to heart. ")):
        page.keyboard.press("Backspace")
    page.keyboard.type("what is asked to heart. ")
    expect(page.get_by_text("Nothing to mend.")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    version = f"{SHIPPED}.1"
    expect(page.locator(".v-told")).to_have_text(f"Draft {version} is saved.")
    say(page, "Compare")
    expect(page.locator(".v-diff ins").first).to_have_text(re.compile("Take what is asked to heart"))
    say(page, "Publish")
    page.get_by_role("button", name=f"Publish {version}").click()
    expect(page.locator(".v-standing")).to_contain_text(f"version {version}")
    assert serious(page) == []
    screenshot(page, "workbench-prompts")
    page.get_by_role("link", name="Shop").click()
    ask(page, "red T-shirts")
    assert re.search(rf"Prompt “assistant”\s+{re.escape(version)}\n", answered_by(page, 1))
    phone = new_page(model_url, PHONE, True)
    phone.goto(f"{model_url}/workbench")
    phone.get_by_role("button", name=f"Roll back to {SHIPPED}").click()
    expect(phone.locator(".v-told")).to_contain_text(f"{SHIPPED} is in force again from the next turn on")
    assert has_no_sideways_scroll(phone)
    assert serious(phone) == []
    ask(page, "black belts")
    assert re.search(rf"Prompt “assistant”\s+{re.escape(SHIPPED)}\n", answered_by(page, 2))
