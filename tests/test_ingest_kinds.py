"""Sources are told apart by looking; what cannot be told is an error that helps."""

import re
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from env.errors import FeedError
from ingest.readers import READERS, choose_reader
from tests.feed_files import plain_rows, write_picture, write_plain
from tests.test_reader_kaggle import HEADER


def folder(path: Path) -> Path:
    return write_picture(path / "images" / "dress" / "a.jpg").parents[2]


def kaggle(path: Path) -> Path:
    (path / "styles.csv").write_text(HEADER + "\n")
    write_picture(path / "images" / "1.jpg")
    return path


def parquet(path: Path) -> Path:
    pq.write_table(pa.table({"sku": ["a"]}), path / "a.bin")
    return path / "a.bin"


def text(name: str, start: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        (path / name).write_text(start)
        return path / name

    return write


@pytest.mark.parametrize(
    ("kind", "write"),
    [
        ("folder", folder),
        ("kaggle", kaggle),
        ("parquet", parquet),
        ("merchant", text("feed.tsv", "id\ttitle\timage_link\tprice\n")),
        ("merchant", text("feed", '\ufeff<?xml version="1.0"?>\n<rss><channel/></rss>')),
        ("merchant", text("feed.csv", "id,title,image_link,price\n")),
        ("shopify", text("a.csv", "Handle,Title,Body (HTML),Variant Price,Image Src\n")),
        ("shopify", text("a.csv", "Title,URL handle,Description,Option1 name,Price,Product image URL\n")),
        ("plain", text("a.csv", "sku,title,image\n")),
        ("plain", text("a.csv", "id;title;image\n")),
        ("plain", text("a.jsonl", '{"sku": "1", "title": "a", "image_link": "https://x.example/a.jpg"}\n')),
        ("plain", lambda path: write_plain(path, plain_rows(1))),
    ],
)
def test_each_kind_is_recognised_and_by_one_reader_only(
    tmp_path: Path, kind: str, write: Callable[[Path], Path]
) -> None:
    source = write(tmp_path)
    assert choose_reader(source) == (kind, READERS[kind])
    assert [name for name, reader in READERS.items() if reader.matches(source)] == [kind]


def test_what_no_reader_knows_names_what_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("foo,bar\n1,2\n")
    with pytest.raises(
        FeedError, match=r"a\.csv' is no feed this shop knows. Looked for folder: a folder images/"
    ) as error:
        choose_reader(tmp_path / "a.csv")
    assert all(f"{kind}: {reader.looks_for}" in str(error.value) for kind, reader in READERS.items())


def test_what_could_be_several_kinds_asks(tmp_path: Path) -> None:
    kaggle(folder(tmp_path))
    with pytest.raises(FeedError, match="could be folder or kaggle; say which with --kind"):
        choose_reader(tmp_path)
    assert choose_reader(tmp_path, "kaggle")[0] == "kaggle"


def test_unknown_kinds_and_missing_sources_are_named(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="unknown kind 'xls'; known: folder, kaggle, parquet, merchant, shopify, plain"):
        choose_reader(tmp_path, "xls")
    with pytest.raises(FeedError, match=re.escape(f"there is no file or folder {str(tmp_path / 'gone')!r}")):
        choose_reader(tmp_path / "gone")
