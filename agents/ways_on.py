"""Ways on from what was found: steps out of an empty search, and limits that a new topic left behind."""

from collections.abc import Iterator
from dataclasses import replace

from agents.events import Choice, Evidence, PartFound
from agents.finding import PAGE_ITEMS
from agents.intent import Intent, Route, Slots
from agents.nouns import kind_words
from agents.pressing import standing_intent
from agents.reach import Reach
from agents.relax import Step, family_step
from agents.request import Request
from agents.standing import standing_after
from agents.wanted import Limit, is_said_about, limit_words, limits_in, with_limit_of
from agents.wording import say

SEARCHING: tuple[Route, ...] = ("search", "refine", "preference", "similar")
"""Routes after which the standing search is what the cards were found by."""
_MOST_EACH = 6
# What a new topic says anew, or what says nothing about the next kind of item.
_OF_ONE_TOPIC = ("category", "count", "sort")


def with_ways_on(request: Request, evidence: Evidence) -> Evidence:
    """The evidence with everything that can be pressed; the same where it is not of a search that stands now."""
    standing = standing_after(request.intent, request.session)
    searched = tuple(part.slots for part in evidence.parts)
    if request.intent.route not in SEARCHING or not searched or searched != standing:
        return evidence
    reach = Reach(request.catalog, request.settings.locale, request.like)
    choices = tuple(
        _choice(step, place, searched, request.intent)
        for place, part in enumerate(evidence.parts)
        for step in _steps(part, reach, request)
    )
    dropped = _dropped(request, standing)
    told = tuple(dict.fromkeys(limit_words(limit, slots, reach.locale) for limit, slots in dropped))
    return replace(evidence, choices=choices, dropped=told, put_back=_put_back(dropped, request, standing, reach))


def _steps(part: PartFound, reach: Reach, request: Request) -> Iterator[Step]:
    if part.steps:
        yield from part.steps[:_MOST_EACH]
        return
    family = (
        family_step(part.slots, reach.catalog.ruling().synonyms)
        if request.is_exact and len(part.hits) < PAGE_ITEMS
        else None
    )
    if family is not None and (n_matching := reach.count(family.slots)) > part.n_matching:
        yield replace(family, n_matching=n_matching)


def _choice(step: Step, place: int, standing: tuple[Slots, ...], intent: Intent) -> Choice:
    told = step.told
    if len(standing) > 1:
        kind = kind_words(standing[place].categories, 2)
        told = say("step.of_part", kind=kind, told=told)
    wider = (*standing[:place], step.slots, *standing[place + 1 :])
    return Choice(f"{told[0].upper()}{told[1:]}", standing_intent(wider, intent.language), step.n_matching)


def _dropped(request: Request, standing: tuple[Slots, ...]) -> list[tuple[Limit, Slots]]:
    """The limits that stood before a new topic and that it says nothing about."""
    before = request.session.standing
    is_new_topic = request.intent.route == "search" or len(before) > len(standing)
    if not is_new_topic or request.is_exact:
        return []
    return [
        (limit, slots)
        for slots in before
        for limit in limits_in(slots)
        if limit.name not in _OF_ONE_TOPIC and not any(is_said_about(new, limit) for new in standing)
    ]


def _put_back(
    dropped: list[tuple[Limit, Slots]], request: Request, standing: tuple[Slots, ...], reach: Reach
) -> Choice | None:
    """One press for as many of these limits as still find something together; None where none does."""
    if len(standing) != 1 or len(request.session.standing) != 1:
        return None
    slots = standing[0]
    kept: list[str] = []
    for limit, before in dropped:
        wider = with_limit_of(slots, before, limit)
        if reach.count(wider):
            slots, kept = wider, [*kept, limit_words(limit, before, reach.locale)]
    if not kept:
        return None
    label = say("press.put_back", limits=", ".join(kept))
    return Choice(label, standing_intent((slots,), request.intent.language), reach.count(slots))
