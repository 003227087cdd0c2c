"""Kaggle's "Fashion Product Images": styles.csv beside images/<id>.jpg."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from env.errors import FeedError
from ingest.csv_rows import Record, read_header, read_records
from ingest.row import LocalPicture, Note, Picture, Place, RawRow, Rejected
from ingest.text_file import inspect

COLUMNS = frozenset({"id", "articletype", "productdisplayname"})
_FREE_COLUMN = "productdisplayname"  # the published file leaves commas in it unquoted
_WEARER = re.compile(r"^(.{1,40}?)\s+(?:men|man|women|woman|boy|girl|kid|unisex|ladies|teen|infant)(?:'?s)?\b", re.I)
_KIDS = re.compile(r"\bkid(?:'?s)?\b", re.I)
_MATERIAL = re.compile(
    r"\b(?:faux leather|cotton|linen|wool|woollen|silk|satin|leather|suede|denim|canvas|fleece|nylon|polyester"
    r"|viscose|rubber|stainless steel)\b", re.I,
)  # fmt: skip
_PATTERN = re.compile(r"\b(?:striped?|stripes|checked|checks?|printed|print|floral|polka dot|solid)\b", re.I)


class KaggleReader:
    """Reads styles.csv, named itself or by its folder."""

    looks_for = "styles.csv with the columns id, articleType and productDisplayName beside images/<id>.jpg"

    def matches(self, source: Path) -> bool:
        """See Reader."""
        path = _styles(source)
        return path.is_file() and path.suffix.lower() == ".csv" and is_kaggle_header(path)

    def n_rows(self, source: Path) -> int:
        """See Reader."""
        return max(0, inspect(_styles(source)).n_lines - 1)

    def rows(self, source: Path) -> Iterator[RawRow | Rejected | Note]:
        """See Reader."""
        path = _styles(source)
        missing = COLUMNS - set(read_header(path).columns)
        if missing:
            raise FeedError(f"{str(path)!r} lacks the columns {sorted(missing)!r}")
        for record in read_records(path, free_column=_FREE_COLUMN):
            if isinstance(record, Record):
                picture = LocalPicture(path.parent, f"images/{record.values['id'].strip()}.jpg")
                yield kaggle_row(record.values, record.place, picture)
            else:
                yield record


def is_kaggle_header(path: Path) -> bool:
    """Say whether a file's columns are those of styles.csv."""
    try:
        return set(read_header(path).columns) >= COLUMNS
    except FeedError:
        return False


def kaggle_row(values: Mapping[str, str], place: Place, picture: Picture | None) -> RawRow:
    """Map styles.csv's columns (lower case). "NA" means unknown. Brand, material and pattern come from the title."""

    def told(column: str) -> str:
        value = values.get(column, "").strip()
        return "" if value == "NA" else value

    title = told("productdisplayname")
    wearer = _WEARER.match(title)
    path = [told(column) for column in ("mastercategory", "subcategory", "articletype")]
    return RawRow(
        place=place,
        sku=told("id"),
        title=title,
        categories=tuple(word for word in reversed(path) if word),
        product_type=" > ".join(word for word in path if word),
        brand=wearer[1] if wearer and wearer[1].count(" ") <= 3 else "",
        gender=told("gender"),
        age_group="kids" if _KIDS.search(title) else "",
        colour=told("basecolour"),
        material=_first(_MATERIAL, title),
        pattern=_first(_PATTERN, title),
        usage=told("usage"),
        season=told("season"),
        picture=picture,
        from_title=("brand", "age_group", "material", "pattern"),
    )


def _styles(source: Path) -> Path:
    return source / "styles.csv" if source.is_dir() else source


def _first(pattern: re.Pattern[str], title: str) -> str:
    found = pattern.search(title)
    return found[0] if found else ""
