"""An item whose picture takes a photo's place in a search."""

from dataclasses import dataclass, replace

from tools.query import Query
from tools.store import Store, Vector


@dataclass(frozen=True, slots=True)
class Anchor:
    """The item: its vectors, its category, and the SKUs that are no hits beside it."""

    pooled: Vector
    tokens: Vector
    category: str
    left_out: tuple[str, ...]


def anchored(store: Store, query: Query) -> tuple[Query, Anchor | None]:
    """The query without the SKUs that the item to be like leaves out, and that item; None where there is none.

    Raises:
        CatalogError: the item is gone or has no picture.
    """
    if not query.like:
        return query, None
    anchor = _anchor(store, query)
    left_out = (*query.filters.exclude_skus, *anchor.left_out)
    return replace(query, filters=replace(query.filters, exclude_skus=left_out)), anchor


def _anchor(store: Store, query: Query) -> Anchor:
    """The item that the hits are to be like, and what of its design is no hit."""
    pooled, tokens, members = store.vectors_and_design(query.like)
    (item,) = store.items([query.like])
    passing = store.variants([query.like], query.filters)[query.like]
    is_passing = query.like in {other.sku for other in passing}
    return Anchor(pooled, tokens, item.category, members if is_passing else (query.like,))
