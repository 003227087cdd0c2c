"""Finding the items for one wish: limits, search, and the nearest where nothing passes."""

from dataclasses import replace

from agents.events import PartFound
from agents.intent import Slots
from agents.limits import limits_of
from agents.relax import Step, ladder, last_resort
from agents.request import Request
from agents.wish import wish_text
from tools.catalog import Catalog
from tools.query import Filters, Hit, Query, Sort
from tools.why import explain

PAGE_ITEMS = 8
"""Cards of one search for which no number was said."""
RELAXED = "nothing matched exactly; shown "
"""How a note in `PartFound.relaxed` starts when its hits miss a limit; what was widened follows."""
# Beside words that are limits already, a photo says more than they do.
_PHOTO_WEIGHT = 0.6


def find_part(request: Request, slots: Slots, n_items: int, seen: tuple[str, ...]) -> tuple[PartFound, tuple[str, ...]]:
    """The items for one wish and the facts about them. `seen` are SKUs not to show again."""
    limits = limits_of(slots, request.catalog.vocabulary())
    query = Query(
        text=wish_text(slots) or _own_text(request),
        photo=request.photo,
        filters=replace(limits.filters, exclude_skus=seen),
        top_k=min(slots.count or 1, request.settings.max_items) if slots.count_said else n_items,
        sort=slots.sort or "relevance",
        photo_weight=_PHOTO_WEIGHT,
    )
    facts = []
    if request.has_lost_photo:
        facts.append("I no longer have your photo, so this goes by words alone; send it again to go on with it.")
    if slots.count_said and slots.count == request.settings.max_items:
        facts.append(f"I show at most {slots.count} items at once.")
    found = request.catalog.search(query)
    if found.n_matching or seen:
        hits = _with_variants(found.hits, query) if slots.count_said else found.hits
        return PartFound(slots, query.filters, hits, found.n_matching, limits.notes), tuple(facts)
    return _nearest(request, slots, query, limits.notes)


def _with_variants(hits: tuple[Hit, ...], query: Query) -> tuple[Hit, ...]:
    """The hits, filled up to the number asked for with other variants of the same designs."""
    variants = [
        Hit(other, hit.score, explain(other, query.filters, query.text)) for hit in hits for other in hit.variants
    ]
    return (*hits, *variants)[: query.top_k]


def _own_text(request: Request) -> str:
    """What a classifier wants embedded, where the slots say nothing."""
    return request.intent.text if request.intent.route == "search" and not request.intent.parts else ""


def _nearest(request: Request, slots: Slots, query: Query, notes: tuple[str, ...]) -> tuple[PartFound, tuple[str, ...]]:
    """Nothing passes: what one step away gives, told with its count, never silently."""
    steps = ladder(query.filters, request.catalog)
    step = steps[0] if steps else last_resort(query.filters, request.catalog)
    if step is None:
        return PartFound(slots, query.filters, (), 0, notes), _absent(slots, request.catalog)
    found = request.catalog.search(replace(query, filters=step.filters, sort=_nearest_sort(step, query)))
    facts = tuple(_step_fact(other) for other in steps[1:4])
    notes = (*notes, f"{RELAXED}{step.told}")
    return PartFound(slots, step.filters, found.hits, found.n_matching, notes), facts


def _nearest_sort(step: Step, query: Query) -> Sort:
    """Beyond a price limit the nearest is the one that misses it least."""
    if step.limit != "price":
        return query.sort
    return "price_asc" if query.filters.price_max_cents is not None else "price_desc"


def _step_fact(step: Step) -> str:
    return f"{step.told[0].upper()}{step.told[1:]}: {step.n_matching}."


def _absent(slots: Slots, catalog: Catalog) -> tuple[str, ...]:
    """What a search proved: the catalogue has none of these kinds at all."""
    missing = [kind for kind in slots.categories if not catalog.count(Filters(facets={"category": (kind,)}))]
    return tuple(f"The catalogue has no item in the category {kind}." for kind in missing)
