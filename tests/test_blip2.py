"""BLIP-2 as an embedder: equal to the library's joint model, whatever the checkpoint, batch or thread."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from env.errors import EmbedderError
from env.settings import REPO_DIR, Settings
from tools.blip2 import Blip2Embedder
from tools.blip2_files import locate
from tools.blip2_pictures import PictureFormat
from tools.embedder import load_embedder
from training.model import Shape, build_blip2
from training.vocabulary import from_words

MINI = str(REPO_DIR / "models" / "blip2-mini")
WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    *"abcdefghijklmnopqrstuvwxyz",
    "red",
    "dress",
    "shoes",
    "for",
    "women",
]
TEXTS = ["red dress", "shoes for women", "a red dress for women and shoes"]
TINY = Shape(image_size=32, width=64, n_vision_layers=2, n_qformer_layers=2, n_query_tokens=4, max_text_tokens=16)


def write_tiny(folder: Path, image_token_index: int | None = None, dim: int = 256, seed: int = 0) -> Path:
    """A random checkpoint whose weights are large enough that pictures and texts differ."""
    blip2 = build_blip2(Shape(**{**shape_values(), "vocab_size": len(WORDS)}), seed)
    if dim != 256:
        blip2.config.image_text_hidden_size = dim
        blip2 = type(blip2)(blip2.config)
    with torch.no_grad():
        for parameter in blip2.parameters():
            if parameter.ndim >= 2:
                parameter.normal_(0, 0.2)
    blip2.config.image_token_index = image_token_index
    blip2.save_pretrained(folder)
    from_words(WORDS, TINY.max_text_tokens).save_pretrained(folder)
    PictureFormat(size=TINY.image_size).write(folder)
    return folder


def shape_values() -> dict[str, int]:
    return {name: getattr(TINY, name) for name in Shape.__slots__}


def pictures(n: int = 5) -> list[Image.Image]:
    """Pictures of several sizes, colours and shapes."""
    rng = np.random.default_rng(1)
    made = []
    for at in range(n):
        image = Image.new("RGB", (60 + 7 * at, 80), tuple(int(value) for value in rng.integers(0, 255, 3)))
        ImageDraw.Draw(image).ellipse(
            (10, 10, 30 + 5 * at, 60), fill=tuple(int(value) for value in rng.integers(0, 255, 3))
        )
        made.append(image)
    return made


def load(folder: Path | str, dtype: str = "fp32") -> Blip2Embedder:
    values = {"embedder": str(folder), "embedder_device": "cpu", "embedder_dtype": dtype}
    embedder = load_embedder(Settings.model_validate(values))
    assert isinstance(embedder, Blip2Embedder)
    return embedder


@pytest.fixture(scope="module", params=["tiny", "tiny with an image token", "bundled"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    if request.param == "bundled":
        yield Path(MINI)
    else:
        token = 4 if request.param == "tiny with an image token" else None
        yield write_tiny(tmp_path_factory.mktemp("tiny"), token)


@pytest.fixture(scope="module")
def embedder(folder: Path) -> Blip2Embedder:
    return load(folder)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("tiny"))


def joint_logits(folder: Path, texts: list[str], images: list[Image.Image], is_matching: bool) -> np.ndarray:
    """The library's own answer: its joint model, fed as its documentation says, one text at a time."""
    from transformers import AutoTokenizer, Blip2ForImageTextRetrieval

    model: Any = Blip2ForImageTextRetrieval.from_pretrained(folder, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    pixels = torch.from_numpy(PictureFormat.read(folder / "preprocessor_config.json").pixels(images))
    columns = []
    for text in texts:
        encoded = tokenizer([text] * len(images), return_tensors="pt")
        ids, mask = encoded["input_ids"], encoded["attention_mask"]
        if model.config.image_token_index is not None:
            lead = ids.new_full((len(ids), model.config.num_query_tokens), model.config.image_token_index)
            ids, mask = torch.cat([lead, ids], 1), torch.cat([torch.ones_like(lead), mask], 1)
        with torch.inference_mode():
            out = model(pixels, ids, mask, use_image_text_matching_head=is_matching).logits_per_image
        columns.append(out.softmax(1)[:, 1] if is_matching else out[:, 0])
    return torch.stack(columns).numpy()


def test_the_best_query_token_gives_the_joint_models_contrastive_score(folder: Path, embedder: Blip2Embedder) -> None:
    expected = joint_logits(folder, TEXTS, pictures(), is_matching=False)
    found = np.einsum("td,nqd->tnq", embedder.embed_query_text(TEXTS), embedder.embed_images(pictures()).tokens).max(-1)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert np.ptp(expected) > 0.01


def test_matching_probabilities_are_the_joint_models(folder: Path, embedder: Blip2Embedder) -> None:
    expected = joint_logits(folder, TEXTS, pictures(), is_matching=True)
    found = np.stack([embedder.score_itm(text, pictures()) for text in TEXTS])
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert np.ptp(expected) > 0.001


def test_vectors_are_of_unit_length_and_the_pooled_one_is_the_mean_of_the_tokens(embedder: Blip2Embedder) -> None:
    found = embedder.embed_images(pictures())
    assert found.pooled.shape == (5, 256)
    assert found.tokens.shape == (5, embedder.n_query_tokens, 256)
    assert found.pooled.dtype == found.tokens.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found.tokens, axis=-1), 1, atol=1e-5)
    mean = found.tokens.mean(axis=1)
    np.testing.assert_allclose(found.pooled, mean / np.linalg.norm(mean, axis=-1, keepdims=True), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(embedder.embed_query_text(TEXTS), axis=-1), 1, atol=1e-5)


def test_a_batch_gives_what_single_calls_give(embedder: Blip2Embedder) -> None:
    many = pictures(40)  # more than one pass of the vision tower
    batch = embedder.embed_images(many)
    for at in (0, 31, 32, 39):
        np.testing.assert_allclose(embedder.embed_images([many[at]]).tokens[0], batch.tokens[at], atol=1e-5)
    single = np.concatenate([embedder.embed_query_text([text]) for text in TEXTS])
    np.testing.assert_allclose(embedder.embed_query_text(TEXTS), single, atol=1e-5)


def test_nothing_in_gives_nothing_out(embedder: Blip2Embedder) -> None:
    assert embedder.embed_query_text([]).shape == (0, 256)
    assert embedder.embed_images([]).pooled.shape == (0, 256)
    assert embedder.embed_images([]).tokens.shape == (0, embedder.n_query_tokens, 256)
    assert embedder.score_itm("red dress", []).shape == (0,)


def test_case_does_not_matter_and_a_long_text_is_cut(embedder: Blip2Embedder) -> None:
    lower, upper = embedder.embed_query_text(["red dress", "RED Dress"])
    np.testing.assert_allclose(lower, upper, atol=1e-6)
    long, longer = embedder.embed_query_text(["red dress " * 600, "red dress " * 900])
    np.testing.assert_allclose(long, longer, atol=1e-6)


def test_threads_share_one_embedder(embedder: Blip2Embedder) -> None:
    texts = ["red", *TEXTS] * 12
    expected = {text: embedder.embed_query_text([text])[0] for text in set(texts)}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: embedder.embed_query_text([text])[0], texts))
    for text, vector in zip(texts, found, strict=True):
        np.testing.assert_allclose(vector, expected[text], atol=1e-5)


@pytest.mark.parametrize("dtype", ["bf16", "int8"])
def test_lower_precision_stays_close_to_fp32_on_the_bundled_checkpoint(dtype: str) -> None:
    full, low = load(MINI), load(MINI, dtype)
    many, texts = pictures(12), [*TEXTS, "black t-shirt for men", "navy striped shirt"]
    pairs = (
        (full.embed_query_text(texts), low.embed_query_text(texts)),
        (full.embed_images(many).pooled, low.embed_images(many).pooled),
    )
    for expected, found in pairs:
        assert (expected * found).sum(-1).min() > 0.99
        np.testing.assert_allclose(np.linalg.norm(found, axis=-1), 1, atol=1e-3)
    assert (full.fingerprint == low.fingerprint) == (dtype == "bf16")


def test_the_fingerprint_follows_what_changes_vectors_and_nothing_else(tiny: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny, tmp_path / "copy")
    assert load(copy).fingerprint == load(tiny).fingerprint
    PictureFormat(size=TINY.image_size, pad_to_aspect=0.75).write(copy)
    assert load(copy).fingerprint != load(tiny).fingerprint
    other = write_tiny(tmp_path / "other", seed=1)
    assert load(other).fingerprint not in (load(tiny).fingerprint, load(copy).fingerprint)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere")
    with pytest.raises(EmbedderError, match="no such folder; name one, or a hub id") as caught:
        load(missing)
    assert repr(missing) in str(caught.value)


def test_without_network_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EmbedderError, match="could not be downloaded from the Hugging Face hub") as caught:
        load("Salesforce/blip2-itm-vit-g")
    assert "models/blip2-mini" in str(caught.value)


def test_weights_in_a_format_that_can_run_code_are_not_read(tiny: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny, tmp_path / "pickled")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(EmbedderError, match=r"no \*\.safetensors in .*; other weight formats are not read"):
        load(folder)


def test_damaged_weights_are_told(tiny: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny, tmp_path / "damaged")
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(EmbedderError, match="cannot be loaded as a BLIP-2 retrieval model"):
        load(folder)


def test_weights_that_lack_a_part_are_refused_and_not_left_random(tiny: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(tiny, tmp_path / "partial")
    weights = load_file(folder / "model.safetensors")
    del weights["itm_head.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EmbedderError, match=r"lacks 1 weights of a BLIP-2 retrieval model, 'itm_head\.weight'"):
        load(folder)


def test_another_kind_of_model_is_refused_with_the_known_ones(tiny: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny, tmp_path / "clip")
    (folder / "config.json").write_text(json.dumps({"model_type": "clip"}), encoding="utf-8")
    with pytest.raises(EmbedderError, match="of type 'clip'; known types: 'blip-2'"):
        load(folder)


def test_another_width_than_the_catalogues_is_refused(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "narrow", dim=128)
    with pytest.raises(EmbedderError, match="makes vectors of 128 numbers, the catalogue holds 256"):
        load(folder)


def test_a_device_that_is_not_there_is_refused(tiny: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has the device")
    with pytest.raises(EmbedderError, match=r"EMBEDDER_DEVICE='cuda' is not available here; available: .*cpu"):
        load_embedder(Settings(embedder=str(tiny), embedder_device="cuda"))


def test_the_checkpoint_is_found_from_any_working_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert locate("models/blip2-mini").folder == Path(MINI)
