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
from training.measures import best_token_scores, precision_at, recall_at, same
from training.model import TrainedModel, pool
from training.pictures import PictureCache, centre, normalise

BATCH = 128
FACETS = ("category", "colour", "gender")
PEOPLE = {"female": "women", "male": "men", "unisex": "everyone"}


@dataclass(frozen=True, slots=True)
class Encoded:
    """Vectors of unit length: pooled (n, 256), tokens (n, n_query_tokens, 256)."""

    pooled: NDArray[np.float32]
    tokens: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AttributeQueries:
    """The queries "<colour> <article type> for <gender>" of a gallery, each combination in it once.

    `wanted` holds each query's (category, colour, gender).
    """

    texts: tuple[str, ...]
    wanted: tuple[tuple[str, str, str], ...]


def attribute_queries(rows: Sequence[tuple[str, str, str]]) -> AttributeQueries:
    """The queries for items given as (category, colour, gender); an item that lacks one of them gives no query."""
    wanted = tuple(sorted({row for row in rows if all(row)}))
    texts = tuple(
        f"{colour} {category} for {PEOPLE.get(gender, gender)}".lower() for category, colour, gender in wanted
    )
    return AttributeQueries(texts, wanted)


def attribute_precision(
    scores: NDArray[np.float32], queries: AttributeQueries, rows: Sequence[tuple[str, str, str]], k: int = 10
) -> dict[str, float]:
    """Mean precision at k of each facet and of all three together; scores (n_queries, n_items).

    Facets that fewer than k items have count against what exists: the denominator is min(k, number relevant).
    """
    right = {
        facet: same([one[at] for one in queries.wanted], [row[at] for row in rows]) for at, facet in enumerate(FACETS)
    }
    right["all"] = right["category"] & right["colour"] & right["gender"]
    return {facet: float(precision_at(scores, relevant, k).mean()) for facet, relevant in right.items()}


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
