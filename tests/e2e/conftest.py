"""A browser of this system, and the real page over a real, smaller demo shop."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from env.settings import REPO_DIR, Settings
from ingest.feed import Feed, Options
from ingest.pipeline import run
from ingest.readers.demo import DemoReader
from tests.e2e.served import served
from tests.shared_run import SharedRun
from tools.shop import open_shop

# Every category of the demo shop, in several designs.
N_GROUPS = 76
BROWSERS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run")
WAIT_MS = 60_000
WIDE = (1280, 900)
PHONE = (390, 844)

NewPage = Callable[..., Page]
Copied = Callable[[tuple[str, Path]], dict[str, str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Without one the tests are skipped, or fail where REQUIRE_BROWSER=1."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        told = f"no browser found: install Chromium (looked for {', '.join(BROWSERS)})"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        expect.set_options(timeout=WAIT_MS)
        launched = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def stock(shared: SharedRun) -> tuple[str, Path]:
    """A database URL and a data folder with demo items, to be copied and left as they are."""

    def fill(url: str, folder: Path) -> None:
        with open_shop(Settings.model_validate({"database_url": url, "data_dir": folder})) as shop:
            run(shop, Feed("demo", "demo", Path(), DemoReader(n_groups=N_GROUPS)), Options())

    return shared.stock("demo", fill)


@pytest.fixture(scope="session")
def copied(
    copy_database: Callable[[str], AbstractContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Copied]:
    """Copies a stock: the environment of a shop of its own."""
    with contextlib.ExitStack() as copies:

        def copy(stock: tuple[str, Path]) -> dict[str, str]:
            folder = tmp_path_factory.mktemp("e2e")
            shutil.copytree(stock[1], folder, dirs_exist_ok=True)
            return {"DATABASE_URL": copies.enter_context(copy_database(stock[0])), "DATA_DIR": str(folder)}

        yield copy


@pytest.fixture(scope="module")
def stocked(browser: Browser, request: pytest.FixtureRequest, copied: Copied) -> dict[str, str]:
    """The environment of a shop with demo items. It waits for the browser, so that a skip costs nothing."""
    return copied(request.getfixturevalue("stock"))


@pytest.fixture(scope="module")
def small_stocked(browser: Browser, request: pytest.FixtureRequest, copied: Copied) -> dict[str, str]:
    """The environment of a shop with the 48 small items."""
    return copied(request.getfixturevalue("page_stock"))


@pytest.fixture(scope="session")
def common_shop(stock: tuple[str, Path], copied: Copied, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One page for all tests that are shoppers of their own and change nothing of the shop."""
    with served(copied(stock), tmp_path_factory.mktemp("served") / "page.log") as url:
        yield url


@pytest.fixture(scope="module")
def shop_url(browser: Browser, request: pytest.FixtureRequest) -> str:
    """The page with the offline classifier and assistant, shared with other shoppers."""
    url: str = request.getfixturevalue("common_shop")
    return url


@pytest.fixture(scope="module")
def own_shop_url(stocked: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same with a shop of its own, for tests that change it."""
    with served(stocked, tmp_path_factory.mktemp("served") / "page.log") as url:
        yield url


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens pages in browsers of their own: `new_page(url, size, is_dark)`."""
    contexts: list[BrowserContext] = []

    def make(url: str, size: tuple[int, int] = WIDE, is_dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if is_dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        page.locator(".v-starter img, .v-said").first.wait_for()
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def screenshot(tmp_path: Path) -> Callable[[Page, str], None]:
    """Keeps a picture of a page; with UPDATE_SCREENSHOTS=1 in docs/screenshots/, where the README shows them."""
    is_kept = os.environ.get("UPDATE_SCREENSHOTS") == "1"
    folder = REPO_DIR / "docs" / "screenshots" if is_kept else tmp_path

    def take(page: Page, name: str) -> None:
        page.wait_for_function("[...document.images].every(image => image.complete)")
        page.evaluate("document.fonts.ready")
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=88)

    return take
