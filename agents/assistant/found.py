"""Sentences about search results."""

from agents.assistant.telling import Telling, cheapest, sentence, widened
from agents.events import PartFound
from agents.intent import Slots
from agents.names import named_all
from agents.nouns import listed
from agents.wording import say

_MOST_COLOURS = 3


def found_sentences(telling: Telling) -> list[str]:
    """What was found, the best of it, one more thing worth knowing, and what could not be met."""
    parts = telling.evidence.parts
    facts = [sentence(fact) for fact in telling.evidence.facts]
    if not parts:
        return facts or [telling.wording.say("none.refine_empty")]
    if not telling.evidence.hits:
        return _nothing(telling, parts, facts)
    if len(parts) > 1:
        return [*_each_part(telling, parts), *telling.notes()[:2], *telling.soft()]
    part = parts[0]
    opening = _opening(telling, part)
    best = [] if "[1]" in opening else [telling.wording.say("best", handle=1, reason=telling.reason(part.hits[0]))]
    return [opening, *telling.notes(), *best, _second(telling, part), *telling.soft(), *facts[:2]]


def _nothing(telling: Telling, parts: tuple[PartFound, ...], facts: list[str]) -> list[str]:
    if say("found.no_more") in facts:
        return facts
    what = listed([telling.what(part.slots, 2) for part in parts], "or")
    ways = facts if any(part.steps for part in parts) else []
    return [telling.wording.say("none.search", what=what, some=telling.examples()), *telling.notes(), *ways]


def _opening(telling: Telling, part: PartFound) -> str:
    """How many there are of what; where nothing passed every limit, what was widened to find these."""
    slots, n_shown, n_matching = part.slots, len(part.hits), part.n_matching
    if widened(part):
        return telling.wording.say("nearest", what=telling.what(slots, 2), shown=n_shown, told=widened(part))
    if telling.has_photo and n_shown == 1:
        return telling.wording.say("search.photo_one", first="1", reason=telling.reason(part.hits[0]))
    if telling.has_photo:
        name = "search.photo" if slots == Slots() else "search.photo_and_words"
        return telling.wording.say(name, shown=n_shown, what=telling.what(slots, n_shown))
    # Variants of a shown design are no further cards: then all there is to see is on the page.
    if n_shown > 1 and not slots.count_said and n_matching == sum(1 + len(hit.variants) for hit in part.hits) > n_shown:
        return telling.wording.say(
            "search.designs", shown=n_shown, count=n_matching, what=telling.what(slots, n_matching)
        )
    name = _opening_name(slots, n_shown, n_matching)
    if name == "search.asked":
        return telling.wording.say(name, count=n_shown, total=n_matching, what=telling.what(slots, n_matching))
    return telling.wording.say(
        name,
        first="1",
        reason=telling.reason(part.hits[0]),
        shown=n_shown,
        count=n_matching,
        asked=slots.count,
        what=telling.what(slots, n_matching),
    )


def _opening_name(slots: Slots, n_shown: int, n_matching: int) -> str:
    if slots.count_said and slots.count and n_shown < max(slots.count, n_matching):
        if n_shown < slots.count:
            return "search.too_few"
        return "search.asked"
    if n_shown == 1:
        return "search.one" if n_matching == 1 else "search.one_design"
    return "search.page" if n_shown < n_matching else "search.all"


def _second(telling: Telling, part: PartFound) -> str:
    """What else stands out: the lowest price, a reduced one, the colours of the first; "" where nothing does."""
    least = cheapest(part.hits)
    if least is not None and least != 1 and part.slots.sort != "price_asc":
        item = part.hits[least - 1].item
        return telling.wording.say(
            "second.cheapest", handle=least, price=telling.price(item.pays_cents or 0, item.currency)
        )
    for place, hit in enumerate(part.hits[1:], 2):
        item = hit.item
        if item.sale_price_cents is not None and item.price_cents is not None:
            price, regular = (
                telling.price(cents, item.currency) for cents in (item.sale_price_cents, item.price_cents)
            )
            return telling.wording.say("second.reduced", handle=place, price=price, regular=regular)
    first = part.hits[0]
    colours = sorted({other.colour for other in first.variants if other.colour and other.colour != first.item.colour})
    if colours and not part.slots.colours:
        named = listed(named_all("colour", colours[:_MOST_COLOURS]))
        return telling.wording.say("second.other_colours", handle=1, colours=named)
    return ""


def _each_part(telling: Telling, parts: tuple[PartFound, ...]) -> list[str]:
    """One sentence for each wanted item, naming its best card."""
    said, place = [], 1
    for part in parts:
        n_asked = part.slots.count or 1
        what = telling.what(part.slots, n_asked)
        if part.hits and widened(part):
            what, reason = telling.what(part.slots, 2), telling.reason(part.hits[0])
            said.append(telling.wording.say("nearest_part", what=what, first=place, reason=reason, told=widened(part)))
        elif part.hits:
            reason = telling.reason(part.hits[0])
            said.append(telling.wording.say("search.part", what=what, first=place, reason=reason))
        else:
            said.append(telling.wording.say("search.none_part", what=what))
        place += len(part.hits)
    return said
