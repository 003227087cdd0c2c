"""The demo shop as files: rows with pictures, and contact sheets to look at them."""

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from ingest.demo.picture import draw
from ingest.demo.spec import DemoItem

_JPEG_QUALITY = 88


def write(items: list[DemoItem], folder: Path) -> None:
    """Write items.jsonl and images/*.jpg; pictures are drawn by a process per core."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    with _pool() as pool:
        for _ in pool.map(partial(_save, folder), items, chunksize=8):
            pass
    with (folder / "items.jsonl").open("w", encoding="utf-8") as out:
        for item in items:
            row = asdict(item)
            del row["drawing"]
            out.write(json.dumps(row | {"image": f"images/{item.sku}.jpg"}, ensure_ascii=False) + "\n")


def _pool() -> ProcessPoolExecutor:
    """A process per core, started afresh: forking a process with threads is not safe."""
    return ProcessPoolExecutor(mp_context=get_context("spawn"))


def _save(folder: Path, item: DemoItem) -> None:
    draw(item).save(folder / "images" / f"{item.sku}.jpg", quality=_JPEG_QUALITY)


def contact_sheet(items: list[DemoItem], card_width: int) -> Image.Image:
    """The items' pictures side by side, about 1500 pixels wide."""
    size = (card_width, card_width * 4 // 3)
    columns = max(1, 1500 // card_width)
    n_rows = max(1, -(-len(items) // columns))
    sheet = Image.new("RGB", (columns * size[0], n_rows * size[1]))
    with _pool() as pool:
        pictures = pool.map(partial(_card, size), items, chunksize=4)
        for k, picture in enumerate(pictures):
            sheet.paste(picture, (k % columns * size[0], k // columns * size[1]))
    return sheet


def _card(size: tuple[int, int], item: DemoItem) -> Image.Image:
    return draw(item).resize(size, Image.Resampling.LANCZOS)
