"""Shopify's product export, in the old header generation (Handle, Variant SKU, ...) and the new (URL handle, SKU, ...).

A product spans several rows: one a variant, then rows that only carry further pictures. The variants that differ
in size alone become one item with its sizes; every other option makes an item of its own in the product's group.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from env.errors import FeedError
from ingest.csv_rows import Record, read_header, read_records
from ingest.row import Note, Place, RawRow, Rejected, RemotePicture
from ingest.text_file import inspect

# New name to old name, both as the header spells them in lower case.
_RENAMED = {
    "url handle": "handle", "description": "body (html)", "sku": "variant sku",
    "price": "variant price", "compare-at price": "variant compare at price",
    "inventory quantity": "variant inventory qty", "continue selling when out of stock": "variant inventory policy",
    "product image url": "image src", "variant image url": "variant image", "published on online store": "published",
    "color (product.metafields.shopify.color-pattern)": "colour metafield",
}  # fmt: skip
_COLOUR = frozenset({"color", "colour", "farbe", "couleur"})
_SIZE = frozenset({"size", "größe", "taille", "shoe size"})
_MATERIAL = frozenset({"material", "fabric"})


@dataclass(frozen=True, slots=True)
class _Line:
    place: Place
    values: Mapping[str, str]

    def told(self, name: str) -> str:
        return self.values.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class _Variant:
    """One sellable row: its options other than size by lower-case name, its size, and its prices as text."""

    line: _Line
    options: tuple[tuple[str, str], ...]
    size: str

    @property
    def key(self) -> tuple[object, ...]:
        """What variants of one item share."""
        return self.options, self.line.told("variant price"), self.line.told("variant compare at price")


class ShopifyReader:
    """Reads a product CSV. Rows of one product stand together, as Shopify writes them."""

    looks_for = "a Shopify product .csv with the columns Handle (or URL handle), Title and Variant Price (or Price)"

    def matches(self, source: Path) -> bool:
        """See Reader."""
        if not source.is_file() or source.suffix.lower() != ".csv":
            return False
        try:
            columns = _renamed(dict.fromkeys(read_header(source).columns, ""))
        except FeedError:
            return False
        return {"handle", "title"} <= columns.keys() and bool(columns.keys() & {"variant price", "option1 name"})

    def n_rows(self, source: Path) -> int:
        """See Reader."""
        return max(0, inspect(source).n_lines - 1)

    def rows(self, source: Path) -> Iterator[RawRow | Rejected | Note]:
        """See Reader."""
        product: list[_Line] = []
        for record in read_records(source):
            if not isinstance(record, Record):
                yield record
                continue
            line = _Line(record.place, _renamed(record.values))
            if product and line.told("handle") != product[0].told("handle"):
                yield from _items(product)
                product = []
            if not line.told("handle"):
                yield Rejected(line.place, "missing_sku", "the row has no handle")
            else:
                product.append(line)
        yield from _items(product)


def _renamed(values: Mapping[str, str]) -> dict[str, str]:
    return {_RENAMED.get(name, name): value for name, value in values.items()}


def _items(product: list[_Line]) -> Iterator[RawRow | Rejected]:
    """Make the items of one product: one for each set of variants that differ in size alone."""
    if not product:
        return
    if product[0].told("status").lower() in ("draft", "archived") or product[0].told("published").lower() == "false":
        yield Rejected(
            product[0].place, "not_published", f"{product[0].told('handle')!r} is a draft, archived or hidden"
        )
        return
    sets: dict[tuple[object, ...], list[_Variant]] = {}
    for variant in _variants(product):
        sets.setdefault(variant.key, []).append(variant)
    named: set[str] = set()
    for variants in sets.values():
        sku = _sku(product[0].told("handle"), variants[0], len(sets) > 1, named)
        named.add(sku)
        yield _row(product, variants, sku)


def _variants(product: list[_Line]) -> Iterator[_Variant]:
    first = product[0]
    names = [first.told(f"option{n} name").lower() for n in (1, 2, 3)]
    for line in product:
        if line is not first and not line.told("variant price") and not line.told("option1 value"):
            continue  # a further picture of the product
        values = [(name, line.told(f"option{n} value")) for n, name in enumerate(names, start=1) if name]
        size = next((value for name, value in values if name in _SIZE), "")
        others = tuple((name, value) for name, value in values if name not in _SIZE and name != "title" and value)
        yield _Variant(line, others, size)


def _sku(handle: str, variant: _Variant, is_one_of_several: bool, taken: set[str]) -> str:
    """Name an item after its handle and options; sizes at prices of their own also by their first size."""
    if not is_one_of_several:
        return handle
    parts = [handle, *("-".join(value.lower().split()) for _, value in variant.options)]
    sku = ":".join(parts)
    return f"{sku}:{variant.size or variant.line.place.number}" if sku in taken else sku


def _row(product: list[_Line], variants: list[_Variant], sku: str) -> RawRow:
    first, line = product[0], variants[0].line
    options = dict(variants[0].options)
    price, before = line.told("variant price"), line.told("variant compare at price")
    is_sale = _is_lower(price, before)
    image = line.told("variant image") or line.told("image src") or first.told("image src")
    return RawRow(
        place=line.place,
        sku=sku,
        title=first.told("title"),
        description=first.told("body (html)"),
        categories=tuple(
            word.strip()
            for path in (first.told("type"), first.told("product category"))
            for word in reversed(path.split(">"))
            if word.strip()
        ),
        title_tells_category=True,
        item_group_id=first.told("handle"),
        product_type=first.told("type"),
        google_product_category=first.told("product category"),
        image_link=image,
        brand=first.told("vendor"),
        gender=first.told("google shopping / gender"),
        age_group=first.told("google shopping / age group"),
        colour=_option(options, _COLOUR) or first.told("colour metafield"),
        material=_option(options, _MATERIAL),
        pattern=_option(options, frozenset({"pattern"})),
        sizes={variant.size: _stock(variant.line) for variant in variants if variant.size},
        price=before if is_sale else price,
        sale_price=price if is_sale else "",
        dot_is_decimal=True,
        availability=_availability(variants),
        picture=RemotePicture(image) if image else None,
    )


def _option(options: Mapping[str, str], names: frozenset[str]) -> str:
    return next((value for name, value in options.items() if name in names), "")


def _is_lower(price: str, before: str) -> bool:
    try:
        return float(price) < float(before)
    except ValueError:
        return False


def _stock(line: _Line) -> str:
    """Give the stock of a variant as text; "" where it is not tracked."""
    return line.told("variant inventory qty")


def _availability(variants: list[_Variant]) -> str:
    stocks = [_stock(variant.line) for variant in variants]
    if any(not stock or not stock.lstrip("-").isdigit() for stock in stocks):
        return ""
    if any(int(stock) > 0 for stock in stocks):
        return "in_stock"
    continues = any(
        variant.line.told("variant inventory policy").lower() in ("continue", "true") for variant in variants
    )
    return "backorder" if continues else "out_of_stock"
