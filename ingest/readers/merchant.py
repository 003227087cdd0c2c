"""Google Merchant Center feeds: tab-separated text, RSS 2.0 and Atom with the g: namespace."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from env.errors import FeedError
from ingest.csv_rows import Record, read_header, read_records
from ingest.row import Note, Place, RawRow, Rejected, RemotePicture
from ingest.text_file import inspect

_ENTRY_TAGS = ("{*}item", "{*}entry")
_PEEK_BYTES = 65_536
_MAX_NOTES = 20
_EARLY_ENDS = ("ERR_TAG_NOT_FINISHED", "ERR_RESOURCE_LIMIT", "ERR_ENTITY_LOOP", "ERR_INTERNAL_ERROR", "ERR_NO_MEMORY")
_COPIED = (
    "title", "description", "item_group_id", "product_type", "google_product_category", "link", "image_link", "brand",
    "gender", "age_group", "material", "pattern", "price", "availability",
)  # fmt: skip


class MerchantReader:
    """Reads a Merchant Center feed file, text or XML, told apart by its first character."""

    looks_for = "a feed file with id, title and image_link: tab-separated with a header, or XML (<rss> or <feed>)"

    def matches(self, source: Path) -> bool:
        """See Reader."""
        if not source.is_file():
            return False
        if _is_xml(source):
            start = _peek(source)
            return b"<rss" in start or b"<feed" in start
        try:
            columns = {_name(column) for column in read_header(source).columns}
        except FeedError:
            return False
        return columns >= {"id", "title", "image_link"}

    def n_rows(self, source: Path) -> int:
        """See Reader."""
        if not _is_xml(source):
            return max(0, inspect(source).n_lines - 1)
        with source.open("rb") as file:
            return sum(line.count(b"<item>") + line.count(b"<entry>") for line in file)

    def rows(self, source: Path) -> Iterator[RawRow | Rejected | Note]:
        """See Reader."""
        return _xml_rows(source) if _is_xml(source) else _text_rows(source)


def _text_rows(source: Path) -> Iterator[RawRow | Rejected | Note]:
    for record in read_records(source):
        if isinstance(record, Record):
            yield _row({_name(column): value for column, value in record.values.items()}, record.place)
        else:
            yield record


def _xml_rows(source: Path) -> Iterator[RawRow | Rejected | Note]:
    """Yield entries one by one; an entry that another one or the end of the file cuts short is rejected."""
    # Recovery mends what feeds get wrong most (bare ampersands, HTML entities). Nothing outside the file is read:
    # no entity is replaced, no DTD loaded, no address fetched.
    parser = etree.iterparse(
        str(source), events=("end",), tag=_ENTRY_TAGS, recover=True, resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    held: tuple[etree._Element, Place, dict[str, str]] | None = None
    for number, entry in enumerate(_entries(parser, source), start=1):
        if held is not None:
            yield _checked(*held)
        line = entry.sourceline
        held = entry, Place(line if isinstance(line, int) else number, "line", f"entry {number}"), _fields(entry)
        _forget(entry)
    if held is not None:
        cut = _cut_inside(parser.error_log)
        yield Rejected(held[1], "broken_xml", f"the file ends inside this entry: {cut}") if cut else _checked(*held)
    for error in list(parser.error_log)[:_MAX_NOTES]:
        yield Note(Place(error.line), "xml", error.message)
    if end := _early_end(parser.error_log, held is not None):
        raise FeedError(f"{str(source)!r} ends early: {end}")


def _cut_inside(log: "etree._ListErrorLog") -> str:
    """Give the parser's message where the file ends inside an entry."""
    ends = (error.message for error in log if error.type_name == "ERR_TAG_NOT_FINISHED")
    return next((end for end in ends if not any(f" tag {tag} " in end for tag in ("channel", "rss", "feed"))), "")


def _early_end(log: "etree._ListErrorLog", has_entries: bool) -> str:
    """Give the parser's message where it stopped before the feed's end.

    After an entry that was not closed every later end tag closes the one before: that alone is no early end.
    """
    if not has_entries:
        return next((error.message for error in log), "it holds no <item> and no <entry>")
    names = {error.type_name: error.message for error in log}
    if "ERR_TAG_NAME_MISMATCH" in names:
        names.pop("ERR_TAG_NOT_FINISHED", None)
    return next((names[name] for name in _EARLY_ENDS if name in names), "")


def _entries(parser: "etree.iterparse[tuple[str, etree._Element]]", source: Path) -> Iterator[etree._Element]:
    try:
        for _, entry in parser:
            yield entry
    except etree.XMLSyntaxError as error:
        raise FeedError(f"{str(source)!r} cannot be read as XML: {error}") from error


def _checked(entry: etree._Element, place: Place, values: dict[str, str]) -> RawRow | Rejected:
    if any(True for _ in entry.iterdescendants(*_ENTRY_TAGS)):
        return Rejected(place, "broken_xml", "this entry is not closed before the next one begins")
    return _row(values, place)


def _fields(entry: etree._Element) -> dict[str, str]:
    """Collect an entry's fields by local name: g: wins over RSS's or Atom's own, the first over its repetitions."""
    values: dict[str, str] = {}
    own: dict[str, str] = {}
    for child in entry.iterchildren("*"):
        space, _, name = str(child.tag).rpartition("}")
        prefix, _, name = name.rpartition(":")  # a prefix that the file never declares stays in the name
        text = "".join(str(part) for part in child.itertext()).strip() or child.get("href", "")
        (values if "google" in space or prefix == "g" else own).setdefault(_name(name), text)
    return own | {name: text for name, text in values.items() if text}


def _forget(entry: etree._Element) -> None:
    """Free the entries before this one, so that memory does not grow with the feed."""
    parent = entry.getparent()
    while parent is not None and (before := entry.getprevious()) is not None:
        if not str(before.tag).endswith(("item", "entry")):
            return
        parent.remove(before)


def _row(values: Mapping[str, str], place: Place) -> RawRow:
    told = {name: values.get(name, "") for name in _COPIED}
    size, stock = values.get("size", "").strip(), values.get("quantity", "").strip()
    if not stock and "out" in told["availability"].lower():
        stock = "0"
    image_link = told["image_link"].strip()
    return RawRow(
        place=place,
        sku=values.get("id", ""),
        categories=_candidates(told["product_type"]) + _candidates(told["google_product_category"]),
        title_tells_category=True,
        # Several colours or materials are written "primary/secondary".
        colour=values.get("color", "").split("/")[0],
        sizes={size: stock} if size else {},
        sale_price=values.get("sale_price", "") if _is_on_sale(values.get("sale_price_effective_date", "")) else "",
        dot_is_decimal=True,
        rating=values.get("product_review_average", ""),
        n_ratings=values.get("product_review_count", ""),
        picture=RemotePicture(image_link) if image_link else None,
        from_title=(),
        **(told | {"material": told["material"].split("/")[0], "pattern": told["pattern"].split("/")[0]}),
    )


def _candidates(path: str) -> tuple[str, ...]:
    """Split "Apparel > Dresses > Maxi" into candidates, most specific first; Google's numeric ids say nothing here."""
    words = [word.strip() for word in path.split(",")[0].split(">")]
    return tuple(word for word in reversed(words) if word and not word.isdigit())


def _is_on_sale(period: str) -> bool:
    """Say whether a "start/end" period holds now; a period that cannot be read never ends a sale."""
    start, _, end = period.strip().partition("/")
    now = datetime.now(UTC)
    began, ended = _moment(start), _moment(end)
    return not (began and now < began) and not (ended and now > ended)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _name(column: str) -> str:
    return column.strip().lower().removeprefix("g:").replace(" ", "_")


def _is_xml(source: Path) -> bool:
    return _peek(source).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _peek(source: Path) -> bytes:
    with source.open("rb") as file:
        return file.read(_PEEK_BYTES)
