"""What the model is asked to learn: contrast, attributes, a photo's own item, matching and writing."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from training.model import TrainedModel, pool

# How sharply a picture is told from others, for `photo_loss`: pictures of one kind differ by little.
PHOTO_SCALE = 20.0
# Wrong pictures and texts for matching are drawn with their scores flattened by this: at 1 they are so near to the
# right one that the head learns nothing for hundreds of steps.
FLATTENING = 0.25
# As the language model of BLIP-2's Q-Former is trained.
WRITING_SMOOTHING = 0.1
ANY = -1  # a caption that does not name a facet asks for any value of it


@dataclass(frozen=True, slots=True)
class Batch:
    """One step's input. Row i of the texts describes picture i.

    pixels (n, 3, size, size); kept (n, n_kept) patches that the vision tower sees, or None for all; ids and mask
    (n, n_tokens); have (n, n_facets) the items' facet codes, 0 unknown; want (n, n_facets) the codes a caption
    names, ANY where it names none; items (n,) number the items, for one may come twice. `again`
    (n_again, 3, size, size) shows the first pictures once more, varied otherwise, and `kept_again` its patches; None
    without.
    """

    pixels: Tensor
    kept: Tensor | None
    ids: Tensor
    mask: Tensor
    have: Tensor
    want: Tensor
    items: Tensor
    again: Tensor | None = None
    kept_again: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each objective counts, and how many rows of a batch are matched against hard negatives or written.

    `kin_share` of each contrastive target goes to items that are like the wish (see `targets`).
    """

    pooled: float = 0.5
    kin_share: float = 0.4
    attributes: float = 0.25
    matching: float = 0.5
    n_matching: int = 32
    photo: float = 0.5
    generation: float = 0.5
    n_generation: int = 0


def answers(want: Tensor, have: Tensor) -> Tensor:
    """Which pictures answer which captions: (n_texts, n_pictures) of bool; row i always answers itself."""
    same = (want.unsqueeze(1) == have.unsqueeze(0)) | (want.unsqueeze(1) == ANY)
    return same.all(dim=-1) | torch.eye(len(want), dtype=torch.bool, device=want.device)


def targets(batch: Batch, facets: Mapping[str, int], kin_share: float) -> Tensor:
    """How much each picture is what a caption wants, (n_texts, n_pictures); `facets` maps a facet to its code column.

    A share of 1 - `kin_share` goes to the pictures that answer the caption, half of the rest to its own item's
    category, half to that category in its colour: who asks for a lavender kurta for men where there is none would
    rather see one for women, or another kurta, than lavender socks.
    """
    exact = answers(batch.want, batch.have).float()
    category = alike(batch.have[:, facets["category"]])
    shares = (1 - kin_share, kin_share / 2, kin_share / 2)
    kin = (
        exact,
        torch.maximum(category * alike(batch.have[:, facets["colour"]]), exact),
        torch.maximum(category, exact),
    )
    return torch.stack([share * one / one.sum(1, keepdim=True) for share, one in zip(shares, kin, strict=True)]).sum(0)


def alike(codes: Tensor) -> Tensor:
    """Which items share a known value, (n, n) of 0.0 and 1.0; `codes` is (n,), 0 unknown."""
    return ((codes.unsqueeze(1) == codes.unsqueeze(0)) & (codes > 0)).float()


def contrast(scores: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy of both directions against soft targets (n_texts, n_pictures), each normalised to sum 1."""

    def one_way(logits: Tensor, weight: Tensor) -> Tensor:
        share = weight / weight.sum(dim=1, keepdim=True)
        return -(share * logits.log_softmax(dim=1)).sum(dim=1).mean()

    return (one_way(scores, target) + one_way(scores.T, target.T)) / 2


def best_token_scores(texts: Tensor, tokens: Tensor) -> Tensor:
    """BLIP-2's image-text score (n_texts, n_pictures): the best of the picture's query tokens."""
    n_pictures, n_queries, dim = tokens.shape
    scores = texts @ tokens.reshape(n_pictures * n_queries, dim).T
    return scores.view(len(texts), n_pictures, n_queries).amax(dim=-1)


def attribute_loss(logits: Mapping[str, Tensor], codes: Mapping[str, Tensor]) -> Tensor:
    """The mean over facets of each head's cross-entropy on the items whose value is known."""
    losses = [
        functional.cross_entropy(logit, codes[facet] - 1, ignore_index=-1, label_smoothing=0.05)
        for facet, logit in logits.items()
        if bool((codes[facet] > 0).any())
    ]
    return torch.stack(losses).mean() if losses else next(iter(logits.values())).new_zeros(())


def matching_loss(model: TrainedModel, batch: Batch, states: Tensor, scores: Tensor, n_rows: int) -> Tensor:
    """Image-text matching: each of `n_rows` pairs against a hard wrong picture and a hard wrong text.

    Hard ones are drawn in proportion to the softmax of the contrastive scores, as in ALBEF and BLIP-2, but flattened.
    """
    positive = answers(batch.want, batch.have)
    rows = some_rows(states, n_rows)
    wrong = (scores.detach().float() * FLATTENING).masked_fill(positive, -torch.inf)
    solvable = torch.isfinite(wrong[rows]).any(1) & torch.isfinite(wrong.T[rows]).any(1)
    rows = rows[solvable]
    if len(rows) == 0:
        return states.new_zeros(())
    pictures = torch.multinomial(wrong[rows].softmax(1), 1).squeeze(1)
    texts = torch.multinomial(wrong.T[rows].softmax(1), 1).squeeze(1)
    picture_rows, text_rows = torch.cat([rows, pictures, rows]), torch.cat([rows, rows, texts])
    logits = model.matching_logits(states[picture_rows], batch.ids[text_rows], batch.mask[text_rows])
    target = torch.zeros(len(picture_rows), dtype=torch.long, device=logits.device)
    target[: len(rows)] = 1
    return functional.cross_entropy(logits, target)


def some_rows(states: Tensor, n_rows: int) -> Tensor:
    """Random row numbers (at most n_rows,) of a batch, drawn on the processor: the same on every device."""
    return torch.randperm(len(states))[:n_rows].to(states.device)


def generation_loss(model: TrainedModel, batch: Batch, states: Tensor, n_rows: int) -> Tensor:
    """Image-grounded text generation: `n_rows` captions are written token by token from what their picture shows."""
    rows = some_rows(states, n_rows)
    ids, mask = batch.ids[rows], batch.mask[rows]
    logits = model.next_token_logits(states[rows], ids, mask)
    following = ids[:, 1:].masked_fill(mask[:, 1:] == 0, -100)
    return functional.cross_entropy(logits[:, :-1].transpose(1, 2), following, label_smoothing=WRITING_SMOOTHING)


def photo_loss(again: Tensor, pooled: Tensor, titles: Tensor, items: Tensor) -> Tensor:
    """Each second view (n_again, dim) must find its own picture among `pooled` (n, dim), as SimCLR's objective asks.

    `titles` (n,) are codes, 0 unknown: pictures of the same title are often the same and count neither way, nor does
    an item of `items` (n,) that comes twice.
    """
    n_again = len(again)
    same = ((titles[:n_again].unsqueeze(1) == titles) & (titles > 0)) | (items[:n_again].unsqueeze(1) == items)
    own = torch.arange(n_again, device=again.device)
    same[own, own] = False
    scores = (PHOTO_SCALE * again @ pooled.T).masked_fill(same, -torch.inf)
    return functional.cross_entropy(scores, own)


def total_loss(
    model: TrainedModel, batch: Batch, weights: Weights, facets: Mapping[str, int]
) -> tuple[Tensor, dict[str, float]]:
    """The weighted sum of all objectives, and each part for the log. `facets` maps a facet to its code column."""
    parts = objectives(model, batch, weights, facets)
    loss = torch.stack([weight * part for weight, part in parts.values()]).sum()
    return loss, {name: float(part.detach()) for name, (_, part) in parts.items()}


def objectives(
    model: TrainedModel, batch: Batch, weights: Weights, facets: Mapping[str, int]
) -> dict[str, tuple[float, Tensor]]:
    """Each objective that counts, as its weight and its loss."""
    states = model.image_states(batch.pixels, batch.kept)
    tokens = model.image_tokens(states)
    texts = model.text_vectors(batch.ids, batch.mask)
    scale = model.logit_scale.exp().clamp(max=100.0)
    target = targets(batch, facets, weights.kin_share)
    scores = scale * best_token_scores(texts, tokens)
    parts = {"contrast": (1.0, contrast(scores, target))}
    if weights.pooled:
        parts["pooled"] = (weights.pooled, contrast(scale * texts @ pool(tokens).T, target))
    if weights.attributes and model.heads:
        codes = {facet: batch.have[:, column].long() for facet, column in facets.items() if facet in model.heads}
        parts["attributes"] = (weights.attributes, attribute_loss(model.attribute_logits(states), codes))
    if weights.photo and batch.again is not None:
        again = pool(model.image_tokens(model.image_states(batch.again, batch.kept_again)))
        found = photo_loss(again, pool(tokens), batch.have[:, facets["title"]], batch.items)
        parts["photo"] = (weights.photo, found)
    if weights.matching and weights.n_matching:
        parts["matching"] = (weights.matching, matching_loss(model, batch, states, scores, weights.n_matching))
    if weights.generation and weights.n_generation:
        parts["generation"] = (weights.generation, generation_loss(model, batch, states, weights.n_generation))
    return parts
