"""What a row says on one topic, as the end of a sentence: "costs €20", "is cotton"; other languages name the topic."""

from collections.abc import Callable, Mapping

from agents.names import named, who
from agents.nouns import listed
from agents.reasons import rating_words
from agents.speaking import spoken_locale
from agents.wording import say
from tools.item import Item
from tools.money import format_price


def said(topic: str, item: Item, locale: str) -> str:
    """The end of "[1] ...", or "" where the row says nothing."""
    if topic == "price":
        return _price(item, locale)
    told = quality(topic, item)
    return say("answers.is", quality=told) if told else ""


def quality(topic: str, item: Item) -> str:
    """The end of "[1] is ...", or "" where the row says nothing. Every topic but the price has one."""
    return _QUALITIES[topic](item)


def _price(item: Item, locale: str) -> str:
    if item.pays_cents is None:
        return ""
    price = _money(item.pays_cents, item, locale)
    if item.sale_price_cents is not None and item.price_cents is not None and item.sale_price_cents < item.price_cents:
        return say("answers.reduced", price=price, regular=_money(item.price_cents, item, locale))
    return say("answers.price", price=price)


def _money(cents: int, item: Item, locale: str) -> str:
    return format_price(cents, item.currency, spoken_locale(locale))


def _sizes(item: Item) -> str:
    there = [size for size, stock in item.sizes.items() if stock != 0]
    if there:
        return say("answers.quality.sizes", sizes=listed(there))
    if item.sizes:
        return say("answers.quality.no_size")
    is_known = item.availability in ("in_stock", "out_of_stock")
    return say(f"answers.quality.{item.availability}") if is_known else ""


def _rating(item: Item) -> str:
    if item.rating is None:
        return ""
    name = "rating_by" if item.n_ratings else "rating"
    return say(f"answers.quality.{name}", rating=rating_words(item.rating), n_ratings=item.n_ratings)


def _facet(facet: str) -> Callable[[Item], str]:
    def told(item: Item) -> str:
        value = str(getattr(item, facet))
        return say(f"answers.quality.{facet}", value=named(facet, value)) if value else ""

    return told


def _who(item: Item) -> str:
    return say("answers.quality.gender", value=who(item.gender, item.age_group)) if item.gender else ""


_QUALITIES: Mapping[str, Callable[[Item], str]] = {
    **{facet: _facet(facet) for facet in ("material", "colour", "pattern", "brand", "season", "usage")},
    "size": _sizes,
    "rating": _rating,
    "gender": _who,
}
SAID = ("price", *_QUALITIES)
"""The topics on which rows say something."""
