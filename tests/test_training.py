"""The training tool: what a run leaves behind, what it begins from, and that a killed one ends like any other."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from env.errors import VitrineError
from env.settings import REPO_DIR, Settings
from tests.training_shop import arguments, log_of, train, write_shop
from tools.embedder import load_embedder
from training.data import read_folders, split_off
from training.heads import HEADS
from training.loop import Run

EIGHT_STEPS = ("--steps", "8", "--save-every", "3", "--evaluate-every", "4", "--generation", "4")
HEAD_PARTS = {f"heads.{facet}.{part}" for facet in ("category", "colour", "gender") for part in ("weight", "bias")}


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Sums depend on how many threads share them: runs are compared to the last bit here."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(n_threads)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shop(tmp_path_factory.mktemp("shop") / "data")


@pytest.fixture(scope="module")
def finished(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of eight steps, never disturbed."""
    out = tmp_path_factory.mktemp("run") / "undisturbed"
    train(shop, out, *EIGHT_STEPS)
    return out


@pytest.fixture(scope="module")
def frozen(shop: Path, finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two more steps from that run's checkpoint, with the vision tower left alone."""
    out = tmp_path_factory.mktemp("run") / "frozen"
    return train(shop, out, "--from", str(finished / "best"), "--freeze-vision", "--steps", "2")


def test_a_run_leaves_a_checkpoint_that_the_shop_can_use(finished: Path) -> None:
    embedder = load_embedder(Settings(embedder=str(finished / "best")))
    assert embedder.embed_query_text(["red dress"]).shape == (1, 256)
    assert embedder.embed_images([Image.new("RGB", (60, 80))]).tokens.shape == (1, 8, 256)
    assert {path.name for path in (finished / "best").iterdir()} == {
        "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "preprocessor_config.json",
        "README.md",
    }  # fmt: skip
    assert not [
        name for name in load_file(finished / "best" / "model.safetensors") if "heads" in name or "writer" in name
    ]


def test_the_items_held_back_are_left_as_a_folder_to_measure_on(shop: Path, finished: Path) -> None:
    held = read_folders([finished / "validation"])
    examples = read_folders([shop])
    assert [one.sku for one in held] == [examples[row].sku for row in split_off(examples, range(24), 4)[1]]
    assert all(one.picture.parent == shop / "images" and one.picture.exists() for one in held)
    assert held[0].words == next(one.words for one in examples if one.sku == held[0].sku)


def test_the_card_and_the_curves_tell_the_runs_own_figures(finished: Path) -> None:
    steps = [line for line in log_of(finished) if "loss" in line]
    assert [line["step"] for line in steps] == [1, 2, 3, 4, 5, 6, 7, 8]
    best = max((line for line in log_of(finished) if "metric" in line), key=lambda line: line["metric"])
    card = (finished / "best" / "README.md").read_text()
    assert f"| colour, precision@10 | {best['pooled.colour_precision_at_10']:.3f} |" in card
    assert "20 items to learn from and 4 held back" in card
    done = [line["photo"] for line in steps if line["step"] <= best["step"]]
    half = len(done) // 2
    first, last = sum(done[:half]) / half, sum(done[-half:]) / half
    assert f"find their own picture: 0.5 (loss {first:.2f} at first, {last:.2f} at last)" in card
    assert "- image-grounded writing of 4 captions: 0.5 (loss " in card
    assert "38% of each batch of one category" in card
    with Image.open(finished / "curves.png") as curves:
        assert len(curves.convert("RGB").getcolors(1_000_000) or ()) > 4


def test_a_run_killed_in_the_middle_ends_exactly_like_one_that_was_not(
    shop: Path, finished: Path, tmp_path: Path
) -> None:
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "training", *arguments(shop, out, *EIGHT_STEPS)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, cwd=REPO_DIR, env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while process.poll() is None and n_logged(out) < 5 and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    train(shop, out, *EIGHT_STEPS)
    expected, found = load_file(finished / "state.safetensors"), load_file(out / "state.safetensors")
    assert expected.keys() == found.keys()
    assert [name for name in expected if not torch.equal(expected[name], found[name])] == []
    assert [line.get("loss") for line in log_of(out)] == [line.get("loss") for line in log_of(finished)]


def n_logged(out: Path) -> int:
    path = out / "log.jsonl"
    return path.read_text().count('"loss"') if path.exists() else 0


def test_a_run_is_not_continued_with_other_settings(shop: Path, finished: Path) -> None:
    with pytest.raises(VitrineError, match=r"holds a run with another seed \('0', now '5'\)"):
        train(shop, finished, *EIGHT_STEPS, "--seed", "5")


def test_a_setting_that_a_run_was_begun_without_had_its_default(shop: Path, finished: Path) -> None:
    note = finished / "run.json"
    begun = note.read_text()
    del (older := json.loads(begun))["plenty"], older["kin"]
    note.write_text(json.dumps(older))
    with pytest.raises(VitrineError, match=r"another kin \('0\.375', now '0\.1'\)"):
        train(shop, finished, *EIGHT_STEPS, "--kin", "0.1")
    assert train(shop, finished, *EIGHT_STEPS).progress.n_steps_done == 8
    assert note.read_text() == begun


def test_a_frozen_vision_tower_stays_as_it_was_and_the_rest_learns(finished: Path, frozen: Run) -> None:
    before = load_file(finished / "best" / "model.safetensors")
    after = load_file(frozen.plan.out / "best" / "model.safetensors")
    assert before.keys() == after.keys()
    assert {value.dtype for value in after.values()} == {torch.float16}
    changed = {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert "vision_model" not in changed
    assert {"qformer", "text_projection", "vision_projection"} <= changed
    embedder = load_embedder(Settings(embedder=str(frozen.plan.out / "best")))
    assert embedder.embed_images([Image.new("RGB", (60, 80))]).pooled.shape == (1, 256)


def test_a_frozen_vision_tower_is_held_once_in_bf16_and_keeps_no_activations(shop: Path, frozen: Run) -> None:
    model = frozen.model.train()
    tower = model.blip2.vision_model
    assert {value.dtype for value in tower.parameters()} == {torch.bfloat16}
    assert not tower.training
    assert not model.image_states(torch.zeros(1, 3, 32, 32)).requires_grad
    assert model.blip2.qformer.training
    assert not any("vision_model" in name for name in load_file(frozen.plan.out / "state.safetensors"))
    again = train(shop, frozen.plan.out, "--from", frozen.material.start.name, "--freeze-vision", "--steps", "3")  # type: ignore[union-attr]
    assert [line["step"] for line in log_of(again.plan.out) if "loss" in line] == [1, 2, 3]


def test_a_run_goes_on_with_the_heads_of_the_one_it_starts_from(shop: Path, finished: Path, tmp_path: Path) -> None:
    taken = load_file(finished / HEADS)
    assert {name for name in taken if name.startswith("heads.")} >= HEAD_PARTS
    smaller = write_shop(tmp_path / "smaller", 8, fixed={"colour": "green"})  # one colour: no head for it
    rows = [json.loads(line) for line in (smaller / "items.jsonl").read_text().splitlines()]
    for row in rows:
        row["category"] = {"T-shirt": "Scarf"}.get(row["category"], row["category"])
    (smaller / "items.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = ("--from", str(finished / "best"), "--steps", "1", "--learning-rate", "0", "--generation", "2")
    model = train(smaller, tmp_path / "out", *told).model
    weight = model.state_dict()["heads.category.weight"]
    was = {"Belt": 0, "Dress": 1, "T-shirt": 2}
    for row, name in enumerate(("Belt", "Dress")):  # the smaller shop's are Belt, Dress, Scarf
        assert torch.equal(weight[row], taken["heads.category.weight"][was[name]])
    assert not torch.equal(weight[2], taken["heads.category.weight"][2])
    assert "colour" not in model.heads
    assert model.writer is not None
    assert torch.equal(model.writer.transform.weight, taken["writer.transform.weight"])


def test_a_run_stops_after_so_many_measurements_without_gain(shop: Path, tmp_path: Path) -> None:
    still = ("--learning-rate", "0", "--evaluate-every", "1", "--patience", "2", "--steps", "9")
    run = train(shop, tmp_path / "still", *still)
    assert run.progress.n_steps_done == 3  # the first measurement is a gain, the next two are not
    assert (tmp_path / "still" / "best" / "model.safetensors").exists()


def test_batches_added_up_are_one_step_over_all_of_them(shop: Path, tmp_path: Path) -> None:
    whole = ("--kept-patches", "1", "--learning-rate", "0")
    train(shop, tmp_path / "single", *whole, "--steps", "2")
    train(shop, tmp_path / "double", *whole, "--steps", "1", "--accumulate", "2")
    first, second = (line["loss"] for line in log_of(tmp_path / "single") if "loss" in line)
    (both,) = (line["loss"] for line in log_of(tmp_path / "double") if "loss" in line)
    assert first != pytest.approx(second, abs=0.01)
    assert both == pytest.approx((first + second) / 2, abs=0.001)


@pytest.mark.parametrize(
    ("missing", "measured"), [("title", "colour_precision_at_10"), ("category", "title_recall_at_10")]
)
def test_a_shop_without_titles_or_without_categories_trains_on_what_it_has(
    tmp_path: Path, missing: str, measured: str
) -> None:
    shop = write_shop(tmp_path / "shop", 16, fixed={missing: ""})
    train(shop, tmp_path / "out", "--steps", "1")
    found = next(line for line in log_of(tmp_path / "out") if "metric" in line)
    assert {name.split(".")[1] for name in found if "." in name} >= {measured}
    assert ("pooled.title_recall_at_10" in found) == (missing != "title")
    assert (tmp_path / "out" / "best" / "README.md").exists()
