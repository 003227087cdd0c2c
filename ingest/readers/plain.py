"""CSV or JSON Lines with our own field names; what `python -m ingest convert` writes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from env.errors import FeedError
from ingest.csv_rows import Record, read_header, read_records
from ingest.prices import money_text
from ingest.row import LocalPicture, Note, Picture, Place, RawRow, Rejected, RemotePicture
from ingest.text_file import MAX_LINE_CHARS, inspect, lines

NAMES = ("items.jsonl", "items.csv")
_ALIASES = {
    "id": "sku", "name": "title", "product name": "title", "color": "colour", "image path": "image",
    "picture": "image", "image url": "image_link", "group": "item_group_id", "size": "sizes",
}  # fmt: skip
_COPIED = (
    "sku", "title", "description", "item_group_id", "product_type", "google_product_category", "link", "image_link",
    "brand", "gender", "age_group", "colour", "material", "pattern", "usage", "season", "currency", "availability",
    "rating", "n_ratings",
)  # fmt: skip


class PlainReader:
    """Reads one file, or items.jsonl or items.csv in a folder. `image` is a path beside the file, or a URL."""

    looks_for = "a .csv or .jsonl with our field names: sku (or id), title, and image or image_link"

    def matches(self, source: Path) -> bool:
        """See Reader."""
        path = _file(source)
        if path is None:
            return False
        try:
            columns = _first_keys(path) if _is_jsonl(path) else set(read_header(path).columns)
        except FeedError:
            return False
        has_own_name = "sku" in columns or ("id" in columns and not columns & {"image_link", "image link"})
        return has_own_name and bool(columns & {"title", "name"}) and bool(columns & {"image", "image_link", "picture"})

    def n_rows(self, source: Path) -> int:
        """See Reader."""
        path = _existing(source)
        return inspect(path).n_lines

    def rows(self, source: Path) -> Iterator[RawRow | Rejected | Note]:
        """See Reader."""
        path = _existing(source)
        records = _json_records(path) if _is_jsonl(path) else read_records(path, free_column=_free_column(path))
        for record in records:
            if isinstance(record, Record):
                yield plain_row(record.values, record.place, plain_picture(record.values, path.parent))
            else:
                yield record


def plain_row(values: Mapping[str, str], place: Place, picture: Picture | None) -> RawRow:
    """Map our field names, with a few everyday aliases, onto a row. `price_cents` wins over `price`."""
    known = _renamed(values)
    currency = known.get("currency", "")
    price, sale_price = known.get("price", ""), known.get("sale_price", "")
    if known.get("price_cents", "") or known.get("sale_price_cents", ""):
        price = money_text(known.get("price_cents", ""), currency)
        sale_price = money_text(known.get("sale_price_cents", ""), currency)
    return RawRow(
        place=place,
        categories=tuple(known[name] for name in ("category", "product_type") if known.get(name)),
        title_tells_category=not known.get("category"),
        sizes=_sizes(known.get("sizes", "")),
        price=price,
        sale_price=sale_price,
        dot_is_decimal="price_cents" in known,
        picture=picture,
        from_title=(),
        **{name: known.get(name, "") for name in _COPIED},
    )


def plain_picture(values: Mapping[str, str], folder: Path) -> Picture | None:
    """Find a row's picture: `image` as a URL or a path below `folder`, else `image_link`; None without either."""
    known = _renamed(values)
    image = known.get("image", "").strip()
    if image and not image.lower().startswith(("http://", "https://")):
        return LocalPicture(folder, image)
    url = image or known.get("image_link", "").strip()
    return RemotePicture(url) if url else None


def _renamed(values: Mapping[str, str]) -> dict[str, str]:
    return {_ALIASES.get(name, name): value for name, value in values.items() if value}


def _sizes(text: str) -> dict[str, str]:
    """Read '{"S": 3, "M": null}', '["S", "M"]', 'S:3|M|L:0' or 'S, M, L' as label to stock text."""
    if text.lstrip().startswith(("{", "[")):
        try:
            told = json.loads(text)
        except ValueError:
            return {}
        pairs = told.items() if isinstance(told, dict) else ((label, None) for label in told)
        return {str(label): "" if stock is None else str(stock) for label, stock in pairs}
    parts = text.split("|") if "|" in text else text.split(",")
    cut = [part.rpartition(":") if ":" in part else (part, "", "") for part in parts]
    return {label.strip(): stock.strip() for label, _, stock in cut if label.strip()}


def _file(source: Path) -> Path | None:
    if source.is_dir():
        return next((source / name for name in NAMES if (source / name).is_file()), None)
    return source if source.suffix.lower() in (".csv", ".tsv", ".txt", ".jsonl", ".ndjson") else None


def _existing(source: Path) -> Path:
    path = _file(source)
    if path is None:
        raise FeedError(f"{str(source)!r} is neither a .csv or .jsonl file nor a folder with {' or '.join(NAMES)}")
    return path


def _is_jsonl(path: Path) -> bool:
    return path.suffix.lower() in (".jsonl", ".ndjson")


def _first_keys(path: Path) -> set[str]:
    first = next((record for record in _json_records(path) if isinstance(record, Record)), None)
    return set(first.values) if first else set()


def _free_column(path: Path) -> str:
    """A column of free text may take a surplus of unquoted commas only where it is the only one."""
    free = {"title", "name", "description"} & set(read_header(path).columns)
    return free.pop() if len(free) == 1 else ""


def _json_records(path: Path) -> Iterator[Record | Rejected | Note]:
    file = inspect(path)
    if file.is_guessed:
        yield Note(Place(1), "encoding", f"{path.name!r} is not UTF-8; read as Windows-1252")
    for line in lines(file):
        place = Place(line.number)
        if line.is_cut:
            yield Rejected(place, "line_too_long", f"longer than {MAX_LINE_CHARS} characters")
        elif line.text.strip():
            yield _json_record(line.text, place)


def _json_record(text: str, place: Place) -> Record | Rejected:
    try:
        # Numbers stay text: a price must not pass through floating point.
        told = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        return Rejected(place, "bad_json", str(error)[:200])
    if not isinstance(told, dict):
        return Rejected(place, "bad_json", "the line is not a JSON object")
    return Record(place, {name.strip().lower(): _json_text(value) for name, value in told.items() if value is not None})


def _json_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
