"""Re-ranking the first hits by BLIP-2's matching head, which sees words and picture together."""

import time
from collections.abc import Sequence

from env.errors import CatalogError
from tools.embedder import Embedder
from tools.pictures import PictureStore
from tools.query import Hit

# What a certain match counts as in similarity; docs/experiments.md holds the figures.
_WEIGHT = 0.1
_BATCH = 8
MOST_S = 2.0
"""A shopper waits no longer for a better order."""


def best_match_first(
    hits: Sequence[Hit], text: str, embedder: Embedder, pictures: PictureStore, most_s: float = MOST_S
) -> list[Hit]:
    """The hits in a new order: score plus 0.1 of the probability that the text describes the picture.

    Image-text matching as in Li et al., BLIP-2, 2023, section 3.1. Hits keep their scores; one without a picture gains
    nothing. Where not all are read within `most_s` seconds the order stays as it was.
    """
    end_s = time.perf_counter() + most_s
    gains: list[float] = []
    for at in range(0, len(hits), _BATCH):
        if time.perf_counter() > end_s:
            return list(hits)
        gains += _probabilities(hits[at : at + _BATCH], text, embedder, pictures)
    # The order of the hits may come of more than their scores: place by place the best score left stands for it.
    scores = sorted((hit.score for hit in hits), reverse=True)
    order = sorted(range(len(hits)), key=lambda place: -scores[place] - _WEIGHT * gains[place])
    return [hits[place] for place in order]


def _probabilities(hits: Sequence[Hit], text: str, embedder: Embedder, pictures: PictureStore) -> list[float]:
    found = {}
    for place, hit in enumerate(hits):
        try:
            found[place] = pictures.open(hit.item.image)
        except CatalogError:
            continue  # no picture, or it is gone
    scores = dict(zip(found, embedder.score_itm(text, list(found.values())), strict=True)) if found else {}
    return [float(scores.get(place, 0.0)) for place in range(len(hits))]
