"""What turns words and pictures into vectors of one space, and how to get it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from env.errors import EmbedderError
from env.settings import Settings
from tools.blip2_files import Checkpoint, locate

DIM = 256  # the width of the catalogue's vector column


@dataclass(frozen=True, slots=True)
class ImageEmbeddings:
    """Vectors of pictures: `pooled` (n, dim) for the index, `tokens` (n, n_query_tokens, dim) for exact scores.

    float32; each pooled vector and each token vector is of unit length.
    """

    pooled: NDArray[np.float32]
    tokens: NDArray[np.float32]


class Embedder(Protocol):
    """One embedding space. Vectors may be compared only where `fingerprint` is equal; safe to share by threads."""

    fingerprint: str
    dim: int
    n_query_tokens: int

    def embed_query_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shoppers' words, (n, dim), unit length; n may be 0."""
        ...

    def embed_images(self, images: Sequence[Image.Image]) -> ImageEmbeddings:
        """Vectors of pictures of any size and mode; n may be 0."""
        ...

    def score_itm(self, text: str, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """The probability that the text describes each picture, (n,), in [0, 1]."""
        ...


def load_blip2(checkpoint: Checkpoint, settings: Settings) -> Embedder:
    """BLIP-2; torch is imported here and not before."""
    from tools.blip2 import Blip2Embedder

    return Blip2Embedder(checkpoint, settings.embedder_device, settings.embedder_dtype)


# Which code reads a checkpoint, by the model_type of its config.json.
LOADERS: Mapping[str, Callable[[Checkpoint, Settings], Embedder]] = {"blip-2": load_blip2}


def load_embedder(settings: Settings) -> Embedder:
    """Load the checkpoint that the settings name: a folder, or a model id on the Hugging Face hub.

    Raises:
        EmbedderError: it cannot be found, downloaded or used; the message says what to do.
    """
    checkpoint = locate(settings.embedder)
    loader = LOADERS.get(checkpoint.model_type)
    if loader is None:
        raise EmbedderError(
            f"EMBEDDER={settings.embedder!r} is a checkpoint of type {checkpoint.model_type!r}; "
            f"known types: {', '.join(map(repr, sorted(LOADERS)))}"
        )
    embedder = loader(checkpoint, settings)
    if embedder.dim != DIM:
        raise EmbedderError(
            f"EMBEDDER={settings.embedder!r} makes vectors of {embedder.dim} numbers, the catalogue holds {DIM}; "
            "choose a checkpoint with image_text_hidden_size 256, such as 'models/blip2-mini'"
        )
    return embedder
