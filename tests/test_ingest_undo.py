"""Runs kept with the rows before them, and undone: exactly what stood before stands again."""

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from env.database import connect
from env.errors import AccessError, CatalogError
from env.roles import ANYBODY, EVERYTHING, Actor, Role
from env.settings import Settings
from ingest.feed import Options, find_feed
from ingest.pipeline import run
from ingest.undo import last_undoable, undo
from tests.feed_files import open_test_shop, plain_rows, write_picture, write_plain
from tools.shop import Shop
from tools.store_copies import COPIED, drop_outdated_copies
from tools.store_ingests import RunStart, begin_run, ingest_run, ingest_runs, run_report
from tools.store_load import open_loader

ANNA = Actor("anna", frozenset({Role.MERCHANDISER}))


@pytest.fixture
def shop(settings: Settings) -> Iterator[Shop]:
    with open_test_shop(settings) as opened:
        yield opened


def ingest(shop: Shop, folder: Path, rows: list[dict[str, Any]], name: str = "test", **told: Any) -> int:
    """Ingest these rows; the number of the run."""
    run(shop, find_feed(write_plain(folder, rows), name=name), Options(**told))
    return ingest_runs(shop.database, name)[0].id


def whole(shop: Shop) -> Mapping[str, tuple[Any, ...]]:
    """Every stored column of every item, vectors and times included."""
    with shop.database.connection() as connection:
        rows = connection.execute(f"SELECT {COPIED} FROM items ORDER BY sku").fetchall()
    return {row[0]: tuple(map(str, row)) for row in rows}


def counted(shop: Shop, number: int) -> tuple[int, int, int]:
    one = ingest_run(shop.database, number)
    return one.n_new, one.n_changed, one.n_removed


def test_an_undo_restores_the_very_rows_and_can_be_undone_itself(shop: Shop, tmp_path: Path) -> None:
    rows = plain_rows(4)
    first = ingest(shop, tmp_path / "feed", rows, actor=ANNA)
    before = whole(shop)
    rows[1]["title"] = "Another title"
    write_picture(tmp_path / "feed" / "images" / "other.jpg", "purple")
    rows[2]["image"] = "images/other.jpg"
    second = ingest(shop, tmp_path / "feed", [*rows[:3], {**rows[0], "sku": "S-900"}], is_pruning=True)
    after = whole(shop)
    assert (counted(shop, first), counted(shop, second)) == ((4, 0, 0), (1, 2, 1))
    assert after.keys() == {"S-000", "S-001", "S-002", "S-900"}
    assert last_undoable(shop, "test").id == second
    told = undo(shop, second, ANNA)
    assert whole(shop) == before
    assert told.line() == (
        f"run {second} of test is undone: 1 item taken out again, 2 items put back as before, 1 item brought back"
    )
    undoing = ingest_run(shop.database, told.run)
    assert (undoing.kind, undoing.actor, undoing.undoes, undoing.state) == ("undo", "anna", second, "done")
    assert ingest_run(shop.database, second).undone_by == told.run
    again = undo(shop, told.run, ANNA)
    assert whole(shop) == after
    assert ingest_run(shop.database, second).undone_by is None
    undo(shop, second, ANNA)
    undo(shop, first, ANNA)
    assert whole(shop) == {}
    with pytest.raises(CatalogError, match="no ingest of 'test' is left to undo"):
        last_undoable(shop, "test")
    with pytest.raises(CatalogError, match=f"run {again.run}"):
        undo(shop, again.run, ANNA)
    assert all(shop.pictures.path(row[11]).exists() for row in before.values())


def test_a_first_load_keeps_no_copies_and_an_unchanged_one_has_nothing_to_undo(shop: Shop, tmp_path: Path) -> None:
    ingest(shop, tmp_path / "feed", plain_rows(3))
    second = ingest(shop, tmp_path / "feed", plain_rows(3))
    with shop.database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM item_copies").fetchone() == (0,)
    with pytest.raises(CatalogError, match=f"run {second} changed nothing, so there is nothing to undo"):
        undo(shop, second, ANNA)
    assert ingest_run(shop.database, second).n_unchanged == 3


def test_an_undo_is_refused_where_a_later_run_touched_its_items(shop: Shop, tmp_path: Path) -> None:
    first = ingest(shop, tmp_path / "one", plain_rows(2), name="one")
    other = ingest(shop, tmp_path / "two", plain_rows(1), name="two")
    with pytest.raises(CatalogError, match=f"a later run touched 1 of the 2 items that run {first} added"):
        undo(shop, first, EVERYTHING)
    third = ingest(shop, tmp_path / "one", plain_rows(1), name="one", is_forced=True)
    expected = rf"a later run \(run {third}\) touched 'S-000'; undo that one before run {other}"
    before = whole(shop)
    with pytest.raises(CatalogError, match=expected):
        undo(shop, other, EVERYTHING)
    assert whole(shop) == before
    refused = ingest_runs(shop.database, "two")[0]
    assert (refused.kind, refused.state, refused.n_touched) == ("undo", "failed", 0)
    for number in (third, other, first):
        undo(shop, number, EVERYTHING)
    assert whole(shop) == {}


def test_who_may_not_change_the_catalogue_neither_ingests_nor_undoes(shop: Shop, tmp_path: Path) -> None:
    number = ingest(shop, tmp_path / "feed", plain_rows(1))
    with pytest.raises(AccessError, match="this needs leave to change the catalogue"):
        undo(shop, number, ANYBODY)
    with pytest.raises(AccessError, match="this needs leave to change the catalogue"):
        ingest(shop, tmp_path / "feed", plain_rows(2), actor=ANYBODY)
    assert len(whole(shop)) == 1


def test_a_killed_run_is_told_as_interrupted_and_can_be_undone(shop: Shop, tmp_path: Path) -> None:
    ingest(shop, tmp_path / "feed", plain_rows(1))
    with open_loader(shop.database, "test") as loader:
        number = loader.begin(RunStart("anna", "test", "plain"))
        assert ingest_run(shop.database, number).state == "running"
    # Its connection is gone and nobody noted an end, as after kill -9; the server needs a moment to see that.
    deadline = time.monotonic() + 10
    while ingest_run(shop.database, number).state == "running" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ingest_run(shop.database, number).state == "interrupted"
    stop = threading.Event()
    stop.set()
    run(shop, find_feed(write_plain(tmp_path / "feed", plain_rows(3)), name="test"), Options(), stop=stop)
    with connect(shop.database.url) as connection:
        (state,) = connection.execute("SELECT state FROM ingests WHERE id = %s", [number]).fetchone() or ("",)
    assert (state, ingest_runs(shop.database, "test")[0].state) == ("interrupted", "stopped")


def test_copies_are_bounded_and_then_an_undo_is_refused(shop: Shop, tmp_path: Path) -> None:
    rows = plain_rows(1)
    ingest(shop, tmp_path / "feed", rows)
    numbers = []
    for n in range(3):
        rows[0]["title"] = f"Title {n}"
        numbers.append(ingest(shop, tmp_path / "feed", rows))
    with connect(shop.database.url) as connection:
        drop_outdated_copies(connection, runs=2)
        kept = connection.execute("SELECT DISTINCT ingest_id FROM item_copies ORDER BY 1").fetchall()
        assert [number for (number,) in kept] == numbers[1:]
        drop_outdated_copies(connection, days=0)
        assert connection.execute("SELECT count(*) FROM item_copies").fetchone() == (0,)
    with pytest.raises(CatalogError, match=f"the rows before run {numbers[2]} are no longer kept"):
        last_undoable(shop, "test")


def test_rows_come_back_without_the_vectors_of_a_changed_embedder_and_get_new_ones(shop: Shop, tmp_path: Path) -> None:
    rows = plain_rows(2)
    ingest(shop, tmp_path / "feed", rows)
    rows[0]["title"] = "Changed"
    number = ingest(shop, tmp_path / "feed", rows)
    with shop.database.connection() as connection:
        connection.execute("UPDATE item_copies SET embedder = 'an older one'")
    assert undo(shop, number, EVERYTHING).n_reembedded == 1
    with shop.database.connection() as connection:
        found = connection.execute("SELECT title, embedder FROM items WHERE sku = 'S-000'").fetchone()
    assert found == ("Dress number 0", shop.embedder.fingerprint)


def test_every_stored_column_of_an_item_is_copied(shop: Shop) -> None:
    with shop.database.connection() as connection:
        columns = connection.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'items' AND is_generated = 'NEVER' ORDER BY 1"
        ).fetchall()
    assert [name for (name,) in columns] == sorted(column.strip() for column in COPIED.split(","))


def test_a_run_keeps_its_report_with_what_the_rejected_rows_said(shop: Shop, tmp_path: Path) -> None:
    rows = [
        *plain_rows(1),
        {"sku": "BAD", "title": "Odd \ud800 dress", "price": "about 20", "image": "images/S-000.jpg"},
    ]
    number = ingest(shop, tmp_path / "feed", rows, actor=ANNA)
    report = run_report(shop.database, number)
    (told,) = report["rejected_by_reason"]["bad_currency"]["rows"]  # type: ignore[index]
    assert '"sku": "BAD"' in told["raw"]
    assert '"price": "about 20"' in told["raw"]
    one = ingest_run(shop.database, number)
    assert (one.actor, one.kind, one.file_name, one.n_read, one.n_rejected) == ("anna", "plain", "feed", 2, 1)


def test_where_values_came_from_is_stored_as_far_as_it_is_known(shop: Shop, tmp_path: Path) -> None:
    told = [
        {"sku": "A", "title": "Blue linen dress", "price": "20", "gender": "women", "sizes": "S:1"},
        {"sku": "B", "title": "Thing", "category": "Dress", "price": "20 EUR", "availability": "in stock"},
    ]
    ingest(shop, tmp_path / "feed", told)
    with shop.database.connection() as connection:
        found = dict(connection.execute("SELECT sku, origins FROM items ORDER BY sku").fetchall())
    assert found == {
        "A": {"category": "title", "age_group": "gender", "availability": "sizes", "currency": "setting"},
        "B": {},
    }


def test_a_number_that_is_no_run_is_told(shop: Shop) -> None:
    with pytest.raises(CatalogError, match="there is no run 77"):
        undo(shop, 77, EVERYTHING)
    with connect(shop.database.url) as connection:
        assert begin_run(connection, RunStart("anna", "x", "plain")) == 1
