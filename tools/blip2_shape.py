"""What a BLIP-2 retrieval checkpoint consists of: its sizes, and every weight by name."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from env.errors import EmbedderError

Sizes = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Blip2Shape:
    """The sizes of a checkpoint. The defaults are the library's, which old config.json files leave out."""

    vision_width: int = 1408
    vision_inner: int = 6144
    n_vision_layers: int = 39
    n_vision_heads: int = 16
    image_size: int = 224
    patch_size: int = 14
    vision_eps: float = 1e-6
    has_qkv_bias: bool = True
    width: int = 768
    inner: int = 3072
    n_layers: int = 12
    n_heads: int = 12
    eps: float = 1e-12
    cross_every: int = 2
    vocab_size: int = 30522
    max_tokens: int = 512
    n_query_tokens: int = 32
    dim: int = 256

    @property
    def n_places(self) -> int:
        """Length of the vision tower's sequence: the patches and one more."""
        return (self.image_size // self.patch_size) ** 2 + 1

    @classmethod
    def read(cls, name: str, config: Mapping[str, Any]) -> "Blip2Shape":
        """The shape that a config.json describes.

        Raises:
            EmbedderError: it describes something that is computed in another way, or no sizes at all.
        """
        vision, qformer = config.get("vision_config") or {}, config.get("qformer_config") or {}
        try:
            for part in (vision, qformer):
                if part.get("hidden_act", "gelu") != "gelu":
                    raise ValueError(f"hidden_act {part['hidden_act']!r} is not 'gelu'")
            given = {ours: vision[theirs] for ours, theirs in _VISION.items() if theirs in vision}
            given |= {ours: qformer[theirs] for ours, theirs in _QFORMER.items() if theirs in qformer}
            given |= {ours: config[theirs] for ours, theirs in _TOP.items() if theirs in config}
            shape = cls(**given)
            is_usable = all(isinstance(value, int | float) and value >= 0 for value in given.values())
            if not is_usable or shape.vision_width % shape.n_vision_heads or shape.width % shape.n_heads:
                raise ValueError("its sizes are no numbers or do not fit each other")
        except (AttributeError, TypeError, ValueError, ZeroDivisionError) as error:
            raise EmbedderError(
                f"EMBEDDER={name!r} cannot be loaded as a BLIP-2 retrieval model (config.json: {error}); "
                "choose a checkpoint made for image-text retrieval"
            ) from error
        return shape

    def sizes(self) -> Sizes:
        """The size of every weight by its name, as the library's joint model names them."""
        found: Sizes = {"query_tokens": (1, self.n_query_tokens, self.width)}
        found |= self._vision_sizes()
        found["embeddings.word_embeddings.weight"] = (self.vocab_size, self.width)
        found["embeddings.position_embeddings.weight"] = (self.max_tokens, self.width)
        found |= _norm("qformer.layernorm", self.width)
        for at in range(self.n_layers):
            found |= self._layer_sizes(f"qformer.encoder.layer.{at}", at % self.cross_every == 0)
        found |= _linear("vision_projection", self.dim, self.width) | _linear("text_projection", self.dim, self.width)
        return found | _linear("itm_head", 2, self.width)

    @property
    def n_parameters(self) -> int:
        """The number of parameters of all weights."""
        return sum(math.prod(size) for size in self.sizes().values())

    def _vision_sizes(self) -> Sizes:
        width, patch = self.vision_width, self.patch_size
        found: Sizes = {
            "vision_model.embeddings.class_embedding": (1, 1, width),
            "vision_model.embeddings.position_embedding": (1, self.n_places, width),
            "vision_model.embeddings.patch_embedding.weight": (width, 3, patch, patch),
            "vision_model.embeddings.patch_embedding.bias": (width,),
        }
        for at in range(self.n_vision_layers):
            name = f"vision_model.encoder.layers.{at}"
            found |= _norm(f"{name}.layer_norm1", width) | _norm(f"{name}.layer_norm2", width)
            found |= _linear(f"{name}.self_attn.qkv", 3 * width, width, self.has_qkv_bias)
            found |= _linear(f"{name}.self_attn.projection", width, width)
            found |= _linear(f"{name}.mlp.fc1", self.vision_inner, width)
            found |= _linear(f"{name}.mlp.fc2", width, self.vision_inner)
        return found | _norm("vision_model.post_layernorm", width)

    def _layer_sizes(self, name: str, is_cross: bool) -> Sizes:
        found: Sizes = {}
        for kind, seen in (("attention", self.width), ("crossattention", self.vision_width)):
            if kind == "attention" or is_cross:
                found |= _linear(f"{name}.{kind}.attention.query", self.width, self.width)
                found |= _linear(f"{name}.{kind}.attention.key", self.width, seen)
                found |= _linear(f"{name}.{kind}.attention.value", self.width, seen)
                found |= _linear(f"{name}.{kind}.output.dense", self.width, self.width)
                found |= _norm(f"{name}.{kind}.output.LayerNorm", self.width)
        for suffix in ("", "_query"):
            found |= _linear(f"{name}.intermediate{suffix}.dense", self.inner, self.width)
            found |= _linear(f"{name}.output{suffix}.dense", self.width, self.inner)
            found |= _norm(f"{name}.output{suffix}.LayerNorm", self.width)
        return found


_VISION = {
    "vision_width": "hidden_size",
    "vision_inner": "intermediate_size",
    "n_vision_layers": "num_hidden_layers",
    "n_vision_heads": "num_attention_heads",
    "image_size": "image_size",
    "patch_size": "patch_size",
    "vision_eps": "layer_norm_eps",
    "has_qkv_bias": "qkv_bias",
}
_QFORMER = {
    "width": "hidden_size",
    "inner": "intermediate_size",
    "n_layers": "num_hidden_layers",
    "n_heads": "num_attention_heads",
    "eps": "layer_norm_eps",
    "cross_every": "cross_attention_frequency",
    "vocab_size": "vocab_size",
    "max_tokens": "max_position_embeddings",
}
_TOP = {"n_query_tokens": "num_query_tokens", "dim": "image_text_hidden_size"}


def shards(sizes: Sizes, n_weights: int) -> Iterator[Sizes]:
    """The weights of a checkpoint, cut into files of about `n_weights` numbers."""
    part: Sizes = {}
    for name, size in sizes.items():
        part[name] = size
        if sum(map(math.prod, part.values())) > n_weights:
            yield part
            part = {}
    if part:
        yield part


def _linear(name: str, n_out: int, n_in: int, has_bias: bool = True) -> Sizes:
    weight: Sizes = {f"{name}.weight": (n_out, n_in)}
    return weight | {f"{name}.bias": (n_out,)} if has_bias else weight


def _norm(name: str, width: int) -> Sizes:
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}
