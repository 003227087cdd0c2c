"""The attribute measure: exact figures for an embedder whose right answers are known."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from env.errors import FeedError
from env.settings import REPO_DIR
from evals.attributes import measure_attributes
from tools.embedder import ImageEmbeddings
from training.measures import attribute_precision, attribute_queries, recall_at

# (category, colour, gender) of each item; its picture is a plain square whose red channel is its row.
ITEMS = [("Shirt", "red", "male")] * 12 + [("Shirt", "blue", "male")] * 2 + [("Dress", "red", "female")] * 3
DIM = 256


class KnownEmbedder:
    """Sees a picture's row in its red channel, and hears in a text what `heard` makes of it."""

    fingerprint = "known"
    dim = DIM
    n_query_tokens = 2

    def __init__(self, heard: Mapping[str, Sequence[int]]) -> None:
        self.heard = heard

    def embed_query_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A text points at the rows it is heard to mean, the first one most."""
        vectors = np.zeros((len(texts), DIM), np.float32)
        for at, text in enumerate(texts):
            for rank, row in enumerate(self.heard.get(text, ())):
                vectors[at, row] = 1 / (1 + rank)
        return vectors

    def embed_images(self, images: Sequence[Image.Image]) -> ImageEmbeddings:
        """Each picture has an axis of its own; its second query token says nothing."""
        tokens = np.zeros((len(images), 2, DIM), np.float32)
        for at, image in enumerate(images):
            tokens[at, 0, np.asarray(image)[0, 0, 0]] = 1
        return ImageEmbeddings(tokens.sum(axis=1), tokens)

    def score_itm(self, text: str, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        """Not asked for here."""
        return np.zeros(len(images), np.float32)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    lines = []
    for row, (category, colour, gender) in enumerate(ITEMS):
        Image.new("RGB", (6, 8), (row, 0, 0)).save(tmp_path / "images" / f"{row}.png")
        words = {"category": category, "colour": colour, "gender": gender, "title": f"title {row // 2}"}
        lines.append(json.dumps({"sku": str(row), "image": f"images/{row}.png", **words}) + "\n")
    (tmp_path / "items.jsonl").write_text("".join(lines), encoding="utf-8")
    return tmp_path


def test_every_combination_is_asked_once_in_a_shoppers_words() -> None:
    queries = attribute_queries([*ITEMS, ("Belt", "", "male")])
    assert queries.texts == ("red dress for women", "blue shirt for men", "red shirt for men")


def test_precision_counts_against_what_exists(shop: Path) -> None:
    heard = {
        "red shirt for men": range(10),  # ten of twelve: all that ten places can hold
        "blue shirt for men": [12, 13, *range(8)],  # both that exist, then red shirts
        "red dress for women": [14, 15, *range(8)],  # two of three, then red shirts for men
    }
    report = measure_attributes([shop], KnownEmbedder(heard))
    assert (report.n_items, report.n_attribute_queries, report.n_titles) == (17, 3, 9)
    assert [(row.ranking, row.counted) for row in report.rows] == [
        ("pooled", "once"), ("pooled", "by items"), ("max_sim", "once"), ("max_sim", "by items"),
    ]  # fmt: skip
    for row in (row for row in report.rows if row.counted == "once"):
        # shirts: 10 of 10, 10 of 10, and 2 of the 3 dresses; red: 10, then 2 of the 2 blue, then 10
        assert row.category == pytest.approx((1 + 1 + 2 / 3) / 3)
        assert row.colour == pytest.approx(1)
        assert row.gender == pytest.approx((1 + 1 + 2 / 3) / 3)
        assert row.all == pytest.approx((1 + 1 + 2 / 3) / 3)
    # Twelve red shirts, two blue ones and three dresses, each counted with its items.
    assert report.rows[1].category == pytest.approx((12 + 2 + 3 * 2 / 3) / 17)


def test_a_title_is_found_by_any_item_of_that_title(shop: Path) -> None:
    heard = {f"title {at}": [min(2 * at + 1, 16)] for at in range(8)}
    # The ninth title is not understood: all pictures score alike and the first ten come first.
    assert measure_attributes([shop], KnownEmbedder(heard)).rows[0].title_recall_at_10 == pytest.approx(8 / 9)


def test_ties_go_to_the_item_that_comes_first() -> None:
    scores, relevant = np.zeros((1, 30), np.float32), np.zeros((1, 30), bool)
    relevant[0, 10] = True
    assert recall_at(scores, relevant, 10) == 0.0
    assert recall_at(scores, relevant, 11) == 1.0


def test_a_facet_nobody_has_is_no_query() -> None:
    queries = attribute_queries([("Shirt", "", "")])
    assert queries.texts == ()
    assert attribute_queries([]).texts == ()
    empty = np.zeros((0, 1), np.float32)
    assert attribute_precision(empty, queries, [("Shirt", "", "")])["all"] == 0.0


def test_the_measure_tells_a_good_ranking_from_a_bad_one() -> None:
    queries = attribute_queries(ITEMS)
    right = np.array([[row == wanted for row in ITEMS] for wanted in queries.wanted], np.float32)
    assert attribute_precision(right, queries, ITEMS)["all"] == 1.0
    assert attribute_precision(-right, queries, ITEMS)["all"] < 0.4


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "items.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(FeedError, match="no items; nothing can be measured"):
        measure_attributes([tmp_path], KnownEmbedder({}))


def test_the_command_measures_the_bundled_checkpoint(shop: Path) -> None:
    command = [sys.executable, "-m", "evals", "attributes", str(shop), "--embedder", "models/blip2-mini", "--json"]
    done = subprocess.run(command, cwd=REPO_DIR, env=dict(os.environ), capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert report["fingerprint"].startswith("blip2-")
    assert report["n_attribute_queries"] == 3
    assert all(0 <= row["all"] <= 1 for row in report["rows"])


def test_the_command_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "evals", "attributes", str(tmp_path / "none")]
    done = subprocess.run(command, cwd=REPO_DIR, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("cannot read ")
    assert done.stderr.count("\n") == 1
