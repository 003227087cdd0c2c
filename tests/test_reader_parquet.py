"""Parquet with pictures inside, as Hugging Face's datasets have them."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from env.errors import FeedError
from ingest.readers.parquet import ROWS_AT_ONCE, ParquetReader
from ingest.row import InlinePicture, LocalPicture
from tests.feed_files import good, picture


def write(path: Path, columns: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, row_group_size=50)
    return path


def kaggle_columns(n_rows: int) -> dict[str, list[Any]]:
    return {
        "id": list(range(n_rows)),
        "gender": ["Women"] * n_rows,
        "articleType": ["Dresses"] * n_rows,
        "productDisplayName": ["Cove Women Dress"] * (n_rows - 1) + [None],
        "image": [{"bytes": picture(), "path": f"{n}.jpg"} for n in range(n_rows)],
    }


def test_kaggles_columns_are_understood_with_the_picture_in_the_row(tmp_path: Path) -> None:
    rows = good(ParquetReader(), write(tmp_path / "train.parquet", kaggle_columns(3)))
    assert [(row.sku, row.title, row.place.number) for row in rows] == [
        ("0", "Cove Women Dress", 1), ("1", "Cove Women Dress", 2), ("2", "", 3),
    ]  # fmt: skip
    assert rows[0].categories == ("Dresses",)
    assert rows[0].picture == InlinePicture(picture())


def test_our_own_columns_are_understood_numbers_and_lists_included(tmp_path: Path) -> None:
    columns = {
        "sku": ["a"], "title": ["Tee"], "price_cents": [1999], "currency": ["EUR"], "sizes": [["S", "M"]],
        "image": [{"bytes": None, "path": "images/a.jpg"}],
    }  # fmt: skip
    (row,) = good(ParquetReader(), write(tmp_path / "a.parquet", columns))
    assert (row.price, row.sizes) == ("19.99", {"S": "", "M": ""})
    assert row.picture == LocalPicture(tmp_path, "images/a.jpg")


def test_a_row_without_picture_says_so(tmp_path: Path) -> None:
    columns = {
        "sku": ["a"],
        "title": ["Tee"],
        "image": pa.array([None], pa.struct({"bytes": pa.binary(), "path": pa.string()})),
    }
    (row,) = good(ParquetReader(), write(tmp_path / "a.parquet", columns))
    assert row.picture is None


def test_a_folder_of_shards_is_one_feed(tmp_path: Path) -> None:
    for shard in ("train-00001-of-00002", "train-00000-of-00002"):
        write(tmp_path / "data" / f"{shard}.parquet", {"sku": [shard], "title": ["x"], "image": ["x.jpg"]})
    assert ParquetReader().matches(tmp_path)
    assert ParquetReader().n_rows(tmp_path) == 2
    rows = good(ParquetReader(), tmp_path)
    assert [(row.sku[:11], row.place.number) for row in rows] == [("train-00000", 1), ("train-00001", 2)]


def test_rows_are_read_a_batch_at_a_time(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", kaggle_columns(ROWS_AT_ONCE * 4))
    rows = ParquetReader().rows(path)
    next(rows)
    pa.default_memory_pool().release_unused()
    held = pa.total_allocated_bytes()
    rest = sum(1 for _ in rows)
    assert rest == ROWS_AT_ONCE * 4 - 1
    assert held < len(picture()) * ROWS_AT_ONCE * 4


def test_a_damaged_file_is_one_clear_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", kaggle_columns(3))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FeedError, match=r"a\.parquet' is not a readable parquet file"):
        list(ParquetReader().rows(path))
