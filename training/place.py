"""Where a run computes: a device, and the precision of its matrix products."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal

import torch

from env.errors import EmbedderError
from tools.blip2 import Device, choose_device, choose_dtype

Precision = Literal["auto", "bf16", "fp32"]


@dataclass(frozen=True, slots=True)
class Place:
    """A torch device. Weights and their sums stay fp32; products are bf16 where that is faster."""

    device: str = "cpu"
    is_bf16: bool = True

    @property
    def frozen_dtype(self) -> torch.dtype:
        """What a tower is kept in that does not learn."""
        return torch.bfloat16 if self.is_bf16 else torch.float32

    def autocast(self) -> AbstractContextManager[Any]:
        """Compute in the chosen precision."""
        return torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.is_bf16)


def choose_place(device: Device, precision: Precision) -> Place:
    """The device asked for, or the best there is; `auto` is bf16 where the device multiplies it natively.

    Raises:
        EmbedderError: the device is not there.
    """
    try:
        name = choose_device(device)
    except EmbedderError as error:
        raise EmbedderError(f"--device {device!r} is not available here; choose another, or auto") from error
    return Place(name, choose_dtype(precision, name) == "bf16")
