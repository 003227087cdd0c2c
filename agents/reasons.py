"""Why items fit, in the language that is spoken: what a search says of its hits is in English."""

from collections.abc import Iterator
from dataclasses import replace

from babel.numbers import format_decimal

from agents.events import Evidence
from agents.names import named
from agents.speaking import spoken
from agents.wording import say
from tools.item import Item
from tools.query import Hit


def with_reasons(evidence: Evidence) -> Evidence:
    """The evidence with the reason of each hit that has one in the language that is spoken; in English as it is."""
    if spoken() == "en":
        return evidence
    parts = tuple(replace(part, hits=tuple(_told(hit) for hit in part.hits)) for part in evidence.parts)
    return replace(evidence, parts=parts)


def rating_words(rating: float) -> str:
    """A rating with one decimal as the language writes it: "4.6", "4,6"."""
    return str(format_decimal(rating, format="0.0", locale=spoken()))


def _told(hit: Hit) -> Hit:
    if not hit.why:
        return hit
    placed = [say(f"reason.{hit.placed}")] if hit.placed else []
    return replace(hit, why=say("listed.comma").join((*_reasons(hit.item), *placed)))


def _reasons(item: Item) -> Iterator[str]:
    """The plainest facts of a row: words that matched were matched in English."""
    yield from (named(facet, value) for facet in ("colour", "material") if (value := str(getattr(item, facet))))
    if item.sale_price_cents is not None and item.price_cents is not None and item.sale_price_cents < item.price_cents:
        yield say("reason.reduced")
    if item.rating is not None:
        yield say("reason.rated", rating=rating_words(item.rating))
