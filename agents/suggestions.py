"""Follow-ups worth a click: each one is a message that finds something in this catalogue."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from statistics import median

from agents.events import Evidence, PartFound
from agents.nouns import kind_words, limit_price
from agents.outfits import goes_with_something
from agents.request import Request
from tools.query import Filters
from tools.taxonomy import load_taxonomy

_MOST = 3
_STEP_CENTS = 500
_WHICH = {"variants": "Other colours of the {} one?", "question": "Tell me more about the {} one",
          "outfit": "What goes with the {} one?"}  # fmt: skip


def suggest(request: Request, evidence: Evidence) -> tuple[str, ...]:
    """At most three messages; none that would find nothing."""
    return tuple(islice(dict.fromkeys(_all(request, evidence)), _MOST))


def _all(request: Request, evidence: Evidence) -> Iterator[str]:
    if not evidence.hits:
        yield from _ask_back(request)
        yield from _start(request)
        return
    if evidence.look is not None:
        yield from _other_pieces(request, evidence)
        return
    if request.intent.route in ("search", "refine", "preference", "similar") and len(evidence.parts) == 1:
        yield from _cheaper(request, evidence.parts[0])
        yield from _other_colour(request, evidence.parts[0])
    if request.intent.route != "variants" and any(hit.variants for hit in evidence.hits[:1]):
        yield "Other colours of the first one?"
    if request.intent.route != "outfit" and goes_with_something(evidence.hits[0].item, request.catalog):
        yield "What goes with the first one?"
    if request.intent.route not in ("similar", "outfit"):
        yield "More like the first one"
    if len(evidence.hits) > 1 and request.intent.route != "compare":
        yield "Compare the first two"


def _ask_back(request: Request) -> Iterator[str]:
    """Which card was meant, where a message pointed at none in particular."""
    question = _WHICH.get(request.intent.route)
    for ordinal in ("first", "second")[: len(request.session.shown)] if question else ():
        yield str(question).format(ordinal)


def _start(request: Request) -> Iterator[str]:
    """The kinds that the catalogue has most of, each in a colour it really comes in."""
    departments = load_taxonomy().departments
    vocabulary = request.catalog.vocabulary()
    kinds = [kind for kind in vocabulary.values("category") if kind not in departments]
    colours = vocabulary.values("colour")
    for kind in kinds[:_MOST]:
        colour = next((c for c in colours if request.catalog.count(_limits(kind, c))), "")
        yield f"{colour} {kind_words((kind,), 2)}".strip().capitalize()


def _limits(kind: str, colour: str) -> Filters:
    return Filters(facets={"category": (kind,), "colour": (colour,)})


def _cheaper(request: Request, part: PartFound) -> Iterator[str]:
    """A price limit in the middle of what is shown, where it finds something and leaves something out."""
    prices = [hit.item.pays_cents for hit in part.hits if hit.item.pays_cents is not None]
    currencies = {hit.item.currency for hit in part.hits}
    if len(prices) < 2 or len(currencies) != 1:
        return
    currency = currencies.pop()
    limit = int(median(prices)) // _STEP_CENTS * _STEP_CENTS
    filters = replace(part.filters, price_max_cents=limit, currency=currency, exclude_skus=())
    if limit > (part.filters.price_min_cents or 0) and 0 < request.catalog.count(filters) < part.n_matching:
        yield f"Under {limit_price(limit, currency, request.settings.locale)}"


def _other_pieces(request: Request, evidence: Evidence) -> Iterator[str]:
    """Pieces of a look that can be had for less, the dearest first."""
    priced = [part for part in evidence.parts if part.hits[0].item.pays_cents is not None]
    for part in sorted(priced, key=lambda part: -(part.hits[0].item.pays_cents or 0)):
        item = part.hits[0].item
        limit = (item.pays_cents or 0) - 1
        if request.catalog.count(replace(part.filters, price_max_cents=limit, currency=item.currency)):
            yield f"Cheaper {kind_words((item.category,), 2)}"


def _other_colour(request: Request, part: PartFound) -> Iterator[str]:
    """Another colour that the same limits find, the commonest in the catalogue first."""
    asked = part.filters.facets.get("colour", ())
    if not asked:
        return
    for colour in request.catalog.vocabulary().values("colour")[: 2 * _MOST]:
        facets = {**part.filters.facets, "colour": (colour,)}
        if colour not in asked and request.catalog.count(replace(part.filters, facets=facets, exclude_skus=())):
            yield f"In {colour} instead"
            return
