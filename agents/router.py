"""Intent + Session + Message -> Evidence: what the shop really has, asked through tools/ alone."""

from collections.abc import Callable, Mapping

from agents import lookups, outfits
from agents.events import Evidence
from agents.finding import PAGE_ITEMS, find_part
from agents.intent import Route
from agents.look import changes_look
from agents.photo_remarks import remarks
from agents.reasons import with_reasons
from agents.request import Request
from agents.ruled import with_rules
from agents.standing import is_more, standing_after
from agents.ways_on import with_ways_on
from agents.wording import say

_PART_ITEMS = 4


def gather(request: Request) -> Evidence:
    """The evidence for one turn; empty for routes that need nothing from the shop.

    Raises:
        CatalogError: the stored catalogue cannot serve the search.
        EmbedderError: the embedder cannot be used.
        DatabaseError: the database cannot be reached.
    """
    if changes_look(request.intent, request.session):
        return with_reasons(outfits.change(request))
    found = _GATHERERS.get(request.intent.route, _nothing)(request)
    return with_reasons(with_rules(with_ways_on(request, found)))


def _nothing(_: Request) -> Evidence:
    return Evidence()


def _search(request: Request) -> Evidence:
    wishes = standing_after(request.intent, request.session)
    if not wishes:
        return Evidence()
    most = request.settings.max_items
    n_each = PAGE_ITEMS if len(wishes) == 1 else max(1, min(_PART_ITEMS, most // len(wishes)))
    seen = request.session.seen if is_more(request.intent) else ()
    found = [find_part(request, slots, n_each, seen) for slots in wishes]
    remarked = remarks(request)
    facts = [*remarked.facts, *(fact for _, facts in found for fact in facts)]
    parts = tuple(part for part, _ in found)
    if seen and not any(part.hits for part in parts):
        facts.append(say("found.no_more"))
    return Evidence(parts, tuple(dict.fromkeys(facts)), crops=remarked.crops)


def _similar(request: Request) -> Evidence:
    if request.anchor is not None:
        return lookups.similar(request, request.anchor, PAGE_ITEMS)
    part, facts = find_part(request, standing_after(request.intent, request.session)[0], PAGE_ITEMS, ())
    return Evidence((part,), facts)


_GATHERERS: Mapping[Route, Callable[[Request], Evidence]] = {
    "search": _search,
    "refine": _search,
    "preference": _search,
    "similar": _similar,
    "variants": lookups.variants,
    "question": lookups.question,
    "compare": lookups.compare,
    "outfit": outfits.outfit,
}
