"""Parquet as Hugging Face writes it: columns, and the picture as a struct {bytes, path} in the row."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from env.errors import FeedError
from ingest.readers.kaggle import COLUMNS as KAGGLE_COLUMNS
from ingest.readers.kaggle import kaggle_row
from ingest.readers.plain import plain_picture, plain_row
from ingest.row import InlinePicture, Picture, Place, RawRow

ROWS_AT_ONCE = 128


class ParquetReader:
    """Reads a parquet file, or the parquet files of a folder in the order of their names."""

    looks_for = "a .parquet file (or a folder of them) with an image column {bytes, path}"

    def matches(self, source: Path) -> bool:
        """See Reader."""
        return bool(_files(source))

    def n_rows(self, source: Path) -> int:
        """See Reader."""
        return sum(_n_rows(path) for path in _files(source))

    def rows(self, source: Path) -> Iterator[RawRow]:
        """See Reader."""
        import pyarrow
        import pyarrow.parquet

        files = _files(source)
        if not files:
            raise FeedError(f"{str(source)!r} holds no parquet file")
        number = 0
        for path in files:
            try:
                with pyarrow.parquet.ParquetFile(path) as file:
                    for batch in file.iter_batches(ROWS_AT_ONCE):
                        for values in batch.to_pylist():
                            number += 1
                            yield _row(values, Place(number, "row"), path.parent)
            except pyarrow.ArrowException as error:
                raise FeedError(f"{str(path)!r} is not a readable parquet file: {str(error)[:200]}") from error


def _files(source: Path) -> list[Path]:
    if source.is_dir():
        return sorted(path for pattern in ("*.parquet", "data/*.parquet") for path in source.glob(pattern))
    with source.open("rb") as file:
        return [source] if file.read(4) == b"PAR1" else []


def _n_rows(path: Path) -> int:
    import pyarrow
    import pyarrow.parquet

    try:
        return int(pyarrow.parquet.read_metadata(path).num_rows)
    except pyarrow.ArrowException:
        return 0  # told when its turn to be read comes


def _row(values: Mapping[str, object], place: Place, folder: Path) -> RawRow:
    cell = values.get("image")
    texts = {name.lower(): _text(value) for name, value in values.items() if value is not None and value is not cell}
    picture = _picture(cell, folder)
    if {name.lower() for name in values} >= KAGGLE_COLUMNS:
        return kaggle_row(texts, place, picture)
    return plain_row(texts, place, picture or plain_picture(texts, folder))


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _picture(cell: object, folder: Path) -> Picture | None:
    if isinstance(cell, dict):
        data, path = cell.get("bytes"), cell.get("path")
        if data:
            return InlinePicture(data)
        return plain_picture({"image": path}, folder) if path else None
    if isinstance(cell, bytes):
        return InlinePicture(cell) if cell else None
    return plain_picture({"image": cell}, folder) if isinstance(cell, str) else None
