"""Pictures found by words, from the picture alone: exact scores over the whole gallery, without the database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.retrieval_figures import Asked, Figure, best_columns, first_ranks
from evals.retrieval_gallery import Bench, Gallery
from tools.item import Item
from training.measures import FACETS, PEOPLE, attribute_queries, best_token_scores

TITLES = "title to picture"
INDEX = "index vector"
EXACT = "best token"
_PAGE = 10
# Times as many as of other queries: they cost little.
_SHARE = 2.5


def title_to_picture(bench: Bench) -> list[Figure]:
    """A title finds its picture: any item of the same title counts, whatever its case."""
    asked = bench.draw(TITLES, unique_titles(bench.askers), _SHARE)
    texts = bench.embed_texts([item.title for item in asked])
    titles = np.array([item.title.casefold() for item in asked], dtype=object)
    found: list[Figure] = []
    for gallery in bench.galleries():
        relevant = (gallery.column("title")[None, :] == titles[:, None]).astype(bool)
        for how, scores in picture_scores(texts, gallery):
            found += Asked(TITLES, gallery.name, how).found(first_ranks(scores, relevant))
    return found


def unique_titles(items: Sequence[Item]) -> list[Item]:
    """One item of each title."""
    return list({item.title.casefold(): item for item in items}.values())


def picture_scores(texts: NDArray[np.float32], gallery: Gallery) -> list[tuple[str, NDArray[np.float32]]]:
    """Both scores of every text (n_texts, dim) and every picture, (n_texts, n_items): by INDEX and by EXACT."""
    return [(INDEX, texts @ gallery.pooled.T), (EXACT, best_token_scores(texts, gallery.tokens))]


@dataclass(frozen=True, slots=True)
class FacetQuery:
    """Words that name the values of one or more facets: `wanted` is in the order of FACETS, "" where not named."""

    text: str
    wanted: tuple[str, str, str]


def attributes(bench: Bench) -> list[Figure]:
    """Words of facets find items that have them: precision at 1 and 10 of each facet and of all together.

    Precision at k is out of min(k, number of items that have the value). In all sets but the last the gallery holds
    at least 10 items of exactly what is asked, so the denominator is k and a ranker without mistakes has 1.0 in each.
    """
    found: list[Figure] = []
    for gallery in bench.galleries():
        columns = {facet: gallery.column(facet) for facet in FACETS}
        for name, queries in query_sets(gallery).items():
            drawn = bench.draw(name, queries, _SHARE)
            for how, scores in picture_scores(bench.embed_texts([one.text for one in drawn]), gallery):
                best = best_columns(scores, _PAGE)
                found += _precision(Asked(f"attributes: {name}", gallery.name, how), drawn, columns, best)
    return found


def query_sets(gallery: Gallery) -> dict[str, list[FacetQuery]]:
    """The queries by the name of their set."""
    rows = [(item.category, item.colour, item.gender) for item in gallery.items]
    combined = attribute_queries(rows)
    every = [FacetQuery(text, wanted) for text, wanted in zip(combined.texts, combined.wanted, strict=True)]
    full = [query for query, n_items in zip(every, combined.n_items, strict=True) if n_items >= _PAGE]
    sets = {"colour + type + people, 10 or more items": full}
    for place, facet in enumerate(FACETS):
        counts = Counter(row[place] for row in rows)
        often = sorted(value for value, n_items in counts.items() if value and n_items >= _PAGE)
        sets[f"{facet} alone, 10 or more items"] = [
            FacetQuery(PEOPLE.get(value, value).lower(), _named(place, value)) for value in often
        ]
    return sets | {"every combination there is": every}


def _named(place: int, value: str) -> tuple[str, str, str]:
    named = ["", "", ""]
    named[place] = value
    return named[0], named[1], named[2]


def _precision(
    asked: Asked, queries: Sequence[FacetQuery], columns: dict[str, NDArray[np.object_]], best: NDArray[np.int64]
) -> list[Figure]:
    """Figures of the best columns (n_queries, 10) of each query; `columns` holds each facet's value of every item."""
    named = [place for place in range(len(FACETS)) if queries and queries[0].wanted[place]]
    right = {}
    for place in named:
        wanted = np.array([query.wanted[place] for query in queries], dtype=object)[:, None]
        right[FACETS[place]] = columns[FACETS[place]][None, :] == wanted  # (n_queries, n_items)
    if len(named) > 1:
        right["all"] = np.logical_and.reduce(list(right.values()))
    found = []
    for facet, has_value in right.items():
        hits = np.take_along_axis(has_value.astype(bool), best, axis=1)
        n_present = has_value.sum(axis=1).astype(np.int64)
        for k in (1, _PAGE):
            found.append(asked.figure(f"{facet} P@{k}", hits[:, :k].sum(axis=1) / np.clip(n_present, 1, k)))
    return found
