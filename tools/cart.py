"""What a shopper keeps: the cart with its lines and totals, and saved items."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from tools.item import Item

MOST_PIECES = 99
"""Pieces of one line at most."""


@dataclass(frozen=True, slots=True)
class CartLine:
    """One item in one size; `size` is "" where the item has none. `item` is None once it has left the catalogue.

    `added_cents` and `currency` are what one piece cost when it was put in; None and "" where no price was given.
    """

    sku: str
    size: str
    quantity: int
    title: str
    added_cents: int | None
    currency: str
    item: Item | None

    @property
    def pays_cents(self) -> int | None:
        """What all pieces cost at today's price; None where it is unknown or the item is gone."""
        if self.item is None or self.item.pays_cents is None:
            return None
        return self.item.pays_cents * self.quantity

    @property
    def has_new_price(self) -> bool:
        """Whether one piece costs something else than when it was put in."""
        if self.item is None or self.item.pays_cents is None or self.added_cents is None:
            return False
        return (self.item.pays_cents, self.item.currency) != (self.added_cents, self.currency)

    @property
    def n_left(self) -> int:
        """Pieces that can be had at most; 0 for a line that can no longer be bought as it stands."""
        return 0 if self.item is None else n_left(self.item, self.size)


@dataclass(frozen=True, slots=True)
class Cart:
    """All lines, the oldest first."""

    lines: tuple[CartLine, ...] = ()

    @property
    def n_pieces(self) -> int:
        """Pieces of all lines together."""
        return sum(line.quantity for line in self.lines)

    @property
    def totals(self) -> Mapping[str, int]:
        """Minor units by currency, for the lines that can be bought and have a price today."""
        sums: dict[str, int] = {}
        for line in self.lines:
            if line.item is not None and line.pays_cents is not None and line.n_left:
                sums[line.item.currency] = sums.get(line.item.currency, 0) + line.pays_cents
        return sums

    @property
    def n_uncounted(self) -> int:
        """Lines that no total holds: gone, sold out, or without a price."""
        return sum(line.pays_cents is None or not line.n_left for line in self.lines)


@dataclass(frozen=True, slots=True)
class SavedItem:
    """One saved item; `item` is None once it has left the catalogue."""

    sku: str
    title: str
    item: Item | None


def sizes_in_stock(item: Item) -> tuple[str, ...]:
    """The sizes that can be had; none where the item is sold out or has no sizes."""
    if item.availability == "out_of_stock":
        return ()
    return tuple(size for size, stock in item.sizes.items() if stock != 0)


def n_left(item: Item, size: str) -> int:
    """Pieces of an item in a size that can be had at most; MOST_PIECES where the stock is not known."""
    if item.availability == "out_of_stock":
        return 0
    if not item.sizes:
        return 0 if size else MOST_PIECES
    if size not in item.sizes:
        return 0
    stock = item.sizes[size]
    return MOST_PIECES if stock is None else min(stock, MOST_PIECES)


def shop_url(item: Item) -> str:
    """The item's page in the shop, where it is bought; "" where the feed gives none that a browser may follow."""
    try:
        parts = urlsplit(item.link.strip())
    except ValueError:
        return ""
    is_web = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    return item.link.strip() if is_web and item.link.isprintable() else ""
