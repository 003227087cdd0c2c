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

BATCH = 128


@dataclass(frozen=True, slots=True)
class Encoded:
    """Vectors of unit length: pooled (n, 256), tokens (n, n_query_tokens, 256)."""

    pooled: NDArray[np.float32]
    tokens: NDArray[np.float32]


def encode_pictures(model: TrainedModel, cache: PictureCache, rows: NDArray[np.int64], form: PictureFormat) -> Encoded:
    """Embed cached pictures whole, without variation."""
    tokens = []
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(rows), BATCH):
            pictures = normalise(centre(cache.batch(rows[at : at + BATCH]), form.size), form)
            tokens.append(model.image_tokens(model.image_states(pictures)).float())
    stacked = torch.cat(tokens)
    return Encoded(pool(stacked).numpy(), stacked.numpy())


def encode_texts(model: TrainedModel, tokenizer: Any, texts: Sequence[str]) -> NDArray[np.float32]:
    """Embed texts, (n, 256)."""
    vectors = []
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(texts), BATCH):
            vectors.append(model.text_vectors(*tokenise(tokenizer, texts[at : at + BATCH])).float())
    result: NDArray[np.float32] = torch.cat(vectors).numpy()
    return result


def tokenise(tokenizer: Any, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Token ids and mask (n, n_tokens), padded at the right, cut at the tokenizer's limit."""
    out = tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt")
    return out["input_ids"], out["attention_mask"]


def validate(model: TrainedModel, tokenizer: Any, examples: Sequence[Example], pictures: Encoded) -> dict[str, float]:
    """Title-to-picture recall@10 and attribute precision@10, by the pooled vector and by the best query token."""
    titles = [one.words["title"] for one in examples]
    rows = [(one.words["category"], one.words["colour"], one.words["gender"]) for one in examples]
    asked = sorted({title for title in titles if title})
    queries = attribute_queries(rows)
    vectors = encode_texts(model, tokenizer, [*asked, *queries.texts])
    result: dict[str, float] = {}
    for name, scores in (
        ("pooled", (vectors @ pictures.pooled.T).astype(np.float32)),
        ("max_sim", best_token_scores(vectors, pictures.tokens)),
    ):
        result[f"{name}.title_recall_at_10"] = recall_at(scores[: len(asked)], same(asked, titles), 10)
        for facet, value in attribute_precision(scores[len(asked) :], queries, rows).items():
            result[f"{name}.{facet}_precision_at_10"] = value
    return result
