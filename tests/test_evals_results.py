"""What is made of measurements: timings beside the seed method, kept runs, their page, and a sheet to be looked at."""

import argparse
from dataclasses import replace
from pathlib import Path

import pytest

from env.errors import FeedError
from evals import contact_sheet, latency, results
from evals.results_page import page
from evals.results_record import data_name, record
from evals.retrieval import RetrievalReport
from evals.retrieval_baseline import SEED
from evals.retrieval_composed import COMPOSED, IN_THE_SHOP
from evals.retrieval_figures import Asked
from evals.retrieval_gallery import Bench
from evals.retrieval_shoppers import SHOPPERS, shoppers_photos
from tests.small_catalog import draw_item, small_items
from tools.query import PHOTO_WEIGHT_BESIDE_LIMITS

COMMAND = "python -m evals retrieval SHOES --queries 3"


@pytest.fixture
def few(bench: Bench) -> Bench:
    """The bench with some queries of a kind only."""
    return replace(bench, n_queries=3)


def retrieval_report() -> RetrievalReport:
    ours = [
        Asked(COMPOSED, "all 48", f"{IN_THE_SHOP}, weight {weight}") for weight in (0.2, PHOTO_WEIGHT_BESIDE_LIMITS)
    ]
    figures = [
        ours[0].figure("recall@10", [0.25] * 4),
        ours[1].figure("recall@10", [0.75] * 4),
        Asked(COMPOSED, "all 48", SEED).figure("recall@10", [0.125] * 4),
        Asked("title to picture", "all 48", "a | b").figure("recall@1", [0.5] * 4),
    ]
    return RetrievalReport(("SHOES",), "models/mini", "blip2-1", 48, 48, 1.0, tuple(figures))


def test_a_page_tells_each_run_its_command_and_its_figures_beside_the_seed_method() -> None:
    told = page([record("retrieval", ["SHOES"], ["--queries 3"], retrieval_report())])
    assert f"`{COMMAND}`" in told
    assert f"| {COMPOSED} | recall@10 | 0.750 [0.750, 0.750] | 0.125 [0.125, 0.125] |" in told
    assert "|  | all 48 | a / b | 4 | 0.500 [0.500, 0.500] |" in told


def test_a_run_is_kept_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "RECORDS_DIR", tmp_path / "kept")
    monkeypatch.setattr(results, "PAGE", tmp_path / "results.md")
    results.keep("shoes", record("retrieval", ["SHOES"], ["--queries 3"], retrieval_report()))
    results.run(argparse.Namespace(records=[], run=[]))
    assert COMMAND in (tmp_path / "results.md").read_text()
    (tmp_path / "kept" / "torn.json").write_text('{"kind": "retrieval"')
    with pytest.raises(FeedError, match=r"torn\.json' is no record of a run"):
        results.read(tmp_path / "kept" / "torn.json")


def test_without_a_run_there_is_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "RECORDS_DIR", tmp_path)
    with pytest.raises(FeedError, match="no run is kept in docs/results; make some with --run SOURCE"):
        results.run(argparse.Namespace(records=[], run=[]))


def test_data_is_called_by_what_it_is_not_by_where_it_lies(tmp_path: Path) -> None:
    assert data_name("demo") == "demo"
    assert data_name(str(tmp_path / "red shoes" / "train.parquet")) == "RED_SHOES"
    assert data_name(str(tmp_path / "winter-feed.csv")) == "WINTER_FEED"


def test_every_kind_of_search_is_timed_beside_the_seed_method(few: Bench) -> None:
    report = latency.measure_latency(few, ("SHOES",))
    assert [one.kind for one in report.timings][:3] == ["words", "photo", "photo and words"]
    for timing in report.timings:
        assert 0 < timing.p50_ms <= timing.p95_ms
        assert timing.embed_p50_ms < timing.p50_ms
        assert timing.seed_ratio == pytest.approx(timing.seed_p50_ms / timing.p50_ms, rel=0.05)
    assert min(report.pictures_per_s, report.seed_pictures_per_s) > 0
    made = record("latency", ["SHOES"], [], report)
    assert "photo and words" in latency.told(made)
    assert "| photo and words | 48 |" in page([made])


def test_a_sheet_shows_the_pictures_of_what_was_found(few: Bench) -> None:
    rows = [*contact_sheet.by_words(few, ["red belt"]), *contact_sheet.by_photos(few)]
    assert [len(row.hits) for row in rows] == [8] * 10
    sheet = contact_sheet.draw(rows, few)
    assert sheet.size == (190 + 9 * 96, 10 * 154)
    # The first row asks in words: white where a photo would stand, the first hit's own colours beside it.
    assert sheet.crop((190, 0, 286, 128)).getcolors() == [(96 * 128, (255, 255, 255))]
    shown = sheet.crop((286, 0, 382, 128)).getcolors(96 * 128) or []
    assert len(shown) > 2
    limited = next(row for row in rows if row.told.startswith("the same, but in"))
    assert {hit.item.colour for hit in limited.hits} == {limited.told.split()[4]}


def test_of_shoppers_photos_only_those_never_trained_on_ask(few: Bench, tmp_path: Path) -> None:
    lines = ["id,label,kids"]
    for name, label, item in (("one", "T-Shirt", 0), ("two", "T-Shirt", 4), ("three", "Dress", 12)):
        draw_item(small_items()[item]).save(tmp_path / f"{name}.png")
        lines.append(f"{name},{label},False")
    (tmp_path / "labels.csv").write_text("\n".join(lines))
    (tmp_path / "unseen.txt").write_text("two\n")
    every = {figure.part: (figure.n, figure.value) for figure in shoppers_photos(few, tmp_path)}
    assert every[f"{SHOPPERS}: T-Shirt"][0] == 2
    assert every[f"{SHOPPERS}: T-Shirt"][1] > 0.25  # a fourth of the items are t-shirts
    asked = {figure.part: figure.n for figure in shoppers_photos(few, tmp_path, tmp_path / "unseen.txt")}
    assert asked == {SHOPPERS: 1, f"{SHOPPERS}: T-Shirt": 1}
    (tmp_path / "labels.csv").write_text("id,label\ngone,Dress\n")
    with pytest.raises(FeedError, match="has no photo 'gone'"):
        shoppers_photos(few, tmp_path)
