"""The catalogue desk in a browser: a broken feed, a good one looked at, applied, found, and undone; wide and phone."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, NewPage
from tests.e2e.served import served
from tests.e2e.test_shop_page import has_no_sideways_scroll
from tests.e2e.waiting import at_rest
from tests.feed_files import picture, plain_rows


@pytest.fixture(scope="module")
def desk_url(small_stocked: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page over the 48 small items."""
    with served(small_stocked, tmp_path_factory.mktemp("served") / "page.log") as address:
        yield address


def send(page: Page, name: str, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})
    expect(page.locator(".v-sent")).to_have_text(name)
    page.get_by_role("button", name="See what it would do").click()


def packed() -> bytes:
    """Three dresses with pictures, and a row without a title."""
    rows = [row | {"image": f"{row['sku']}.jpg"} for row in plain_rows(3)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("items.jsonl", "\n".join(map(json.dumps, [*rows, {"sku": "BAD", "image": "S-000.jpg"}])))
        for row, colour in zip(rows, ("red", "teal", "gold"), strict=True):
            archive.writestr(str(row["image"]), picture(colour))
    return buffer.getvalue()


def test_a_feed_is_looked_at_applied_and_undone(desk_url: str, new_page: NewPage) -> None:
    page = new_page(desk_url)
    page.get_by_role("link", name="Behind the counter").click()
    page.goto(f"{desk_url}/catalogue?view=Upload+a+feed")
    send(page, "broken.csv", b"a;b\n1;2\n")
    expect(page.get_by_role("alert")).to_contain_text("'broken.csv' is no feed this shop knows")
    page.get_by_role("button", name="Take another file").click()
    send(page, "spring.zip", packed())
    expect(page.get_by_role("heading", name="What it would do")).to_be_visible()
    expect(page.locator(".v-figures")).to_have_text("3 new0 changed0 removed0 unchanged1 rejected")
    expect(page.get_by_role("table", name="Rejected")).to_contain_text("missing_title")
    page.get_by_role("button", name="Apply 3 changes").click()
    expect(page.get_by_text("Applied. 3 new")).to_be_visible()
    page.get_by_role("link", name="See run 1").click()
    expect(page.get_by_role("table", name="Rejected rows")).to_contain_text("BAD")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download rejected rows").click()
    assert "missing_title" in Path(download.value.path()).read_text("utf-8-sig")
    phone = new_page(desk_url, PHONE, is_dark=True)
    for place in ("?q=S-00", "?sku=S-001", "?view=Ingests", "?run=1"):
        phone.goto(f"{desk_url}/catalogue{place}")
        expect(phone.locator(".v-table").first).to_be_visible()
        at_rest(phone)
        assert has_no_sideways_scroll(phone), place
    page.get_by_role("button", name="Undo this run").click()
    page.get_by_role("button", name="Undo now").click()
    expect(page.get_by_text("Run 1 of spring is undone: 3 items taken out again.")).to_be_visible()
    page.goto(f"{desk_url}/catalogue?sku=S-001")
    expect(page.get_by_text("This item has left the catalogue.")).to_be_visible()
    page.goto(f"{desk_url}/catalogue?sku=A-000")
    page.get_by_role("link", name="See it in the shop").click()
    expect(page.get_by_role("dialog")).to_contain_text("A-000")
