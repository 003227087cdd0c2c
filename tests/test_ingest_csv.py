"""Delimited files: one broken row never takes its neighbours with it."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from env.errors import FeedError
from ingest.csv_rows import Record, fit, read_header, read_records
from ingest.row import Note, Rejected
from ingest.text_file import MAX_LINE_CHARS, lines
from ingest.text_file import inspect as inspect_file


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def values(path: Path, free_column: str = "") -> list[list[str]]:
    return [list(row.values.values()) for row in read_records(path, free_column) if isinstance(row, Record)]


def test_quoted_delimiters_quotes_and_line_ends_belong_to_the_field(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,title,n\n1,"a, ""b""\nsecond line",2\n3,plain,4\n')
    assert values(path) == [["1", 'a, "b"\nsecond line', "2"], ["3", "plain", "4"]]
    assert [row.place.number for row in read_records(path)] == [2, 4]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_told_by_the_header(tmp_path: Path, delimiter: str) -> None:
    path = write(tmp_path / "a.csv", f"id{delimiter}title\n1{delimiter}x y\n")
    assert read_header(path).columns == ("id", "title")
    assert values(path) == [["1", "x y"]]


def test_a_stray_quotation_mark_costs_nobody_else_their_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,title\n1,"never closed\n2,good\n3,"also ""good"""\n4,5" heel\n')
    assert values(path) == [["1", '"never closed'], ["2", "good"], ["3", 'also "good"'], ["4", '5" heel']]


def test_two_stray_marks_do_not_join_the_rows_between_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,title,n\n1,"open,x\n2,good,y\n3,z,closed"\n')
    assert values(path) == [["1", '"open', "x"], ["2", "good", "y"], ["3", "z", 'closed"']]


def test_unquoted_delimiters_go_into_the_free_column_only(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,title,n\n1,a, b, c,2\n")
    assert values(path, "title") == [["1", "a, b, c", "2"]]
    (refusal,) = read_records(path)
    assert isinstance(refusal, Rejected)
    assert (refusal.place.number, refusal.reason) == (2, "too_many_fields")
    assert refusal.detail == "5 fields under 3 names; quote what holds ','"


def test_short_rows_are_filled_and_empty_ones_skipped(tmp_path: Path) -> None:
    assert values(write(tmp_path / "a.csv", "id,title,n\n1,a\n\n,,\n2,b,c,,\n")) == [["1", "a", ""], ["2", "b", "c"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_files_are_read_by_their_mark(tmp_path: Path, encoding: str) -> None:
    assert values(write(tmp_path / "a.csv", "id,title\n1,Größe ☂\n".encode(encoding))) == [["1", "Größe ☂"]]


def test_a_file_that_is_not_unicode_is_read_as_windows_text_and_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,title\n1,Größe 5 €\n".encode("cp1252"))
    note, row = read_records(path)
    assert isinstance(note, Note)
    assert note.detail == "'a.csv' is not UTF-8; read as Windows-1252"
    assert isinstance(row, Record)
    assert row.values["title"] == "Größe 5 €"


def test_a_wrong_byte_beyond_the_first_block_is_seen(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"id,title\n" + b"1,x\n" * 400_000 + b"2,Gr\xf6\xdfe\n")
    assert inspect_file(path).is_guessed


def test_huge_fields_are_read_and_endless_lines_refused(tmp_path: Path) -> None:
    long = "x" * 500_000
    path = write(tmp_path / "a.csv", f'id,title\n1,"{long}"\n2,{"y" * (MAX_LINE_CHARS + 10)}\n3,good\n')
    first, cut, last = read_records(path)
    assert isinstance(first, Record)
    assert first.values["title"] == long
    assert isinstance(cut, Rejected)
    assert (cut.place.number, cut.reason) == (3, "line_too_long")
    assert isinstance(last, Record)
    assert last.values["title"] == "good"


def test_rows_come_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"id,title\n" + b"1,x\n" * 200_000)
    with path.open("rb") as whole:
        n_bytes = len(whole.read())
    source = lines(inspect_file(path))
    next(source)
    path.write_bytes(b"")  # what is not read yet is gone
    assert sum(len(line.text) for line in source) < n_bytes / 2


@pytest.mark.parametrize(
    ("text", "message"), [("", "is empty"), ("id,Title,title\n", "names the column 'title' twice")]
)
def test_a_header_that_cannot_be_used_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FeedError, match=message):
        list(read_records(write(tmp_path / "a.csv", text)))


cell = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\u2028\u2029"), max_size=12)
plain_cell = cell.map(lambda text: text.replace(",", " ").replace('"', "'"))


@given(st.lists(st.tuples(plain_cell, st.text("ab, ", max_size=12), plain_cell), min_size=1, max_size=6))
def test_any_number_of_unquoted_commas_is_recovered(rows: Sequence[tuple[str, str, str]]) -> None:
    for row in rows:
        fields = ",".join(row).split(",")
        assert fit(fields, 3, 1, ",") == list(row)


@given(rows=st.lists(st.tuples(cell, st.text("a,\"'\n ", max_size=10), cell), min_size=1, max_size=6))
def test_whatever_the_csv_module_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: Sequence[tuple[str, str, str]]
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("id", "title", "n"), *rows])
    path = write(tmp_path_factory.mktemp("csv") / "a.csv", text.getvalue())
    assert values(path) == [list(row) for row in rows if any(part.strip() for part in row)]


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = write(tmp_path_factory.mktemp("csv") / "a.csv", b"id,title\n1,first\n" + data)
    first = next(row for row in read_records(path, "title") if not isinstance(row, Note))
    assert isinstance(first, Record)
    assert sum(1 for _ in read_records(path)) <= 2 + len(data)
