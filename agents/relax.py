"""When nothing passes all limits: what is nearest, one limit taken away or widened at a time, with true counts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from agents.intent import Slots
from agents.names import named_all
from agents.nouns import limit_price, listed
from agents.reach import Reach
from agents.round_price import price_above, price_below
from agents.speaking import spoken
from agents.standing import clear
from agents.wording import say
from tools.query import Filters
from tools.synonyms import Synonyms
from tools.taxonomy import load_taxonomy

# From the limit a shopper gives up most easily to the one they least like to.
_GENTLE = ("usage", "season", "pattern", "material", "price", "brand", "size", "colour")
# Given up only where a shopper presses for it.
_FIRM = ("gender", "category")
_WIDENED = "price end"
_MOST_PAIRS = 4

# Nothing is like everything in these: a belt is not near an umbrella.
_NO_SYNONYMS = Synonyms()
_TOO_WIDE = ("Clothing", "Accessories", "Beauty")


@dataclass(frozen=True, slots=True)
class Step:
    """One limit taken away or widened, as told ("without the price limit"); `n_matching` rows pass `slots` then.

    Cards of a gentle step may be shown before it was asked for; any other is taken only where it is pressed.
    """

    limit: str
    told: str
    slots: Slots
    n_matching: int
    is_gentle: bool = True

    @property
    def misses_price(self) -> bool:
        """Whether the cards miss the price that was wanted, so that the least miss is nearest."""
        return self.limit in ("price", _WIDENED)


def ladder(slots: Slots, reach: Reach) -> tuple[Step, ...]:
    """Every step that finds something, the gentlest first, exclusions last; two limits at once where one does not do.

    Counts come from SQL, as a search for the step's slots would count.
    """
    steps = tuple(_that_find(_single(slots, reach), reach))
    if not any(step.is_gentle for step in steps):
        pairs = tuple(_that_find(_pairs(slots), reach))[:_MOST_PAIRS]
        steps = (*pairs, *steps)
    if any(step.is_gentle for step in steps):
        return _unlike(steps)
    return (*_that_find(_last_resort(slots), reach), *steps)


def nearest(steps: tuple[Step, ...]) -> Step | None:
    """The step whose cards are shown at once: among gentle ones a limit taken away shows more than one widened."""
    return next((step for step in steps if step.is_gentle and step.limit != _WIDENED), None)


def _unlike(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Without a widened price that finds all that no price limit would find: the plainer one of the two."""
    n_unpriced = next((step.n_matching for step in steps if step.limit == "price"), None)
    return tuple(step for step in steps if step.limit != _WIDENED or step.n_matching != n_unpriced)


def _that_find(steps: Iterator[Step], reach: Reach) -> Iterator[Step]:
    for step in steps:
        if n_matching := reach.count(step.slots):
            yield replace(step, n_matching=n_matching)


def with_family(filters: Filters, synonyms: Synonyms = _NO_SYNONYMS) -> tuple[Filters, tuple[str, ...]]:
    """The filters with every colour that counts as one of theirs, and those colours; the same where none does."""
    colours = filters.facets.get("colour", ())
    added = _family(colours, synonyms)
    return replace(filters, facets={**filters.facets, "colour": (*colours, *added)}) if added else filters, added


def family_step(slots: Slots, synonyms: Synonyms = _NO_SYNONYMS) -> Step | None:
    """The step to every colour that counts as one wanted, not counted yet; None where there is no such colour."""
    added = _family(slots.colours, synonyms)
    if not added:
        return None
    told = _say("family", added=_listed("colour", added), colours=_listed("colour", slots.colours))
    return Step("family", told, replace(slots, colours=(*slots.colours, *added)), 0)


def _single(slots: Slots, reach: Reach) -> Iterator[Step]:
    family = family_step(slots, reach.catalog.ruling().synonyms)
    if family is not None:
        yield family
    for limit in _GENTLE:
        if limit == "price":
            yield from _wider_prices(slots, reach)
        if what := _what(slots, limit):
            yield Step(limit, _say("without", what=what), clear(slots, (limit,)), 0)
    if slots.gender or slots.age_group:
        yield Step("gender", _say("gender"), clear(slots, ("gender",)), 0, is_gentle=False)
    if slots.categories and any(_what(slots, limit) for limit in _GENTLE):
        yield Step("category", _say("category"), clear(slots, ("category",)), 0, is_gentle=False)
    for facet, values in slots.exclude.items():
        left = {name: kept for name, kept in slots.exclude.items() if name != facet}
        told = _say("exclude", values=_listed(facet, values))
        yield Step(f"not {facet}", told, replace(slots, exclude=left), 0, is_gentle=False)


def _pairs(slots: Slots) -> Iterator[Step]:
    """Two limits taken away at once, the gentlest two first."""
    limits = [limit for limit in _GENTLE if _what(slots, limit)]
    for pair in sorted(combinations(limits, 2), key=lambda pair: sum(map(limits.index, pair))):
        told = _say("without", what=listed([_what(slots, limit) for limit in pair]))
        yield Step(" and ".join(pair), told, clear(slots, pair), 0)


def _last_resort(slots: Slots) -> Iterator[Step]:
    """The kind of item alone, or else the narrow department it belongs to."""
    paths = [load_taxonomy().category_path(category) for category in slots.categories]
    parents = tuple(dict.fromkeys(path[-2] for path in paths if len(path) > 1 and path[-2] not in _TOO_WIDE))
    alone = replace(clear(slots, _GENTLE), sort=slots.sort)
    if slots.categories:
        yield Step("all", _say("kind_alone"), alone, 0)
    if parents:
        told = _say("department", kinds=_departments(parents))
        yield Step("all", told, replace(alone, categories=parents), 0)


def _wider_prices(slots: Slots, reach: Reach) -> Iterator[Step]:
    """The price limits moved to the nearest round amounts that find something."""
    filters = reach.filters(slots)
    low, high, currency = filters.price_min_cents, filters.price_max_cents, filters.currency
    cents = price_above(filters, reach.catalog)
    if cents is not None:
        told = _say("up_to", price=limit_price(cents, currency, reach.locale))
        yield Step(_WIDENED, told, _priced(slots, low, cents, currency), 0)
    cents = price_below(filters, reach.catalog)
    if cents is not None:
        told = _say("from", price=limit_price(cents, currency, reach.locale))
        yield Step(_WIDENED, told, _priced(slots, cents, high, currency), 0)


def _priced(slots: Slots, low: int | None, high: int | None, currency: str) -> Slots:
    return replace(slots, price_min_cents=low, price_max_cents=high, currency=currency)


def _what(slots: Slots, limit: str) -> str:
    """What a limit that can be taken away is called; "" where there is none."""
    if limit == "price":
        has_price = slots.price_min_cents is not None or slots.price_max_cents is not None
        return _say("price") if has_price else ""
    values = {"brand": slots.brands, "size": slots.sizes, "colour": slots.colours, **slots.attributes}.get(limit, ())
    told = listed(named_all(limit, values), "or")
    return _say("size", values=told) if told and limit == "size" else told


def _listed(facet: str, values: tuple[str, ...]) -> str:
    return listed(named_all(facet, values))


def _departments(names: tuple[str, ...]) -> str:
    told = _listed("category", names)
    return told.lower() if spoken() == "en" else told


def _family(colours: tuple[str, ...], synonyms: Synonyms) -> tuple[str, ...]:
    """All further colours that a shopper's plain words may mean: navy for blue, but not blue for navy.

    What the shop's rules keep apart is not counted.
    """
    taxonomy = load_taxonomy()
    plain = (colour for colour in colours if taxonomy.family(colour) == colour)
    shades = ((colour, shade) for colour in plain for shade in taxonomy.colours_of_family(colour))
    found = dict.fromkeys(shade for colour, shade in shades if not synonyms.are_apart(colour, shade))
    return tuple(colour for colour in found if colour not in colours)


def _say(name: str, **fields: object) -> str:
    return say(f"step.{name}", **fields)
