"""Hard limits: what is excluded never shows, and a page is full where there is enough to fill it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from evals.retrieval_figures import Asked, Figure
from evals.retrieval_gallery import Bench
from tools.item import Item
from tools.query import Filters, Hit, Query

EXCLUSIONS = "exclusions"
FULL_PAGES = "full pages"
_PAGE = 10
_SHARE = 0.05  # for each facet
_PAGES_SHARE = 0.25
_FACETS = ("category", "colour", "gender", "age_group", "brand", "material", "pattern", "usage", "season")


@dataclass(frozen=True, slots=True)
class Without:
    """One query: an item in words, of which the value of one facet is not wanted."""

    item: Item
    facet: str
    value: str

    @property
    def text(self) -> str:
        """What is asked for: the item's own title, so that what is excluded stands nearest."""
        return self.item.title

    @property
    def filters(self) -> Filters:
        """The exclusion as a hard limit."""
        return Filters(exclude={self.facet: (self.value,)})

    def is_violated_by(self, item: Item) -> bool:
        """Whether an item has the value, or, of a category, is below it."""
        return (
            self.value in item.category_path if self.facet == "category" else value_of(item, self.facet) == self.value
        )


def value_of(item: Item, facet: str) -> str:
    """The value of a facet with one value an item; "" where it has none."""
    return str(getattr(item, facet))


def exclusions(bench: Bench) -> list[Figure]:
    """The title of an item, but not its colour (brand, type, ...): the share of hits that have it after all.

    By words, and by the item's own photo.
    """
    found: list[Figure] = []
    for facet, queries in exclusion_queries(bench).items():
        pages: dict[str, list[Sequence[Hit]]] = {"words": [], "photo": []}
        for query in queries:
            photo = bench.shop.pictures.open(query.item.image)
            catalog, filters = bench.shop.catalog, query.filters
            pages["words"].append(catalog.search(Query(text=query.text, filters=filters, top_k=_PAGE)).hits)
            pages["photo"].append(catalog.search(Query(photo=photo, filters=filters, top_k=_PAGE)).hits)
        for how, shown in pages.items():
            asked = Asked(f"{EXCLUSIONS}: {facet}", bench.gallery.name, f"as the shop searches, {how}")
            found += violations(asked, queries, shown)
    return found


def exclusion_queries(bench: Bench) -> dict[str, list[Without]]:
    """For each facet that the catalogue tells, items that have a value in it."""
    queries = {}
    for facet in _FACETS:
        having = [Without(item, facet, value_of(item, facet)) for item in bench.askers if value_of(item, facet)]
        if having:
            queries[facet] = bench.draw(f"{EXCLUSIONS} {facet}", having, _SHARE)
    return queries


def violations(asked: Asked, queries: Sequence[Without], pages: Sequence[Sequence[Hit]]) -> list[Figure]:
    """The share of each page's hits that have what was excluded, and the share of the page's places that are filled."""
    shares = [
        sum(query.is_violated_by(hit.item) for hit in hits) / max(1, len(hits))
        for query, hits in zip(queries, pages, strict=True)
    ]
    return [asked.figure("violations", shares), asked.figure("places filled", [len(hits) / _PAGE for hits in pages])]


def full_pages(bench: Bench) -> list[Figure]:
    """Several limits at once: the share of pages of ten that are as full as they can be, and of hits within the limits.

    Each query is an item's title with its category, colour and gender as limits and one of its further facets, if any.
    """
    asked = bench.draw(FULL_PAGES, bench.askers, _PAGES_SHARE)
    full, within = [], []
    for item in asked:
        limits = _limits(item)
        filters = Filters(facets={facet: (value,) for facet, value in limits.items()})
        found = bench.shop.catalog.search(Query(text=item.title, filters=filters, top_k=_PAGE))
        passing = [one for one in bench.gallery.items if _passes(one, limits)]
        n_designs = len({one.item_group_id or one.image for one in passing})
        full.append(min(1.0, len(found.hits) / min(_PAGE, n_designs)))
        within.append(sum(_passes(hit.item, limits) for hit in found.hits) / max(1, len(found.hits)))
    named = Asked(FULL_PAGES, bench.gallery.name, "as the shop searches")
    return [named.figure("places filled", full), named.figure("within limits", within)]


def _limits(item: Item) -> dict[str, str]:
    more = [facet for facet in ("brand", "usage", "season", "material") if value_of(item, facet)]
    facets = ["category", "colour", "gender", *random.Random(item.sku).sample(more, min(1, len(more)))]
    return {facet: value_of(item, facet) for facet in facets if value_of(item, facet)}


def _passes(item: Item, limits: dict[str, str]) -> bool:
    for facet, value in limits.items():
        has = item.category_path if facet == "category" else (value_of(item, facet),)
        if facet == "gender" and value in ("female", "male"):
            has = (*has, value) if "unisex" in has else has
        if value not in has:
            return False
    return True
