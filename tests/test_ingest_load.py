"""Feeds into the catalogue: new, unchanged, changed, duplicate, gone; on a real database with the real checkpoint."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from env.errors import CatalogError, FeedError
from env.settings import Settings
from ingest.feed import Options, find_feed
from ingest.pipeline import run
from ingest.report import Report
from tests.feed_files import open_test_shop, picture, plain_rows, write_picture, write_plain
from tools.shop import Shop
from tools.store_load import open_loader


@pytest.fixture
def shop(settings: Settings) -> Iterator[Shop]:
    with open_test_shop(settings) as opened:
        yield opened


def ingest(shop: Shop, source: Path, name: str = "test", kind: str = "", **told: Any) -> Report:
    return run(shop, find_feed(source, kind, name), Options(**told))


def counts(report: Report) -> tuple[int, int, int, int, int]:
    """Read, new, changed, unchanged, rejected."""
    return report.n_read, report.n_new, report.n_changed, report.n_unchanged, report.n_rejected


def rows(shop: Shop, columns: str = "sku, title") -> list[tuple[Any, ...]]:
    with shop.database.connection() as connection:
        return connection.execute(f"SELECT {columns} FROM items ORDER BY sku").fetchall()


def test_a_feed_arrives_whole_with_its_vectors_and_pictures(shop: Shop, tmp_path: Path) -> None:
    told = plain_rows(1)[0] | {"price": "1.299,00 EUR", "sizes": {"S": 2, "M": None}, "gender": "Women", "rating": 4.5}
    assert counts(ingest(shop, write_plain(tmp_path / "feed", [told]))) == (1, 1, 0, 0, 0)
    ((sku, price, pays, currency, sizes, gender, path, source, image, embedder),) = rows(
        shop, "sku, price_cents, pays_cents, currency, sizes, gender, category_path, source, image, embedder"
    )
    assert (sku, price, pays, currency, sizes) == ("S-000", 129900, 129900, "EUR", {"S": 2, "M": None})
    assert (gender, path[-1], source, embedder) == ("female", "Dress", "test", shop.embedder.fingerprint)
    ((vector, tokens),) = rows(shop, "embedding, token_embeddings")
    expected = shop.embedder.embed_images([shop.pictures.open(image)])
    assert np.allclose(vector.to_numpy(), expected.pooled[0], atol=1e-5)
    assert np.allclose([token.to_numpy() for token in tokens], expected.tokens[0], atol=2e-3)


def test_a_second_run_finds_all_unchanged_and_writes_nothing(shop: Shop, tmp_path: Path) -> None:
    source = write_plain(tmp_path / "feed", plain_rows(5))
    ingest(shop, source)
    before = rows(shop, "sku, updated_at")
    assert counts(ingest(shop, source)) == (5, 0, 0, 5, 0)
    assert rows(shop, "sku, updated_at") == before


def test_what_changed_is_replaced_and_nothing_doubles(shop: Shop, tmp_path: Path) -> None:
    told = plain_rows(4)
    source = write_plain(tmp_path / "feed", told)
    ingest(shop, source)
    old = dict(rows(shop, "sku, image"))
    told[1]["title"] = "Another title"
    write_plain(tmp_path / "feed", told)
    write_picture(tmp_path / "feed" / "images" / "S-002.jpg", "purple")
    assert counts(ingest(shop, source)) == (4, 0, 2, 2, 0)
    assert [title for _, title in rows(shop)] == ["Dress number 0", "Another title", "Dress number 2", "Dress number 3"]
    assert [sku for sku, image in rows(shop, "sku, image") if image != old[sku]] == ["S-002"]


def test_rows_whose_picture_was_lost_are_made_anew(shop: Shop, tmp_path: Path) -> None:
    source = write_plain(tmp_path / "feed", plain_rows(2))
    ingest(shop, source)
    ((_, image), _) = rows(shop, "sku, image")
    shop.pictures.path(image).unlink()
    assert counts(ingest(shop, source)) == (2, 0, 1, 1, 0)
    assert shop.pictures.path(image).exists()


def test_vectors_of_another_embedder_are_made_anew(shop: Shop, tmp_path: Path) -> None:
    source = write_plain(tmp_path / "feed", plain_rows(2))
    other = write_plain(tmp_path / "other", [plain_rows(1)[0] | {"sku": "X"}])
    ingest(shop, source)
    ingest(shop, other, name="other")
    with shop.database.connection() as connection:
        connection.execute("UPDATE items SET embedder = 'older' WHERE sku <> 'S-001'")
    report = ingest(shop, source)
    assert counts(report) == (2, 0, 1, 1, 0)
    assert report.n_stale == 1
    assert report.lines()[-1] == "1 items carry vectors of another embedder; run `python -m ingest reembed`"


def test_the_first_row_of_a_sku_wins_and_later_ones_are_told_with_both_lines(shop: Shop, tmp_path: Path) -> None:
    told = [*plain_rows(3), plain_rows(3)[1] | {"title": "Impostor"}]
    report = ingest(shop, write_plain(tmp_path / "feed", told))
    assert counts(report) == (4, 3, 0, 0, 1)
    (refusal,) = report.rejected["duplicate_sku"].first
    assert (refusal.place.number, refusal.detail) == (4, "'S-001' stands in line 2 already")
    assert rows(shop)[1] == ("S-001", "Dress number 1")


def test_a_good_row_arrives_though_an_earlier_one_of_its_sku_was_refused(shop: Shop, tmp_path: Path) -> None:
    told = [plain_rows(1)[0] | {"price": "-1"}, *plain_rows(1)]
    assert counts(ingest(shop, write_plain(tmp_path / "feed", told))) == (2, 1, 0, 0, 1)


def test_bad_rows_are_told_by_reason_and_line_and_good_ones_all_arrive(shop: Shop, tmp_path: Path) -> None:
    told = plain_rows(8)
    told[1]["price"] = "5 XXX"
    told[2]["image"] = "images/gone.jpg"
    told[3]["image"] = "../../secret.jpg"
    told[4]["title"] = ""
    told[6]["image"] = "broken.jpg"
    source = write_plain(tmp_path / "feed", told)
    (source / "broken.jpg").write_bytes(picture()[:300])
    report = ingest(shop, source, chunk_rows=3)
    assert [sku for sku, _ in rows(shop)] == ["S-000", "S-005", "S-007"]
    assert counts(report) == (8, 3, 0, 0, 5)
    told_json = json.loads(report.to_json())
    assert {reason: one["rows"][0]["line"] for reason, one in told_json["rejected_by_reason"].items()} == {
        "bad_currency": 2, "missing_picture": 3, "picture_outside_source": 4, "missing_title": 5, "damaged_picture": 7,
    }  # fmt: skip
    assert (told_json["read"], told_json["written"], told_json["rejected"], told_json["stopped"]) == (8, 3, 5, False)


def test_pruning_removes_only_what_this_source_no_longer_names(shop: Shop, tmp_path: Path) -> None:
    told = plain_rows(4)
    ingest(shop, write_plain(tmp_path / "feed", told))
    ingest(shop, write_plain(tmp_path / "other", [told[0] | {"sku": "X"}]), name="other")
    told[1]["price"] = "not a price"  # refused, but still in the feed
    source = write_plain(tmp_path / "feed", told[:3])
    assert ingest(shop, source).n_pruned == 0
    assert ingest(shop, source, is_pruning=True).n_pruned == 1
    assert [sku for sku, _ in rows(shop)] == ["S-000", "S-001", "S-002", "X"]


def test_a_feed_that_breaks_off_keeps_its_good_rows_and_prunes_nothing(shop: Shop, tmp_path: Path) -> None:
    ingest(shop, write_plain(tmp_path / "feed", plain_rows(3)))
    for name in ("a", "b"):
        table = pa.table({"sku": [name], "title": ["x"], "image": [{"bytes": picture(), "path": "x"}]})
        pq.write_table(table, tmp_path / f"{name}.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 and no more")
    report = ingest(shop, tmp_path, kind="parquet", is_pruning=True)
    assert counts(report) == (2, 1, 0, 0, 1)
    assert report.rejected["broken_feed"].first[0].detail.startswith("nothing after this could be read: ")
    assert (report.n_pruned, report.notes["nothing_pruned"].n, len(rows(shop))) == (0, 1, 4)


def test_an_unreadable_row_may_be_any_item_so_nothing_is_pruned(shop: Shop, tmp_path: Path) -> None:
    source = write_plain(tmp_path / "feed", plain_rows(3))
    ingest(shop, source)
    lines = (source / "items.jsonl").read_text().splitlines()
    (source / "items.jsonl").write_text("\n".join([lines[0], lines[1][:30]]))
    assert ingest(shop, source, is_pruning=True).n_pruned == 0
    assert len(rows(shop)) == 3


def test_a_limit_reads_so_many_rows_and_forbids_pruning(shop: Shop, tmp_path: Path) -> None:
    source = write_plain(tmp_path / "feed", plain_rows(5))
    assert counts(ingest(shop, source, limit=2)) == (2, 2, 0, 0, 0)
    with pytest.raises(CatalogError, match="leave out the limit or the pruning"):
        ingest(shop, source, limit=2, is_pruning=True)


def test_a_stopped_run_keeps_what_is_done_and_the_next_one_goes_on(shop: Shop, tmp_path: Path) -> None:
    source = write_plain(tmp_path / "feed", plain_rows(30))
    stop = threading.Event()

    def stop_after_ten(n_done: int, _: int) -> None:
        if n_done >= 10:
            stop.set()

    report = run(shop, find_feed(source, name="test"), Options(chunk_rows=5), stop_after_ten, stop)
    assert report.is_stopped
    assert 10 <= report.n_new == len(rows(shop)) < 30
    assert counts(ingest(shop, source)) == (30, 30 - report.n_new, 0, report.n_new, 0)


def test_two_ingests_of_one_source_at_once_are_refused(shop: Shop, tmp_path: Path) -> None:
    source = write_plain(tmp_path / "feed", plain_rows(1))
    message = "another ingest of 'test' is at work; wait for it to end, or stop it"
    with open_loader(shop.database, "test"), pytest.raises(CatalogError, match=message):
        ingest(shop, source)
    with open_loader(shop.database, "other"):
        assert ingest(shop, source).n_new == 1


def test_a_feed_without_a_single_row_that_can_be_read_is_an_error(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text("<rss><channel></channel></rss>")
    with pytest.raises(FeedError, match="holds no <item> and no <entry>"):
        ingest(shop, tmp_path / "feed.xml")


def test_rows_are_read_no_further_ahead_than_a_chunk_needs(shop: Shop, tmp_path: Path) -> None:
    source = write_plain(tmp_path / "feed", plain_rows(200))
    seen: list[int] = []
    stop = threading.Event()

    def look(n_done: int, _: int) -> None:
        seen.append(n_done)
        if n_done >= 5:
            stop.set()

    report = run(shop, find_feed(source, name="test"), Options(chunk_rows=5), look, stop)
    assert report.n_read <= 5 + 64 + 1
