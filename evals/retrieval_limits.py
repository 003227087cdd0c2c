"""Hard limits: what is excluded never shows, and a page is full where there is enough to fill it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.retrieval_figures import Asked, Figure
from evals.retrieval_gallery import Bench
from tools.item import Item
from tools.query import Filters, Query

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
        pages: dict[str, list[list[Item]]] = {"words": [], "photo": []}
        for query in queries:
            photo, filters = bench.shop.pictures.open(query.item.image), query.filters
            pages["words"].append(_shown(bench, Query(text=query.text, filters=filters, top_k=_PAGE)))
            pages["photo"].append(_shown(bench, Query(photo=photo, filters=filters, top_k=_PAGE)))
        for how, shown in pages.items():
            asked = Asked(f"{EXCLUSIONS}: {facet}", bench.gallery.name, f"as the shop searches, {how}")
            found += violations(asked, queries, shown)
    return found


def _shown(bench: Bench, query: Query) -> list[Item]:
    return [hit.item for hit in bench.shop.catalog.search(query).hits]


def exclusion_queries(bench: Bench) -> dict[str, list[Without]]:
    """For each facet that the catalogue tells, items that have a value in it."""
    queries = {}
    for facet in _FACETS:
        having = [Without(item, facet, value_of(item, facet)) for item in bench.askers if value_of(item, facet)]
        if having:
            queries[facet] = bench.draw(f"{EXCLUSIONS} {facet}", having, _SHARE)
    return queries


def violations(asked: Asked, queries: Sequence[Without], pages: Sequence[Sequence[Item]]) -> list[Figure]:
    """The share of each page's items that have what was excluded, and of its places that are filled."""
    shares = [
        sum(query.is_violated_by(item) for item in shown) / max(1, len(shown))
        for query, shown in zip(queries, pages, strict=True)
    ]
    filled = [len(shown) / _PAGE for shown in pages]
    return [asked.figure("violations", shares), asked.figure("places filled", filled)]


@dataclass(frozen=True, slots=True)
class Within:
    """One query: an item's title, with limits that the item itself passes; `n_designs` can be shown at most."""

    item: Item
    limits: Mapping[str, str]
    n_designs: int

    @property
    def filters(self) -> Filters:
        """The limits as the shop takes them."""
        return Filters(facets={facet: (value,) for facet, value in self.limits.items()})


def full_pages(bench: Bench) -> list[Figure]:
    """Several limits at once: how full pages of ten are, of what could be shown, and the share of hits within limits.

    Each query is an item's title with its category, colour and gender as limits and one of its further facets, if any.
    """
    queries = limit_queries(bench)
    pages = [_shown(bench, Query(text=query.item.title, filters=query.filters, top_k=_PAGE)) for query in queries]
    return fullness(Asked(FULL_PAGES, bench.gallery.name, "as the shop searches"), queries, pages)


def limit_queries(bench: Bench) -> list[Within]:
    """The queries of `full_pages`."""
    queries = []
    for item in bench.draw(FULL_PAGES, bench.askers, _PAGES_SHARE):
        limits = _limits(item)
        passing = {one.item_group_id or one.image for one in bench.gallery.items if _passes(one, limits)}
        queries.append(Within(item, limits, len(passing)))
    return queries


def fullness(asked: Asked, queries: Sequence[Within], pages: Sequence[Sequence[Item]]) -> list[Figure]:
    """The figures of one page of items for each query."""
    pairs = list(zip(queries, pages, strict=True))
    full = [min(1.0, len(shown) / min(_PAGE, query.n_designs)) for query, shown in pairs]
    within = [sum(_passes(item, query.limits) for item in shown) / max(1, len(shown)) for query, shown in pairs]
    return [asked.figure("places filled", full), asked.figure("within limits", within)]


def _limits(item: Item) -> dict[str, str]:
    more = [facet for facet in ("brand", "usage", "season", "material") if value_of(item, facet)]
    facets = ["category", "colour", "gender", *random.Random(item.sku).sample(more, min(1, len(more)))]
    return {facet: value_of(item, facet) for facet in facets if value_of(item, facet)}


def _passes(item: Item, limits: Mapping[str, str]) -> bool:
    for facet, value in limits.items():
        has = item.category_path if facet == "category" else (value_of(item, facet),)
        is_for_both = facet == "gender" and value in ("female", "male") and has == ("unisex",)
        if value not in has and not is_for_both:
            return False
    return True
