"""BLIP-2's retrieval model as an embedder: one code path for every checkpoint, from mini to full size."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from typing import Any, Generic, Literal, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from tokenizers import Tokenizer
from torch import Tensor

from env.errors import EmbedderError
from tools.blip2_files import Checkpoint
from tools.blip2_layers import Layers
from tools.blip2_pictures import FILE_NAME, PictureFormat
from tools.blip2_shape import Blip2Shape
from tools.blip2_towers import MatchingHead, QueryHalf, TextHalf, VisionTower
from tools.blip2_weights import Weights
from tools.embedder import ImageEmbeddings

Device = Literal["auto", "cpu", "cuda", "mps"]
Dtype = Literal["auto", "fp32", "bf16", "int8"]
Made = TypeVar("Made")

BATCH = 32  # pictures in one pass of the vision tower, at most
# On a processor a pass of more places than this only takes more memory: the full model's has 257 a picture.
CPU_PLACES = 2048
SHORT_TEXT = 8  # tokens of a usual query
POOLING = "l2(mean(query tokens))"
# Processors that multiply bf16 natively do so three times as fast as fp32; the others only emulate it.
BF16_CAPABILITIES = ("avx512_bf16", "amx_bf16", "bf16")


class Lazy(Generic[Made]):
    """Something that is made when it is first asked for, once, whichever thread comes first."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make, self._lock, self._made = make, threading.Lock(), list[Made]()

    def __call__(self) -> Made:
        """The thing itself."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


class Blip2Embedder:
    """An Embedder over a BLIP-2 retrieval checkpoint, each tower of which is read when it is first used.

    Who only asks with words never holds the vision tower; who only embeds pictures never holds the words.
    """

    def __init__(self, checkpoint: Checkpoint, device: Device = "auto", dtype: Dtype = "auto") -> None:
        """Open a checkpoint for inference; no weight is read yet.

        Raises:
            EmbedderError: its files do not form a BLIP-2 retrieval model, or device and dtype cannot be had.
        """
        self.form = PictureFormat.read(checkpoint.folder / FILE_NAME)
        self.device = choose_device(device)
        self.dtype = choose_dtype(dtype, self.device)
        self.shape = Blip2Shape.read(checkpoint.name, checkpoint.config)
        self.dim, self.n_query_tokens = self.shape.dim, self.shape.n_query_tokens
        self.fingerprint = fingerprint(checkpoint, self.form, self.dtype)
        self._weights = Weights.open(checkpoint, self.shape)
        self._tokenizer = open_tokenizer(checkpoint, self.shape.max_tokens)
        # The query half stays in floats: it is small, and rounding it costs the vectors their third digit.
        coarse, fine = partial(self._layers, is_int8=self.dtype == "int8"), self._layers
        self._text = Lazy(lambda: TextHalf(coarse(SHORT_TEXT), self.shape))
        self._vision = Lazy(lambda: VisionTower(coarse(self.shape.n_places), self.shape))
        self._queries = Lazy(lambda: QueryHalf(fine(self.n_query_tokens), self.shape))
        self._matching = Lazy(lambda: MatchingHead(fine(self.n_query_tokens + SHORT_TEXT), self.shape))

    def embed_query_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shoppers' words, (n, dim), unit length. Case does not matter; a text too long is cut."""
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        ids, mask = self._tokenise(texts)
        with torch.inference_mode():
            return to_numpy(self._text()(ids, None if len(texts) == 1 else mask))

    def embed_images(self, images: Sequence[Image.Image]) -> ImageEmbeddings:
        """Vectors of pictures of any size and mode."""
        parts = [np.zeros((0, self.n_query_tokens, self.dim), np.float32)]
        with torch.inference_mode():
            for pixels in self._batches(images):
                parts.append(to_numpy(self._queries()(self._vision()(pixels))))
        tokens = np.concatenate(parts)
        return ImageEmbeddings(pooled=pool(tokens), tokens=tokens)

    def score_itm(self, text: str, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """The probability that the text describes each picture, (n,), by the image-text matching head."""
        ids, _ = self._tokenise([text])
        parts = [np.zeros(0, np.float32)]
        with torch.inference_mode():
            for pixels in self._batches(images):
                parts.append(to_numpy(self._matching()(ids, self._vision()(pixels))))
        return np.concatenate(parts)

    def _layers(self, n_rows: int, is_int8: bool = False) -> Layers:
        is_bf16 = self.dtype == "bf16" or (self.dtype == "int8" and not is_int8 and has_bf16())
        return Layers(self._weights, self.device, torch.bfloat16 if is_bf16 else torch.float32, n_rows, is_int8)

    def _tokenise(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Token ids and their mask, (n, n_tokens) each, padded at the right: [CLS] stays the first."""
        found = [encoding.ids for encoding in self._tokenizer.encode_batch([text.lower() for text in texts])]
        ids = torch.zeros(len(found), max(map(len, found)), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, one in enumerate(found):
            ids[row, : len(one)], mask[row, : len(one)] = torch.tensor(one), 1
        return ids.to(self.device), mask.to(self.device)

    def _batches(self, images: Sequence[Image.Image]) -> Iterator[Tensor]:
        """The model's input, a pass at a time; the next ones are prepared while the model is at work."""
        n_pictures = BATCH if self.device != "cpu" else max(1, min(BATCH, CPU_PLACES // self.shape.n_places))
        passes = [images[at : at + n_pictures] for at in range(0, len(images), n_pictures)]
        with ThreadPoolExecutor(1, "pixels") as executor:
            for pixels in executor.map(self.form.pixels, passes):
                yield torch.from_numpy(pixels).to(self.device)


def pool(tokens: NDArray[np.float32]) -> NDArray[np.float32]:
    """The index vector of pictures: the mean of their query-token vectors (n, n_query_tokens, dim), of unit length."""
    mean = tokens.mean(axis=1)
    pooled: NDArray[np.float32] = mean / np.maximum(np.linalg.norm(mean, axis=-1, keepdims=True), 1e-12)
    return pooled


def fingerprint(checkpoint: Checkpoint, form: PictureFormat, dtype: Dtype) -> str:
    """Tells embedding spaces apart: the same for the same weights, configuration, pooling and pixels.

    fp32 and bf16 share one, their vectors agree to about three digits; int8 has its own.
    """
    towers = {
        key: checkpoint.config.get(key)
        for key in ("vision_config", "qformer_config", "num_query_tokens", "image_text_hidden_size")
    }
    precision = "int8" if dtype == "int8" else "float"
    parts = (repr(sorted(towers.items())), checkpoint.weights_identity(), POOLING, form.identity(), precision)
    return "blip2-" + sha256("\n".join(parts).encode()).hexdigest()[:16]


def choose_device(device: Device) -> str:
    """The device to use: as asked, or the best there is."""
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, is_there in present.items() if is_there)
    if not present[device]:
        there = ", ".join(name for name, is_there in present.items() if is_there)
        raise EmbedderError(f"EMBEDDER_DEVICE={device!r} is not available here; available: {there}")
    return device


def choose_dtype(dtype: Dtype, device: str) -> Dtype:
    """The precision to use: as asked, or bf16 where the device multiplies it natively, else fp32."""
    if dtype == "int8" and device != "cpu":
        raise EmbedderError(f"EMBEDDER_DTYPE='int8' works on the cpu only, not on {device!r}; choose bf16 or auto")
    if dtype != "auto":
        return dtype
    if device == "cpu":
        return "bf16" if has_bf16() else "fp32"
    return "bf16" if device == "cuda" else "fp32"


def has_bf16() -> bool:
    """Say whether the processor multiplies bf16 natively."""
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name) for name in BF16_CAPABILITIES)


def open_tokenizer(checkpoint: Checkpoint, max_tokens: int) -> Tokenizer:
    """The checkpoint's tokenizer, which cuts at `max_tokens` and pads nothing; safe to share by threads.

    Raises:
        EmbedderError: tokenizer.json is missing or damaged.
    """
    path = checkpoint.folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_buffer(path.read_bytes())
    except (OSError, ValueError) as error:
        raise no_tokenizer(checkpoint, error) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def no_tokenizer(checkpoint: Checkpoint, error: Exception) -> EmbedderError:
    """The error for a checkpoint without a tokenizer."""
    return EmbedderError(f"EMBEDDER={checkpoint.name!r} has no usable tokenizer ({error}); it needs tokenizer.json")


def read_model(checkpoint: Checkpoint, dtype: torch.dtype) -> Any:
    """The joint model with every weight from the checkpoint; a missing one would stay random, so it is refused."""
    from safetensors import SafetensorError
    from transformers import Blip2ForImageTextRetrieval
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        loaded: Any = Blip2ForImageTextRetrieval.from_pretrained(
            checkpoint.folder, dtype=dtype, use_safetensors=True, local_files_only=True, output_loading_info=True
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise EmbedderError(
            f"EMBEDDER={checkpoint.name!r} cannot be loaded as a BLIP-2 retrieval model ({error}); "
            "fetch the checkpoint again or choose another"
        ) from error
    model, found = loaded
    missing = sorted(found["missing_keys"])
    if missing:
        raise EmbedderError(
            f"EMBEDDER={checkpoint.name!r} lacks {len(missing)} weights of a BLIP-2 retrieval model, "
            f"{missing[0]!r} among them; choose a checkpoint made for image-text retrieval"
        )
    return model.eval()


def read_tokenizer(checkpoint: Checkpoint) -> Any:
    """The checkpoint's tokenizer; it pads at the right, or [CLS] would not be the first token of a short text."""
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(checkpoint.folder, local_files_only=True, padding_side="right")
    except (OSError, ValueError) as error:
        raise no_tokenizer(checkpoint, error) from error


def to_numpy(tensor: Tensor) -> NDArray[np.float32]:
    """The tensor on the host as float32."""
    array: NDArray[np.float32] = tensor.detach().to("cpu", torch.float32).numpy()
    return array
