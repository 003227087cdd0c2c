"""How good a model is on items held back from its training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tools.blip2_pictures import PictureFormat
from training.data import Example
from training.measures import attribute_precision, attribute_queries, best_token_scores, recall_at, same
from training.model import TrainedModel, pool
from training.pictures import PictureCache, centre, normalise
from training.place import Place

BATCH = 128
MAX_TOKENS = 64  # of a title or a query; the full-size tokenizers allow 512


@dataclass(frozen=True, slots=True)
class Encoded:
    """Vectors of unit length: pooled (n, 256), tokens (n, n_query_tokens, 256)."""

    pooled: NDArray[np.float32]
    tokens: NDArray[np.float32]


def encode_pictures(
    model: TrainedModel, cache: PictureCache, rows: NDArray[np.int64], form: PictureFormat, place: Place
) -> Encoded:
    """Embed cached pictures whole, without variation."""
    tokens = []
    with torch.inference_mode(), place.autocast():
        for at in range(0, len(rows), BATCH):
            pictures = normalise(centre(cache.batch(rows[at : at + BATCH], place.device), form.size), form)
            tokens.append(model.image_tokens(model.image_states(pictures)).float().cpu())
    stacked = torch.cat(tokens)
    return Encoded(pool(stacked).numpy(), stacked.numpy())


def encode_texts(model: TrainedModel, tokenizer: Any, texts: Sequence[str], place: Place) -> NDArray[np.float32]:
    """Embed texts, (n, 256)."""
    vectors = []
    with torch.inference_mode(), place.autocast():
        for at in range(0, len(texts), BATCH):
            ids, mask = (one.to(place.device) for one in tokenise(tokenizer, texts[at : at + BATCH]))
            vectors.append(model.text_vectors(ids, mask).float().cpu())
    result: NDArray[np.float32] = torch.cat(vectors).numpy()
    return result


def tokenise(tokenizer: Any, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Token ids and mask (n, n_tokens), padded at the right, cut at the tokenizer's limit and at MAX_TOKENS."""
    limit = min(tokenizer.model_max_length, MAX_TOKENS)
    out = tokenizer(
        [text.lower() for text in texts], padding=True, truncation=True, max_length=limit, return_tensors="pt"
    )
    return out["input_ids"], out["attention_mask"]


def validate(
    model: TrainedModel, tokenizer: Any, examples: Sequence[Example], pictures: Encoded, place: Place
) -> dict[str, float]:
    """Title-to-picture recall@10 and attribute precision@10, by the pooled vector and by the best query token.

    A measure that the items give no query for is left out: recall without titles, precision where no item has
    category, colour and gender.
    """
    titles = [one.words["title"] for one in examples]
    rows = [(one.words["category"], one.words["colour"], one.words["gender"]) for one in examples]
    asked = sorted({title for title in titles if title})
    queries = attribute_queries(rows)
    if not asked and not queries.texts:
        return {}
    vectors = encode_texts(model, tokenizer, [*asked, *queries.texts], place)
    result: dict[str, float] = {}
    for name, scores in (
        ("pooled", (vectors @ pictures.pooled.T).astype(np.float32)),
        ("max_sim", best_token_scores(vectors, pictures.tokens)),
    ):
        if asked:
            result[f"{name}.title_recall_at_10"] = recall_at(scores[: len(asked)], same(asked, titles), 10)
        if queries.texts:
            for facet, value in attribute_precision(scores[len(asked) :], queries, rows).items():
                result[f"{name}.{facet}_precision_at_10"] = value
    return result
