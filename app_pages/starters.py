"""Which four questions a first visit offers, each with the picture of an item that this catalogue really has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from app_pages.wording import Wording
from tools.item import Item
from tools.query import Filters, Query
from tools.shop import Shop
from tools.store_load import sources
from tools.taxonomy import load_taxonomy

N_STARTERS = 4
# Departments that a shop does not put in its window.
NOT_IN_THE_WINDOW = ("Underwear",)
# So many of the best items of a category are looked at for one with a picture and a colour.
N_LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Starter:
    """A question that this catalogue can answer, and the name of a picture that answers it."""

    question: str
    image: str


def find_starters(shop: Shop, wording: Wording) -> tuple[Starter, ...]:
    """The demo shop's own tiles where only its items are here, else tiles made from the catalogue's largest categories.

    Fewer than four where the catalogue has no more kinds of items with pictures.
    """
    tiles = chain(_demo_tiles(shop), ((_question(item, wording), item) for item in _one_of_each(shop)))
    by_category: dict[str, Starter] = {}
    for question, item in tiles:
        by_category.setdefault(item.category, Starter(question, item.image))
        if len(by_category) == N_STARTERS:
            break
    return tuple(by_category.values())


def _demo_tiles(shop: Shop) -> Iterator[tuple[str, Item]]:
    """The demo shop's own tiles, where only its items are here."""
    if sources(shop.database) != ("demo",):
        return
    from ingest.demo import starters

    for starter in starters():
        if item := _pictured(shop, starter.show):
            yield starter.question, item


def _one_of_each(shop: Shop) -> Iterator[Item]:
    """Items of the largest categories, of departments not seen yet first."""
    taxonomy = load_taxonomy()
    paths = [
        taxonomy.category_path(category)
        for category in shop.catalog.vocabulary().values("category")
        if category not in taxonomy.departments
    ]
    paths = [path for path in paths if not set(path) & set(NOT_IN_THE_WINDOW)]
    firsts: dict[tuple[str, ...], tuple[str, ...]] = {}
    for path in paths:
        firsts.setdefault(path[:2], path)
    for path in dict.fromkeys((*firsts.values(), *paths)):
        if item := _pictured(shop, {"category": path[-1]}):
            yield item


def _pictured(shop: Shop, facets: Mapping[str, str]) -> Item | None:
    """The best rated item with these facets that has a picture."""
    filters = Filters(facets={name: (value,) for name, value in facets.items()})
    found = shop.catalog.search(Query(filters=filters, top_k=N_LOOKED_AT))
    return next((hit.item for hit in found.hits if hit.item.image), None)


def _question(item: Item, wording: Wording) -> str:
    words = (item.colour, wording.category(item.category), wording.who(item.gender, item.age_group))
    return " ".join(word for word in words if word)
