"""From the words about one wanted item to its Slots."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.classifier.language import Language
from agents.classifier.lexicon import Mention
from agents.classifier.parts import Wish
from agents.classifier.prices import Price
from agents.classifier.words import is_plural, singular
from agents.intent import Slots
from tools.query import Sort
from tools.taxonomy import load_taxonomy

_ATTRIBUTES = ("material", "pattern", "usage", "season")
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the shop assumes where a message is silent: the currency of an amount, the most items of one answer."""

    currency: str
    max_items: int


def slots_of(wish: Wish, language: Language, defaults: Defaults, sort: Sort | None = None) -> Slots:
    """The slots of one wish. Prices are in minor units of the said currency, else of the default one."""
    wanted = [mention for mention in wish.mentions if not mention.is_negated]
    count, count_said = _count(wish, wanted, language, defaults.max_items)
    price_min, price_max, currency = _price(wish.prices, defaults.currency)
    return Slots(
        categories=_narrowest(_values(wanted, "category")),
        count=count,
        count_said=count_said,
        colours=_values(wanted, "colour"),
        gender=next(iter(_values(wanted, "gender")), ""),
        age_group=next(iter(_values(wanted, "age_group")), ""),
        brands=_values(wanted, "brand"),
        sizes=tuple(dict.fromkeys((*(size.value for size in wish.sizes), *_values(wanted, "size")))),
        price_min_cents=price_min,
        price_max_cents=price_max,
        currency=currency,
        sort=sort,
        exclude=_by_facet([mention for mention in wish.mentions if mention.is_negated]),
        attributes=_by_facet([mention for mention in wanted if mention.facet in _ATTRIBUTES]),
        soft=tuple(dict.fromkeys(word for _, word in wish.soft)),
    )


def _values(mentions: Sequence[Mention], facet: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.value for mention in mentions if mention.facet == facet))


def _by_facet(mentions: Sequence[Mention]) -> dict[str, tuple[str, ...]]:
    return {facet: _values(mentions, facet) for facet in dict.fromkeys(mention.facet for mention in mentions)}


def _narrowest(categories: tuple[str, ...]) -> tuple[str, ...]:
    """Without those that another one makes more precise ("shoes, boots": boots)."""
    paths = {category: load_taxonomy().category_path(category) for category in categories}
    return tuple(c for c in categories if not any(c != other and c in paths[other] for other in categories))


def _count(wish: Wish, wanted: Sequence[Mention], language: Language, max_items: int) -> tuple[int | None, bool]:
    """How many, and whether the shopper said so: "3 belts" 3, "a belt" 1, "belts" 2, "boots" (a pair) unknown."""
    said = next((count for count in reversed(wish.counts) if count.is_said), None)
    if said is not None:
        return min(said.n_items, max_items), True
    if wish.counts:
        return 1, False
    for mention in wanted:
        last = mention.words.split()[-1]
        if mention.facet == "category" and is_plural(last) and singular(last) not in language.pair_nouns:
            return _SEVERAL, False
    return None, False


def _price(prices: Sequence[Price], default_currency: str) -> tuple[int | None, int | None, str]:
    lows = [price.min_cents(default_currency) for price in prices if price.low is not None]
    highs = [price.max_cents(default_currency) for price in prices if price.high is not None]
    currency = next((price.currency for price in prices if price.currency), "")
    return (lows[0] if lows else None), (highs[0] if highs else None), currency
