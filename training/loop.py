"""One training run: batches, steps, validation, and what is left on disk after each."""

import json
import logging
import math
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tools.blip2_pictures import PictureFormat
from tools.taxonomy import Taxonomy
from training.captions import Caption, write_caption
from training.checkpoint import load_state, release, save_state
from training.data import Example, FacetTable, balanced_rows
from training.losses import ANY, Batch, Weights, total_loss
from training.model import TrainedModel
from training.pictures import PictureCache, normalise, photograph, vary
from training.validation import encode_pictures, tokenise, validate

log = logging.getLogger(__name__)

LOG = "log.jsonl"
BEST = "best"
# What the best checkpoint is chosen by: the mean of these measurements of the index vector.
GOALS = ("title_recall_at_10", "category_precision_at_10", "colour_precision_at_10")


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of a run.

    `kept_share` of the patches is shown to the vision tower in each step (as in FLIP); `plenty` as in
    `training.data.balanced_rows`. `kin_share` of each batch are items of one category, so that each is told from
    its like; `n_again` of them are shown twice, for `training.losses.photo_loss`.
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
    weights: Weights = field(default_factory=Weights)
    seed: int = 0
    evaluate_every: int = 300
    save_every: int = 100
    patience: int = 8


@dataclass(frozen=True, slots=True)
class Material:
    """What a run learns from: training items first, then the validation items, with pictures in the same order."""

    train: Sequence[Example]
    validation: Sequence[Example]
    table: FacetTable
    pictures: PictureCache
    picture_format: PictureFormat
    taxonomy: Taxonomy
    tokenizer: Any


class Run:
    """A training run. Every random choice follows from seed and step, so a resumed run is the same run."""

    def __init__(self, plan: Plan, material: Material, model: TrainedModel) -> None:
        """Set up the optimizer and go on from the state in `plan.out`, if there is one."""
        self.plan, self.material, self.model = plan, material, model
        self.rows = balanced_rows(material.table, len(material.train), plan.plenty)
        self.columns = {name: at for at, name in enumerate(material.table.values)}
        self.kinds = material.table.codes[self.rows, self.columns["category"]]
        self.optimizer = torch.optim.AdamW(
            parameter_groups(model, plan.weight_decay), lr=plan.learning_rate, betas=(0.9, 0.98)
        )
        self.progress = load_state(plan.out, model, self.optimizer)
        forget_later_steps(plan.out / LOG, self.progress.n_steps_done)

    def go(self) -> None:
        """Run the remaining steps; ends early where validation stopped gaining for `patience` rounds."""
        plan = self.plan
        while self.progress.n_steps_done < plan.n_steps and self.progress.n_evals_without_gain <= plan.patience:
            started = time.perf_counter()
            step = self.progress.n_steps_done
            parts = self.step(step)
            self.progress = replace(self.progress, n_steps_done=step + 1)
            self.write_log({"step": step + 1, **parts, "seconds": round(time.perf_counter() - started, 3)})
            if (step + 1) % plan.evaluate_every == 0 or step + 1 == plan.n_steps:
                self.evaluate()
            if (step + 1) % plan.save_every == 0 or step + 1 == plan.n_steps:
                save_state(plan.out, self.model, self.optimizer, self.progress)

    def step(self, step: int) -> dict[str, float]:
        """One optimizer step; the loss and its parts."""
        rate = learning_rate(self.plan, step)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.model.train()
        logged: dict[str, float] = {}
        for part in range(self.plan.n_accumulated):
            torch.manual_seed(self.plan.seed * 1_000_003 + step * self.plan.n_accumulated + part)
            batch = self.batch(step * self.plan.n_accumulated + part)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss, parts = total_loss(self.model, batch, self.plan.weights, self.columns)
            torch.autograd.backward(loss / self.plan.n_accumulated)
            for name, value in {"loss": float(loss.detach()), **parts}.items():
                logged[name] = round(logged.get(name, 0.0) + value / self.plan.n_accumulated, 4)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return {**logged, "learning_rate": round(rate, 8)}

    def batch(self, number: int) -> Batch:
        """The batch of that number: items in an order drawn anew each epoch, captioned and varied at random."""
        plan, material = self.plan, self.material
        n_kin = round(plan.batch_size * plan.kin_share)
        rows = rows_of(number, self.rows, plan.batch_size - n_kin, plan.seed)
        if n_kin:
            rows = np.concatenate([kin_of(number, self.rows, self.kinds, n_kin, plan.seed), rows])
        rng = random.Random(f"{plan.seed} {number}")
        captions = [write_caption(material.train[row].words, material.taxonomy, rng) for row in rows]
        ids, mask = tokenise(material.tokenizer, [one.text for one in captions])
        have = torch.from_numpy(material.table.codes[rows])
        form = material.picture_format
        generator = torch.Generator().manual_seed(plan.seed * 1_000_003 + number)
        squares = material.pictures.batch(rows)
        pixels = normalise(vary(squares, form.size, generator), form)
        n_patches = self.model.blip2.vision_model.embeddings.num_patches
        kept = choose_patches(len(rows), n_patches, plan.kept_share, generator)
        batch = Batch(pixels, kept, ids, mask, have, wanted(captions, have, self.columns))
        if not plan.n_again:
            return batch
        again = normalise(photograph(vary(squares[: plan.n_again], form.size, generator), generator), form)
        return replace(batch, again=again, kept_again=choose_patches(len(again), n_patches, plan.kept_share, generator))

    def evaluate(self) -> None:
        """Measure on the validation items, and release a checkpoint where the run has never been better."""
        material = self.material
        if not material.validation:
            release(self.plan.out / BEST, self.model, material.tokenizer, material.picture_format)
            return
        self.model.eval()
        rows = np.arange(len(material.train), len(material.train) + len(material.validation))
        pictures = encode_pictures(self.model, material.pictures, rows, material.picture_format)
        found = validate(self.model, material.tokenizer, material.validation, pictures)
        metric = sum(found[f"pooled.{name}"] for name in GOALS) / len(GOALS)
        self.write_log(
            {
                "step": self.progress.n_steps_done,
                "metric": round(metric, 4),
                **{k: round(v, 4) for k, v in found.items()},
            }
        )
        gained = metric > self.progress.best_metric
        if gained:
            release(self.plan.out / BEST, self.model, material.tokenizer, material.picture_format)
        self.progress = replace(
            self.progress,
            best_metric=max(metric, self.progress.best_metric),
            n_evals_without_gain=0 if gained else self.progress.n_evals_without_gain + 1,
        )

    def write_log(self, values: Mapping[str, float]) -> None:
        """Append one line to the log; measurements and every 20th step are told on the console too."""
        with (self.plan.out / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")
        if "metric" in values or values["step"] % 20 == 0:
            log.info(json.dumps(values))


def forget_later_steps(path: Path, n_steps_done: int) -> None:
    """Drop what the log says about steps after the saved state: they are about to be done again."""
    if path.exists():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if is_done(line, n_steps_done)), encoding="utf-8")


def is_done(line: str, n_steps_done: int) -> bool:
    """Whether a log line belongs to a step that need not be done again; a line cut off by a crash does not."""
    try:
        return bool(json.loads(line)["step"] <= n_steps_done)
    except ValueError:
        return False


def parameter_groups(model: TrainedModel, weight_decay: float) -> list[dict[str, Any]]:
    """Trainable parameters, matrices decayed, vectors and scales not."""
    trainable = [value for value in model.parameters() if value.requires_grad]
    return [
        {"params": [value for value in trainable if value.ndim >= 2], "weight_decay": weight_decay},
        {"params": [value for value in trainable if value.ndim < 2], "weight_decay": 0.0},
    ]


def learning_rate(plan: Plan, step: int) -> float:
    """Linear warm-up, then a cosine down to 2 % of the full rate."""
    if step < plan.n_warmup:
        return plan.learning_rate * (step + 1) / plan.n_warmup
    done = (step - plan.n_warmup) / max(1, plan.n_steps - plan.n_warmup)
    return plan.learning_rate * (0.02 + 0.98 * (1 + math.cos(math.pi * done)) / 2)


def rows_of(number: int, rows: NDArray[np.int64], batch_size: int, seed: int) -> NDArray[np.int64]:
    """The rows of a batch: consecutive pieces of one random order per epoch; the remainder of an epoch is dropped."""
    batch_size = min(batch_size, len(rows))
    epoch, at = divmod(number, len(rows) // batch_size)
    order = np.random.default_rng([seed, epoch]).permutation(rows)
    return order[at * batch_size : (at + 1) * batch_size]


def kin_of(number: int, rows: NDArray[np.int64], kinds: NDArray[np.int32], n_kin: int, seed: int) -> NDArray[np.int64]:
    """Rows of one kind, up to `n_kin`; the kind of a row drawn at random, so that frequent kinds come often.

    `kinds` (n_rows,) are the rows' categories.
    """
    rng = np.random.default_rng([seed, number, 1])
    alike = np.unique(rows[kinds == rng.choice(kinds)])
    return rng.permutation(alike)[:n_kin]


def choose_patches(n: int, n_patches: int, share: float, generator: torch.Generator) -> Tensor | None:
    """For each picture the patches its tower sees in this step, (n, n_kept); None means all of them."""
    n_kept = max(1, round(n_patches * share))
    if n_kept >= n_patches:
        return None
    return torch.rand(n, n_patches, generator=generator).argsort(dim=1)[:, :n_kept]


def wanted(captions: Sequence[Caption], have: Tensor, columns: Mapping[str, int]) -> Tensor:
    """The facet codes that captions ask for: their own item's where named, ANY elsewhere."""
    want = torch.full_like(have, ANY)
    for row, caption in enumerate(captions):
        for facet in caption.facets:
            want[row, columns[facet]] = have[row, columns[facet]]
    return want
