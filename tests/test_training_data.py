"""What training learns from: which items, in which words and views, and what it leaves out."""

import json
import random
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.training_shop import FORM, write_shop
from tools.taxonomy import load_taxonomy
from training.batches import kin_of, rows_of
from training.captions import write_caption
from training.data import balanced_rows, facet_table, read_folders, split_off
from training.pictures import PictureCache, centre, open_cache, photograph, same_photos, vary
from training.start import without_held_out


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shop(tmp_path_factory.mktemp("shop") / "data")


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


def test_a_photo_taken_again_is_in_another_light_and_follows_the_generator(shop: Path, tmp_path: Path) -> None:
    pictures = centre(open_cache(tmp_path, read_folders([shop]), FORM).batch(np.arange(12)), 28)
    again = photograph(pictures, torch.Generator().manual_seed(1))
    assert torch.equal(again, photograph(pictures, torch.Generator().manual_seed(1)))
    assert not torch.equal(again, photograph(pictures, torch.Generator().manual_seed(2)))
    assert again.shape == pictures.shape
    assert 0 <= float(again.min()) < float(again.max()) <= 1
    light = (again / pictures.clamp(min=0.02)).flatten(1).median(dim=1).values
    assert (light - 1).abs().max() > 0.05
    # Of a blurred picture only, no two neighbours differ as much as the edges of the drawings do.
    edges = (again.diff(dim=3).abs().amax((1, 2, 3)) / pictures.diff(dim=3).abs().amax((1, 2, 3)) / light).tolist()
    assert min(edges) < 0.8 < max(edges)


def test_a_batch_of_one_kind_follows_from_its_number_and_holds_nothing_else() -> None:
    rows, kinds = np.array([0, 1, 1, 2, 3, 4, 5, 6]), np.array([7, 7, 7, 7, 8, 8, 8, 9], np.int32)
    kind_of = dict(zip(rows.tolist(), kinds.tolist(), strict=True))
    drawn = [kin_of(number, rows, kinds, 3, seed=0).tolist() for number in range(60)]
    assert drawn == [kin_of(number, rows, kinds, 3, seed=0).tolist() for number in range(60)]
    assert all(len({kind_of[row] for row in batch}) == 1 for batch in drawn)
    assert all(len(set(batch)) == len(batch) <= 3 for batch in drawn)
    count = {kind: sum(kind_of[batch[0]] == kind for batch in drawn) for kind in (7, 8, 9)}
    assert count[7] > count[9] > 0  # as often as the kind itself
    assert drawn != [kin_of(number, rows, kinds, 3, seed=1).tolist() for number in range(60)]


def test_every_item_comes_once_an_epoch_in_another_order_each_time() -> None:
    rows = np.arange(12)
    first, second = (
        [rows_of(number, rows, 4, seed=0).tolist() for number in epoch] for epoch in (range(3), range(3, 6))
    )
    assert sorted(chain(*first)) == sorted(chain(*second)) == list(range(12))
    assert first != second
    assert rows_of(5, rows, 100, seed=0).shape == (12,)
