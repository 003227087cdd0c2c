"""What a shopper told of themselves: limits that stand for every search, and whether to remember what was looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from tools.query import FACETS

ANY_KIND = ""
"""The kind of a size that was told without one."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Limits as facets, in canonical values.

    `sizes` maps a category, or ANY_KIND, to the sizes worn of it: a shoe size says nothing about trousers. `facets`
    are other wanted values ("male"), `exclude` values never wanted. Prices are minor units of `currency`.
    `has_shelf` is whether what is looked at may be remembered and suggested from.
    """

    sizes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_min_cents: int | None = None
    price_max_cents: int | None = None
    currency: str = ""
    has_shelf: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether no limit was told."""
        has_price = self.price_min_cents is not None or self.price_max_cents is not None
        return not (self.sizes or self.facets or self.exclude or has_price)


PROFILE_JSON = TypeAdapter(Profile)
"""Writes a profile as JSON and reads it again."""


def without_foreign(profile: Profile) -> Profile:
    """The profile without facets that no filter of this version knows."""
    return Profile(
        profile.sizes,
        {name: values for name, values in profile.facets.items() if name in FACETS},
        {name: values for name, values in profile.exclude.items() if name in FACETS},
        profile.price_min_cents,
        profile.price_max_cents,
        profile.currency,
        profile.has_shelf,
    )
