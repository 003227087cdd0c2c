"""Looks: the pieces that complete one, and changes to the one on the screen."""

from collections.abc import Sequence
from dataclasses import replace

from agents.events import Evidence, PartFound
from agents.intent import Slots
from agents.limits import Limits, limits_of
from agents.look import Look, asked_price, kind_wanted, live_look, piece_meant
from agents.outfit_anchor import anchor_of, kinds_for
from agents.outfit_candidates import Pool
from agents.outfit_choice import Chosen, cheapest, choose
from agents.outfit_rules import Kind, Pieces, load_rules
from agents.outfit_words import LookTold, told_changed, told_look
from agents.request import Request
from agents.standing import is_more, merge
from tools.catalog import Catalog
from tools.item import Item
from tools.query import Filters, Hit


def outfit(request: Request) -> Evidence:
    """One piece for each kind that completes the look of what is meant, or that the message names beside it.

    What is meant is in the photo, is the card pointed at or talked about, or what the look on the screen began with;
    else the first card. A price limit is the budget for all pieces together.
    """
    slots, look = replace(request.intent.slots, sort=None), live_look(request.session)
    anchor = anchor_of(request)
    if look is not None and anchor is None and not slots.categories:
        start = _start(look, request.catalog)
        return _planned(request, start, merge(look.wish, slots), kinds_for(start, (), request.catalog))
    if anchor is not None and not anchor.title and request.message.photo is None:
        # "What goes with black jeans": black is the jeans', not the pieces'.
        wish = replace(slots, categories=(), colours=(), attributes={})
        return _planned(request, anchor, wish, kinds_for(anchor, (), request.catalog))
    kinds = kinds_for(anchor, slots.categories, request.catalog)
    wish = replace(slots, categories=())
    return _planned(request, anchor, wish if anchor is not None else _for_occasion(wish, request.catalog), kinds)


def goes_with_something(item: Item, catalog: Catalog) -> bool:
    """Whether the catalogue holds any kind of piece that goes with an item."""
    kinds = kinds_for(item, (), catalog)
    return bool(kinds.needs or kinds.adds)


def change(request: Request) -> Evidence:
    """The look on the screen with one piece changed, or, where none is named, chosen again as the message says."""
    look = live_look(request.session)
    assert look is not None
    pieces = request.catalog.items(look.skus)
    place = piece_meant(request.intent, request.session)
    if place is not None and len(pieces) == len(look.skus):
        return _swapped(request, look, pieces, place)
    prices = [item.pays_cents for item in pieces if item.pays_cents is not None]
    slots = asked_price(request.intent, request.session, sum(prices) if len(prices) == len(look.skus) else None)
    wish = merge(look.wish, replace(slots, categories=()), request.intent.cleared)
    others = look.skus if is_more(request.intent) else ()
    start = _start(look, request.catalog)
    return _planned(request, start, wish, kinds_for(start, (), request.catalog), others)


def _swapped(request: Request, look: Look, pieces: list[Item], place: int) -> Evidence:
    """One piece for another; the others stay as they are."""
    old = pieces[place]
    slots = asked_price(request.intent, request.session, old.pays_cents)
    kind = kind_wanted(slots.categories, look.kinds[place])
    others = [item for item in pieces if item.sku != old.sku]
    wish = merge(_piece_wish(look.wish), replace(slots, categories=()), request.intent.cleared)
    budget_limits = _budget(request, look.wish)
    budget = budget_limits.filters.price_max_cents
    left = None if budget is None else max(0, budget - sum(item.pays_cents or 0 for item in others))
    pool = Pool(request, _start(look, request.catalog), load_rules(), not_skus=(old.sku,), notes=budget_limits.notes)
    pool.add(kind, wish, left)
    fitting = pool.fitting(others)
    found = choose(pool.candidates, fitting, left)
    if found is None and left is not None:
        found = cheapest(pool.candidates, fitting)
    hits, kinds = [Hit(item, 0.0) for item in pieces], list(look.kinds)
    if found is not None and found.hits:
        hits[place], kinds[place] = found.hits[0], kind
    changed = replace(look, skus=tuple(hit.item.sku for hit in hits), kinds=tuple(kinds))
    told = LookTold(changed, tuple(hits), budget, notes=pool.notes)
    is_changed = changed.skus != look.skus
    facts = told_changed(request, told, place, old if is_changed else None, replace(wish, categories=kind))
    return _evidence(changed, hits, pool, facts)


def _planned(
    request: Request, anchor: Item | None, wish: Slots, kinds: Pieces, not_skus: tuple[str, ...] = ()
) -> Evidence:
    """The best look within the budget; where there is none, the least expensive one, and that is told."""
    budget_limits, piece_wish = _budget(request, wish), replace(_piece_wish(wish), sizes=())
    budget = budget_limits.filters.price_max_cents
    pool = Pool(request, anchor, load_rules(), not_skus=not_skus, notes=budget_limits.notes)
    needs = [kind for kind in kinds.needs if pool.add(kind, piece_wish, budget)]
    fitting = pool.fitting([])
    found = choose(pool.candidates, fitting, budget)
    is_over = found is None and budget is not None
    if is_over:
        found = cheapest(pool.candidates, fitting)
    if found is None:
        needs, found = _as_far_as_possible(needs, pool)
    if not is_over:
        needs, found = _rounded_off(pool, needs, found, kinds.adds, piece_wish, budget)
    if not found.hits:
        return Evidence()
    look = Look(anchor, wish, tuple(hit.item.sku for hit in found.hits), tuple(needs))
    missing = tuple(kind for kind in kinds.needs if kind not in needs)
    told = LookTold(
        look, found.hits, budget, missing=missing, notes=pool.notes, has_unused_sizes=bool(request.intent.slots.sizes)
    )
    return _evidence(look, found.hits, pool, told_look(request, told))


def _start(look: Look, catalog: Catalog) -> Item | None:
    """What a look began with, its row read afresh; what was kept of it where there is no such row."""
    rows = catalog.items([look.anchor.sku]) if look.anchor is not None and look.anchor.sku else []
    return rows[0] if rows else look.anchor


def _for_occasion(wish: Slots, catalog: Catalog) -> Slots:
    """A wish for a look to wear on an occasion: what is worn there, where the catalogue has it."""
    occasions, held = load_rules().occasions, catalog.vocabulary().counts.get("usage", {})
    usages = tuple(usage for word in wish.soft for usage in occasions.get(word, ()) if usage in held)
    return replace(wish, attributes={"usage": usages, **wish.attributes}) if usages else wish


def _piece_wish(wish: Slots) -> Slots:
    """What each piece has to keep: all but the price, which is for the whole look."""
    return replace(wish, price_min_cents=None, price_max_cents=None)


def _budget(request: Request, wish: Slots) -> Limits:
    """The budget in the catalogue's money, or why it cannot be checked."""
    asked = Slots(price_max_cents=wish.price_max_cents, currency=wish.currency)
    return limits_of(asked, request.catalog.vocabulary())


def _as_far_as_possible(needs: list[Kind], pool: Pool) -> tuple[list[Kind], Chosen]:
    """The pieces that can be worn together, where not every kind has one."""
    kept: list[Kind] = []
    lists: list[Sequence[Hit]] = []
    best, fitting = Chosen(), pool.fitting([])
    for kind, hits in zip(needs, pool.candidates, strict=True):
        more = choose([*lists, hits], fitting, None)
        if more is not None:
            best, lists, kept = more, [*lists, hits], [*kept, kind]
    return kept, best


def _rounded_off(
    pool: Pool, needs: list[Kind], found: Chosen, adds: Sequence[Kind], wish: Slots, budget: int | None
) -> tuple[list[Kind], Chosen]:
    """The look with pieces it can do without, as far as they fit it and the money goes."""
    kinds = list(needs)
    for kind in adds:
        if len(kinds) >= load_rules().n_pieces or not kinds:
            break
        left = None if budget is None else budget - found.total_cents
        hits = pool.found(kind, wish, left)
        more = choose([hits], pool.fitting([hit.item for hit in found.hits], hits), left)
        if more is not None:
            found = Chosen((*found.hits, *more.hits), found.total_cents + more.total_cents, found.merit + more.merit)
            kinds.append(kind)
    return kinds, found


def _evidence(look: Look, hits: Sequence[Hit], pool: Pool, facts: tuple[str, ...]) -> Evidence:
    """One part a piece: the page draws them as cards."""
    piece_wish = _piece_wish(look.wish)
    parts = [
        PartFound(
            replace(piece_wish, categories=kind), pool.filters.get(kind, Filters()), (hit,), pool.counts.get(kind, 1)
        )
        for kind, hit in zip(look.kinds, hits, strict=True)
    ]
    return Evidence(tuple(parts), facts, look=look)
