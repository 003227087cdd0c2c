"""The heads that only training has, kept beside a run's released checkpoint so that another run can go on with them."""

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from env.errors import EmbedderError
from training.data import FacetTable
from training.model import TrainedModel

log = logging.getLogger(__name__)

HEADS = "heads.safetensors"


def save_heads(folder: Path, model: TrainedModel, table: FacetTable) -> None:
    """Write the attribute heads, with the names of their values, and the text writer; nothing where there are none."""
    tensors = {
        name: value.detach().cpu().contiguous()
        for name, value in model.state_dict().items()
        if name.startswith(("heads.", "writer."))
    }
    if not tensors:
        return
    names = {facet: list(table.values[facet][1:]) for facet in model.heads}
    partial = folder / (HEADS + ".partial")
    save_file(tensors, partial, metadata={"values": json.dumps(names)})
    partial.replace(folder / HEADS)


def take_heads(path: Path, model: TrainedModel, table: FacetTable) -> None:
    """Start with another run's heads, if it left any: each value's row by its name, the writer whole.

    Raises:
        EmbedderError: the file is there and cannot be read.
    """
    if not path.exists():
        return
    try:
        with safe_open(path, framework="pt") as file:
            names = json.loads(file.metadata()["values"])
        tensors = load_file(path)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise EmbedderError(f"cannot read the heads {str(path)!r} ({error}); remove the file to do without") from error
    n_known = sum(take_head(model, facet, table.values[facet][1:], names, tensors) for facet in model.heads)
    take_writer(model, tensors)
    log.info("%d values of the attribute heads are known from %s", n_known, path)


def take_head(
    model: TrainedModel,
    facet: str,
    values: Sequence[str],
    names: Mapping[str, Sequence[str]],
    tensors: Mapping[str, Tensor],
) -> int:
    """Copy the rows of the values that both runs know; their number."""
    places = {value: at for at, value in enumerate(names.get(facet, ()))}
    pairs = [(at, places[value]) for at, value in enumerate(values) if value in places]
    if not pairs:
        return 0
    ours, theirs = (list(rows) for rows in zip(*pairs, strict=True))
    with torch.no_grad():
        for name, parameter in model.heads[facet].named_parameters():
            stored = tensors[f"heads.{facet}.{name}"]
            if stored.shape[1:] != parameter.shape[1:]:
                return 0
            parameter[ours] = stored[theirs].to(parameter)
    return len(pairs)


def take_writer(model: TrainedModel, tensors: Mapping[str, Tensor]) -> None:
    """Copy the text writer where both have one of the same shape."""
    if model.writer is None:
        return
    stored = {name.removeprefix("writer."): value for name, value in tensors.items() if name.startswith("writer.")}
    own = model.writer.state_dict()
    if {name: value.shape for name, value in stored.items()} == {name: value.shape for name, value in own.items()}:
        model.writer.load_state_dict(stored)
