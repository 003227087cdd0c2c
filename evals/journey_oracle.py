"""Judges cards and what stands after a turn by plain Python over the rows, sharing no code with the search."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.events import PartFound
from agents.intent import Slots
from agents.intent_json import intent_json, slots_json
from evals.journey_player import Played
from evals.journeys import Cards
from tools.item import Item
from tools.query import Filters

SEARCHING = ("search", "refine", "preference", "similar")
_CENTS = 100
_FIRST = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a turn: of which kind, and how."""

    kind: str
    told: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of the catalogue by SKU, read once; nothing changes it while journeys are played."""

    by_sku: Mapping[str, Item]

    @classmethod
    def of(cls, items: Sequence[Item]) -> "Rows":
        """The rows of these items."""
        return cls({item.sku: item for item in items})

    def count(self, filters: Filters, like: str = "") -> int:
        """How many rows pass; the design of a card that others are to be like is none of them."""
        group = self.by_sku[like].item_group_id if like else ""
        others = (item for item in self.by_sku.values() if item.sku != like)
        return sum(passes(item, filters) for item in others if not group or item.item_group_id != group)


def card_faults(played: Played, rows: Rows) -> list[Fault]:
    """Everything that is wrong with the cards of a turn."""
    cards = [hit.item for hit in played.evidence.hits]
    found = [Fault("row", f"{card.sku} is not as its row is") for card in cards if rows.by_sku.get(card.sku) != card]
    skus = [card.sku for card in cards]
    found += [Fault("twice", f"{sku} is shown twice") for sku in set(skus) if skus.count(sku) > 1]
    if played.intent.route in SEARCHING:
        found += _limit_faults(played)
        found += [fault for part in played.evidence.parts for fault in _count_faults(part, rows, played.like)]
    return found + list(_wanted_faults(played, played.turn.cards, cards, rows))


def _limit_faults(played: Played) -> list[Fault]:
    """Cards beyond what stands: none may be, but for what was said to be widened."""
    found = []
    for part, slots in zip(played.evidence.parts, played.standing, strict=False):
        if part.relaxed:
            continue
        for hit in part.hits:
            found += [Fault("limit", f"{hit.item.sku} breaks {told}") for told in broken(hit.item, slots)]
        if slots.sort and slots.sort != "relevance":
            found += _order_faults(slots.sort, [hit.item for hit in part.hits])
    return found


def _count_faults(part: PartFound, rows: Rows, like: str) -> list[Fault]:
    """The number that is told beside the cards, counted anew. Colours added to the wanted ones count apart."""
    n_rows = rows.count(part.filters, like)
    found = []
    if not any("counted as" in note for note in part.relaxed) and n_rows != part.n_matching:
        found.append(Fault("count", f"{part.n_matching} told, {n_rows} rows pass"))
    if not part.hits and n_rows:
        found.append(Fault("missed", f"nothing shown, {n_rows} rows pass"))
    return found


def _order_faults(sort: str, cards: Sequence[Item]) -> list[Fault]:
    prices = [card.pays_cents or 0 for card in cards]
    ratings = [card.rating or 0 for card in cards]
    wanted = {
        "price_asc": (prices, sorted(prices)), "price_desc": (prices, sorted(prices, reverse=True)),
        "rating": (ratings, sorted(ratings, reverse=True)),
    }.get(sort)  # fmt: skip
    return [Fault("order", f"{sort}: {wanted[0]}")] if wanted and wanted[0] != wanted[1] else []


def broken(item: Item, slots: Slots) -> list[str]:
    """The limits of a wish that an item breaks, as words."""
    found = [name for name, values in _wanted(slots).items() if values and not _has(item, name, values)]
    found += [f"not {name}" for name, values in slots.exclude.items() if _has(item, name, values, is_exclusion=True)]
    if slots.price_max_cents is not None and (item.pays_cents is None or item.pays_cents > slots.price_max_cents):
        found.append(f"price_max {slots.price_max_cents}")
    if slots.price_min_cents is not None and (item.pays_cents is None or item.pays_cents < slots.price_min_cents):
        found.append(f"price_min {slots.price_min_cents}")
    return found


def _wanted(slots: Slots) -> dict[str, tuple[str, ...]]:
    return {
        "category": slots.categories, "colour": slots.colours, "brand": slots.brands, "size": slots.sizes,
        "gender": (slots.gender,) if slots.gender else (), "age_group": (slots.age_group,) if slots.age_group else (),
        **slots.attributes,
    }  # fmt: skip


def _has(item: Item, facet: str, values: Sequence[str], *, is_exclusion: bool = False) -> bool:
    if facet == "category":
        return bool({item.category, *item.category_path} & set(values))
    if facet == "size":
        return any(item.sizes.get(value, 0) != 0 for value in values)
    if facet == "gender" and not is_exclusion:
        return item.gender in values or (item.gender == "unisex" and bool({"male", "female"} & set(values)))
    return getattr(item, facet) in values


def passes(item: Item, filters: Filters) -> bool:
    """Whether a row passes hard limits, as their docstring says it."""
    if item.sku in filters.exclude_skus:
        return False
    if not all(_has(item, facet, values) for facet, values in filters.facets.items() if values):
        return False
    if any(_has(item, facet, values, is_exclusion=True) for facet, values in filters.exclude.items()):
        return False
    if filters.in_stock and item.availability == "out_of_stock":
        return False
    return _is_priced(item, filters)


def _is_priced(item: Item, filters: Filters) -> bool:
    low, high = filters.price_min_cents, filters.price_max_cents
    if low is None and high is None:
        return True
    if item.pays_cents is None or (filters.currency and item.currency != filters.currency):
        return False
    return (low is None or item.pays_cents >= low) and (high is None or item.pays_cents <= high)


def _wanted_faults(played: Played, wanted: Cards, cards: Sequence[Item], rows: Rows) -> Iterator[Fault]:
    skus = [card.sku for card in cards]
    if wanted.n is not None and len(cards) != wanted.n:
        yield Fault("cards", f"{len(cards)} cards, {wanted.n} wanted")
    if len(cards) < wanted.least or (wanted.most is not None and len(cards) > wanted.most):
        yield Fault("cards", f"{len(cards)} cards, {wanted.least} to {wanted.most} wanted")
    for card in cards:
        yield from (Fault("cards", f"{card.sku} is {v}") for f, v in wanted.never.items() if _has(card, f, v))
    for card in (hit.item for part in played.evidence.parts if not part.relaxed for hit in part.hits):
        yield from (Fault("cards", f"{card.sku} is no {v}") for f, v in wanted.each.items() if not _has(card, f, v))
        if not (wanted.pays_min or 0) * _CENTS <= (card.pays_cents or 0) <= (wanted.pays_max or math.inf) * _CENTS:
            told = f"{wanted.pays_min} to {wanted.pays_max} wanted"
            yield Fault("cards", f"{card.sku} costs {card.pays_cents}, {told}")
    if wanted.sort:
        yield from _order_faults(wanted.sort, cards)
    if wanted.like and rows.by_sku[wanted.like].item_group_id not in {card.item_group_id for card in cards[:_FIRST]}:
        yield Fault("like", f"nothing of {wanted.like}'s design among the first {_FIRST}: {skus[:_FIRST]}")
    if wanted.fresh and set(skus) & set(played.cards_before):
        yield Fault("cards", f"shown before: {sorted(set(skus) & set(played.cards_before))}")
    if wanted.same and not set(skus) <= set(played.cards_before):
        yield Fault("cards", f"not on the screen before: {sorted(set(skus) - set(played.cards_before))}")


def state_faults(played: Played) -> list[Fault]:
    """What is wrong with how the message was read, and with what stands and is kept after it."""
    turn, read = played.turn, intent_json(played.intent)
    found = []
    if turn.route and played.intent.route != turn.route:
        found.append(Fault("intent", f"route {played.intent.route}, {turn.route} wanted"))
    found += _differing("intent", read, turn.intent)
    if turn.standing is not None:
        stands = [slots_json(slots) for slots in played.standing]
        if len(stands) != len(turn.standing):
            found.append(Fault("standing", f"{len(stands)} parts stand, {len(turn.standing)} wanted: {stands}"))
        for slots, wanted in zip(stands, turn.standing, strict=False):
            found += _differing("standing", slots, wanted)
    found += _kept_faults(played)
    return found


def _differing(kind: str, read: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[Fault]:
    """A wanted None means that the name may not be there."""
    return [
        Fault(kind, f"{name}: {read.get(name)!r}, {value!r} wanted")
        for name, value in wanted.items()
        if read.get(name) != value
    ]


def _kept_faults(played: Played) -> Iterator[Fault]:
    turn, evidence = played.turn, played.evidence
    n_pieces, n_saved = played.after.cart.n_pieces, len(played.after.saved)
    told = {
        "bag": (turn.bag, n_pieces), "saved": (turn.saved, n_saved), "dropped": (turn.dropped, bool(evidence.dropped)),
        "relaxed": (turn.relaxed, any(part.relaxed for part in evidence.parts)),
    }  # fmt: skip
    for name, (wanted, found) in told.items():
        if wanted is not None and wanted != found:
            yield Fault("kept", f"{name}: {found}, {wanted} wanted")
    if len(evidence.choices) < turn.choices:
        yield Fault("kept", f"{len(evidence.choices)} ways on, at least {turn.choices} wanted")
