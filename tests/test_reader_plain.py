"""CSV and JSON Lines with our own field names."""

import json
from pathlib import Path

from ingest.readers.plain import PlainReader
from ingest.row import LocalPicture, RemotePicture
from tests.feed_files import good, noted, refused, write_csv


def write_lines(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_json_numbers_keep_their_digits_and_sizes_their_stock(tmp_path: Path) -> None:
    told = '{"sku": 7, "title": "Tee", "price": 19.90, "sizes": {"S": 3, "M": null}, "rating": 4.5, "image": "a/b.jpg"}'
    (row,) = good(PlainReader(), write_lines(tmp_path / "items.jsonl", told))
    assert (row.sku, row.price, row.rating, row.sizes) == ("7", "19.90", "4.5", {"S": "3", "M": ""})
    assert row.picture == LocalPicture(tmp_path, "a/b.jpg")


def test_minor_units_are_read_by_their_currency(tmp_path: Path) -> None:
    lines = [
        json.dumps({"sku": currency, "title": "x", "image": "x", "price_cents": 1999, "currency": currency})
        for currency in ("EUR", "JPY", "KWD")
    ]
    rows = good(PlainReader(), write_lines(tmp_path / "items.jsonl", *lines))
    assert [row.price for row in rows] == ["19.99", "1999", "1.999"]


def test_everyday_names_of_columns_are_understood(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        ["ID", "Name", "Color", "Size", "Picture"],
        [["1", "Tee", "red", "S:3|M", "a.jpg"], ["2", "Tee", "red", "38, 39", "https://shop.example/a.jpg"]],
    )
    first, second = good(PlainReader(), path)
    assert (first.sku, first.title, first.colour, first.sizes) == ("1", "Tee", "red", {"S": "3", "M": ""})
    assert second.sizes == {"38": "", "39": ""}
    assert second.picture == RemotePicture("https://shop.example/a.jpg")


def test_broken_lines_are_told_and_the_others_arrive(tmp_path: Path) -> None:
    lines = ['{"sku": "1", "title": "a"}', '{"sku": "2", ', "[1]", "", "[" * 100_000, '{"sku": "3", "title": "b"}']
    path = write_lines(tmp_path / "items.jsonl", *lines)
    assert [row.sku for row in good(PlainReader(), path)] == ["1", "3"]
    assert refused(PlainReader(), path) == [(2, "bad_json"), (3, "bad_json"), (5, "bad_json")]


def test_windows_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_bytes('{"sku": "1", "title": "Größe"}\n'.encode("cp1252"))
    assert [row.title for row in good(PlainReader(), path)] == ["Größe"]
    assert noted(PlainReader(), path) == [(1, "encoding")]


def test_unquoted_commas_are_recovered_where_only_one_column_is_free_text(tmp_path: Path) -> None:
    one = write_lines(tmp_path / "one.csv", "sku,title,image", "1,red, white and blue,a.jpg")
    assert [row.title for row in good(PlainReader(), one)] == ["red, white and blue"]
    two = write_lines(tmp_path / "two.csv", "sku,title,description,image", "1,red, white,blue,a.jpg")
    assert refused(PlainReader(), two) == [(2, "too_many_fields")]


def test_a_folder_is_known_by_its_items_file(tmp_path: Path) -> None:
    write_lines(tmp_path / "items.jsonl", '{"sku": "1", "title": "a", "image": "a.jpg"}')
    assert PlainReader().matches(tmp_path)
    assert PlainReader().n_rows(tmp_path) == 1
