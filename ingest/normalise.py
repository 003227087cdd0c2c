"""From a raw row to an Item: the taxonomy's words, exact prices, plain text of bounded length."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.category import find_category
from ingest.cleaning import clean_line, clean_text
from ingest.prices import Money, parse_price
from ingest.row import Note, RawRow, RowError
from tools.item import Item
from tools.taxonomy import Taxonomy

MAX_SKU_CHARS = 200
MAX_TITLE_CHARS = 300
MAX_DESCRIPTION_CHARS = 5_000
MAX_FACET_CHARS = 100
MAX_PATH_CHARS = 750
MAX_LINK_CHARS = 2_000
MAX_SIZES = 100
MAX_COUNT = 2**31 - 1

_AVAILABILITY = {
    "instock": "in_stock", "instoreonly": "in_stock", "onlineonly": "in_stock", "limitedavailability": "in_stock",
    "available": "in_stock", "yes": "in_stock", "true": "in_stock",
    "outofstock": "out_of_stock", "soldout": "out_of_stock", "discontinued": "out_of_stock", "no": "out_of_stock",
    "false": "out_of_stock", "unavailable": "out_of_stock",
    "preorder": "preorder", "presale": "preorder",
    "backorder": "backorder", "availablefororder": "backorder", "onbackorder": "backorder",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Normaliser:
    """Turns raw rows into items. `default_currency` is what a price without a currency is in."""

    taxonomy: Taxonomy
    default_currency: str

    def item(self, raw: RawRow) -> tuple[Item, tuple[Note, ...]]:
        """Make an item without picture, and notes on the values that were dropped on the way.

        Raises:
            RowError: missing_sku, bad_sku, missing_title, bad_price, bad_currency.
        """
        row = _Row(raw, self.taxonomy)
        price, sale_price = row.prices(self.default_currency)
        category, path = find_category(raw, self.taxonomy)
        sizes = row.sizes()
        item = Item(
            sku=clean_sku(raw.sku),
            title=row.title(),
            category=category,
            category_path=path,
            item_group_id=clean_line(raw.item_group_id, MAX_SKU_CHARS),
            description=clean_text(raw.description, MAX_DESCRIPTION_CHARS),
            product_type=clean_line(raw.product_type, MAX_PATH_CHARS),
            google_product_category=clean_line(raw.google_product_category, MAX_PATH_CHARS),
            link=row.link("link", raw.link),
            image_link=row.link("image_link", raw.image_link),
            brand=clean_line(raw.brand, MAX_FACET_CHARS),
            gender=row.known("gender", raw.gender),
            age_group=row.age_group(),
            colour=row.facet("colour", raw.colour),
            material=row.facet("material", raw.material),
            pattern=row.facet("pattern", raw.pattern),
            usage=row.facet("usage", raw.usage),
            season=row.facet("season", raw.season),
            sizes=sizes,
            price_cents=price.cents if price else None,
            sale_price_cents=sale_price.cents if sale_price else None,
            currency=price.currency if price else "",
            availability=row.availability(sizes),
            rating=row.rating(),
            n_ratings=row.count("n_ratings", raw.n_ratings),
        )
        return item, tuple(row.notes)


def clean_sku(text: str) -> str:
    """Check a row's id.

    Raises:
        RowError: missing_sku, or bad_sku where it is too long or holds more than one line.
    """
    sku = clean_line(text, MAX_SKU_CHARS + 1)
    if not sku:
        raise RowError("missing_sku", "the row has no id")
    if len(sku) > MAX_SKU_CHARS:
        raise RowError("bad_sku", f"{sku[:40]!r}... is longer than {MAX_SKU_CHARS} characters")
    return sku


@dataclass(slots=True)
class _Row:
    """One row on its way; collects notes."""

    raw: RawRow
    taxonomy: Taxonomy
    notes: list[Note] = field(default_factory=list)

    def note(self, reason: str, detail: str) -> None:
        self.notes.append(Note(self.raw.place, reason, detail))

    def title(self) -> str:
        title = clean_line(self.raw.title, MAX_TITLE_CHARS)
        if not title:
            raise RowError("missing_title", f"the row of {self.raw.sku[:40]!r} has no title")
        return title

    def facet(self, facet: str, text: str) -> str:
        """The canonical value, else the feed's own word in lower case."""
        word = clean_line(text, MAX_FACET_CHARS)
        return (self.taxonomy.canonical(facet, word) or word.lower()) if word else ""

    def known(self, facet: str, text: str) -> str:
        """The canonical value; a word that stands for none is told and dropped."""
        word = clean_line(text, MAX_FACET_CHARS)
        value = self.taxonomy.canonical(facet, word) if word else ""
        if value is None:
            self.note(f"unknown_{facet}", f"{word!r} is no {facet} this shop knows")
        return value or ""

    def age_group(self) -> str:
        """The row's own age group, else the one its gender tells: "Boys" are kids, "Men" adults."""
        if self.raw.age_group.strip():
            return self.known("age_group", self.raw.age_group)
        told = self.taxonomy.canonical("age_group", self.raw.gender) if self.raw.gender.strip() else None
        is_grown = self.raw.gender.strip().lower() in ("men", "women", "man", "woman", "ladies")
        return told or ("adult" if is_grown else "")

    def link(self, name: str, text: str) -> str:
        url = text.strip()
        if not url:
            return ""
        if len(url) > MAX_LINK_CHARS or not re.fullmatch(
            r"https?://[^\s<>\"\x00-\x1f\ud800-\udfff]+", url, re.IGNORECASE
        ):
            self.note(f"bad_{name}", f"{url[:80]!r} is no http address")
            return ""
        return url

    def prices(self, default_currency: str) -> tuple[Money | None, Money | None]:
        """Price and sale price in one currency; a price of 0 is unknown, a sale price that is no lower is no sale."""
        price = self._price(self.raw.price, default_currency)
        sale = self._price(self.raw.sale_price, default_currency)
        if sale and price and sale.currency != price.currency:
            raise RowError("bad_currency", f"price in {price.currency!r}, sale price in {sale.currency!r}")
        if sale and price and sale.cents >= price.cents:
            if sale.cents > price.cents:
                self.note("sale_price_dropped", f"the sale price {sale.cents} is above the price {price.cents}")
            return price, None
        return (price, sale) if price else (sale, None)

    def _price(self, text: str, default_currency: str) -> Money | None:
        money = parse_price(text, self.raw.currency, default_currency, self.raw.dot_is_decimal)
        if money is not None and money.cents == 0:
            self.note("zero_price", "a price of 0 is taken as unknown")
            return None
        return money

    def sizes(self) -> Mapping[str, int | None]:
        sizes: dict[str, int | None] = {}
        for label, stock in list(self.raw.sizes.items())[:MAX_SIZES]:
            if name := clean_line(label, MAX_FACET_CHARS):
                sizes[name] = self.count("stock", stock, is_negative_zero=True)
        return sizes

    def availability(self, sizes: Mapping[str, int | None]) -> str:
        """The row's own word, else what the stock of its sizes says."""
        key = re.sub(r"[^a-z]", "", self.raw.availability.rsplit("/", 1)[-1].lower())
        if key:
            if key not in _AVAILABILITY:
                self.note("unknown_availability", f"{self.raw.availability[:40]!r} is no availability this shop knows")
            return _AVAILABILITY.get(key, "")
        if any(sizes.values()):
            return "in_stock"
        return "out_of_stock" if sizes and None not in sizes.values() else ""

    def rating(self) -> float | None:
        text = self.raw.rating.strip().replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(r"\d{1,3}(\.\d+)?", text, re.ASCII) or float(text) > 5:
            self.note("bad_rating", f"{text[:40]!r} is no rating from 0 to 5")
            return None
        return float(text)

    def count(self, name: str, text: str, is_negative_zero: bool = False) -> int | None:
        """A whole number, None where unknown; Shopify counts stock below zero when more was sold than there was."""
        text = text.strip().removesuffix(".0")
        if not text:
            return None
        if (
            not re.fullmatch(r"-?\d{1,10}", text, re.ASCII)
            or int(text) > MAX_COUNT
            or (int(text) < 0 and not is_negative_zero)
        ):
            self.note(f"bad_{name}", f"{text[:40]!r} is no count")
            return None
        return max(0, int(text))
