"""A checkpoint's weights: found in one file or in shards, read a tower at a time, and saved anew in bf16."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from env.errors import EmbedderError
from env.settings import REPO_DIR
from tests.test_blip2 import TEXTS, joint_logits, load, pictures, write_tiny
from tools.blip2_convert import save_bf16
from tools.blip2_files import locate
from tools.blip2_shape import Blip2Shape

QUICK = """
import sys
from PIL import Image
from env.settings import Settings
from tools.embedder import load_embedder
embedder = load_embedder(Settings())
embedder.embed_query_text(["red dress"])
embedder.embed_images([Image.new("RGB", (30, 40))])
print([name for name in ("transformers", "torch._dynamo") if name in sys.modules])
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def sharded(tmp_path: Path) -> Path:
    """A random checkpoint in three fp16 shards: the vision tower, the words, and the rest."""
    folder = write_tiny(tmp_path / "sharded")
    parts: dict[str, dict[str, torch.Tensor]] = {"vision": {}, "words": {}, "rest": {}}
    for name, weight in load_file(folder / "model.safetensors").items():
        part = {"vision_model": "vision", "embeddings": "words"}.get(name.split(".")[0], "rest")
        parts[part][name] = weight.half()
    (folder / "model.safetensors").unlink()
    for part, weights in parts.items():
        save_file(weights, folder / f"{part}.safetensors", metadata={"format": "pt"})
    write_index(folder, {name: f"{part}.safetensors" for part, weights in parts.items() for name in weights})
    return folder


def n_weight_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.safetensors"))


def write_index(folder: Path, files: dict[str, str]) -> None:
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": files}))


@pytest.mark.parametrize("config", [{}, {"qformer_config": {"cross_attention_frequency": 3}, "num_query_tokens": 5}])
def test_the_weights_of_a_config_are_those_the_library_makes_of_it(config: dict[str, object]) -> None:
    from transformers import Blip2Config, Blip2ForImageTextRetrieval

    qformer = {"use_qformer_text_input": True, **config.get("qformer_config", {})}  # type: ignore[dict-item]
    with torch.device("meta"):
        model = Blip2ForImageTextRetrieval(Blip2Config(**{**config, "qformer_config": qformer}))  # type: ignore[arg-type]
    expected = {name: tuple(weight.shape) for name, weight in model.state_dict().items()}
    shape = Blip2Shape.read("full", config)
    assert shape.sizes() == expected
    assert shape.n_parameters == model.num_parameters()


def test_fp16_shards_give_the_joint_models_scores(sharded: Path) -> None:
    embedder = load(sharded)
    found = np.einsum("td,nqd->tnq", embedder.embed_query_text(TEXTS), embedder.embed_images(pictures()).tokens).max(-1)
    np.testing.assert_allclose(found, joint_logits(sharded, TEXTS, pictures(), is_matching=False), atol=1e-4)


def test_words_need_no_vision_tower_and_pictures_need_no_words(sharded: Path, tmp_path: Path) -> None:
    words_only, pictures_only = load(sharded), load(sharded)
    (sharded / "vision.safetensors").rename(tmp_path / "vision.safetensors")
    assert words_only.embed_query_text(["red dress"]).shape == (1, 256)
    with pytest.raises(EmbedderError, match=r"cannot be loaded .*vision\.safetensors"):
        words_only.embed_images(pictures(1))
    (tmp_path / "vision.safetensors").rename(sharded / "vision.safetensors")
    assert words_only.embed_images(pictures(1)).pooled.shape == (1, 256)  # what failed is tried again
    (sharded / "words.safetensors").unlink()
    assert pictures_only.embed_images(pictures(1)).pooled.shape == (1, 256)
    with pytest.raises(EmbedderError, match=r"cannot be loaded .*words\.safetensors"):
        pictures_only.score_itm("red dress", pictures(1))


def test_a_missing_shard_is_told_at_once(sharded: Path) -> None:
    (sharded / "rest.safetensors").unlink()
    with pytest.raises(EmbedderError, match=r"cannot be loaded as a BLIP-2 retrieval model .*rest\.safetensors"):
        load(sharded)


def test_an_index_cannot_name_files_elsewhere(sharded: Path) -> None:
    write_index(sharded, {"query_tokens": "../other.safetensors"})
    with pytest.raises(EmbedderError, match=r"names files that are no \*\.safetensors of its folder"):
        load(sharded)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"hidden_act": "relu"}, "hidden_act 'relu' is not 'gelu'"),
        ({"num_attention_heads": 7}, "do not fit each other"),
        ({"hidden_size": "wide"}, "config.json: "),
        ({"intermediate_size": 99}, "config.json says"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, object], told: str) -> None:
    folder = write_tiny(tmp_path / "odd")
    config = json.loads((folder / "config.json").read_text())
    config["qformer_config"] |= change
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(EmbedderError, match=told):
        load(folder)


def test_a_checkpoint_saved_in_bf16_is_the_same_space_in_half_the_bytes(tiny: Path, tmp_path: Path) -> None:
    save_bf16(locate(str(tiny)), tmp_path / "bf16")
    before, after = load(tiny), load(tmp_path / "bf16")
    assert after.fingerprint == before.fingerprint
    assert (after.embed_query_text(TEXTS) * before.embed_query_text(TEXTS)).sum(-1).min() > 0.999
    tokens = after.embed_images(pictures()).tokens, before.embed_images(pictures()).tokens
    assert (tokens[0] * tokens[1]).sum(-1).min() > 0.999
    assert not np.array_equal(*tokens)
    n_bytes = [
        sum(file.stat().st_size for file in folder.glob("*.safetensors")) for folder in (tiny, tmp_path / "bf16")
    ]
    assert n_bytes[1] < 0.55 * n_bytes[0]


def test_a_folder_that_holds_something_is_not_written_over(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    command = [sys.executable, "-m", "tools", "checkpoint", str(tiny), str(tmp_path)]
    done = subprocess.run(command, cwd=REPO_DIR, capture_output=True, text=True)
    assert done.returncode == 1
    assert "is not empty; name a new folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_embedding_does_without_the_library_that_takes_seconds_to_import() -> None:
    done = subprocess.run([sys.executable, "-c", QUICK], cwd=REPO_DIR, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
