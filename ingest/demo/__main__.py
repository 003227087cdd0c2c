"""`python -m ingest.demo`: write the demo shop as files, or a contact sheet of its pictures."""

import argparse
import json
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from ingest.demo import DEFAULT_GROUPS, DEFAULT_SEED, DemoItem, demo_rows, draw

_JPEG_QUALITY = 88


def main() -> None:
    """Read the arguments and do what they ask."""
    parser = argparse.ArgumentParser(prog="python -m ingest.demo", description=__doc__)
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--out", type=Path, help="folder for items.jsonl and images/")
    goal.add_argument("--contact-sheet", type=Path, help="picture file showing one item per group")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--groups", type=int, default=DEFAULT_GROUPS)
    parser.add_argument("--category", help="only this category on the contact sheet, every item of it")
    parser.add_argument("--card-width", type=int, default=150, help="width of a card on the contact sheet")
    args = parser.parse_args()
    items = list(demo_rows(args.seed, args.groups))
    if args.out:
        write(items, args.out)
        print(f"{len(items)} items written to {args.out}")
        return
    shown = [item for item in items if item.category == args.category] if args.category else _firsts(items)
    contact_sheet(shown, args.card_width).save(args.contact_sheet)


def _firsts(items: Iterable[DemoItem]) -> list[DemoItem]:
    """The first item of each group, sorted by category."""
    first = {item.item_group_id: item for item in reversed(list(items))}
    return sorted(first.values(), key=lambda item: (item.category, item.sku))


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
    sheet = Image.new("RGB", (columns * size[0], -(-len(items) // columns) * size[1]))
    with _pool() as pool:
        pictures = pool.map(partial(_card, size), items, chunksize=4)
        for k, picture in enumerate(pictures):
            sheet.paste(picture, (k % columns * size[0], k // columns * size[1]))
    return sheet


def _card(size: tuple[int, int], item: DemoItem) -> Image.Image:
    return draw(item).resize(size, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
