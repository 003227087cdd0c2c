"""What a message adds to a shopper's profile, and what it takes out of it."""

import re
from collections.abc import Mapping
from dataclasses import replace

from agents.intent import Slots
from agents.limits import facets_of
from tools.profile import ANY_KIND, Profile
from tools.sizes import size_order
from tools.taxonomy import load_taxonomy

# Loving black is no reason never to be shown anything else; wearing nothing but black is.
_FIRM = re.compile(
    r"\b(?:only|always|nothing but|exclusively|nur|immer|ausschließlich|seulement|uniquement|toujours|solo|siempre)\b"
    r"|只|总是",
    re.IGNORECASE,
)
_OF_SHOES = re.compile(r"\bshoes?\b|schuh|chaussure|pointure|zapato|calzado|鞋", re.IGNORECASE)
_SHOES = "Shoes"
_WHO = ("gender", "age_group")


def learned(profile: Profile, slots: Slots, text: str) -> Profile:
    """The profile with the limits a message tells: sizes, who it is for, a budget, and what is never wanted.

    A liking ("I love red") is no limit and changes nothing. What contradicts an older preference replaces it.
    """
    is_firm = bool(_FIRM.search(text))
    wanted = {
        facet: values
        for facet, values in facets_of(slots).items()
        if values and facet not in ("category", "size") and (is_firm or facet in _WHO)
    }
    excluded = {facet: values for facet, values in slots.exclude.items() if values}
    found = replace(
        profile,
        sizes=_sizes(profile.sizes, slots, text),
        facets=_minus({**profile.facets, **wanted}, excluded),
        exclude=_plus(_minus(profile.exclude, wanted), excluded),
    )
    if slots.price_min_cents is None and slots.price_max_cents is None:
        return found
    return replace(
        found,
        price_min_cents=slots.price_min_cents,
        price_max_cents=slots.price_max_cents,
        currency=slots.currency,
    )


def forgotten(profile: Profile, facets: tuple[str, ...], slots: Slots) -> Profile:
    """The profile without whole facets ("size", "price"), or without the very values a message names."""
    named = {facet: values for facet, values in facets_of(slots).items() if values}
    found = replace(
        profile,
        sizes={} if "size" in facets else _without_sizes(profile.sizes, slots.sizes),
        facets={name: v for name, v in _minus(profile.facets, named).items() if name not in facets},
        exclude={
            name: v for name, v in _minus(_minus(profile.exclude, named), slots.exclude).items() if name not in facets
        },
    )
    has_price = slots.price_min_cents is not None or slots.price_max_cents is not None
    if "price" in facets or has_price:
        found = replace(found, price_min_cents=None, price_max_cents=None, currency="")
    return found


def _sizes(known: Mapping[str, tuple[str, ...]], slots: Slots, text: str) -> dict[str, tuple[str, ...]]:
    """The sizes with new ones: of one kind of thing, letters replace letters, and numbers numbers."""
    if not slots.sizes:
        return dict(known)
    kinds = [_SHOES] if _OF_SHOES.search(text) else list(slots.categories) or [ANY_KIND]
    written = {size_order(size)[0] for size in slots.sizes}
    found = dict(known)
    for kind in kinds:
        others = tuple(size for size in known.get(kind, ()) if size_order(size)[0] not in written)
        found[kind] = tuple(dict.fromkeys((*others, *slots.sizes)))
    return found


def _without_sizes(known: Mapping[str, tuple[str, ...]], sizes: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    left = {kind: tuple(size for size in worn if size not in sizes) for kind, worn in known.items()}
    return {kind: worn for kind, worn in left.items() if worn}


def _plus(first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {
        facet: tuple(dict.fromkeys((*first.get(facet, ()), *second.get(facet, ()))))
        for facet in dict.fromkeys((*first, *second))
    }


def _minus(first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    left = {facet: tuple(v for v in values if v not in second.get(facet, ())) for facet, values in first.items()}
    return {facet: values for facet, values in left.items() if values}


def kind_of_size(kind: str) -> str:
    """A kind of item as it stands behind a size: "size 42 in shoes"; a name with a hyphen keeps its capital."""
    known = kind in load_taxonomy().names("category")
    return kind if not known or kind[1:2] == "-" else kind.lower()
