"""How many items a wish reaches in this catalogue: the number that a search for it would tell."""

from dataclasses import dataclass

from agents.intent import Slots
from agents.limits import limits_of
from tools.catalog import Catalog
from tools.query import Filters, Query


@dataclass(frozen=True, slots=True)
class Reach:
    """One catalogue as a standing search sees it; `like` is the SKU of the card that search goes by, or ""."""

    catalog: Catalog
    locale: str
    like: str = ""

    def filters(self, slots: Slots) -> Filters:
        """The hard limits of a wish."""
        return limits_of(slots, self.catalog.vocabulary()).filters

    def count(self, slots: Slots) -> int:
        """Number of items that pass; the design of the card to be like is not among them."""
        return self.catalog.n_matching(Query(filters=self.filters(slots), like=self.like))
