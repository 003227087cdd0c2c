"""LLaVA of the real classes, tiny and random: what is checked is the path of words and pictures, not the answers."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import (
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PreTrainedTokenizerFast,
)
from transformers.models.llava.image_processing_pil_llava import LlavaImageProcessorPil

from agents.chat_models import open_chat_model
from agents.chat_models.llava import Llava
from agents.chat_models.message import ChatMessage
from env.errors import ChatModelError
from env.settings import Settings

WORDS = ["<pad>", "<s>", "</s>", "<unk>", "<image>", *(f"w{n}" for n in range(59))]
PICTURE_PX, PATCH_PX = 16, 8
TEMPLATE = (
    "{% for m in messages %}{{ m.role }} : {% for part in m.content %}"
    "{% if part.type == 'image' %}<image> {% else %}{{ part.text }} {% endif %}{% endfor %}{% endfor %}"
)
QUESTION = ChatMessage("user", ("w1 w2", Image.new("RGB", (600, 800), "red"), "w3"))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny-llava")
    torch.manual_seed(0)
    vision = CLIPVisionConfig(
        hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=PICTURE_PX,
        patch_size=PATCH_PX, projection_dim=16,
    )  # fmt: skip
    text = LlamaConfig(
        vocab_size=len(WORDS), hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=4096, bos_token_id=1, eos_token_id=2, pad_token_id=0,
    )  # fmt: skip
    model = LlavaForConditionalGeneration(
        LlavaConfig(vision_config=vision, text_config=text, image_token_index=4, image_seq_length=4)
    )
    # An end mark would make the length of the random reply a matter of luck.
    model.generation_config.eos_token_id = None
    model.save_pretrained(folder)
    words = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="<unk>"))
    words.pre_tokenizer = Whitespace()
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=words, pad_token="<pad>", bos_token="<s>", eos_token="</s>", unk_token="<unk>",
        additional_special_tokens=["<image>"],
    )  # fmt: skip
    pictures = LlavaImageProcessorPil(
        size={"shortest_edge": PICTURE_PX}, crop_size={"height": PICTURE_PX, "width": PICTURE_PX}
    )
    LlavaProcessor(  # type: ignore[no-untyped-call]
        pictures, tokenizer, patch_size=PATCH_PX, vision_feature_select_strategy="default",
        num_additional_image_tokens=1, chat_template=TEMPLATE,
    ).save_pretrained(folder)  # fmt: skip
    return folder


@pytest.fixture
def open_tiny(checkpoint: Path) -> Callable[..., Llava]:
    def open_it(**changes: object) -> Llava:
        values = {"llava_model": str(checkpoint), "chat_max_output_tokens": 16, "chat_temperature": 0.0} | changes
        model = open_chat_model("llava", Settings.model_validate(values))
        assert isinstance(model, Llava)
        return model

    return open_it


def test_a_reply_streams_in_pieces_and_ends_at_the_token_limit(open_tiny: Callable[..., Llava]) -> None:
    pieces = list(open_tiny().stream([QUESTION]))
    assert len(pieces) > 1
    assert 1 <= len("".join(pieces).split()) <= 16
    assert set("".join(pieces).split()) <= set(WORDS)


def test_the_picture_enters_the_prompt(open_tiny: Callable[..., Llava]) -> None:
    model = open_tiny()
    inputs = model._inputs([QUESTION])
    n_patches = (PICTURE_PX // PATCH_PX) ** 2
    assert inputs["pixel_values"].shape == (1, 3, PICTURE_PX, PICTURE_PX)
    assert int((inputs["input_ids"] == 4).sum()) == n_patches
    blue = ChatMessage("user", ("w1 w2", Image.new("RGB", (600, 800), "blue"), "w3"))
    with torch.inference_mode():
        seen = [model._model(**model._inputs([question])).logits[0, -1] for question in (QUESTION, blue)]
    assert not torch.equal(seen[0], seen[1])


def test_leaving_the_reply_stops_the_model(open_tiny: Callable[..., Llava]) -> None:
    model = open_tiny(chat_max_output_tokens=2_000, chat_timeout_s=60)
    reply = model.stream([QUESTION])
    next(reply)
    reply.close()  # type: ignore[attr-defined]
    # The turn is free again long before 2,000 tokens could have been written.
    assert model._turn.acquire(timeout=0)
    model._turn.release()
    assert next(model.stream([QUESTION]))


def test_a_reply_that_takes_too_long_is_given_up(open_tiny: Callable[..., Llava]) -> None:
    model = open_tiny(chat_max_output_tokens=2_000, chat_timeout_s=0.05)
    with pytest.raises(ChatModelError, match=r"^LLaVA: did not answer in 0\.05 s$"):
        list(model.stream([QUESTION]))


def test_a_failing_model_ends_the_reply_with_a_typed_error(open_tiny: Callable[..., Llava]) -> None:
    model = open_tiny()
    two_sizes = ChatMessage("user", ("<image> w1",))
    with pytest.raises(ChatModelError, match=r"^LLaVA: failed with "):
        list(model.stream([two_sizes]))
    assert list(model.stream([QUESTION]))


def test_as_many_pictures_are_taken_as_the_context_holds(open_tiny: Callable[..., Llava]) -> None:
    model = open_tiny()
    assert model.max_pictures == 8
    model._model.config.vision_config.image_size, model._model.config.vision_config.patch_size = 336, 14
    assert Llava(model._model, model._processor, model._limits, "x").max_pictures == 4


@pytest.mark.parametrize("missing", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_folder_that_is_no_checkpoint_says_what_is_expected(checkpoint: Path, tmp_path: Path, missing: str) -> None:
    for file in checkpoint.iterdir():
        if file.name != missing:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(ChatModelError, match=r"cannot load .*; LLAVA_MODEL takes a folder or hub id"):
        open_chat_model("llava", Settings(llava_model=str(tmp_path)))


def test_a_checkpoint_without_all_its_weights_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    for file in checkpoint.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = load_file(checkpoint / "model.safetensors")
    save_file(dict(list(weights.items())[:-1]), tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(ChatModelError, match="cannot load"):
        open_chat_model("llava", Settings(llava_model=str(tmp_path)))


def test_a_checkpoint_of_another_kind_is_refused(tmp_path: Path) -> None:
    LlamaConfig().save_pretrained(tmp_path)
    with pytest.raises(ChatModelError, match="cannot load"):
        open_chat_model("llava", Settings(llava_model=str(tmp_path)))
