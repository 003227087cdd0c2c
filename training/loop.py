"""One training run: steps, validation, and what is left on disk after each."""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.batches import Batches
from training.card import write_card
from training.checkpoint import load_state, release, save_state
from training.curve import draw_curves
from training.heads import save_heads
from training.losses import total_loss
from training.model import TrainedModel
from training.plan import Material, Plan, learning_rate
from training.validation import encode_pictures, validate

log = logging.getLogger(__name__)

LOG = "log.jsonl"
BEST = "best"
CURVES = "curves.png"
# The best checkpoint has the highest mean of these measurements of the index vector, of those that the data allows.
GOALS = ("title_recall_at_10", "category_precision_at_10", "colour_precision_at_10")
TOLD_EVERY = 20  # steps


class Run:
    """A training run. Every random choice follows from seed and step, so a resumed run is the same run."""

    def __init__(self, plan: Plan, material: Material, model: TrainedModel) -> None:
        """Set up the optimizer and go on from the state in `plan.out`, if there is one."""
        self.plan, self.material, self.model = plan, material, model.to(plan.place.device)
        self.batches = Batches(plan, material, model.blip2.vision_model.embeddings.num_patches)
        self.optimizer = torch.optim.AdamW(
            parameter_groups(model, plan.weight_decay), lr=plan.learning_rate, betas=(0.9, 0.98)
        )
        self.progress = load_state(plan.out, model, self.optimizer)
        forget_later_steps(plan.out / LOG, self.progress.n_steps_done)

    def go(self) -> None:
        """Run the remaining steps; ends early where validation did not gain for `patience` rounds."""
        plan = self.plan
        while self.progress.n_steps_done < plan.n_steps and self.progress.n_evals_without_gain < plan.patience:
            started = time.perf_counter()
            step = self.progress.n_steps_done
            parts = self.step(step)
            self.progress = replace(self.progress, n_steps_done=step + 1)
            seconds = round(time.perf_counter() - started, 3)
            self.write_log({"step": step + 1, **parts, "seconds": seconds})
            if (step + 1) % TOLD_EVERY == 0:
                minutes = (plan.n_steps - step - 1) * seconds / 60
                log.info("step %d of %d, loss %.3f, %.0f minutes left", step + 1, plan.n_steps, parts["loss"], minutes)
            if (step + 1) % plan.evaluate_every == 0 or step + 1 == plan.n_steps:
                self.evaluate()
            if (step + 1) % plan.save_every == 0 or step + 1 == plan.n_steps:
                save_state(plan.out, self.model, self.optimizer, self.progress)

    def step(self, step: int) -> dict[str, float]:
        """One optimizer step; the loss and its parts."""
        plan = self.plan
        rate = learning_rate(plan, step)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.model.train()
        logged: dict[str, float] = {}
        for part in range(plan.n_accumulated):
            number = step * plan.n_accumulated + part
            torch.manual_seed(plan.seed * 1_000_003 + number)
            batch = self.batches.draw(number)
            with plan.place.autocast():
                loss, parts = total_loss(self.model, batch, plan.weights, self.batches.columns)
            torch.autograd.backward(loss / plan.n_accumulated)
            for name, value in {"loss": float(loss.detach()), **parts}.items():
                logged[name] = round(logged.get(name, 0.0) + value / plan.n_accumulated, 4)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return {**logged, "learning_rate": round(rate, 8)}

    def evaluate(self) -> None:
        """Measure on the validation items, and release a checkpoint where the run has never been better.

        Where nothing can be measured, the newest checkpoint counts as the best.
        """
        found = self.measure()
        if not found:
            self.release()
            return
        goals = [found[f"pooled.{name}"] for name in GOALS if f"pooled.{name}" in found]
        metric = sum(goals) / len(goals)
        figures = {name: round(value, 4) for name, value in {"metric": metric, **found}.items()}
        self.write_log({"step": self.progress.n_steps_done, **figures})
        log.info("step %d: %s", self.progress.n_steps_done, json.dumps(figures))
        gained = metric > self.progress.best_metric
        if gained:
            self.release()
        draw_curves(self.plan.out / LOG, self.plan.out / CURVES)
        self.progress = replace(
            self.progress,
            best_metric=max(metric, self.progress.best_metric),
            n_evals_without_gain=0 if gained else self.progress.n_evals_without_gain + 1,
        )

    def measure(self) -> dict[str, float]:
        """What `training.validation.validate` finds; nothing where there are no validation items."""
        material, place = self.material, self.plan.place
        if not material.validation:
            return {}
        self.model.eval()
        rows = np.arange(len(material.train), len(material.train) + len(material.validation))
        pictures = encode_pictures(self.model, material.pictures, rows, material.picture_format, place)
        return validate(self.model, material.tokenizer, material.validation, pictures, place)

    def release(self) -> None:
        """Leave a checkpoint that can be used as it is, with its card; the heads stay beside it for later runs."""
        material, folder = self.material, self.plan.out / BEST
        save_heads(self.plan.out, self.model, material.table)
        release(folder, self.model, material.tokenizer, material.picture_format, material.start)
        n_parameters = self.model.blip2.num_parameters()
        write_card(folder, self.plan, material, self.model.blip2.config, n_parameters, self.plan.out / LOG)

    def write_log(self, values: Mapping[str, float]) -> None:
        """Append one line to the log."""
        with (self.plan.out / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")


def forget_later_steps(path: Path, n_steps_done: int) -> None:
    """Drop what the log says about steps after the saved state: they are about to be done again."""
    if path.exists():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = path.with_suffix(".partial")
        kept.write_text("".join(line for line in lines if is_done(line, n_steps_done)), encoding="utf-8")
        kept.replace(path)


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
