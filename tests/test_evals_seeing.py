"""Calibration and measuring on a small folder of Kaggle's layout, by the bundled checkpoint."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from env.errors import FeedError
from evals.seeing import calibrate, measure, pooled, told
from evals.seeing_fit import threshold
from evals.seeing_labels import labelled
from tests.stocked_shop import bundled_embedder
from tools.seeing import Eyes

_COLOURS = {"Red": (200, 20, 30), "Blue": (30, 60, 200), "Green": (20, 140, 50)}
_TEE = [(20, 10), (76, 10), (94, 30), (70, 40), (70, 90), (26, 90), (26, 40), (2, 30)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """90 T-shirts in three colours, squeezed to squares as Kaggle's are; every third is held out."""
    (tmp_path / "images").mkdir()
    chance = np.random.default_rng(1)
    with (tmp_path / "styles.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["id", "articleType", "baseColour", "usage", "productDisplayName"])
        for number in range(90):
            name = list(_COLOURS)[number % 3]
            writer.writerow([number, "Tshirts", name, "NA", f"Alder {name} tee"])
            colour = tuple(int(value + chance.integers(-15, 15)) % 256 for value in _COLOURS[name])
            picture = Image.new("RGB", (96, 96), "white")
            ImageDraw.Draw(picture).polygon(
                [(20, 10), (76, 10), (94, 30), (70, 40), (70, 90), (26, 90), (26, 40), (2, 30)], colour
            )
            picture.save(tmp_path / "images" / f"{number}.jpg")
    (tmp_path / "held_out.txt").write_text("\n".join(str(n) for n in range(90) if n % 10 < 3), encoding="utf-8")
    return tmp_path


def test_what_was_calibrated_is_answered_rightly_on_pictures_held_out(folder: Path) -> None:
    held_out = folder / "held_out.txt"
    pictures = [one for one in labelled(folder, None, held_out, held_out) if one.source == "item"]
    assert sum(one.is_held_out for one in pictures) == 27
    vectors = pooled(pictures, bundled_embedder())
    readings = calibrate(pictures, vectors, bundled_embedder())
    figures = {(one.part, one.measure): one for one in measure(pictures, vectors, Eyes(readings))}
    assert figures["colour", "answered"].n == 27
    assert figures["colour", "answered"].value > 0.9
    assert figures["colour", "precision"].value > 0.9
    assert ("pattern", "answered") not in figures
    assert "colour     item   precision" in told(list(figures.values()))


def test_a_folder_of_another_layout_is_refused(tmp_path: Path) -> None:
    (tmp_path / "held_out.txt").write_text("", encoding="utf-8")
    with pytest.raises(FeedError, match=r"name a folder of Kaggle's layout"):
        labelled(tmp_path, None, tmp_path / "held_out.txt", tmp_path / "held_out.txt")


def test_a_threshold_is_the_lowest_that_is_right_often_enough_or_none() -> None:
    sure = np.linspace(0.5, 0.99, 100, dtype=np.float32)
    shares = np.stack([sure, 1 - sure], axis=1)
    right_above = np.where(sure >= 0.7, 0, 1)
    found = threshold(shares, right_above)
    assert found is not None
    assert 0.65 < found < 0.71
    assert threshold(shares, np.arange(100) % 2) is None
