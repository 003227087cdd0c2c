"""Pictures held against rows: on the item's page, and over the whole catalogue by the command."""

import csv
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from pgvector import HalfVector

from app_pages.resources import close_desk
from env.database import Database
from env.errors import CatalogError
from env.settings import Settings
from ingest.__main__ import main
from ingest.desk_commands import disagreement_lines
from ingest.desk_csv import disagreements_csv
from ingest.disagreements import disagreements
from ingest.progress import silent
from tests.laid_out import JACKET, TEE, picture
from tests.small_catalog import small_items
from tests.stocked_shop import bundled_embedder, stocked_shop
from tests.test_page_catalog import drawn, page
from tools import seeing
from tools.seeing import Eyes, Reading, load_attributes, open_eyes, write_readings
from tools.seeing_item import compared, likely_mistakes, row_says
from tools.shop import Shop

_TEE = replace(small_items()[0], item_group_id="", image="aa/x.jpg", description="", pattern="", usage="")


def drawn_of(shop: Shop, monkeypatch: pytest.MonkeyPatch, sku: str) -> str:
    """An item's page at the desk of this shop."""
    monkeypatch.setenv("DATABASE_URL", shop.settings.database_url.get_secret_value())
    monkeypatch.setenv("DATA_DIR", str(shop.settings.data_dir))
    st.cache_resource.clear()
    try:
        return drawn(page(sku=sku))
    finally:
        close_desk()
        st.cache_resource.clear()


@pytest.fixture(scope="module")
def looked(
    new_database: Callable[[], AbstractContextManager[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """Six items and two real pictures: a black T-shirt with short sleeves, a jacket with long ones."""
    items = [
        replace(_TEE, sku="A-right", colour="black"),
        replace(_TEE, sku="B-wrong", title="Long sleeve tee", colour="white"),
        replace(_TEE, sku="C-near", colour="charcoal"),
        replace(_TEE, sku="D-many", colour="multicolour"),
        replace(_TEE, sku="E-bare", colour="red", image=""),
        replace(_TEE, sku="F-other", colour="red"),
    ]
    folder = tmp_path_factory.mktemp("looked")
    with new_database() as url, Database(url) as database:
        shop = stocked_shop(Settings.model_validate({"data_dir": folder, "database_url": url}), database, items)
        pooled = bundled_embedder().embed_images([picture(TEE), picture(JACKET)]).pooled
        with database.connection() as connection:
            connection.execute("UPDATE items SET embedding = %s", [HalfVector(pooled[0])])
            connection.execute(
                "UPDATE items SET embedding = NULL, token_embeddings = NULL, embedder = NULL WHERE sku = 'E-bare'"
            )
            connection.execute("UPDATE items SET embedder = 'blip2-other' WHERE sku = 'F-other'")
        yield shop


def test_only_what_cannot_both_be_right_is_a_likely_mistake(looked: Shop) -> None:
    vector = looked.catalog.item_vector("A-right")
    found = {
        sku: {
            one.attribute: one.verdict
            for one in compared(looked.catalog.items([sku])[0], vector, looked.catalog.eyes())
        }
        for sku in ("A-right", "B-wrong", "C-near", "D-many")
    }
    assert {sku: verdicts["colour"] for sku, verdicts in found.items()} == {
        "A-right": "agree",
        "B-wrong": "differ",
        "C-near": "agree",
        "D-many": "open",
    }
    assert found["B-wrong"]["sleeves"] == "differ"
    assert (found["A-right"]["sleeves"], found["A-right"]["kind"]) == ("open", "agree")
    assert "heel" not in found["A-right"]


def test_an_attribute_whose_pictures_are_misread_too_often_is_no_likely_mistake() -> None:
    weights = np.array([[9.0, -9.0, -9.0]], np.float32)
    reading = Reading(("casual", "formal", "sports"), weights, np.zeros(3, np.float32), {"item": 0.5})
    formal, eyes = replace(_TEE, usage="sports"), Eyes({"usage": reading})
    (usage,) = [one for one in compared(formal, np.ones(1, np.float32), eyes) if one.attribute == "usage"]
    assert (usage.said, usage.verdict, usage.is_likely_mistake) == ("sports", "differ", False)
    assert not list(likely_mistakes(formal, np.ones(1, np.float32), eyes))


def test_the_catalogue_is_looked_through_surest_first(looked: Shop) -> None:
    seen: list[tuple[int, int]] = []
    found = disagreements(looked, lambda done, total: seen.append((done, total)), threading.Event())
    assert (found.n_looked_at, found.n_items, found.is_stopped) == (4, 1, False)
    assert seen == [(4, 4)]
    assert {(one.item.sku, one.seen.attribute, one.said, one.seen.value) for one in found.rows} == {
        ("B-wrong", "colour", "white", "black"),
        ("B-wrong", "sleeves", "long", "short"),
    }
    assert found.rows[0].seen.confidence >= found.rows[1].seen.confidence
    first, *_, last = disagreement_lines(found, 1)
    assert first.startswith("B-wrong  ")
    assert last.startswith("looked at 4 pictures; 1 of them and their rows differ (colour 1, sleeves 1): look before")
    lines = list(csv.reader(disagreements_csv(found.rows).decode("utf-8-sig").splitlines()))
    assert [line[0] for line in lines] == ["sku", "B-wrong", "B-wrong"]


def test_without_vectors_of_this_embedder_it_says_what_to_run(database: Database, settings: Settings) -> None:
    with pytest.raises(CatalogError, match=r"no item has a picture with a vector .* run `python -m ingest reembed`"):
        disagreements(stocked_shop(settings, database), silent, threading.Event())


def test_with_an_embedder_that_was_never_calibrated_it_says_so(
    looked: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "calibration.json"
    write_readings("blip2-other", {}, path)
    monkeypatch.setattr(seeing, "CALIBRATION_FILE", path)
    open_eyes.cache_clear()
    try:
        with pytest.raises(CatalogError, match=r"cannot be read with the embedder 'blip2-.* --calibrate`"):
            disagreements(looked, silent, threading.Event())
        assert "it was never calibrated." in drawn_of(looked, monkeypatch, "A-right")
    finally:
        open_eyes.cache_clear()


def test_the_command_writes_a_table_and_refuses_a_folder_that_is_not_there(
    looked: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", looked.settings.database_url.get_secret_value())
    monkeypatch.setenv("DATA_DIR", str(looked.settings.data_dir))
    assert main(["disagreements", "--limit", "0", "--csv", str(tmp_path / "found.csv")]) == 0
    assert capsys.readouterr().out.startswith("looked at 4 pictures")
    assert b"picture_looks" in (tmp_path / "found.csv").read_bytes()
    assert main(["disagreements", "--csv", str(tmp_path / "none" / "found.csv")]) == 1
    assert "cannot write" in capsys.readouterr().err


def test_an_items_page_tells_what_its_picture_shows_and_why_it_cannot(
    looked: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, right, bare, other = (
        drawn_of(looked, monkeypatch, sku) for sku in ("B-wrong", "A-right", "E-bare", "F-other")
    )
    assert re.search(r"Colour: the row says white, the picture looks black, [5-9]\d %\.", wrong)
    assert re.search(r"Sleeves: the row says long, the picture looks short, [5-9]\d %\.", wrong)
    assert "Shoppers who ask are told it with “looks” (all but the kind); it is never used as a limit." in wrong
    assert "cannot be told surely" in wrong
    assert 'class="v-differs"' not in right
    assert "It has no picture, so nothing can be seen." in bare
    assert "Its vector is of another embedder" in other


def test_a_row_says_what_its_title_or_else_its_description_tells() -> None:
    sleeves = load_attributes()["sleeves"]
    assert row_says(replace(_TEE, title="Sleeveless top", description="With long sleeves."), sleeves) == "sleeveless"
    assert row_says(replace(_TEE, title="Top", description="Long sleeves or short sleeves."), sleeves) == ""
