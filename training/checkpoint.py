"""What a run leaves on disk: a state to resume from, and a checkpoint in transformers' layout to use."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from tools.blip2_pictures import PictureFormat
from training.model import TrainedModel


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. Nothing else is needed to go on: every random choice follows from seed and step."""

    n_steps_done: int = 0
    best_metric: float = -1.0
    n_evals_without_gain: int = 0


def save_state(folder: Path, model: TrainedModel, optimizer: torch.optim.AdamW, progress: Progress) -> None:
    """Write the state to resume from; a crash at any moment leaves the older state intact."""
    tensors: dict[str, Tensor] = {f"model.{name}": value for name, value in model.state_dict().items()}
    for index, state in optimizer.state_dict()["state"].items():
        for name, value in state.items():
            tensors[f"optimizer.{index}.{name}"] = torch.as_tensor(value).float()
    partial = folder / "state.partial"
    save_file(
        {name: value.contiguous() for name, value in tensors.items()},
        partial,
        metadata={"progress": json.dumps(asdict(progress))},
    )
    partial.replace(folder / "state.safetensors")


def load_state(folder: Path, model: TrainedModel, optimizer: torch.optim.AdamW) -> Progress:
    """Put a saved state back; an untouched run where there is none."""
    path = folder / "state.safetensors"
    if not path.exists():
        return Progress()
    tensors = load_file(path)
    model.load_state_dict(
        {name.removeprefix("model."): value for name, value in tensors.items() if name.startswith("model.")}
    )
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            _, index, key = name.split(".", 2)
            state.setdefault(int(index), {})[key] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    with safe_open(path, framework="pt") as file:
        return Progress(**json.loads(file.metadata()["progress"]))


def release(folder: Path, model: TrainedModel, tokenizer: Any, picture_format: PictureFormat) -> None:
    """Write a checkpoint for use: fp16 safetensors, tokenizer and picture format; replaces `folder` whole."""
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    state = {name: value.detach().half().contiguous() for name, value in model.blip2.state_dict().items()}
    model.blip2.save_pretrained(partial, state_dict=state, safe_serialization=True)
    config = json.loads((partial / "config.json").read_text(encoding="utf-8"))
    config["dtype"] = "float16"
    config["logit_scale"] = float(model.logit_scale.detach())
    (partial / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    tokenizer.save_pretrained(partial)
    picture_format.write(partial)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
