"""A checkpoint saved anew in bf16: half the disk, half the reading at every start, the same embedding space."""

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

from env.errors import EmbedderError
from tools.blip2_files import ROUNDED_FROM, Checkpoint
from tools.blip2_pictures import FILE_NAME
from tools.blip2_shape import Blip2Shape, shards
from tools.blip2_weights import INDEX, Weights

SHARD_WEIGHTS = 250_000_000
KEPT_FILES = (FILE_NAME, "tokenizer.json", "tokenizer_config.json")


def save_bf16(checkpoint: Checkpoint, folder: Path) -> None:
    """Write a checkpoint into a new folder, its weights in bf16 and in shards; one shard is in memory at a time.

    The folder remembers which weights it was rounded from: vectors made with either may be compared.

    Raises:
        EmbedderError: the checkpoint cannot be used, or `folder` holds something or cannot be written.
    """
    shape = Blip2Shape.read(checkpoint.name, checkpoint.config)
    weights = Weights.open(checkpoint, shape)
    identity = {"format": "pt", ROUNDED_FROM: checkpoint.weights_identity()}
    files: dict[str, str] = {}
    try:
        if folder.exists() and any(folder.iterdir()):
            raise EmbedderError(f"{str(folder)!r} is not empty; name a new folder")
        folder.mkdir(parents=True, exist_ok=True)
        for at, names in enumerate(shards(shape.sizes(), SHARD_WEIGHTS), start=1):
            file = f"model-{at:05d}.safetensors"
            rounded = {name: weights.read(name).to(torch.bfloat16, copy=True) for name in names}
            save_file(rounded, folder / file, metadata=identity)
            files |= dict.fromkeys(names, file)
        (folder / INDEX).write_text(json.dumps({"metadata": {}, "weight_map": files}), encoding="utf-8")
        for name in KEPT_FILES:
            if (checkpoint.folder / name).exists():
                shutil.copyfile(checkpoint.folder / name, folder / name)
        # Last, so that a folder left half written is no checkpoint.
        shutil.copyfile(checkpoint.folder / "config.json", folder / "config.json")
    except OSError as error:
        raise EmbedderError(
            f"cannot write a checkpoint to {str(folder)!r}: {error.strerror}; free the disk or name another folder"
        ) from error
