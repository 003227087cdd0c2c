"""The same questions put to the seed method, in the same run."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from evals import retrieval_composed, retrieval_limits, retrieval_photos
from evals.retrieval_figures import Asked, Figure
from evals.retrieval_gallery import Bench
from evals.retrieval_hybrid import HYBRID, Wording, wordings
from evals.seed_method import NO_LIMITS, Limits, SeedMethod
from tools.item import Item

SEED = "seed method"
_PAGE = 10


def baseline(bench: Bench) -> list[Figure]:
    """Photos, photos changed by words, exclusions, limits and words, as the parts of those names ask for them."""
    with opened(bench) as seed:
        return [
            *_photos(bench, seed), *_composed(bench, seed), *_exclusions(bench, seed), *_limits(bench, seed),
            *_words(bench, seed),
        ]  # fmt: skip


@contextmanager
def opened(bench: Bench) -> Iterator[SeedMethod]:
    """The seed method over the gallery; its table is dropped afterwards."""
    seed = SeedMethod(bench.shop.database, bench.shop.settings, bench.gallery)
    try:
        yield seed
    finally:
        seed.close()


def _photos(bench: Bench, seed: SeedMethod) -> list[Figure]:
    items = bench.draw(retrieval_photos.PHOTOS, bench.askers, retrieval_photos.SHARE)
    photos = retrieval_photos.taken(bench, items, retrieval_photos.photograph)
    pages = [[[item] for item in seed.search("", photo, NO_LIMITS, _PAGE)] for photo in photos]
    asked = Asked(f"{retrieval_photos.PHOTOS}, all of it", bench.gallery.name, SEED)
    return asked.found(retrieval_photos.page_ranks(bench, items, pages))


def _composed(bench: Bench, seed: SeedMethod) -> list[Figure]:
    """The photo alone decides the order; the colour is cut out of its ten nearest."""
    part = retrieval_composed
    changes = bench.draw(part.COMPOSED, part.colour_changes(bench), part.SHARE)
    photos = retrieval_photos.taken(bench, [change.item for change in changes], retrieval_photos.photograph)
    pages = [
        seed.search(change.colour, photo, Limits({"colour": change.colour}, {}), _PAGE)
        for change, photo in zip(changes, photos, strict=True)
    ]
    return part.counted(Asked(part.COMPOSED, bench.gallery.name, SEED), changes, pages)


def _exclusions(bench: Bench, seed: SeedMethod) -> list[Figure]:
    found: list[Figure] = []
    for facet, queries in retrieval_limits.exclusion_queries(bench).items():
        pages = [seed.search(query.text, None, Limits({}, {facet: query.value}), _PAGE) for query in queries]
        asked = Asked(f"{retrieval_limits.EXCLUSIONS}: {facet}", bench.gallery.name, f"{SEED}, words")
        found += retrieval_limits.violations(asked, queries, pages)
    return found


def _limits(bench: Bench, seed: SeedMethod) -> list[Figure]:
    queries = retrieval_limits.limit_queries(bench)
    pages = [seed.search(query.item.title, None, Limits(query.limits, {}), _PAGE) for query in queries]
    asked = Asked(retrieval_limits.FULL_PAGES, bench.gallery.name, SEED)
    return retrieval_limits.fullness(asked, queries, pages)


def _words(bench: Bench, seed: SeedMethod) -> list[Figure]:
    found: list[Figure] = []
    for kind, queries in wordings(bench).items():
        pages = [_right(query, seed.search(query.text, None, NO_LIMITS, _PAGE)) for query in queries]
        asked = Asked(f"{HYBRID}: {kind}", bench.gallery.name, SEED)
        found += asked.pages(pages, [query.n_designs for query in queries])
    return found


def _right(query: Wording, shown: Sequence[Item]) -> list[bool]:
    return [item.sku in query.relevant for item in shown]
