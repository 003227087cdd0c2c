"""Weights read from safetensors one by one, so that loading never holds more than the model itself."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from torch import Tensor

from env.errors import EmbedderError
from tools.blip2_files import Checkpoint
from tools.blip2_shape import Blip2Shape

INDEX = "model.safetensors.index.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a checkpoint, in one file or in shards, in whichever precision they are stored."""

    name: str
    files: Mapping[str, Path]  # of each weight

    @classmethod
    def open(cls, checkpoint: Checkpoint, shape: Blip2Shape) -> "Weights":
        """Look into the files of a checkpoint without reading a weight.

        Raises:
            EmbedderError: they are damaged, or a weight is missing or of another size.
        """
        files, seen = dict[str, Path](), dict[str, tuple[int, ...]]()
        try:
            for path in weight_files(checkpoint.folder):
                with safe_open(path, framework="pt") as opened:
                    for key in opened.keys():  # noqa: SIM118 - no mapping
                        files[key], seen[key] = path, tuple(opened.get_slice(key).get_shape())
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise refused(checkpoint.name, f"({error})") from error
        wanted = shape.sizes()
        missing = sorted(set(wanted) - set(files))
        if missing:
            raise EmbedderError(
                f"EMBEDDER={checkpoint.name!r} lacks {len(missing)} weights of a BLIP-2 retrieval model, "
                f"{missing[0]!r} among them; choose a checkpoint made for image-text retrieval"
            )
        for key, size in wanted.items():
            if seen[key] != size:
                raise refused(checkpoint.name, f"({key!r} is {seen[key]}, config.json says {size})")
        return cls(checkpoint.name, {key: files[key] for key in wanted})

    def read(self, key: str) -> Tensor:
        """One weight as stored, memory-mapped: what it takes is given back when the tensor is dropped.

        Raises:
            EmbedderError: the file has gone or was changed.
        """
        try:
            with safe_open(self.files[key], framework="pt") as opened:
                tensor: Tensor = opened.get_tensor(key)
                return tensor
        except (OSError, SafetensorError) as error:
            raise refused(self.name, f"({error})") from error

    def __iter__(self) -> Iterator[str]:
        """The names, in the order of the model."""
        return iter(self.files)


def weight_files(folder: Path) -> list[Path]:
    """The files that hold a checkpoint's weights: those its index names, or all.

    Raises:
        OSError: the index cannot be read.
        ValueError: the index is no JSON object, or names a file outside of the folder.
        KeyError: the index does not say where weights are.
    """
    index = folder / INDEX
    if not index.exists():
        return sorted(folder.glob("*.safetensors"))
    names = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
    if any(name != Path(name).name or not name.endswith(".safetensors") for name in names):
        raise ValueError(f"{INDEX} names files that are no *.safetensors of its folder")
    return [folder / name for name in names]


def refused(name: str, reason: str) -> EmbedderError:
    """The error for weights that cannot be used."""
    return EmbedderError(
        f"EMBEDDER={name!r} cannot be loaded as a BLIP-2 retrieval model {reason}; "
        "fetch the checkpoint again or choose another"
    )
