"""The nouns of the demo shop: an item and what is needed to draw it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a picture is drawn from. Colours are "#rrggbb"; `shape` holds the design's own measures and choices.

    `seed` settles what is left to chance (folds, petals), so the same drawing gives the same picture.
    """

    colour: str
    accent: str
    pattern: str
    material: str
    shape: Mapping[str, float | str]
    scale: float
    seed: int

    def number(self, name: str, default: float) -> float:
        """A measure of the design, or `default` where it names none."""
        return float(self.shape.get(name, default))

    def word(self, name: str, default: str = "") -> str:
        """A choice of the design, or `default` where it names none."""
        return str(self.shape.get(name, default))


@dataclass(frozen=True, slots=True)
class DemoItem:
    """One item of the demo shop. Fields as in `tools.item.Item`; `drawing` is drawn by `ingest.demo.draw`."""

    sku: str
    item_group_id: str
    title: str
    description: str
    category: str
    product_type: str
    brand: str
    gender: str
    age_group: str
    colour: str
    material: str
    pattern: str
    usage: str
    season: str
    price_cents: int
    sale_price_cents: int | None
    currency: str
    availability: str
    rating: float | None
    n_ratings: int
    drawing: Drawing
    sizes: Mapping[str, int] = field(default_factory=dict)
