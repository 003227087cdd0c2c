"""Follow-ups worth a click: each one is a message that finds something in this catalogue."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from agents.events import Choice, Evidence, PartFound
from agents.intent import Intent, Slots
from agents.names import named
from agents.nouns import kind_words, limit_price
from agents.outfits import goes_with_something
from agents.pressing import standing_intent
from agents.reach import Reach
from agents.request import Request
from agents.speaking import spoken
from agents.standing import merge
from agents.wish import wish_text
from agents.wording import say, wording
from tools.query import Filters
from tools.taxonomy import load_taxonomy

MOST_SUGGESTIONS = 3
"""Follow-ups beside a reply."""
CHEAPER = "Cheaper {kind}"
"""What is pressed to swap a piece of a look; in English in every language."""
_STEP_CENTS = 500
# Routes whose messages point at a card.
_WHICH = ("variants", "question", "outfit")


def suggest(request: Request, evidence: Evidence) -> tuple[Choice, ...]:
    """At most three follow-ups with what each does; none that would find nothing."""
    found: dict[str, Choice] = {}
    for choice in _all(request, evidence):
        found.setdefault(choice.label, choice)
        if len(found) == MOST_SUGGESTIONS:
            break
    language = request.intent.language
    return tuple(replace(choice, intent=replace(choice.intent, language=language)) for choice in found.values())


def _all(request: Request, evidence: Evidence) -> Iterator[Choice]:
    if not evidence.hits:
        yield from _ask_back(request)
        yield from _start(request)
        return
    if evidence.look is not None:
        yield from _other_pieces(request, evidence)
        return
    # Cards that miss a limit have ways on of their own.
    is_plain = len(evidence.parts) == 1 and not evidence.parts[0].steps
    if request.intent.route in ("search", "refine", "preference", "similar") and is_plain:
        yield from _cheaper(request, evidence.parts[0])
        yield from _other_colour(request, evidence.parts[0])
    if request.intent.route != "variants" and any(hit.variants for hit in evidence.hits[:1]):
        yield Choice(_of_first("variants"), Intent("variants", references=("1",)))
    if request.intent.route != "outfit" and goes_with_something(evidence.hits[0].item, request.catalog):
        yield Choice(_of_first("outfit"), Intent("outfit", references=("1",)))
    if request.intent.route not in ("similar", "outfit"):
        yield Choice(_of_first("similar"), Intent("similar", references=("1",)))
    if len(evidence.hits) > 1 and request.intent.route != "compare":
        yield Choice(say("suggest.compare"), Intent("compare", references=("1", "2")))


def _ask_back(request: Request) -> Iterator[Choice]:
    """Which card was meant, where a message pointed at none in particular."""
    route = request.intent.route
    ordinals = _ordinals()[: min(2, len(request.session.shown))] if route in _WHICH else ()
    for handle, ordinal in enumerate(ordinals, 1):
        yield Choice(say(f"suggest.{route}", ordinal=ordinal), Intent(route, references=(str(handle),)))


def _of_first(name: str) -> str:
    return say(f"suggest.{name}", ordinal=_ordinals()[0])


def _ordinals() -> Sequence[str]:
    ordinals: Sequence[str] = wording().texts["ordinals"]
    return ordinals


def _start(request: Request) -> Iterator[Choice]:
    """The kinds that the catalogue has most of, each in a colour it really comes in."""
    departments = load_taxonomy().departments
    vocabulary = request.catalog.vocabulary()
    kinds = [kind for kind in vocabulary.values("category") if kind not in departments]
    colours = vocabulary.values("colour")
    for kind in kinds[:MOST_SUGGESTIONS]:
        colour = next((c for c in colours if request.catalog.count(_limits(kind, c))), "")
        told = kind_words((kind,), 2)
        label = _capitalised(say("suggest.start", colour=named("colour", colour), kind=told) if colour else told)
        slots = Slots(categories=(kind,), colours=(colour,) if colour else ())
        yield Choice(label, Intent("search", slots, text=wish_text(slots)))


def _capitalised(label: str) -> str:
    """With a capital at the start alone, as English writes it; other languages keep those inside."""
    label = label.strip()
    return label.capitalize() if spoken() == "en" else f"{label[:1].upper()}{label[1:]}"


def _limits(kind: str, colour: str) -> Filters:
    return Filters(facets={"category": (kind,), "colour": (colour,)})


def _cheaper(request: Request, part: PartFound) -> Iterator[Choice]:
    """A price limit in the middle of what is shown, where it finds something and leaves something out."""
    prices = [hit.item.pays_cents for hit in part.hits if hit.item.pays_cents is not None]
    currencies = {hit.item.currency for hit in part.hits}
    if len(prices) < 2 or len(currencies) != 1:
        return
    currency = currencies.pop()
    limit = int(median(prices)) // _STEP_CENTS * _STEP_CENTS
    filters = replace(part.filters, price_max_cents=limit, currency=currency, exclude_skus=())
    if limit > (part.filters.price_min_cents or 0) and 0 < request.catalog.count(filters) < part.n_matching:
        label = say("suggest.under", price=limit_price(limit, currency, request.settings.locale))
        yield from _narrowed(request, label, part, Slots(price_max_cents=limit, currency=currency))


def _other_pieces(request: Request, evidence: Evidence) -> Iterator[Choice]:
    """Pieces of a look that can be had for less, the dearest first."""
    priced = [
        (part.hits[0].item, part.filters, str(place))
        for place, part in enumerate(evidence.parts, 1)
        if part.hits[0].item.pays_cents is not None
    ]
    for item, filters, handle in sorted(priced, key=lambda piece: -(piece[0].pays_cents or 0)):
        limit = (item.pays_cents or 0) - 1
        if request.catalog.count(replace(filters, price_max_cents=limit, currency=item.currency)):
            slots = Slots(categories=(item.category,), sort="price_asc")
            label = CHEAPER.format(kind=kind_words((item.category,), 2))
            yield Choice(label, Intent("refine", slots, references=(handle,)))


def _other_colour(request: Request, part: PartFound) -> Iterator[Choice]:
    """Another colour that the same limits find, the commonest in the catalogue first."""
    asked = part.filters.facets.get("colour", ())
    if not asked:
        return
    for colour in request.catalog.vocabulary().values("colour")[: 2 * MOST_SUGGESTIONS]:
        facets = {**part.filters.facets, "colour": (colour,)}
        if colour not in asked and request.catalog.count(replace(part.filters, facets=facets, exclude_skus=())):
            label = say("suggest.instead", colour=named("colour", colour))
            yield from _narrowed(request, label, part, Slots(colours=(colour,)))
            return


def _narrowed(request: Request, label: str, part: PartFound, change: Slots) -> Iterator[Choice]:
    """The search of a part with one thing changed, where that finds something without widening anything."""
    slots = merge(part.slots, change)
    n_matching = Reach(request.catalog, request.settings.locale, request.like).count(slots)
    if n_matching:
        yield Choice(label, standing_intent((slots,)), n_matching)
