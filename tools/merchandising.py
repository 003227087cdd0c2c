"""A search as the rules of the shop want it: every limit of the shopper kept, and what a rule did named."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tools.query import Filters, Found, Hit, Placed, Query
from tools.ruling import Lost, Ruling
from tools.synonyms import without_phrases

Search = Callable[[Query], Found]

# A boost or a bury moves an item among this many nearest designs, and to and from them.
N_WEIGHED = 48
# A factor f takes an item from place p to about (p + 10) / f - 10: far ones need more than near ones.
_STEADINESS = 10
_WHY: dict[Placed, str] = {"pinned": "chosen by the shop", "sponsored": "sponsored", "favoured": "favoured by the shop"}


def merchandised(search: Search, query: Query, ruling: Ruling) -> tuple[Found, tuple[Lost, ...]]:
    """What `search`, which knows no rules, finds under a ruling; and the pins that the shopper's limits keep out.

    Pins, boosts and buries order what a search by relevance finds. An order that the shopper asked for, and a search by
    a picture, stay as they are.
    """
    ruled = ruled_query(query, ruling)
    is_ordered = query.sort == "relevance" and query.photo is None and not query.like
    weighs = is_ordered and bool(ruling.weights)
    found = search(replace(ruled, top_k=max(N_WEIGHED, 4 * query.top_k)) if weighs else _in_full(ruled, ruling))
    hits = list(found.hits)
    lost: list[Lost] = []
    if weighs:
        hits = _weighed(search, ruled, hits, ruling)
    elif is_ordered:
        hits = _as_listed(hits, ruling)
    if is_ordered and ruling.pins:
        hits, lost = _pinned(search, ruled, hits, ruling)
    name = ruling.collection.rule.name if ruling.collection else ""
    return Found(tuple(hits[: query.top_k]), found.n_matching, name), tuple(lost)


def ruled_query(query: Query, ruling: Ruling) -> Query:
    """The query within what may be shown, and by the words the shop understands."""
    filters = hidden_from(query.filters, ruling)
    text = query.text
    if ruling.collection is not None:
        filters = _only(filters, ruling.collection.skus)
        text = without_phrases(text, ruling.collection.rule.scope.words)
    return replace(query, filters=filters, text=ruling.synonyms.widened(text))


def hidden_from(filters: Filters, ruling: Ruling) -> Filters:
    """The filters without what is hidden."""
    hidden = ruling.hidden
    return replace(filters, exclude_skus=(*filters.exclude_skus, *hidden)) if hidden else filters


def _only(filters: Filters, skus: Sequence[str]) -> Filters:
    """The filters within some SKUs, and within those they are limited to already."""
    within = skus if filters.only_skus is None else [sku for sku in skus if sku in set(filters.only_skus)]
    return replace(filters, only_skus=tuple(within))


def _in_full(query: Query, ruling: Ruling) -> Query:
    """A collection that lists its items is read whole, to be put into the order of the list."""
    is_listed = ruling.collection is not None and ruling.collection.rule.target.skus and not query.text
    return replace(query, top_k=max(query.top_k, N_WEIGHED)) if is_listed else query


def _as_listed(hits: list[Hit], ruling: Ruling) -> list[Hit]:
    """Items that a collection lists, in the order of its list, before those it describes."""
    listed = ruling.collection.rule.target.skus if ruling.collection else ()
    places = {sku: place for place, sku in enumerate(listed)}
    return sorted(hits, key=lambda hit: places.get(hit.item.sku, len(places))) if places else hits


def _weighed(search: Search, query: Query, hits: list[Hit], ruling: Ruling) -> list[Hit]:
    """The hits in the order that factors give them; lifted items come from beyond them too."""
    factors: dict[str, float] = {}
    for meant in ruling.weights:
        for sku in meant.skus:
            factors.setdefault(sku, meant.rule.factor)
    lifted = [sku for sku, factor in factors.items() if factor > 1]
    if lifted:
        far = search(replace(query, filters=_only(query.filters, lifted), top_k=query.top_k)).hits
        known = _designs(hits)
        hits = [*hits, *(hit for hit in far if hit.item.sku not in known)]
    merits = [factors.get(hit.item.sku, 1.0) / (_STEADINESS + place) for place, hit in enumerate(hits, 1)]
    order = sorted(range(len(hits)), key=lambda at: (-merits[at], at))
    return [
        _told(hits[at], "favoured") if factors.get(hits[at].item.sku, 1.0) > 1 and at > place else hits[at]
        for place, at in enumerate(order)
    ]


def _pinned(search: Search, query: Query, hits: list[Hit], ruling: Ruling) -> tuple[list[Hit], list[Lost]]:
    """The hits with every pinned item that passes the limits at its place, and the pins that do not."""
    pins = sorted(ruling.pins, key=lambda meant: meant.rule.place)
    first = [sku for meant in pins for sku in meant.skus[:1]]
    passing = {hit.item.sku: hit for hit in search(_for_pins(query, first)).hits}
    lost: list[Lost] = []
    placed: list[tuple[int, Hit]] = []
    for meant in pins:
        hit = passing.get(meant.skus[0]) or _of_design(search, query, meant.skus)
        if hit is None:
            lost.append(Lost(meant.rule, f"{meant.skus[0]!r} does not pass the shopper's limits, or was shown before"))
        elif hit.item.sku in _designs([other for _, other in placed]):
            lost.append(Lost(meant.rule, "its design stands at a place before it"))
        else:
            placed.append((meant.rule.place, _told(hit, "sponsored" if meant.rule.is_sponsored else "pinned")))
    taken = _designs([hit for _, hit in placed])
    rest = [hit for hit in hits if hit.item.sku not in taken]
    for place, hit in placed:
        rest.insert(min(place - 1, len(rest)), hit)
    return rest, lost


def _of_design(search: Search, query: Query, skus: Sequence[str]) -> Hit | None:
    """Another item of a pinned design; None where only the item itself is pinned or none passes."""
    return next(iter(search(_for_pins(query, skus[1:])).hits), None) if len(skus) > 1 else None


def _for_pins(query: Query, skus: Sequence[str]) -> Query:
    return replace(query, filters=_only(query.filters, skus), top_k=len(skus))


def _designs(hits: Sequence[Hit]) -> set[str]:
    """The SKUs of the hits and of their designs."""
    return {sku for hit in hits for sku in (hit.item.sku, *(other.sku for other in hit.variants))}


def _told(hit: Hit, placed: Placed) -> Hit:
    why = ", ".join(part for part in (hit.why, _WHY[placed]) if part)
    return replace(hit, placed=placed, why=why)
