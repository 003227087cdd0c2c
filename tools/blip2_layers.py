"""The arithmetic of BLIP-2's towers: linear layers prepared once for the processor at hand, norms and attention."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from tools.blip2_weights import Weights

Step = Callable[[Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Layers:
    """Makes layers from weights, for one device and precision.

    `is_int8`: linear layers hold 8-bit weights, a scale for each output, and round what they are given to 8 bits
    within its range at that moment; they compute from float32 to float32. `n_rows`: how many rows they mostly get.
    """

    weights: Weights
    device: str
    dtype: torch.dtype
    n_rows: int
    is_int8: bool = False

    def tensor(self, name: str) -> Tensor:
        """One weight in the layers' precision, independent of the file."""
        return self.weights.read(name).to(self.device, self.dtype, copy=True)

    def linear(self, *names: str, has_gelu: bool = False) -> Step:
        """The linear layers of these names as one, their outputs side by side, with or without GELU behind."""
        weight = torch.cat([self.tensor(f"{name}.weight") for name in names])
        biases = [self.tensor(f"{name}.bias") for name in names if f"{name}.bias" in self.weights.files]
        bias = torch.cat(biases) if biases else None
        if self.is_int8:
            return int8_linear(weight, bias, has_gelu, self.n_rows)
        if self.device == "cpu" and can_pack(self.dtype):
            return packed_linear(weight, bias, has_gelu, self.n_rows)
        return plain_linear(weight, bias, has_gelu)

    def norm(self, name: str, eps: float) -> Step:
        """A layer norm."""
        weight, bias = self.tensor(f"{name}.weight"), self.tensor(f"{name}.bias")
        return lambda x: functional.layer_norm(x, weight.shape, weight, bias, eps)


def plain_linear(weight: Tensor, bias: Tensor | None, has_gelu: bool) -> Step:
    """A linear layer as torch does it by itself."""
    if has_gelu:
        return lambda x: functional.gelu(functional.linear(x, weight, bias))
    return lambda x: functional.linear(x, weight, bias)


def packed_linear(weight: Tensor, bias: Tensor | None, has_gelu: bool, n_rows: int) -> Step:
    """A linear layer whose weights lie as oneDNN wants them; by itself torch would lay them out anew at every call."""
    packed = torch.ops.mkldnn._reorder_linear_weight(weight, n_rows)
    after = "gelu" if has_gelu else "none"
    call = torch.ops.mkldnn._linear_pointwise.default
    return lambda x: call(x, packed, bias, after, [], "none")


def int8_linear(weight: Tensor, bias: Tensor | None, has_gelu: bool, n_rows: int) -> Step:
    """A linear layer in dynamic int8 with a scale for each output; takes and gives float32."""
    scales = weight.abs().amax(dim=1).clamp(min=1e-8).double() / 127
    zeros = torch.zeros(len(weight), dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch, once: it will drop these tensors some day; the version is pinned
        rounded = torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
    if has_gelu and has_vnni() and can_pack(torch.float32):
        return int8_linear_gelu(rounded, bias, n_rows)
    packed = torch.ops.quantized.linear_prepack(rounded, bias)
    call, is_narrow = torch.ops.quantized.linear_dynamic.default, not has_vnni()
    if has_gelu:
        return lambda x: functional.gelu(call(x, packed, is_narrow))
    return lambda x: call(x, packed, is_narrow)


def int8_linear_gelu(rounded: Tensor, bias: Tensor | None, n_rows: int) -> Step:
    """The same by oneDNN, which works the GELU into the product: a fourth less time for a wide layer."""
    packed = torch.ops.onednn.qlinear_prepack(rounded.int_repr(), [n_rows, rounded.shape[1]])
    scales, zeros = rounded.q_per_channel_scales().float(), rounded.q_per_channel_zero_points()
    call = torch.ops.onednn.qlinear_pointwise.default

    def step(x: Tensor) -> Tensor:
        given = torch.quantize_per_tensor_dynamic(x, torch.quint8, False)
        scale, zero = given.q_scale(), given.q_zero_point()
        made: Tensor = call(
            given.int_repr(), scale, zero, packed, scales, zeros, bias, 1.0, 0, torch.float32, "gelu", [], "none"
        )
        return made

    return step


def has_vnni() -> bool:
    """Say whether products of 8 bits are summed exactly here; else one bit less is used, or the sums overflow."""
    capabilities = torch.cpu.get_capabilities()
    return capabilities.get("architecture") != "x86_64" or bool(
        capabilities.get("avx512_vnni") or capabilities.get("avx_vnni")
    )


def can_pack(dtype: torch.dtype) -> bool:
    """Say whether oneDNN is there and computes in this precision."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    return dtype == torch.float32 or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def attend(n_heads: int, query: Tensor, key: Tensor, value: Tensor, *, mask: Tensor | None = None) -> Tensor:
    """Attention with `n_heads` heads: (n, places, width) each, the result like `query`.

    `mask` (n, 1, 1, places of key) is true where a key may be seen.
    """
    q, k, v = (x.view(*x.shape[:2], n_heads, -1).transpose(1, 2) for x in (query, key, value))
    return functional.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).flatten(2)
