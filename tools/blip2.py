"""BLIP-2's retrieval model as an embedder: one code path for every checkpoint, from mini to full size."""

import threading
import warnings
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from env.errors import EmbedderError
from tools.blip2_files import Checkpoint
from tools.blip2_pictures import FILE_NAME, PictureFormat
from tools.embedder import ImageEmbeddings

Device = Literal["auto", "cpu", "cuda", "mps"]
Dtype = Literal["auto", "fp32", "bf16", "int8"]

BATCH = 32  # pictures in one pass of the vision tower
POOLING = "l2(mean(query tokens))"
# Processors that multiply bf16 natively do so three times as fast as fp32; the others only emulate it.
BF16_CAPABILITIES = ("avx512_bf16", "amx_bf16", "bf16")


class Blip2Embedder:
    """An Embedder over `Blip2ForImageTextRetrieval` and its text and vision halves, which share its weights.

    Texts go through Blip2TextModelWithProjection only: the joint model silently drops the first tokens of a text
    in checkpoints that define an image token.
    """

    def __init__(self, checkpoint: Checkpoint, joint: Any, tokenizer: Any, form: PictureFormat, dtype: Dtype) -> None:
        """Take a loaded joint model; `load` is the usual way to get one of these."""
        from transformers import Blip2TextModelWithProjection, Blip2VisionModelWithProjection

        self.dim: int = joint.config.image_text_hidden_size
        self.n_query_tokens: int = joint.config.num_query_tokens
        self.fingerprint = fingerprint(checkpoint, form, dtype)
        self.joint, self.form = joint, form
        self.vision = share(joint, Blip2VisionModelWithProjection)
        self.text = share(joint, Blip2TextModelWithProjection)
        self._tokenizer = tokenizer
        self._max_tokens: int = joint.config.qformer_config.max_position_embeddings
        # A fast tokenizer keeps padding and truncation as state: two threads at once would trip over it.
        self._tokenizer_lock = threading.Lock()

    @classmethod
    def load(cls, checkpoint: Checkpoint, device: Device = "auto", dtype: Dtype = "auto") -> "Blip2Embedder":
        """Load a checkpoint for inference.

        Raises:
            EmbedderError: its files do not form a BLIP-2 retrieval model, or device and dtype cannot be had.
        """
        form = PictureFormat.read(checkpoint.folder / FILE_NAME)
        place = choose_device(device)
        kind = choose_dtype(dtype, place)
        joint = read_model(checkpoint, torch.bfloat16 if kind == "bf16" else torch.float32).to(place)
        if kind == "int8":
            joint = quantize(joint)
        return cls(checkpoint, joint, read_tokenizer(checkpoint), form, kind)

    def embed_query_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shoppers' words, (n, dim), unit length. Case does not matter; a text too long is cut."""
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        ids, mask = self._tokenise(texts)
        with torch.inference_mode():
            vectors = self.text(input_ids=ids, attention_mask=mask).text_embeds[:, 0]  # (n, dim): [CLS] of each
            return to_numpy(functional.normalize(vectors.float(), dim=-1))

    def embed_images(self, images: Sequence[Image.Image]) -> ImageEmbeddings:
        """Vectors of pictures of any size and mode."""
        parts = [np.zeros((0, self.n_query_tokens, self.dim), np.float32)]
        with torch.inference_mode():
            for pixels in self._batches(images):
                tokens = self.vision(pixel_values=pixels).image_embeds.float()
                parts.append(to_numpy(functional.normalize(tokens, dim=-1)))
        tokens = np.concatenate(parts)
        return ImageEmbeddings(pooled=pool(tokens), tokens=tokens)

    def score_itm(self, text: str, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """The probability that the text describes each picture, (n,), by the image-text matching head."""
        ids, mask = self._tokenise([text])
        if self.joint.config.image_token_index is not None:
            # Such a checkpoint expects a text to be led by one place per query token, and drops those places.
            lead = ids.new_full((1, self.n_query_tokens), self.joint.config.image_token_index)
            ids, mask = torch.cat([lead, ids], dim=1), torch.cat([torch.ones_like(lead), mask], dim=1)
        parts = [np.zeros(0, np.float32)]
        with torch.inference_mode():
            for pixels in self._batches(images):
                logits = self.joint(
                    pixel_values=pixels,
                    input_ids=ids.expand(len(pixels), -1),
                    attention_mask=mask.expand(len(pixels), -1),
                    use_image_text_matching_head=True,
                ).logits_per_image
                parts.append(to_numpy(logits.float().softmax(dim=1)[:, 1]))
        return np.concatenate(parts)

    def _tokenise(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        with self._tokenizer_lock:
            out = self._tokenizer(
                [text.lower() for text in texts],
                padding=True,
                truncation=True,
                max_length=self._max_tokens,
                return_tensors="pt",
            )
        return out["input_ids"].to(self.joint.device), out["attention_mask"].to(self.joint.device)

    def _batches(self, images: Sequence[Image.Image]) -> Iterator[Tensor]:
        for at in range(0, len(images), BATCH):
            yield torch.from_numpy(self.form.pixels(images[at : at + BATCH])).to(self.joint.device)


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
        capabilities = torch.cpu.get_capabilities()
        return "bf16" if any(capabilities.get(name) for name in BF16_CAPABILITIES) else "fp32"
    return "bf16" if device == "cuda" else "fp32"


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
        raise EmbedderError(
            f"EMBEDDER={checkpoint.name!r} has no usable tokenizer ({error}); it needs tokenizer.json"
        ) from error


def quantize(model: Any) -> Any:
    """The model with the linear layers of its towers in dynamic int8; the small projections stay as they are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for tower in ("vision_model", "qformer"):
            quantize_dynamic: Any = torch.ao.quantization.quantize_dynamic
            setattr(model, tower, quantize_dynamic(getattr(model, tower), {nn.Linear}, dtype=torch.qint8))
    return model


def share(joint: Any, half: type[Any]) -> Any:
    """One half of the joint model as its own class, over the very same weights."""
    with torch.device("meta"):
        model = half(joint.config)
    for name, _ in model.named_children():
        setattr(model, name, getattr(joint, name))
    model.query_tokens = joint.query_tokens
    return model.eval()


def to_numpy(tensor: Tensor) -> NDArray[np.float32]:
    """The tensor on the host as float32."""
    array: NDArray[np.float32] = tensor.detach().to("cpu", torch.float32).numpy()
    return array
