"""LLaVA of the real classes, tiny and random: what is checked is the path of words and pictures, not the answers."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import LlamaConfig

from agents.chat_models import open_chat_model
from agents.chat_models.llava import Llava
from agents.chat_models.message import ChatMessage
from env.errors import ChatModelError
from env.settings import Settings
from tests.tiny_llava import IMAGE_TOKEN, PATCH_PX, PICTURE_PX, WORDS, save_tiny_llava

QUESTION = ChatMessage("user", ("w1 w2", Image.new("RGB", (600, 800), "red"), "w3"))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny-llava")
    save_tiny_llava(folder)
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
    assert int((inputs["input_ids"] == IMAGE_TOKEN).sum()) == n_patches
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


def test_a_second_question_waits_for_its_turn_and_says_so_when_it_waits_too_long(
    open_tiny: Callable[..., Llava],
) -> None:
    model = open_tiny(chat_max_output_tokens=3_000, chat_timeout_s=60)
    first = model.stream([QUESTION])
    next(first)
    impatient = Llava(model._model, model._processor, replace(model._limits, timeout_s=0.05), "x")
    impatient._turn = model._turn
    with pytest.raises(ChatModelError, match=r"^LLaVA: was busy with another reply for 0\.05 s$"):
        next(impatient.stream([QUESTION]))
    first.close()  # type: ignore[attr-defined]
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


def test_a_reply_without_a_word_is_an_error(open_tiny: Callable[..., Llava]) -> None:
    model = open_tiny()
    model._model.generation_config.suppress_tokens = list(range(1, len(WORDS)))
    with pytest.raises(ChatModelError, match=r"^LLaVA: gave an empty answer$"):
        list(model.stream([QUESTION]))


def test_as_many_pictures_are_taken_as_the_context_holds(open_tiny: Callable[..., Llava]) -> None:
    model = open_tiny()
    assert model.max_pictures == 8
    model._model.config.vision_config.image_size, model._model.config.vision_config.patch_size = 336, 14
    assert Llava(model._model, model._processor, model._limits, "x").max_pictures == 3


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
