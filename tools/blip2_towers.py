"""BLIP-2's towers as plain functions of their weights: pictures, texts, and texts that look at pictures.

The same arithmetic as the library's Blip2ForImageTextRetrieval (Li et al. 2023, https://arxiv.org/abs/2301.12597),
without its modules: a tower reads its own weights only, in the precision asked for, and a short text is no longer
mostly the library's bookkeeping.
"""

import torch
from torch import Tensor
from torch.nn import functional

from tools.blip2_layers import Layers, Step, attend
from tools.blip2_shape import Blip2Shape


class VisionTower:
    """The vision transformer: pixels in, a sequence of picture states out."""

    def __init__(self, layers: Layers, shape: Blip2Shape) -> None:
        """Read the weights."""
        name = "vision_model.embeddings"
        self._patches = layers.tensor(f"{name}.patch_embedding.weight"), layers.tensor(f"{name}.patch_embedding.bias")
        self._first = layers.tensor(f"{name}.class_embedding")
        self._places = layers.tensor(f"{name}.position_embedding")
        self._patch_size = shape.patch_size
        self._blocks = [_VisionBlock(layers, shape, at) for at in range(shape.n_vision_layers)]
        self._norm = layers.norm("vision_model.post_layernorm", shape.vision_eps)

    def __call__(self, pixels: Tensor) -> Tensor:
        """States (n, places, vision_width) of pixels (n, 3, size, size)."""
        weight, bias = self._patches
        patches = functional.conv2d(pixels.to(weight.dtype), weight, bias, stride=self._patch_size)
        x = torch.cat([self._first.expand(len(pixels), -1, -1), patches.flatten(2).transpose(1, 2)], dim=1)
        x = x + self._places
        for block in self._blocks:
            x = block(x)
        return self._norm(x)


class _VisionBlock:
    def __init__(self, layers: Layers, shape: Blip2Shape, at: int) -> None:
        name = f"vision_model.encoder.layers.{at}"
        self._n_heads = shape.n_vision_heads
        self._before, self._middle = (layers.norm(f"{name}.layer_norm{one}", shape.vision_eps) for one in (1, 2))
        self._qkv, self._out = layers.linear(f"{name}.self_attn.qkv"), layers.linear(f"{name}.self_attn.projection")
        self._wide, self._narrow = layers.linear(f"{name}.mlp.fc1", has_gelu=True), layers.linear(f"{name}.mlp.fc2")

    def __call__(self, x: Tensor) -> Tensor:
        x = x + self._out(attend(self._n_heads, *self._qkv(self._before(x)).chunk(3, dim=-1)))
        return x + self._narrow(self._wide(self._middle(x)))


class QFormer:
    """The querying transformer: texts alone, queries that look at a picture, or both together."""

    def __init__(self, layers: Layers, shape: Blip2Shape, has_text: bool, has_queries: bool) -> None:
        """Read the weights that texts or queries need, or both."""
        self._dtype = layers.dtype
        self._norm = layers.norm("qformer.layernorm", shape.eps)
        self._layers = [
            _QFormerLayer(layers, shape, at, has_text=has_text, has_queries=has_queries) for at in range(shape.n_layers)
        ]
        if has_text:
            self._words = layers.tensor("embeddings.word_embeddings.weight")
            self._places = layers.tensor("embeddings.position_embeddings.weight")
        if has_queries:
            self.query_tokens = layers.tensor("query_tokens")

    def words(self, ids: Tensor) -> Tensor:
        """What a text is to the Q-Former, (n, n_tokens, width)."""
        return functional.embedding(ids, self._words) + self._places[: ids.shape[1]]

    def __call__(
        self, x: Tensor, n_queries: int = 0, picture: Tensor | None = None, mask: Tensor | None = None
    ) -> Tensor:
        """States like `x` (n, places, width), of which the first `n_queries` see the picture (n, places, width).

        `mask` (n, places) is 1 where there is something; None where there is everywhere.
        """
        seen = None if mask is None else mask.bool()[:, None, None, :]
        picture = None if picture is None else picture.to(self._dtype)
        x = self._norm(x)
        for layer in self._layers:
            x = layer(x, n_queries, picture, seen)
        return x


class _QFormerLayer:
    def __init__(self, layers: Layers, shape: Blip2Shape, at: int, *, has_text: bool, has_queries: bool) -> None:
        name = f"qformer.encoder.layer.{at}"
        self._n_heads = shape.n_heads
        own = f"{name}.attention.attention"
        self._qkv = layers.linear(f"{own}.query", f"{own}.key", f"{own}.value")
        self._add = _Residual(layers, f"{name}.attention.output", shape.eps)
        self._cross = _Cross(layers, name, shape) if has_queries and at % shape.cross_every == 0 else None
        self._text = _Feed(layers, name, "", shape.eps) if has_text else None
        self._queries = _Feed(layers, name, "_query", shape.eps) if has_queries else None

    def __call__(self, x: Tensor, n_queries: int, picture: Tensor | None, seen: Tensor | None) -> Tensor:
        x = self._add(attend(self._n_heads, *self._qkv(x).chunk(3, dim=-1), mask=seen), x)
        parts = []
        if self._queries is not None and n_queries:
            queries = x[:, :n_queries]
            if self._cross is not None and picture is not None:
                queries = self._cross(queries, picture)
            parts.append(self._queries(queries))
        if self._text is not None and x.shape[1] > n_queries:
            parts.append(self._text(x[:, n_queries:]))
        return torch.cat(parts, dim=1) if len(parts) > 1 else parts[0]


class _Cross:
    """Queries look at the picture."""

    def __init__(self, layers: Layers, name: str, shape: Blip2Shape) -> None:
        theirs = f"{name}.crossattention.attention"
        self._query, self._both = layers.linear(f"{theirs}.query"), layers.linear(f"{theirs}.key", f"{theirs}.value")
        self._add = _Residual(layers, f"{name}.crossattention.output", shape.eps)
        self._n_heads = shape.n_heads

    def __call__(self, queries: Tensor, picture: Tensor) -> Tensor:
        found = attend(self._n_heads, self._query(queries), *self._both(picture).chunk(2, dim=-1))
        return self._add(found, queries)


class _Feed:
    """The two wide layers behind attention; texts and queries have their own."""

    def __init__(self, layers: Layers, name: str, suffix: str, eps: float) -> None:
        self._wide: Step = layers.linear(f"{name}.intermediate{suffix}.dense", has_gelu=True)
        self._add = _Residual(layers, f"{name}.output{suffix}", eps)

    def __call__(self, x: Tensor) -> Tensor:
        return self._add(self._wide(x), x)


class _Residual:
    """A linear layer added to what went before, and the norm of the sum."""

    def __init__(self, layers: Layers, name: str, eps: float) -> None:
        self._dense, self._norm = layers.linear(f"{name}.dense"), layers.norm(f"{name}.LayerNorm", eps)

    def __call__(self, made: Tensor, before: Tensor) -> Tensor:
        return self._norm(self._dense(made) + before)


class TextHalf:
    """Texts to vectors: the Q-Former's text side and its projection."""

    def __init__(self, layers: Layers, shape: Blip2Shape) -> None:
        """Read the weights."""
        self._qformer = QFormer(layers, shape, has_text=True, has_queries=False)
        self._project = layers.linear("text_projection")

    def __call__(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """Vectors (n, dim) of unit length of ids and mask (n, n_tokens): those of [CLS]. No mask: nothing is padded."""
        states = self._qformer(self._qformer.words(ids), mask=mask)
        return functional.normalize(self._project(states[:, 0]).float(), dim=-1)


class QueryHalf:
    """Picture states to vectors: the Q-Former's queries and their projection."""

    def __init__(self, layers: Layers, shape: Blip2Shape) -> None:
        """Read the weights."""
        self._qformer = QFormer(layers, shape, has_text=False, has_queries=True)
        self._project = layers.linear("vision_projection")

    def __call__(self, picture: Tensor) -> Tensor:
        """Vectors (n, n_query_tokens, dim) of unit length of states (n, places, vision_width)."""
        queries = self._qformer.query_tokens.expand(len(picture), -1, -1)
        states = self._qformer(queries, queries.shape[1], picture)
        return functional.normalize(self._project(states).float(), dim=-1)


class MatchingHead:
    """How probably a text describes a picture: queries and words together."""

    def __init__(self, layers: Layers, shape: Blip2Shape) -> None:
        """Read the weights."""
        self._qformer = QFormer(layers, shape, has_text=True, has_queries=True)
        self._judge = layers.linear("itm_head")

    def __call__(self, ids: Tensor, picture: Tensor) -> Tensor:
        """Probabilities (n,) for the one text (1, n_tokens), unpadded, and states (n, places, vision_width)."""
        queries = self._qformer.query_tokens.expand(len(picture), -1, -1)
        words = self._qformer.words(ids).expand(len(picture), -1, -1)
        n_queries = queries.shape[1]
        states = self._qformer(torch.cat([queries, words], dim=1), n_queries, picture)[:, :n_queries]
        return self._judge(states).float().mean(dim=1).softmax(dim=-1)[:, 1]
