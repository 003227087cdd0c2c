"""What each stage of the ranking adds: the index vector, the exact contrast, and image-text matching of the top 20."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.retrieval_figures import Asked, Figure
from evals.retrieval_gallery import Bench
from evals.retrieval_words import FacetQuery, query_sets, unique_titles
from tools.item import Item
from tools.query import Filters
from tools.store import Probe, Store
from training.measures import FACETS

STAGES = "stages"
_SHARE = 0.2
_PAGE = 10
_N_MATCHED = 20
# How much the exact contrast counts beside the probability of a match, in the blend of both.
_CONTRAST_SHARE = 0.5

INDEX, EXACT = "index vector", "exact contrast"
MATCHING, BOTH = "matching of the top 20", "matching and contrast of the top 20"
# The stage whose order each stage changes.
_BEFORE = {EXACT: INDEX, MATCHING: EXACT, BOTH: EXACT}

_Relevant = Callable[[Item], bool]


def stages(bench: Bench) -> list[Figure]:
    """Each stage alone, from words to picture: no words are looked for in what items say.

    "gain" is the mean difference to the stage before, query by query, with its own interval: a stage whose gain has
    0 within its interval has not earned its place.
    """
    titled = bench.draw(STAGES, unique_titles(bench.askers), _SHARE)
    facets = bench.draw(STAGES, next(filter(None, query_sets(bench.gallery).values()), []), _SHARE)
    found = _measured(bench, "title", [(item.title, _same_title(item)) for item in titled])
    return found + _measured(bench, "facets", [(query.text, _has_all(query)) for query in facets])


def _same_title(item: Item) -> _Relevant:
    return lambda other: other.title.casefold() == item.title.casefold()


def _has_all(query: FacetQuery) -> _Relevant:
    fields = [(facet, value) for facet, value in zip(FACETS, query.wanted, strict=True) if value]
    return lambda item: all(getattr(item, facet) == value for facet, value in fields)


def _measured(bench: Bench, kind: str, queries: Sequence[tuple[str, _Relevant]]) -> list[Figure]:
    """Precision at 10, and the reciprocal rank of the first relevant of the ten, of every stage."""
    by_stage: dict[str, list[tuple[float, float]]] = {}
    for text, is_relevant in queries:
        for stage, items in pages(bench, text).items():
            right = np.array([is_relevant(item) for item in items[:_PAGE]], bool)
            first = 1 / (1 + int(right.argmax())) if right.any() else 0.0
            by_stage.setdefault(stage, []).append((float(right.sum()) / _PAGE, first))
    found: list[Figure] = []
    for stage, values in by_stage.items():
        asked, now = Asked(f"{STAGES}: {kind}", bench.gallery.name, stage), np.array(values)  # (n_queries, 2)
        for column, measure in enumerate(("P@10", "MRR")):
            found.append(asked.figure(measure, now[:, column]))
            if stage in _BEFORE:
                gained = now[:, column] - np.array(by_stage[_BEFORE[stage]])[:, column]
                found.append(asked.figure(f"{measure} gain", gained))
    return found


def pages(bench: Bench, text: str) -> dict[str, list[Item]]:
    """The items each stage shows for a text, best first."""
    store, n_items = Store(bench.shop.database), bench.shop.catalog.n_items()
    vector = bench.embedder.embed_query_text([text])[0]
    found: dict[str, list[Item]] = {}
    for stage, is_exact in ((INDEX, False), (EXACT, True)):
        probe = Probe(text_vector=vector, rerank=is_exact)
        hits = store.nearest(probe, Filters(), _N_MATCHED, n_items)
        found[stage] = [hit.item for hit in hits]
    photos = [bench.shop.pictures.open(hit.item.image) for hit in hits]
    matching = bench.embedder.score_itm(text, photos)
    contrast = np.array([hit.score for hit in hits], np.float32)
    found[MATCHING] = _by(matching, found[EXACT])
    blend = _standard(matching) * (1 - _CONTRAST_SHARE) + _standard(contrast) * _CONTRAST_SHARE
    found[BOTH] = _by(blend, found[EXACT])
    return found


def _by(scores: NDArray[np.float32], items: Sequence[Item]) -> list[Item]:
    return [items[place] for place in np.argsort(-scores, kind="stable")]


def _standard(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of mean 0 and deviation 1, so that two kinds of scores can be added."""
    standard: NDArray[np.float32] = (scores - scores.mean()) / max(float(scores.std()), 1e-6)
    return standard
