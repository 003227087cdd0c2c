"""Carts and saved items in Postgres. Whatever changes a row answers with what was read back afterwards."""

from collections.abc import Sequence

from env.database import Database
from tools.cart import MOST_PIECES, Cart, CartLine, SavedItem
from tools.item import Item
from tools.store import Store
from tools.store_filters import Parameters

_CART = """
    SELECT sku, size, quantity, title, added_cents, currency FROM cart_lines
    WHERE shopper = %(shopper)s ORDER BY added_at, sku, size
"""
_ADD = """
    INSERT INTO cart_lines (shopper, sku, size, quantity, title, added_cents, currency)
    VALUES (%(shopper)s, %(sku)s, %(size)s, %(quantity)s, %(title)s, %(added_cents)s, %(currency)s)
    ON CONFLICT (shopper, sku, size) DO UPDATE SET
        -- Stock may have fallen since: adding never takes pieces away.
        quantity = greatest(cart_lines.quantity, least(cart_lines.quantity + excluded.quantity, %(most)s)),
        title = excluded.title, added_cents = excluded.added_cents, currency = excluded.currency
"""
_SET_QUANTITY = """
    UPDATE cart_lines SET quantity = %(quantity)s
    WHERE shopper = %(shopper)s AND sku = %(sku)s AND size = %(size)s
"""
_REMOVE = """
    DELETE FROM cart_lines
    WHERE shopper = %(shopper)s AND sku = ANY (%(skus)s) AND (%(size)s::text IS NULL OR size = %(size)s)
"""
_CLEAR = "DELETE FROM cart_lines WHERE shopper = %(shopper)s"
_SAVED = "SELECT sku, title FROM saved_items WHERE shopper = %(shopper)s ORDER BY saved_at DESC, sku"
_SAVE = """
    INSERT INTO saved_items (shopper, sku, title) VALUES (%(shopper)s, %(sku)s, %(title)s)
    ON CONFLICT (shopper, sku) DO NOTHING
"""
_UNSAVE = "DELETE FROM saved_items WHERE shopper = %(shopper)s AND sku = ANY (%(skus)s)"
_UNSAVE_ALL = "DELETE FROM saved_items WHERE shopper = %(shopper)s"


class ShopperStore:
    """Every shopper's things are reached by the shopper's own id alone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._store = Store(database)

    def cart(self, shopper: str) -> Cart:
        """The cart with today's rows; empty for a shopper who never had one."""
        with self._database.connection() as connection:
            rows = connection.execute(_CART, {"shopper": shopper}).fetchall()
        items = self._by_sku([row[0] for row in rows])
        return Cart(
            tuple(
                CartLine(sku, size, quantity, title, added_cents, currency, items.get(sku))
                for sku, size, quantity, title, added_cents, currency in rows
            )
        )

    def line(self, shopper: str, sku: str, size: str) -> CartLine | None:
        """One line of the cart, or None where there is none."""
        return next((line for line in self.cart(shopper).lines if (line.sku, line.size) == (sku, size)), None)

    def add_to_cart(self, shopper: str, item: Item, size: str, quantity: int, most: int = MOST_PIECES) -> Cart:
        """Put in `quantity` more pieces, but no more than `most` (1 to 99) in all; the cart read back."""
        parameters = {
            "shopper": shopper, "sku": item.sku, "size": size, "quantity": max(1, min(quantity, most)), "most": most,
            "title": item.title, "added_cents": item.pays_cents, "currency": item.currency,
        }  # fmt: skip
        return self._changed(_ADD, parameters)

    def set_quantity(self, shopper: str, sku: str, size: str, quantity: int) -> Cart:
        """Change the pieces of a line, to 1 at least and 99 at most; the cart read back."""
        held = max(1, min(quantity, MOST_PIECES))
        return self._changed(_SET_QUANTITY, {"shopper": shopper, "sku": sku, "size": size, "quantity": held})

    def remove_from_cart(self, shopper: str, skus: Sequence[str], size: str | None = None) -> Cart:
        """Take items out, in all sizes or in one; the cart read back."""
        return self._changed(_REMOVE, {"shopper": shopper, "skus": list(skus), "size": size})

    def clear_cart(self, shopper: str) -> Cart:
        """Take everything out; the cart read back."""
        return self._changed(_CLEAR, {"shopper": shopper})

    def saved(self, shopper: str) -> tuple[SavedItem, ...]:
        """Saved items with today's rows, the newest first."""
        with self._database.connection() as connection:
            rows = connection.execute(_SAVED, {"shopper": shopper}).fetchall()
        items = self._by_sku([row[0] for row in rows])
        return tuple(SavedItem(sku, title, items.get(sku)) for sku, title in rows)

    def save(self, shopper: str, items: Sequence[Item]) -> tuple[SavedItem, ...]:
        """Save items; all saved ones read back."""
        with self._database.connection() as connection:
            for item in items:
                connection.execute(_SAVE, {"shopper": shopper, "sku": item.sku, "title": item.title})
        return self.saved(shopper)

    def unsave(self, shopper: str, skus: Sequence[str]) -> tuple[SavedItem, ...]:
        """Forget saved items; those that are left, read back."""
        self._execute(_UNSAVE, {"shopper": shopper, "skus": list(skus)})
        return self.saved(shopper)

    def unsave_all(self, shopper: str) -> tuple[SavedItem, ...]:
        """Forget all saved items; what is left, read back."""
        self._execute(_UNSAVE_ALL, {"shopper": shopper})
        return self.saved(shopper)

    def _changed(self, statement: str, parameters: Parameters) -> Cart:
        self._execute(statement, parameters)
        return self.cart(str(parameters["shopper"]))

    def _execute(self, statement: str, parameters: Parameters) -> None:
        with self._database.connection() as connection:
            connection.execute(statement, parameters)

    def _by_sku(self, skus: Sequence[str]) -> dict[str, Item]:
        return {item.sku: item for item in self._store.items(skus)} if skus else {}
