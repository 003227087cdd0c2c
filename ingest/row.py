"""What a reader hands on: a raw row with its place and its picture, or a word about one that cannot be used."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

MAX_RAW_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the feed something stands: `number` counts lines, rows, entries or files from 1."""

    number: int
    unit: Literal["line", "row", "entry", "file"] = "line"
    name: str = ""

    def __str__(self) -> str:
        return f"{self.unit} {self.number}" + (f" ({self.name})" if self.name else "")


@dataclass(frozen=True, slots=True)
class LocalPicture:
    """A picture file named by a feed: `name` is relative to `root` and must not lead out of it."""

    root: Path
    name: str


@dataclass(frozen=True, slots=True)
class InlinePicture:
    """A picture whose bytes came with the row."""

    data: bytes


@dataclass(frozen=True, slots=True)
class RemotePicture:
    """A picture to download."""

    url: str


Picture = LocalPicture | InlinePicture | RemotePicture


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as the feed tells it: text, unchecked, under our field names. Absent is "".

    `categories` are candidates, most specific first. `sizes` maps a label to the text of its stock. `price` and
    `sale_price` may carry a currency; `dot_is_decimal` says that the feed's format fixes "1.299" as a bit more
    than one, so that it is not read as one thousand two hundred ninety-nine. `title_tells_category` allows the title to
    name the category where the candidates do not. `from_title` names the fields that the reader took from the title.
    """

    place: Place
    sku: str = ""
    title: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    item_group_id: str = ""
    product_type: str = ""
    google_product_category: str = ""
    link: str = ""
    image_link: str = ""
    brand: str = ""
    gender: str = ""
    age_group: str = ""
    colour: str = ""
    material: str = ""
    pattern: str = ""
    usage: str = ""
    season: str = ""
    sizes: Mapping[str, str] = field(default_factory=dict)
    price: str = ""
    sale_price: str = ""
    currency: str = ""
    dot_is_decimal: bool = False
    title_tells_category: bool = False
    availability: str = ""
    rating: str = ""
    n_ratings: str = ""
    picture: Picture | None = None
    from_title: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is refused. `reason` is a stable code, `detail` one sentence with the value.

    `raw` is what the row said, as JSON and cut at MAX_RAW_CHARS; "" where its reader could not tell it apart.
    """

    place: Place
    reason: str
    detail: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something told about a feed or a row that is nevertheless used, e.g. a value that was dropped."""

    place: Place
    reason: str
    detail: str


def raw_text(values: Mapping[str, object]) -> str:
    """What a row said, for whoever mends its feed: JSON without what is empty, cut at MAX_RAW_CHARS."""
    told = {name: value for name, value in values.items() if value not in ("", None, (), {})}
    return json.dumps(told, ensure_ascii=False, default=str)[:MAX_RAW_CHARS]


def told_by(row: RawRow) -> Mapping[str, object]:
    """The values of a raw row that came out of the feed."""
    left_out = {"place", "picture", "dot_is_decimal", "title_tells_category", "from_title"}
    names = (one.name for one in fields(row) if one.name not in left_out)
    return {name: getattr(row, name) for name in names}


class RowError(Exception):
    """A row cannot be used; becomes a Rejected. Never leaves this room."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
