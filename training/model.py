"""The model under training: BLIP-2's retrieval model, a temperature and the attribute heads of the vision tower."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import Blip2Config, Blip2ForImageTextRetrieval, Blip2QFormerConfig, Blip2VisionConfig

PROJECTION_DIM = 256  # the width of the catalogue's vector column


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a model built from scratch. The defaults give models/blip2-mini."""

    image_size: int = 112
    patch_size: int = 16
    width: int = 256
    n_vision_layers: int = 6
    n_qformer_layers: int = 4
    n_query_tokens: int = 8
    max_text_tokens: int = 32
    vocab_size: int = 8192


def build_config(shape: Shape) -> Blip2Config:
    """The configuration of a small BLIP-2 whose towers are all `shape.width` wide (heads of 64)."""
    width, n_heads = shape.width, shape.width // 64
    vision = Blip2VisionConfig(
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=shape.n_vision_layers,
        num_attention_heads=n_heads,
        image_size=shape.image_size,
        patch_size=shape.patch_size,
        initializer_range=0.02,
    )
    qformer = Blip2QFormerConfig(
        vocab_size=shape.vocab_size,
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=shape.n_qformer_layers,
        num_attention_heads=n_heads,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        max_position_embeddings=shape.max_text_tokens,
        encoder_hidden_size=width,
        use_qformer_text_input=True,
    )
    return Blip2Config(
        vision_config=vision.to_dict(),
        qformer_config=qformer.to_dict(),
        num_query_tokens=shape.n_query_tokens,
        image_text_hidden_size=PROJECTION_DIM,
    )


def build_blip2(shape: Shape, seed: int) -> Blip2ForImageTextRetrieval:
    """A BLIP-2 with random weights; the same seed gives the same weights."""
    torch.manual_seed(seed)
    blip2 = Blip2ForImageTextRetrieval(build_config(shape))
    # The library starts all query tokens at zero, where they would stay equal to each other for ever.
    nn.init.normal_(blip2.query_tokens, std=0.02)
    return blip2


class Writer(nn.Module):
    """Turns text states into logits over the vocabulary; the word embeddings it compares with stay the model's own."""

    def __init__(self, width: int, n_words: int) -> None:
        """Build the head of BERT's language model."""
        super().__init__()
        self.transform = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(n_words))

    def forward(self, states: Tensor, words: Tensor) -> Tensor:
        """States (..., width) and word embeddings (n_words, width) to logits (..., n_words)."""
        return functional.linear(self.norm(functional.gelu(self.transform(states))), words, self.bias)


class TrainedModel(nn.Module):
    """BLIP-2 with what only training needs beside it; only `blip2` is kept in a released checkpoint."""

    def __init__(self, blip2: Any, n_values: Mapping[str, int], writes: bool = False) -> None:
        """Give each facet of `n_values` a linear head over that many values; `writes` adds the text writer."""
        super().__init__()
        self.blip2 = blip2
        width = blip2.config.vision_config.hidden_size
        self.heads = nn.ModuleDict({facet: nn.Linear(width, n) for facet, n in n_values.items()})
        self.logit_scale = nn.Parameter(torch.tensor(2.7))
        words = blip2.config.qformer_config
        self.writer = Writer(words.hidden_size, words.vocab_size) if writes else None
        self.is_vision_frozen = False

    def freeze_vision(self, dtype: torch.dtype) -> None:
        """Keep the vision tower as it is, in `dtype`: it is not trained, and no activations of it are kept."""
        self.blip2.vision_model.requires_grad_(False).to(dtype)
        self.is_vision_frozen = True

    def train(self, mode: bool = True) -> "TrainedModel":
        """Switch dropout on or off, in all that learns."""
        super().train(mode)
        if self.is_vision_frozen:
            self.blip2.vision_model.eval()
        return self

    def image_states(self, pixels: Tensor, kept: Tensor | None = None) -> Tensor:
        """The vision tower's states (n, 1 + n_patches, width); `kept` (n, n_kept) names the patches it sees."""
        with torch.set_grad_enabled(torch.is_grad_enabled() and not self.is_vision_frozen):
            return self._image_states(pixels, kept)

    def _image_states(self, pixels: Tensor, kept: Tensor | None) -> Tensor:
        tower = self.blip2.vision_model
        states = tower.embeddings(pixels)
        if kept is not None:
            index = kept.unsqueeze(-1).expand(-1, -1, states.shape[-1])
            states = torch.cat([states[:, :1], states[:, 1:].gather(1, index)], dim=1)
        seen: Tensor = tower.post_layernorm(tower.encoder(inputs_embeds=states).last_hidden_state)
        return seen

    def image_tokens(self, states: Tensor) -> Tensor:
        """The query-token vectors (n, n_query_tokens, 256) of pictures, each of unit length."""
        blip2 = self.blip2
        out = blip2.qformer(
            query_embeds=blip2.query_tokens.expand(len(states), -1, -1),
            encoder_hidden_states=states,
        ).last_hidden_state
        return functional.normalize(blip2.vision_projection(out).float(), dim=-1)

    def text_vectors(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The [CLS] vectors (n, 256) of texts, of unit length."""
        blip2 = self.blip2
        out = blip2.qformer(
            query_embeds=blip2.embeddings(input_ids=ids), query_length=0, attention_mask=mask
        ).last_hidden_state
        return functional.normalize(blip2.text_projection(out[:, 0]).float(), dim=-1)

    def matching_logits(self, states: Tensor, ids: Tensor, mask: Tensor) -> Tensor:
        """The image-text matching logits (n, 2) of picture i with text i: column 1 says they belong together."""
        blip2 = self.blip2
        queries = blip2.query_tokens.expand(len(states), -1, -1)
        n_queries = queries.shape[1]
        seen = torch.cat([mask.new_ones(len(mask), n_queries), mask], dim=1)
        out = blip2.qformer(
            query_embeds=blip2.embeddings(input_ids=ids, query_embeds=queries),
            query_length=n_queries,
            attention_mask=seen,
            encoder_hidden_states=states,
        ).last_hidden_state
        logits: Tensor = blip2.itm_head(out[:, :n_queries]).mean(dim=1).float()
        return logits

    def next_token_logits(self, states: Tensor, ids: Tensor, mask: Tensor) -> Tensor:
        """What follows each token of text i, which describes picture i: (n, n_tokens, n_words).

        As in BLIP-2's image-grounded text generation (Li et al. 2023, section 3.2), but the text begins with [CLS]:
        not every vocabulary has a token of its own for that.
        """
        if self.writer is None:
            raise ValueError("this model was built without a writer")
        blip2 = self.blip2
        queries = blip2.query_tokens.expand(len(states), -1, -1)
        n_queries = queries.shape[1]
        out = blip2.qformer(
            query_embeds=blip2.embeddings(input_ids=ids, query_embeds=queries),
            query_length=n_queries,
            attention_mask=writing_mask(mask, n_queries),
            encoder_hidden_states=states,
        ).last_hidden_state
        logits: Tensor = self.writer(out[:, n_queries:], blip2.embeddings.word_embeddings.weight).float()
        return logits

    def attribute_logits(self, states: Tensor) -> dict[str, Tensor]:
        """Each facet's logits (n, n_values), read from the mean of the vision tower's states."""
        pooled = states.mean(dim=1)
        return {facet: head(pooled).float() for facet, head in self.heads.items()}


def writing_mask(mask: Tensor, n_queries: int) -> Tensor:
    """Who sees whom while a text is written: 0 where seen, else hugely negative; (n, 1, n_all, n_all), n_all both.

    Queries see queries; a token sees the queries, itself and the tokens before it. `mask` (n, n_tokens) is 0 at pads.
    """
    n, n_tokens = mask.shape
    seen = torch.ones(n_queries + n_tokens, n_queries + n_tokens, dtype=torch.bool, device=mask.device).tril()
    seen[:n_queries, :n_queries] = True
    real = torch.cat([mask.new_ones(n, n_queries), mask], dim=1).bool()
    hidden = ~(seen & real[:, None, None, :])
    return torch.zeros(hidden.shape, device=mask.device).masked_fill(hidden, torch.finfo(torch.bfloat16).min)


def pool(tokens: Tensor) -> Tensor:
    """The index vector of pictures: the mean of their query-token vectors, scaled to unit length (n, 256)."""
    return functional.normalize(tokens.mean(dim=1), dim=-1)
