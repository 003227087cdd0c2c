"""Feeds written for tests, and a shop to ingest them into."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from env.settings import Settings
from ingest.readers.reader import Reader
from ingest.row import Note, RawRow, Rejected
from tools.shop import LazyEmbedder, Shop, open_shop


def picture(colour: str = "red", size: tuple[int, int] = (60, 80), form: str = "JPEG") -> bytes:
    """A picture with something on it, as the bytes of a file."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).ellipse((size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2), fill=colour)
    buffer = io.BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


def write_picture(path: Path, colour: str = "red") -> Path:
    """A picture in a file, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture(colour))
    return path


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """A comma-separated file, properly quoted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def write_plain(folder: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """items.jsonl; every row without a picture of its own gets one called after its SKU."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "items.jsonl").open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows):
            told = dict(row)
            if "image" not in told:
                told["image"] = f"images/{told['sku']}.jpg"
                hue = f"hsl({number * 37 % 360}, 80%, 50%)"
                write_picture(folder / told["image"], hue)
            file.write(json.dumps(told) + "\n")
    return folder


def plain_rows(n_rows: int) -> list[dict[str, Any]]:
    """Rows "S-000", "S-001", ... of dresses, for write_plain."""
    return [
        {"sku": f"S-{n:03d}", "title": f"Dress number {n}", "category": "Dress", "price": "20.00", "currency": "EUR"}
        for n in range(n_rows)
    ]


def good(reader: Reader, source: Path) -> list[RawRow]:
    """The usable rows of a feed."""
    return [row for row in reader.rows(source) if isinstance(row, RawRow)]


def refused(reader: Reader, source: Path) -> list[tuple[int, str]]:
    """Place and reason of every refused row."""
    return [(row.place.number, row.reason) for row in reader.rows(source) if isinstance(row, Rejected)]


def noted(reader: Reader, source: Path) -> list[tuple[int, str]]:
    """Place and reason of every note."""
    return [(row.place.number, row.reason) for row in reader.rows(source) if isinstance(row, Note)]


@cache
def bundled_embedder() -> LazyEmbedder:
    """The checkpoint that ships with the code, loaded once for all tests."""
    return LazyEmbedder(Settings(embedder_device="cpu", embedder_dtype="fp32"))


@contextmanager
def open_test_shop(settings: Settings) -> Iterator[Shop]:
    """A shop on the test's database, with the bundled checkpoint."""
    with open_shop(settings) as opened:
        yield replace(opened, load_embedder=bundled_embedder())
