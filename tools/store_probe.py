"""What items are compared with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

from tools.store_filters import Parameters

Vector = NDArray[np.float32]
Part = Literal["vector", "text"]

# What an item says of itself outweighs what it looks like where words alone are asked; beside a photo it soon does not
# (docs/experiments.md).
_VECTOR_WEIGHT = 1.0
_TEXT_WEIGHT = 16.0
# Halves again what is left of an unwanted colour at 0.5, and takes nothing else away (docs/experiments.md).
_AVOID_WEIGHT = 1.0
# Of similarity, for an item of the kind that a photo surely shows. Beside words it is the kind of thing that is wanted,
# not the thing (docs/experiments.md).
_KIND_WEIGHT = 0.3
_KIND_WEIGHT_BESIDE_WORDS = 0.5
_SAME_THING = 0.95


@dataclass(frozen=True, slots=True)
class Probe:
    """What items are compared with: unit vectors (256,) of words and of a photo, one of them at least.

    `photo_weight` in [0, 1] counts where both are given. `text` are the words to look for in what items say of
    themselves; they count the less, the more the photo does. `avoid_vector` (256,) are words that push away what is
    like them. `rerank` compares words with every query-token vector of a candidate instead of its pooled vector, and
    a photo's own query tokens, `photo_tokens` (n_tokens, 256), each with the candidate's. `kinds` are the categories
    that the photo may show, each with its share of certainty: they lift their items by as much. `parts` are the lists
    to be fused: both, or one of them to see what it does alone.
    """

    text: str = ""
    text_vector: Vector | None = None
    photo_vector: Vector | None = None
    photo_weight: float = 0.5
    rerank: bool = True
    avoid_vector: Vector | None = None
    photo_tokens: NDArray[np.float32] | None = None
    kinds: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[Part, ...] = ("vector", "text")

    @property
    def effective_photo_weight(self) -> float:
        """How much the photo counts: all where there are no words, nothing where there is no photo."""
        return 0.0 if self.photo_vector is None else 1.0 if self.text_vector is None else self.photo_weight

    @property
    def words(self) -> str:
        """The text to look for; "" where only the photo or only the vectors count."""
        return self.text if "text" in self.parts and self.effective_photo_weight < 1 else ""

    def parameters(self) -> Parameters:
        """The parameters of the vector side; a side of weight 0 is left out altogether."""
        weight = self.effective_photo_weight
        text_vector = self.text_vector if weight < 1 else None
        photo_vector = self.photo_vector if weight > 0 else None
        kind_weight = weight * (_KIND_WEIGHT if weight == 1 else _KIND_WEIGHT_BESIDE_WORDS)
        photo_tokens = () if self.photo_tokens is None or weight == 0 else self.photo_tokens
        return {
            "vector": _blend(text_vector, photo_vector, weight),
            "text_vector": text_vector,
            "photo_vector": photo_vector,
            "photo_tokens": [HalfVector(token) for token in photo_tokens] or None,
            "photo_weight": weight,
            "rerank": self.rerank,
            "avoid_vector": self.avoid_vector,
            "avoid_weight": _AVOID_WEIGHT,
            "kinds": list(self.kinds),
            "kind_lifts": [kind_weight * share for share in self.kinds.values()],
            "same_thing": _SAME_THING,
            "vector_weight": _VECTOR_WEIGHT if "vector" in self.parts else 0.0,
            "text_weight": _TEXT_WEIGHT * (1 - weight) ** 4,
        }


def _blend(text: Vector | None, photo: Vector | None, weight: float) -> Vector:
    """The unit vector between words (weight 0) and photo (weight 1)."""
    if text is None or photo is None:
        either = photo if text is None else text
        if either is None:
            raise ValueError("a probe needs words or a photo")
        return either
    mixed = (1 - weight) * text + weight * photo
    length = float(np.linalg.norm(mixed))
    return photo if length == 0 else (mixed / length).astype(np.float32)
