"""The item: one sellable thing of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Item:
    """One sellable thing. Fields follow Google Merchant Center's product data specification.

    Absent text is "", an absent number None: an unknown price is None, never 0. Prices are integers in the minor
    unit of `currency`. `category` is the canonical leaf name (tools/taxonomy.yaml) or the feed's own word where
    the taxonomy knows none; `category_path` runs from the widest parent to `category`. `sizes` maps a size label
    to its stock, None where the stock is unknown. `image` is the picture's name in the picture store.
    """

    sku: str
    title: str
    category: str
    category_path: tuple[str, ...] = ()
    item_group_id: str = ""
    description: str = ""
    product_type: str = ""
    google_product_category: str = ""
    link: str = ""
    image_link: str = ""
    image: str = ""
    brand: str = ""
    gender: str = ""
    age_group: str = ""
    colour: str = ""
    material: str = ""
    pattern: str = ""
    usage: str = ""
    season: str = ""
    sizes: Mapping[str, int | None] = field(default_factory=dict)
    price_cents: int | None = None
    sale_price_cents: int | None = None
    currency: str = ""
    availability: str = ""
    rating: float | None = None
    n_ratings: int | None = None

    @property
    def pays_cents(self) -> int | None:
        """What a shopper pays: the sale price where there is one, else the price."""
        return self.price_cents if self.sale_price_cents is None else self.sale_price_cents
