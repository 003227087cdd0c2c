"""LLaVA in this process, through transformers: any checkpoint folder or hub id of the class, safetensors only."""

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from PIL import Image

from agents.chat_models.langchain import Limits
from agents.chat_models.message import ChatMessage, at_card_size
from env.errors import ChatModelError
from env.settings import Settings

if TYPE_CHECKING:
    import torch
    from transformers import TextIteratorStreamer

SERVICE = "LLaVA"
# Room for words in the context; what is left is for pictures.
TEXT_TOKENS = 1_800
MAX_PICTURES = 8
# How long a thread that was told to stop may take for the step it is in.
STOP_S = 5.0


def open_llava(settings: Settings, limits: Limits) -> "Llava":
    """Load a checkpoint onto the best device here.

    Raises:
        ChatModelError: no such folder or hub id, not a LLaVA checkpoint, no safetensors in it, or weights missing.
    """
    name = settings.llava_model
    try:
        model, processor = _load(name)
    except (OSError, ValueError, KeyError) as error:
        raise ChatModelError(
            SERVICE,
            f"cannot load {name!r} ({type(error).__name__})",
            "LLAVA_MODEL takes a folder or hub id of a LLaVA checkpoint in safetensors, and a hub id needs the network",
        ) from error
    if not processor.chat_template:
        raise ChatModelError(
            SERVICE, f"has no chat template in {name!r}", "add a chat_template.jinja to the checkpoint"
        )
    return Llava(model, processor, limits, name)


def _load(name: str) -> tuple[Any, Any]:
    """Model and processor; ValueError for what transformers would quietly fill up with random weights."""
    import torch
    from transformers import AutoConfig, AutoProcessor, LlavaForConditionalGeneration

    config = AutoConfig.from_pretrained(name)
    if config.model_type != "llava":
        raise ValueError(f"a checkpoint of type {config.model_type!r}")
    device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    # Untyped: the return type of from_pretrained does not know output_loading_info.
    llava_class: Any = LlavaForConditionalGeneration
    processor_class: Any = AutoProcessor
    model, loaded = llava_class.from_pretrained(
        name,
        config=config,
        dtype=torch.float16 if device == "mps" else torch.bfloat16,
        use_safetensors=True,
        output_loading_info=True,
    )
    if loaded["missing_keys"]:
        raise ValueError(f"weights missing: {sorted(loaded['missing_keys'])[:3]}")
    return model.to(device).eval(), processor_class.from_pretrained(name, backend="pil")


class Llava:
    """One loaded checkpoint; it writes one reply at a time, the next question waits for its turn."""

    def __init__(self, model: Any, processor: Any, limits: Limits, name: str) -> None:
        self._model = model
        self._processor = processor
        self._limits = limits
        self._turn = threading.Lock()
        self.version = f"llava {name}"
        config = model.config
        per_picture = (config.vision_config.image_size // config.vision_config.patch_size) ** 2
        room = config.text_config.max_position_embeddings - TEXT_TOKENS - limits.max_output_tokens
        self.max_pictures = max(1, min(MAX_PICTURES, room // per_picture))

    def stream(self, messages: Sequence[ChatMessage]) -> Iterator[str]:
        """Yield the reply as it is written; leaving the iterator stops the model after its present step.

        Raises:
            ChatModelError: the time is up, another reply takes too long, the model failed or said nothing.
        """
        from transformers import TextIteratorStreamer

        deadline_s = time.monotonic() + self._limits.timeout_s
        if not self._turn.acquire(timeout=self._limits.timeout_s):
            raise ChatModelError(SERVICE, f"was busy with another reply for {self._limits.timeout_s:g} s")
        stop, failures = threading.Event(), list[Exception]()
        streamer = TextIteratorStreamer(self._processor.tokenizer, skip_prompt=True, skip_special_tokens=True)
        writer = threading.Thread(
            target=self._write, args=(messages, streamer, _Stop(stop, deadline_s), failures), name="llava", daemon=True
        )
        writer.start()
        try:
            has_text = False
            for piece in _before(deadline_s, streamer):
                has_text = True
                yield piece
            if failures:
                raise ChatModelError(SERVICE, f"failed with {type(failures[0]).__name__}") from failures[0]
            if not has_text:
                raise ChatModelError(SERVICE, "gave an empty answer")
        except queue.Empty:
            raise ChatModelError(SERVICE, f"did not answer in {self._limits.timeout_s:g} s") from None
        finally:
            stop.set()
            writer.join(STOP_S)

    def _write(self, messages: Sequence[ChatMessage], streamer: Any, stop: "_Stop", failures: list[Exception]) -> None:
        """Generate into the streamer; runs in a thread and holds the turn until it ends, however long a step takes."""
        import torch
        from transformers import StoppingCriteriaList

        try:
            with torch.inference_mode():
                self._model.generate(
                    **self._inputs(messages),
                    streamer=streamer,
                    stopping_criteria=StoppingCriteriaList([stop]),
                    max_new_tokens=self._limits.max_output_tokens,
                    do_sample=self._limits.temperature > 0,
                    temperature=self._limits.temperature or None,
                )
        except Exception as error:  # noqa: BLE001 - handed over to the reader, who raises it
            failures.append(error)
            streamer.end()
        finally:
            self._turn.release()

    def _inputs(self, messages: Sequence[ChatMessage]) -> dict[str, "torch.Tensor"]:
        """Token ids (1, n_tokens) with one placeholder per picture patch, and pixel values (n_pictures, 3, h, w)."""
        turns = [{"role": message.role, "content": [_content(part) for part in message.parts]} for message in messages]
        text = self._processor.apply_chat_template(turns, add_generation_prompt=True)
        pictures = [at_card_size(part) for m in messages for part in m.parts if isinstance(part, Image.Image)]
        inputs = self._processor(text=text, images=pictures or None, return_tensors="pt")
        moved: dict[str, torch.Tensor] = inputs.to(self._model.device, self._model.dtype)
        return moved


class _Stop:
    """Ends generation once the reader has left or the time is up; called after every token."""

    def __init__(self, stop: threading.Event, deadline_s: float) -> None:
        self._stop = stop
        self._deadline_s = deadline_s

    def __call__(self, input_ids: "torch.Tensor", scores: object, **_: object) -> "torch.Tensor":
        import torch

        is_done = self._stop.is_set() or time.monotonic() > self._deadline_s
        return torch.full((input_ids.shape[0],), is_done, device=input_ids.device, dtype=torch.bool)


def _before(deadline_s: float, streamer: "TextIteratorStreamer") -> Iterator[str]:
    """The pieces of the reply; queue.Empty once the deadline has passed, in the middle of a step too."""
    pieces = iter(streamer)
    while True:
        streamer.timeout = max(0.0, deadline_s - time.monotonic())
        piece = next(pieces, None)
        if piece is None:
            if time.monotonic() > deadline_s:
                raise queue.Empty  # the deadline ended the reply, not the model
            return
        if piece:
            yield piece


def _content(part: str | Image.Image) -> dict[str, str]:
    return {"type": "text", "text": part} if isinstance(part, str) else {"type": "image"}
