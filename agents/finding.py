"""Finding the items for one wish: limits, search, and the nearest where nothing passes."""

from dataclasses import replace

from agents.events import PartFound
from agents.intent import NOT, Slots
from agents.limits import facets_of, limits_of
from agents.names import named, named_all
from agents.nouns import listed
from agents.profile import fit
from agents.reach import Reach
from agents.relax import Step, ladder, nearest, with_family
from agents.request import Request
from agents.standing import off_after
from agents.wish import wish_text
from agents.wording import say
from tools.catalog import Catalog
from tools.query import PHOTO_WEIGHT, PHOTO_WEIGHT_BESIDE_LIMITS, Filters, Found, Hit, Query, Sort
from tools.why import explain

PAGE_ITEMS = 8
"""Cards of one search for which no number was said."""
_MOST_STEPS_TOLD = 3


def photo_weight(request: Request, slots: Slots) -> float:
    """What the shopper chose between the words (0) and the photo (1), else what suits the words."""
    if request.session.photo_weight is not None:
        return request.session.photo_weight
    limits = limits_of(slots, request.catalog.vocabulary()).filters.facets
    asked = {facet for facet, values in facets_of(slots).items() if values}
    says_more = not asked <= set(limits) or any(not word.startswith(NOT) for word in slots.soft)
    return PHOTO_WEIGHT if says_more else PHOTO_WEIGHT_BESIDE_LIMITS


def find_part(request: Request, slots: Slots, n_items: int, seen: tuple[str, ...]) -> tuple[PartFound, tuple[str, ...]]:
    """The items for one wish and the facts about them. `seen` are SKUs not to show again.

    The shopper's own preferences are limits like those of the wish, where they fit it and it says nothing else.
    """
    fitted = fit(slots, request.profile, off_after(request.intent, request.session), request.catalog)
    part, facts = _find(request, slots, fitted.slots, n_items, seen)
    return replace(part, kept=fitted.kept), facts


def _find(
    request: Request, wished: Slots, slots: Slots, n_items: int, seen: tuple[str, ...]
) -> tuple[PartFound, tuple[str, ...]]:
    """The search. What looks are compared with is the wish alone: a preference is a limit and no look."""
    limits = limits_of(slots, request.catalog.vocabulary())
    query = Query(
        text=_text(request, wished),
        photo=request.photo,
        filters=replace(limits.filters, exclude_skus=(*seen, *_unpictured(request))),
        top_k=min(slots.count or 1, request.settings.max_items) if slots.count_said else n_items,
        sort=slots.sort or "relevance",
        photo_weight=photo_weight(request, wished),
        avoid=" or ".join(limits.avoid),
        like=request.like,
    )
    facts = []
    if request.has_lost_photo:
        facts.append(say("found.lost_photo"))
    if request.like and not request.catalog.items([request.like]):
        query = replace(query, like="")
        facts.append(say("found.left_shop"))
    if request.message.photo is not None and slots.sort == "price_asc":
        facts.append(say("found.photo_price"))
    if slots.count_said and slots.count == request.settings.max_items:
        facts.append(say("found.most", shown=slots.count))
    found = request.catalog.search(query)
    if not found.n_matching and not seen:
        return _nearest(request, slots, query, limits.notes)
    part = _part(query, slots, found, limits.notes)
    if slots.count_said:
        part = replace(part, hits=_with_variants(found.hits, query))
    return part if request.is_exact else _with_family(request, part, query), tuple(facts)


def _part(query: Query, slots: Slots, found: Found, notes: tuple[str, ...]) -> PartFound:
    has_both = bool(query.text) and (query.photo is not None or bool(query.like))
    weight = query.photo_weight if has_both else None
    return PartFound(slots, query.filters, found.hits, found.n_matching, notes, weight, collection=found.collection)


def _with_family(request: Request, part: PartFound, query: Query) -> PartFound:
    """The part filled up with colours that count as the wanted ones, where these alone are fewer than asked for."""
    wider, added = with_family(query.filters, request.catalog.ruling().synonyms)
    n_missing = query.top_k - len(part.hits)
    if not added or n_missing < 1:
        return part
    beside = replace(query, filters=replace(wider, facets={**wider.facets, "colour": added}), top_k=query.top_k)
    found = request.catalog.search(beside)
    designs = {hit.item.item_group_id for hit in part.hits} - {""}
    hits = [hit for hit in found.hits if hit.item.item_group_id not in designs][:n_missing]
    if not hits:
        return part
    wanted = listed(named_all("colour", query.filters.facets["colour"]))
    found_in = {hit.item.colour for hit in hits}
    counted = listed(named_all("colour", (colour for colour in added if colour in found_in)))
    name = "found.counted_after" if part.hits else "found.counted_as"
    told = say(name, added=counted, colours=wanted, shown=len(part.hits))
    return replace(
        part,
        filters=wider,
        hits=(*part.hits, *hits),
        n_matching=part.n_matching + found.n_matching,
        relaxed=(*part.relaxed, told),
    )


def _with_variants(hits: tuple[Hit, ...], query: Query) -> tuple[Hit, ...]:
    """The hits, filled up to the number asked for with other variants of the same designs."""
    variants = [
        Hit(other, hit.score, explain(other, query.filters, query.text)) for hit in hits for other in hit.variants
    ]
    return (*hits, *variants)[: query.top_k]


def _text(request: Request, slots: Slots) -> str:
    """The words to compare with: the wish, or what a classifier wants embedded where the slots say nothing."""
    if _unpictured(request) and request.anchor is not None:
        return f"{request.anchor.title} {wish_text(request.intent.slots)}".strip()
    own = request.intent.text if request.intent.route == "search" and not request.intent.parts else ""
    return wish_text(slots) or own


def _unpictured(request: Request) -> tuple[str, ...]:
    """The SKU of a card that more like it is wanted of, and that only its title can be compared by."""
    return (request.anchor.sku,) if request.anchor is not None and not request.anchor.has_picture else ()


def _nearest(request: Request, slots: Slots, query: Query, notes: tuple[str, ...]) -> tuple[PartFound, tuple[str, ...]]:
    """Nothing passes: what one step away gives, told with its count, never silently."""
    reach = Reach(request.catalog, request.settings.locale, query.like)
    steps = ladder(slots, reach)
    step = nearest(steps)
    told = (other for other in steps if other is not step and (other.is_gentle or step is None))
    facts = tuple(_step_fact(other) for other in told)[:_MOST_STEPS_TOLD]
    if step is None:
        part = PartFound(slots, query.filters, (), 0, notes, steps=steps)
        return part, (*_absent(slots, request.catalog), *facts)
    excluded = query.filters.exclude_skus
    wider = replace(
        query, filters=replace(reach.filters(step.slots), exclude_skus=excluded), sort=_nearest_sort(step, query)
    )
    found = request.catalog.search(wider)
    return replace(_part(wider, slots, found, (*notes, f"{relaxed_start()}{step.told}")), steps=steps), facts


def _nearest_sort(step: Step, query: Query) -> Sort:
    """Beyond a price limit the nearest is the one that misses it least."""
    if not step.misses_price:
        return query.sort
    return "price_asc" if query.filters.price_max_cents is not None else "price_desc"


def _step_fact(step: Step) -> str:
    return say("found.step", told=f"{step.told[0].upper()}{step.told[1:]}", shown=step.n_matching)


def relaxed_start() -> str:
    """How a note in `PartFound.relaxed` starts when its hits miss a limit; what was widened follows."""
    return say("found.relaxed")


def _absent(slots: Slots, catalog: Catalog) -> tuple[str, ...]:
    """What a search proved: the catalogue has none of these kinds at all."""
    missing = [kind for kind in slots.categories if not catalog.count(Filters(facets={"category": (kind,)}))]
    return tuple(say("found.absent", kind=named("category", kind)) for kind in missing)
