"""What a run leaves on disk: a state to resume from, and a checkpoint in transformers' layout to use."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from tools.blip2_files import Checkpoint
from tools.blip2_pictures import PictureFormat
from training.model import TrainedModel

STATE = "state.safetensors"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. Nothing else is needed to go on: every random choice follows from seed and step."""

    n_steps_done: int = 0
    best_metric: float = -1.0
    n_evals_without_gain: int = 0


def save_state(folder: Path, model: TrainedModel, optimizer: torch.optim.AdamW, progress: Progress) -> None:
    """Write the state to resume from, without what does not learn; a crash leaves the older one intact."""
    frozen = {name for name, value in model.named_parameters() if not value.requires_grad}
    tensors: dict[str, Tensor] = {
        f"model.{name}": value for name, value in model.state_dict().items() if name not in frozen
    }
    for index, state in optimizer.state_dict()["state"].items():
        for name, value in state.items():
            tensors[f"optimizer.{index}.{name}"] = torch.as_tensor(value).float()
    partial = folder / "state.partial"
    whole = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    try:
        save_file(whole, partial, metadata={"progress": json.dumps(asdict(progress))})
        partial.replace(folder / STATE)
    finally:
        partial.unlink(missing_ok=True)


def load_state(folder: Path, model: TrainedModel, optimizer: torch.optim.AdamW) -> Progress:
    """Put a saved state back; an untouched run where there is none."""
    path = folder / STATE
    if not path.exists():
        return Progress()
    tensors = load_file(path)
    # What does not learn is not in the state: it is as the checkpoint that the run began from has it.
    frozen = {name: value for name, value in model.named_parameters() if not value.requires_grad}
    learned = {name.removeprefix("model."): value for name, value in tensors.items() if name.startswith("model.")}
    model.load_state_dict({**frozen, **learned})
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            _, index, key = name.split(".", 2)
            state.setdefault(int(index), {})[key] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    with safe_open(path, framework="pt") as file:
        return Progress(**json.loads(file.metadata()["progress"]))


def release(
    folder: Path, model: TrainedModel, tokenizer: Any, picture_format: PictureFormat, start: Checkpoint | None
) -> None:
    """Write a checkpoint for use: fp16 safetensors, tokenizer and picture format; replaces `folder` whole."""
    partial, former = (folder.with_name(f"{folder.name}.{ending}") for ending in ("partial", "former"))
    shutil.rmtree(partial, ignore_errors=True)
    try:
        write_checkpoint(partial, model, released_weights(model, start))
        tokenizer.save_pretrained(partial)
        picture_format.write(partial)
        shutil.rmtree(former, ignore_errors=True)
        if folder.exists():
            folder.rename(former)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    shutil.rmtree(former, ignore_errors=True)


def released_weights(model: TrainedModel, start: Checkpoint | None) -> dict[str, Tensor]:
    """The model's weights in fp16; a frozen tower's come from the file it was read from, which may be more exact."""
    weights = {name: value.detach().cpu().half().contiguous() for name, value in model.blip2.state_dict().items()}
    if not model.is_vision_frozen or start is None:
        return weights
    for path in sorted(start.folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            stored = file.keys()
            weights |= {
                name: file.get_tensor(name).half()
                for name in stored
                if name.startswith("vision_model.") and name in weights
            }
    return weights


def write_checkpoint(folder: Path, model: TrainedModel, weights: Mapping[str, Tensor]) -> None:
    """Write config.json, with the temperature of the contrast added, and model.safetensors."""
    model.blip2.save_pretrained(folder, state_dict=weights, safe_serialization=True)
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["dtype"] = "float16"
    config["logit_scale"] = float(model.logit_scale.detach())
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
