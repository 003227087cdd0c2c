"""The catalogue desk on the real page: who may, what is listed, an item's spread, a run with its undo, an upload."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.catalog_desk import table_html
from env.database import Database
from env.roles import EVERYTHING
from env.settings import Settings
from ingest.feed import Options, find_feed
from ingest.pipeline import run
from ingest.undo import undo
from tests.feed_files import bundled_embedder, plain_rows, write_plain
from tools.shop import Shop, open_shop
from tools.store_ingests import ingest_runs

TIMEOUT_S = 120
PAGE = "from app_pages.catalog_page import draw_catalog_desk; draw_catalog_desk()"


@pytest.fixture
def opened(surroundings: pytest.MonkeyPatch, stocked: tuple[str, Path]) -> Iterator[Shop]:
    """The shop behind the page."""
    settings = Settings.model_validate({"database_url": stocked[0], "data_dir": stocked[1]})
    with open_shop(settings, bundled_embedder()) as shop:
        yield shop


def page(**parameters: str) -> AppTest:
    desk = AppTest.from_string(PAGE, default_timeout=TIMEOUT_S)
    for name, value in parameters.items():
        desk.query_params[name] = value
    desk.run()
    assert not desk.exception
    return desk


def drawn(desk: AppTest) -> str:
    return "\n".join(element.proto.body for element in desk.get("html"))


def test_who_may_not_look_sees_nothing(surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("ACCESS", "public")
    refused = AppTest.from_string(
        "import streamlit as st\n"
        "from app_pages.catalog_page import draw_catalog_desk\n"
        "from env.errors import AccessError\n"
        "try:\n    draw_catalog_desk()\nexcept AccessError as error:\n    st.text(str(error))",
        default_timeout=TIMEOUT_S,
    ).run()
    assert [text.value for text in refused.text] == [
        "this needs leave to look at the stored catalogue: 'somebody' is shopper, and admin, merchandiser may"
    ]
    assert drawn(refused) == ""


def test_the_list_is_filtered_sorted_and_searched(opened: Shop) -> None:
    desk = page()
    assert "48 items." in drawn(desk)
    desk.selectbox(key="sort").set_value("Price").run()
    assert drawn(desk).index("A-000") < drawn(desk).index("A-047")
    desk.multiselect(key="colour").set_value(["red"]).run()
    assert "12 items." in drawn(desk)
    desk.text_input(key="q").set_value("a-00").run()
    assert "items whose SKU begins with “a-00”." in drawn(desk)
    desk.text_input(key="q").set_value("red sneakers").run()
    assert "best designs for “red sneakers”" in drawn(desk)
    assert "sneakers" in drawn(desk)
    desk.text_input(key="q").set_value("").run()
    assert not desk.exception


def test_an_item_tells_its_fields_neighbours_and_history_and_a_run_its_undo(opened: Shop, tmp_path: Path) -> None:
    rows = plain_rows(2)
    rows[0]["title"] = "<b>Bold</b> $dress$"
    folder = write_plain(tmp_path / "feed", rows)
    run(opened, find_feed(folder, name="page"), Options())
    rows[0]["title"] = "A calmer <dress>"
    run(
        opened,
        find_feed(write_plain(folder, [*rows, {"sku": "=BAD", "title": "x", "price": "1.2.3"}]), name="page"),
        Options(),
    )
    second = ingest_runs(opened.database)[0]
    item = drawn(page(sku="S-000"))
    assert "<del>Bold $dress$</del> <ins>A calmer</ins>" in item
    assert 'class="v-near"' in item
    assert f"run={second.id}" in item
    told = page(run=str(second.id))
    assert "1 bad_price" in drawn(told)
    assert "Changed items put back as they were: 1." in drawn(told)
    told.button(key="undo-now").click().run()
    for _ in range(50):
        if "is undone" in drawn(told):
            break
        told.run()
    assert f"Run {second.id} of page is undone: 1 item put back as before." in drawn(told)
    assert opened.catalog.items(["S-000"])[0].title == "Bold $dress$"
    undo(opened, ingest_runs(opened.database, "page")[-1].id, EVERYTHING)
    assert "No item has the SKU" in drawn(page(sku="S-999"))
    assert "This item has left the catalogue." in drawn(page(sku="S-001"))


def test_a_feed_is_looked_at_and_applied(opened: Shop) -> None:
    before = opened.catalog.n_items()
    desk = page(view="Upload a feed")
    lines = [{"sku": "U-1", "title": "Dress", "price": "20 EUR", "image": "none.jpg"}]
    desk.file_uploader[0].upload("spring.jsonl", "\n".join(map(json.dumps, lines)).encode(), "application/json").run()
    assert "spring.jsonl" in drawn(desk)
    desk.button(key="look").click().run()
    for _ in range(50):
        if "What it would do" in drawn(desk):
            break
        desk.run()
    assert "missing_picture" in drawn(desk)
    assert "there is nothing to apply" in drawn(desk)
    assert opened.catalog.n_items() == before


def test_a_table_escapes_its_labels() -> None:
    assert "&lt;b&gt;" in table_html("<b>", ["<b>"], [["x"]])


def test_an_empty_catalogue_teaches_the_first_upload(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import streamlit as st

    from app_pages.resources import close_desk

    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    st.cache_resource.clear()
    try:
        with Database(database_url):
            assert "Your first feed" in drawn(page())
    finally:
        close_desk()
        st.cache_resource.clear()
