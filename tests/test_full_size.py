"""`python -m evals full_size` on a checkpoint small enough for a test: the same files, processes and comparison."""

from pathlib import Path

import numpy as np
import pytest

from evals.full_size import FullSizeReport, compare, lay_out, told
from evals.full_size_checkpoint import texts, write_checkpoint
from tools.blip2_shape import Blip2Shape

SMALL = Blip2Shape(
    vision_width=64, vision_inner=128, n_vision_layers=2, n_vision_heads=4, image_size=28, patch_size=14,
    width=64, inner=128, n_layers=2, n_heads=4, vocab_size=400, max_tokens=16, n_query_tokens=4,
)  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> FullSizeReport:
    return compare(lay_out(tmp_path_factory.mktemp("full-size"), None, None, 2, SMALL), ["fp32"])


def test_fp32_gives_the_librarys_own_vectors_and_costs_are_real(report: FullSizeReport) -> None:
    seed, ours = report.ways
    assert (seed.cost.way, ours.cost.way) == ("seed", "fp32")
    assert min(ours.closeness.text_worst, ours.closeness.picture_worst) > 1 - 1e-5
    assert (ours.closeness.text_overlap, ours.closeness.picture_overlap) == (1.0, 1.0)
    assert (seed.text_speed_up, seed.picture_speed_up, seed.peak_share) == (1.0, 1.0, 1.0)
    for cost in (seed.cost, ours.cost):
        assert 10 < cost.text_peak_mb <= cost.peak_mb
        assert cost.text_ms > 0
        assert cost.picture_s > 0
    assert "fp32" in told(report)


def test_the_random_checkpoint_tells_texts_and_pictures_apart(report: FullSizeReport, tmp_path: Path) -> None:
    from PIL import Image

    from env.settings import Settings
    from tools.embedder import load_embedder

    write_checkpoint(tmp_path / "made", SMALL)
    embedder = load_embedder(Settings(embedder=str(tmp_path / "made"), embedder_dtype="fp32"))
    words = embedder.embed_query_text(texts(SMALL, 5))
    tokens = embedder.embed_images([Image.new("RGB", (30, 30), colour) for colour in ("red", "blue")]).tokens
    assert (words @ words.T)[np.triu_indices(5, 1)].max() < 0.99
    assert (tokens[0] @ tokens[0].T)[np.triu_indices(4, 1)].max() < 0.99
    assert (tokens[0] * tokens[1]).sum(-1).max() < 0.999
