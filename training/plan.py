"""What a run is: its settings, and what it learns from."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.blip2_files import Checkpoint
from tools.blip2_pictures import PictureFormat
from tools.taxonomy import Taxonomy
from training.data import Example, FacetTable
from training.losses import Weights
from training.pictures import PictureCache
from training.place import Place


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of a run.

    `kept_share` of the patches is shown to the vision tower in each step (as in FLIP); `plenty` as in
    `training.data.balanced_rows`. `kin_share` of each batch are items of one category, so that each is told from
    its like; `n_again` of them are shown twice, for `training.losses.photo_loss`. `home_share` of the pictures, and of
    the second views, are shown as in `training.home`.
    """

    out: Path
    n_steps: int
    batch_size: int = 256
    n_accumulated: int = 1
    learning_rate: float = 6e-4
    weight_decay: float = 0.05
    n_warmup: int = 150
    kept_share: float = 0.5
    plenty: int = 1
    kin_share: float = 0.0
    n_again: int = 0
    home_share: float = 0.0
    weights: Weights = field(default_factory=Weights)
    place: Place = field(default_factory=Place)
    seed: int = 0
    evaluate_every: int = 300
    save_every: int = 100
    patience: int = 8


@dataclass(frozen=True, slots=True)
class Material:
    """What a run learns from: training items first, then the validation items, with pictures in the same order.

    `folders` and `held_out` name the data folders, `start` the checkpoint begun from (None: random weights).
    """

    train: Sequence[Example]
    validation: Sequence[Example]
    table: FacetTable
    pictures: PictureCache
    picture_format: PictureFormat
    taxonomy: Taxonomy
    tokenizer: Any
    folders: Sequence[str] = ()
    held_out: Sequence[str] = ()
    start: Checkpoint | None = None


def learning_rate(plan: Plan, step: int) -> float:
    """Linear warm-up, then a cosine down to 2 % of the full rate."""
    if step < plan.n_warmup:
        return plan.learning_rate * (step + 1) / plan.n_warmup
    done = (step - plan.n_warmup) / max(1, plan.n_steps - plan.n_warmup)
    return plan.learning_rate * (0.02 + 0.98 * (1 + math.cos(math.pi * done)) / 2)
