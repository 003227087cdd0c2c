"""What retrieval receives and gives: Filters, Query, Hit, Found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from PIL import Image

from tools.item import Item

# Facets a filter or an exclusion may name, in the order they are told to a shopper.
FACETS = (
    "category", "colour", "gender", "age_group", "brand", "size", "material", "pattern", "usage", "season",
)  # fmt: skip

PHOTO_WEIGHT = 0.4
"""How much a photo counts beside words that no filter holds; docs/experiments.md tells how it was chosen."""
PHOTO_WEIGHT_BESIDE_LIMITS = 0.9
"""The same where all words are limits already, and need not be looked for as well."""

Placed = Literal["", "pinned", "sponsored", "favoured"]
"""Why a hit stands where it stands, other than by what was asked: nothing, or what a rule of the shop did."""

Sort = Literal["relevance", "price_asc", "price_desc", "rating", "newest"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Hard limits: every one becomes a SQL predicate that applies before LIMIT.

    `facets` maps a name of FACETS to the canonical values allowed (any of them). A category also admits its
    descendants ("Shoes" admits Sneakers); gender female or male also admits unisex. `exclude` maps a facet to
    values never shown. Prices compare with what a shopper pays, in minor units of `currency`; an item of unknown
    price fails a price limit. `in_stock` drops items whose availability is out_of_stock, and with a size limit
    items whose stock of that size is 0. `only_skus` admits these SKUs alone, None all.
    """

    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_min_cents: int | None = None
    price_max_cents: int | None = None
    currency: str = ""
    in_stock: bool = False
    exclude_skus: tuple[str, ...] = ()
    only_skus: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One search. `text` and `photo` may both be given; without either the order is rating, then sku.

    `photo` is an RGB picture; `like` is the SKU of an item whose picture takes its place, and which is no hit itself.
    `photo_weight` in [0, 1] slides between the words (0) and the photo (1) where both
    are given. `avoid` are words to move away from ("floral"): they lower what looks like them, and forbid nothing;
    `filters.exclude` does.
    """

    text: str = ""
    photo: Image.Image | None = None
    filters: Filters = Filters()
    top_k: int = 8
    sort: Sort = "relevance"
    photo_weight: float = PHOTO_WEIGHT
    avoid: str = ""
    like: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One retrieved item. `score` is cosine similarity in [-1, 1], higher is better, 0.0 where nothing was compared.

    `why` is one short line naming what matched, from data ("black, cotton, rated 4.6"). `variants` are the other
    items of its group that pass the filters. `placed` says what a rule of the shop had to do with its place.
    """

    item: Item
    score: float
    why: str = ""
    variants: tuple[Item, ...] = ()
    placed: Placed = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one query, best first, at most one per group, and the number of rows its filters admit.

    `collection` names what the shop shows for these words, where a rule leads them there.
    """

    hits: tuple[Hit, ...]
    n_matching: int
    collection: str = ""
