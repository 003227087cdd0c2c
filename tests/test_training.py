"""The training tool: what it learns from, what it leaves out, and that a killed run ends as if nothing had happened."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from safetensors.torch import load_file

from env.errors import FeedError
from env.settings import REPO_DIR, Settings
from tools.blip2_pictures import PictureFormat
from tools.embedder import load_embedder
from tools.taxonomy import load_taxonomy
from training.captions import write_caption
from training.data import balanced_rows, facet_table, read_folder, read_folders, split_off
from training.losses import ANY, Batch, answers, best_token_scores, contrast, targets
from training.pictures import PictureCache, centre, open_cache, same_photos, vary
from training.start import without_held_out

COLOURS = {"red": (200, 40, 40), "blue": (40, 60, 200), "green": (40, 160, 60), "black": (20, 20, 20)}
CATEGORIES = ("T-shirt", "Dress", "Belt")
FORM = PictureFormat(size=28, pad_to_aspect=0.75)
# What every run of these tests shares: a small model and few, short steps.
SMALL = ("--image-size", "32", "--width", "64", "--batch", "8", "--matching", "4", "--warmup", "2", "--validation", "4")


def write_shop(folder: Path, n: int = 24, first: int = 0) -> Path:
    """A folder of drawn items, each in a colour and shape of its own kind."""
    (folder / "images").mkdir(parents=True)
    lines = []
    for at in range(first, first + n):
        colour, category = list(COLOURS)[at % 4], CATEGORIES[at % 3]
        image = Image.new("RGB", (60, 80), (250, 250, 250))
        box = ((10, 10, 50, 70), (20, 5, 40, 75), (5, 35, 55, 45))[at % 3]
        ImageDraw.Draw(image).rectangle((*box[:3], box[3] - at % 7), fill=COLOURS[colour])
        image.save(folder / "images" / f"{at}.png")
        row = {"sku": f"s{at}", "title": f"{colour} {category} no {at}", "category": category, "colour": colour}
        row |= {"gender": "female" if at % 2 else "male", "age_group": "adult", "image": f"images/{at}.png"}
        lines.append(json.dumps(row))
    (folder / "items.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shop(tmp_path_factory.mktemp("shop") / "data")


def command(shop: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "training", "--data", str(shop), "--out", str(out), *SMALL, *more]


def run(shop: Path, out: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        command(shop, out, *more), cwd=REPO_DIR, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def finished(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of eight steps, never disturbed."""
    out = tmp_path_factory.mktemp("run") / "undisturbed"
    done = run(shop, out, "--steps", "8", "--save-every", "3", "--evaluate-every", "4")
    assert done.returncode == 0, done.stderr
    return out


def test_a_run_leaves_a_checkpoint_that_the_shop_can_use(finished: Path) -> None:
    embedder = load_embedder(Settings(embedder=str(finished / "best")))
    assert embedder.embed_query_text(["red dress"]).shape == (1, 256)
    assert embedder.embed_images([Image.new("RGB", (60, 80))]).tokens.shape == (1, 8, 256)
    assert {path.name for path in (finished / "best").iterdir()} >= {
        "config.json", "model.safetensors", "tokenizer.json", "preprocessor_config.json", "README.md",
    }  # fmt: skip
    assert not list((finished / "best").glob("*.bin"))


def test_the_card_and_the_curves_tell_the_runs_own_figures(finished: Path) -> None:
    lines = [json.loads(line) for line in (finished / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines if "loss" in line] == [1, 2, 3, 4, 5, 6, 7, 8]
    best = max((line for line in lines if "metric" in line), key=lambda line: line["metric"])
    card = (finished / "best" / "README.md").read_text()
    assert f"| colour, precision@10 | {best['pooled.colour_precision_at_10']:.3f} |" in card
    assert "20 items to learn from and 4 held back" in card
    with Image.open(finished / "curves.png") as curves:
        assert len(curves.convert("RGB").getcolors(1_000_000) or ()) > 4


def test_a_run_killed_in_the_middle_ends_exactly_like_one_that_was_not(
    shop: Path, finished: Path, tmp_path: Path
) -> None:
    out = tmp_path / "killed"
    settings = ("--steps", "8", "--save-every", "3", "--evaluate-every", "4")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command(shop, out, *settings), cwd=REPO_DIR, env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while process.poll() is None and n_logged(out) < 5 and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert run(shop, out, *settings).returncode == 0
    expected, found = load_file(finished / "state.safetensors"), load_file(out / "state.safetensors")
    assert expected.keys() == found.keys()
    assert [name for name in expected if not torch.equal(expected[name], found[name])] == []
    assert losses(out) == losses(finished)


def losses(out: Path) -> list[float | None]:
    return [json.loads(line).get("loss") for line in (out / "log.jsonl").read_text().splitlines()]


def n_logged(out: Path) -> int:
    path = out / "log.jsonl"
    return path.read_text().count('"loss"') if path.exists() else 0


def test_a_run_is_not_continued_with_other_settings(shop: Path, finished: Path) -> None:
    done = run(shop, finished, "--steps", "9", "--seed", "5", "--save-every", "3", "--evaluate-every", "4")
    assert done.returncode == 1
    assert "holds a run with another seed ('0', now '5')" in done.stderr


def test_a_run_can_start_from_a_checkpoint_and_leave_the_vision_tower_alone(
    shop: Path, finished: Path, tmp_path: Path
) -> None:
    done = run(shop, tmp_path / "tuned", "--from", str(finished / "best"), "--steps", "2", "--freeze-vision")
    assert done.returncode == 0, done.stderr
    before = load_file(finished / "best" / "model.safetensors")
    after = load_file(tmp_path / "tuned" / "best" / "model.safetensors")
    changed = {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert "vision_model" not in changed
    assert {"qformer", "text_projection", "vision_projection"} <= changed


def test_items_of_a_held_out_folder_are_left_out_by_sku_title_and_photo(tmp_path: Path) -> None:
    train, held = write_shop(tmp_path / "train", 12), write_shop(tmp_path / "held", 3, first=50)
    rows = [json.loads(line) for line in (train / "items.jsonl").read_text().splitlines()]
    rows[0]["sku"] = "s50"
    rows[1]["title"] = rows[1]["title"].replace(rows[1]["title"], "GREEN T-shirt no 51".upper())
    held_rows = [json.loads(line) for line in (held / "items.jsonl").read_text().splitlines()]
    held_rows[1]["title"] = "green t-shirt no 51"
    with Image.open(held / held_rows[2]["image"]) as photo:  # the same photo, compressed again
        photo.convert("RGB").resize((120, 160)).save(train / "images" / "copy.jpg", quality=70)
    rows[2]["image"] = "images/copy.jpg"
    for folder, changed in ((train, rows), (held, held_rows)):
        (folder / "items.jsonl").write_text("".join(json.dumps(row) + "\n" for row in changed), encoding="utf-8")
    ours, others = read_folders([train]), read_folders([held])
    pictures, held_pictures = (open_cache(tmp_path / "cache", some, FORM) for some in (ours, others))
    assert without_held_out(ours, pictures, others, held_pictures) == list(range(3, 12))


def test_the_validation_items_follow_from_their_skus_alone(shop: Path) -> None:
    examples = read_folders([shop])
    train, held = split_off(examples, range(24), 6)
    _, again = split_off(examples[::-1], range(24), 6)
    assert {examples[row].sku for row in held} == {examples[::-1][row].sku for row in again}
    assert len(held) == 6
    assert sorted([*train, *held]) == list(range(24))


def test_rare_kinds_of_items_come_up_to_three_times_an_epoch(shop: Path) -> None:
    table = facet_table(read_folders([shop]), load_taxonomy())
    rows = balanced_rows(table, n_train=24, plenty=8)
    assert np.bincount(rows).tolist() == [2] * 24  # each of the 12 kinds has 2 items: sqrt(8 / 2) copies
    assert np.bincount(balanced_rows(table, n_train=24, plenty=1)).tolist() == [1] * 24
    assert np.bincount(balanced_rows(table, n_train=24, plenty=1000)).tolist() == [3] * 24


def test_a_line_that_is_no_item_is_told_with_its_number(tmp_path: Path) -> None:
    folder = write_shop(tmp_path / "bad", 2)
    with (folder / "items.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"title": "no sku"}\n')
    with pytest.raises(FeedError, match=r"items\.jsonl' line 3: KeyError\('sku'\)"):
        list(read_folder(folder))


def test_a_missing_picture_is_told_by_name(tmp_path: Path) -> None:
    folder = write_shop(tmp_path / "shop", 2)
    (folder / "images" / "1.png").unlink()
    with pytest.raises(FeedError, match=r"cannot read the picture .*1\.png"):
        open_cache(tmp_path / "cache", read_folders([folder]), FORM)


def test_captions_name_only_what_the_item_has_and_repeat_for_the_same_seed(shop: Path) -> None:
    taxonomy, example = load_taxonomy(), read_folders([shop])[0]
    captions = [write_caption(example.words, taxonomy, random.Random(at)) for at in range(300)]
    assert captions == [write_caption(example.words, taxonomy, random.Random(at)) for at in range(300)]
    named = {facet for caption in captions for facet in caption.facets}
    assert named == {"title", "category", "department", "colour", "gender", "age_group"}
    assert all(caption.text == caption.text.lower() for caption in captions)
    texts = {caption.text for caption in captions}
    assert {"red t-shirt", "red t-shirts"} & texts
    assert any("men" in text.split() or "men's" in text.split() for text in texts)


def test_every_item_with_what_a_caption_names_answers_it(shop: Path) -> None:
    table = facet_table(read_folders([shop]), load_taxonomy())
    have = torch.from_numpy(table.codes)
    columns = {name: at for at, name in enumerate(table.values)}
    want = torch.full_like(have, ANY)
    want[0, columns["colour"]] = have[0, columns["colour"]]  # "something red"
    want[1, columns["title"]] = have[1, columns["title"]]
    want[2:] = have[2:]
    found = answers(want, have)
    assert found[0].nonzero().flatten().tolist() == [0, 4, 8, 12, 16, 20]
    assert found[1].nonzero().flatten().tolist() == [1]


def test_the_contrastive_loss_is_least_where_all_positives_score_alike() -> None:
    positive = torch.tensor([[True, True, False], [True, True, False], [False, False, True]])
    even, uneven = torch.where(positive, 20.0, 0.0), torch.where(positive, 20.0, 0.0)
    uneven[0, 1] = 10.0
    floor = np.log(2) * 2 / 3  # two of three rows share their target between two
    assert contrast(even, positive.float()).item() == pytest.approx(floor, abs=1e-4)
    assert contrast(uneven, positive.float()).item() > floor + 1


def test_what_is_near_to_the_wish_is_wanted_next(shop: Path) -> None:
    table = facet_table(read_folders([shop]), load_taxonomy())
    have = torch.from_numpy(table.codes)
    columns = {name: at for at, name in enumerate(table.values)}
    want = torch.full_like(have, ANY)
    for facet in ("title", "category", "colour"):
        want[:, columns[facet]] = have[:, columns[facet]]
    nothing = torch.zeros(0)
    batch = Batch(nothing, None, nothing, nothing, have, want)
    first = targets(batch, columns, kin_share=0.4)[0]  # a red T-shirt of a certain title; item 12 is one too
    assert first[0].item() == pytest.approx(0.6 + 0.2 / 2 + 0.2 / 8)
    assert first[12].item() == pytest.approx(0.2 / 2 + 0.2 / 8)
    assert first[[3, 6, 9, 15, 18, 21]].tolist() == pytest.approx([0.2 / 8] * 6)
    assert first.sum().item() == pytest.approx(1)
    assert (first > 0).sum() == 8


def test_a_text_is_scored_by_the_best_query_token() -> None:
    tokens = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[-1.0, 0.0], [0.6, 0.8]]])
    texts = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    assert best_token_scores(texts, tokens).tolist() == [[1.0, pytest.approx(0.6)], [1.0, pytest.approx(0.8)]]


def test_varied_pictures_keep_their_colour_and_follow_the_generator(shop: Path, tmp_path: Path) -> None:
    cache = open_cache(tmp_path, read_folders([shop]), FORM)
    pictures = cache.batch(np.arange(4))
    views = vary(pictures, 28, torch.Generator().manual_seed(3))
    assert views.shape == (4, 3, 28, 28)
    assert torch.equal(views, vary(pictures, 28, torch.Generator().manual_seed(3)))
    assert not torch.equal(views, vary(pictures, 28, torch.Generator().manual_seed(4)))
    red, blue = views[0], views[1]  # the item's colour stays the strongest one in its middle
    assert red[0, 14, 14] > red[2, 14, 14]
    assert blue[2, 14, 14] > blue[0, 14, 14]
    assert centre(pictures, 28).shape == (4, 3, 28, 28)


def test_the_same_photo_is_known_after_compression_and_others_are_not(shop: Path, tmp_path: Path) -> None:
    cache = open_cache(tmp_path, read_folders([shop]), FORM)
    squares = cache.squares(np.arange(5)).astype(int)
    noisy = np.clip(squares + np.random.default_rng(0).integers(-2, 3, squares.shape), 0, 255).astype(np.uint8)
    others = PictureCache((noisy,), np.array([[0, row] for row in range(5)]))
    assert same_photos(cache.only(range(8)), others).tolist() == [True] * 5 + [False] * 3


def test_pictures_of_several_folders_are_found_in_the_order_asked(tmp_path: Path) -> None:
    folders = [write_shop(tmp_path / "a", 4), write_shop(tmp_path / "b", 4, first=4)]
    both = open_cache(tmp_path / "cache", read_folders(folders), FORM)
    first, second = (open_cache(tmp_path / "cache", read_folders([folder]), FORM) for folder in folders)
    assert len(list((tmp_path / "cache").iterdir())) == 2  # one file a folder, shared by both
    rows = np.array([6, 1, 3])
    expected = [second.squares(np.array([2]))[0], *first.squares(np.array([1, 3]))]
    np.testing.assert_array_equal(both.squares(rows), expected)
    np.testing.assert_array_equal(both.only([6, 1, 3]).squares(np.arange(3)), expected)
