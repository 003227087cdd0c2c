"""The catalogue as stored, for whoever keeps it: filtered, sorted and paged by the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import psycopg
from psycopg.rows import dict_row

from env.database import Database
from tools.item import Item
from tools.query import Filters
from tools.store import read_item
from tools.store_filters import Parameters, filter_parameters
from tools.store_sql import ITEM_COLUMNS, MATCHES, limited

DeskSort = Literal["sku", "title", "price", "changed"]
# Beyond so many rows a number is the planner's estimate: counting a million takes seconds at every key stroke.
COUNTED = 10_000
_EXPORTED_AT_ONCE = 1_000

_COLUMNS = f"{ITEM_COLUMNS}, source, embedder, updated_at"
# What only the keeper of the catalogue asks. Text that is not asked for is '': the planner folds it away.
_DESK_LIMITS = f"""
    {MATCHES}
    AND (%(source)s::text = '' OR source = %(source)s)
    AND (%(sku_begins)s::text = '' OR starts_with(lower(sku), lower(%(sku_begins)s)))
    AND (NOT %(lacks_picture)s OR image IS NULL)
    AND (NOT %(lacks_price)s OR pays_cents IS NULL)
    AND (NOT %(is_stale)s OR (image IS NOT NULL AND embedder IS DISTINCT FROM %(embedder)s))
"""
# A page begins after the last row of the one before (keyset): the thousandth page costs what the first does. Rows of
# unknown value come last in either direction.
_ASCENDING = """
    (CASE WHEN NOT %(has_after)s THEN true
        WHEN %(after)s::{kind} IS NULL THEN {key} IS NULL AND sku > %(after_sku)s
        ELSE {key} > %(after)s::{kind} OR ({key} = %(after)s::{kind} AND sku > %(after_sku)s) OR {key} IS NULL END)
"""
_DESCENDING = _ASCENDING.replace("{key} > %", "{key} < %")


# By the key itself nothing is unknown, and the index leads straight to the row.
_BY_SKU = "(NOT %(has_after)s OR sku > %(after_sku)s)"


def _page_of(key: str, kind: str, is_descending: bool) -> str:
    keyset = _BY_SKU if key == "sku" else _DESCENDING if is_descending else _ASCENDING
    after = keyset.format(key=key, kind=kind)
    direction = "DESC NULLS LAST" if is_descending else "ASC NULLS LAST"
    return f"""
        SELECT {_COLUMNS}, {key} AS place FROM items WHERE sku IN (
            SELECT sku FROM items WHERE {_DESK_LIMITS} AND {after} ORDER BY {key} {direction}, sku LIMIT %(limit)s
        ) ORDER BY {key} {direction}, sku
    """


_PAGES: dict[DeskSort, str] = {
    "sku": _page_of("sku", "text", False),
    "title": _page_of("title", "text", False),
    "price": _page_of("pays_cents", "int", False),
    "changed": _page_of("updated_at", "timestamptz", True),
}
_COUNT = f"SELECT count(*) FROM (SELECT FROM items WHERE {_DESK_LIMITS} LIMIT %(most)s) AS counted"
_ESTIMATE = f"EXPLAIN (FORMAT JSON) SELECT FROM items WHERE {_DESK_LIMITS}"
_RANKED = f"SELECT {_COLUMNS}, NULL AS place FROM items WHERE {_DESK_LIMITS}"


@dataclass(frozen=True, slots=True)
class Listing:
    """What is asked of the list. `skus`, where given, are the hits of a search: then their order is the list's."""

    filters: Filters = field(default_factory=Filters)
    source: str = ""
    sku_begins: str = ""
    lacks_picture: bool = False
    lacks_price: bool = False
    is_stale: bool = False
    sort: DeskSort = "sku"
    skus: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended."""

    place: str | int | datetime | None
    sku: str


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item as it is stored. `embedder` is the fingerprint of whoever made its vectors, "" without any."""

    item: Item
    source: str
    embedder: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DeskPage:
    """One page; `after` leads to the next one, None at the end."""

    rows: tuple[StoredItem, ...]
    after: Cursor | None


@dataclass(frozen=True, slots=True)
class RowCount:
    """How many rows there are; beyond COUNTED by estimate."""

    n: int
    is_estimate: bool


class DeskStore:
    """Reads the catalogue for its keeper. `embedder` is the fingerprint at work: other vectors are stale."""

    def __init__(self, database: Database, embedder: str) -> None:
        self._database = database
        self._embedder = embedder

    def page(self, listing: Listing, n_rows: int, after: Cursor | None = None) -> DeskPage:
        """The next rows of a list. A list of hits is one page, at most `n_rows` long."""
        with self._database.connection() as connection:
            return self._page(connection, listing, n_rows, after)

    def count(self, listing: Listing) -> RowCount:
        """How many rows the list has."""
        told = self._parameters(listing)
        with self._database.connection() as connection:
            (n_rows,) = connection.execute(limited(_COUNT, told), told | {"most": COUNTED + 1}).fetchone() or (0,)
            if n_rows <= COUNTED:
                return RowCount(n_rows, False)
            (plan,) = connection.execute(limited(_ESTIMATE, told), told).fetchone() or ([{"Plan": {}}],)
        return RowCount(max(COUNTED, int(plan[0]["Plan"].get("Plan Rows", 0))), True)

    def all_rows(self, listing: Listing, most: int) -> Iterator[StoredItem]:
        """Every row of a list, in its order, `most` at most; read a page at a time."""
        after: Cursor | None = None
        n_left = most
        while n_left > 0:
            page = self.page(listing, min(n_left, _EXPORTED_AT_ONCE), after)
            yield from page.rows
            n_left -= len(page.rows)
            after = page.after
            if after is None:
                return

    def _page(self, connection: psycopg.Connection, listing: Listing, n_rows: int, after: Cursor | None) -> DeskPage:
        told = self._parameters(listing)
        told |= {
            "has_after": after is not None,
            "after": after.place if after else None,
            "after_sku": after.sku if after else "",
            "limit": n_rows + 1,
        }
        statement = _PAGES[listing.sort] if listing.skus is None else _RANKED
        with connection.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(limited(statement, told), told).fetchall()
        if listing.skus is not None:
            place_of = {sku: place for place, sku in enumerate(listing.skus)}
            found = sorted(found, key=lambda row: place_of[row["sku"]])[:n_rows]
        places = [row.pop("place") for row in found]
        rows = tuple(_stored(row) for row in found[:n_rows])
        has_more = len(found) > n_rows
        return DeskPage(rows, Cursor(places[n_rows - 1], rows[-1].item.sku) if has_more else None)

    def _parameters(self, listing: Listing) -> Parameters:
        only: Sequence[str] | None = listing.skus
        return filter_parameters(listing.filters, only) | {
            "source": listing.source,
            "sku_begins": listing.sku_begins,
            "lacks_picture": listing.lacks_picture,
            "lacks_price": listing.lacks_price,
            "is_stale": listing.is_stale,
            "embedder": self._embedder,
        }


def found_by(listing: Listing, skus: Sequence[str]) -> Listing:
    """The same list, narrowed to the hits of a search and in their order."""
    return replace(listing, skus=tuple(skus))


def _stored(row: dict[str, object]) -> StoredItem:
    source, embedder, updated_at = row.pop("source"), row.pop("embedder"), row.pop("updated_at")
    assert isinstance(updated_at, datetime)
    return StoredItem(read_item(row), str(source), str(embedder or ""), updated_at)
