"""One picture of many searches: each query with its first 8 pictures, to be looked at."""

import argparse
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from env.errors import VitrineError
from evals.retrieval_gallery import Bench, open_bench
from evals.retrieval_source import open_source, settings_with
from tools.item import Item
from tools.query import PHOTO_WEIGHT_BESIDE_LIMITS, Filters, Hit, Query
from tools.vocabulary import Vocabulary

_TILE = (96, 128)
_TEXT_HEIGHT = 26
_LABEL_WIDTH = 190
_N_SHOWN = 8
_WORDS = (
    "red dress", "black shoes for men", "blue jeans", "something for a beach holiday", "white shirt for the office",
    "floral top", "brown leather bag", "running shoes", "striped t-shirt", "warm jacket", "gift for her",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One search: what was asked, in words for the sheet, and the hits."""

    told: str
    photo: Image.Image | None
    hits: tuple[Hit, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals contact_sheet`."""
    add = parser.add_argument
    add("sources", nargs="+", metavar="SOURCE", help="what `python -m ingest` reads, `demo`, or the `shop` as it is")
    add("--out", type=Path, required=True, metavar="FILE", help="where the picture goes, .jpg or .png")
    add("--unseen", type=Path, metavar="FILE", help="SKUs never trained on: only their photos are shown")
    add("--queries", type=int, default=6, metavar="N", help="photos of each kind")
    add("--words", nargs="+", default=list(_WORDS), metavar="TEXT", help="what to ask in words")
    add("--embedder", metavar="E", help="checkpoint folder or hub id (default: the EMBEDDER setting)")


def run(arguments: argparse.Namespace) -> None:
    """Search, draw and say where the sheet is."""
    settings = settings_with(arguments.embedder)
    with open_source(arguments.sources, settings) as shop:
        bench = open_bench(shop, arguments.queries, arguments.unseen)
        sheet = draw([*by_words(bench, arguments.words), *by_photos(bench), *by_exclusions(bench)], bench)
    try:
        sheet.save(arguments.out, quality=85)
    except (OSError, ValueError) as error:
        raise VitrineError(
            f"cannot write the sheet {str(arguments.out)!r}: {error}; name a .jpg or .png file"
        ) from error
    sys.stdout.write(f"{arguments.out}: {sheet.width} x {sheet.height} pixels\n")


def by_words(bench: Bench, texts: Sequence[str]) -> Iterator[Row]:
    """Words alone."""
    for text in texts:
        yield Row(text, None, bench.shop.catalog.search(Query(text=text, top_k=_N_SHOWN)).hits)


def by_photos(bench: Bench) -> Iterator[Row]:
    """An item's own photo, and the photo with words that change its colour: as a limit, and as words alone."""
    catalog = bench.shop.catalog
    for item in bench.draw("contact sheet", bench.askers):
        photo = bench.shop.pictures.open(item.image)
        yield Row(f"photo: {item.category}, {item.colour}", photo, catalog.search(Query(photo=photo)).hits)
        colour = _other_colour(item, catalog.vocabulary())
        only = Filters(facets={"colour": (colour,)})
        limited = Query(text=colour, photo=photo, filters=only, photo_weight=PHOTO_WEIGHT_BESIDE_LIMITS)
        yield Row(f"the same, but in {colour} (limit)", photo, catalog.search(limited).hits)
        free = Query(text=f"{colour} {item.category}".lower(), photo=photo)
        yield Row(f"the same, with the words {free.text!r}", photo, catalog.search(free).hits)


def _other_colour(item: Item, vocabulary: Vocabulary) -> str:
    return next(colour for colour in vocabulary.values("colour") if colour != item.colour)


def by_exclusions(bench: Bench) -> Iterator[Row]:
    """What an item is, but not its colour, its brand or its pattern."""
    for item in bench.draw("contact sheet without", bench.askers):
        for facet in ("colour", "brand", "pattern"):
            value = str(getattr(item, facet))
            if value:
                query = Query(text=item.category.lower(), filters=Filters(exclude={facet: (value,)}))
                yield Row(f"{item.category.lower()}, not {value}", None, bench.shop.catalog.search(query).hits)


def draw(rows: Sequence[Row], bench: Bench) -> Image.Image:
    """The sheet: one line of pictures for each search."""
    height = _TILE[1] + _TEXT_HEIGHT
    sheet = Image.new("RGB", (_LABEL_WIDTH + (_N_SHOWN + 1) * _TILE[0], max(1, len(rows)) * height), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    for line, row in enumerate(rows):
        top = line * height
        pen.multiline_text((4, top + 6), "\n".join(textwrap.wrap(row.told, 30)), "black", font)
        if row.photo is not None:
            _paste(sheet, row.photo, (_LABEL_WIDTH, top))
        for place, hit in enumerate(row.hits[:_N_SHOWN], start=1):
            left = _LABEL_WIDTH + place * _TILE[0]
            if hit.item.image:
                _paste(sheet, bench.shop.pictures.open(hit.item.image), (left, top))
            pen.text((left + 2, top + _TILE[1]), f"{hit.item.category[:16]}", "black", font)
            pen.text((left + 2, top + _TILE[1] + 12), f"{hit.item.colour[:9]} {hit.score:.2f}", "grey", font)
        pen.line((0, top + height - 1, sheet.width, top + height - 1), "lightgrey")
    return sheet


def _paste(sheet: Image.Image, picture: Image.Image, place: tuple[int, int]) -> None:
    small = picture.copy()
    small.thumbnail((_TILE[0] - 4, _TILE[1] - 4))
    sheet.paste(small, (place[0] + 2, place[1] + 2))
