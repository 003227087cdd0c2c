"""Any source as plain files, and back again: the same catalogue."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from env.errors import FeedError
from env.settings import Settings
from ingest.convert import convert
from ingest.feed import Feed, Options, find_feed
from ingest.pipeline import run
from ingest.readers.demo import DemoReader
from tests.feed_files import open_test_shop, plain_rows, write_plain
from tools.shop import Shop


@pytest.fixture
def shop(settings: Settings) -> Iterator[Shop]:
    with open_test_shop(settings) as opened:
        yield opened


def test_what_is_written_is_read_back_as_the_same_items(shop: Shop, tmp_path: Path) -> None:
    demo = Feed("demo", "demo", Path(), DemoReader(seed=3, n_groups=2))
    out = tmp_path / "out"
    report = convert(shop.settings, demo, out)
    assert report.n_new == report.n_read > 6
    assert run(shop, demo, Options()).n_new == report.n_new
    again = run(shop, find_feed(out, name="demo"), Options())
    assert (again.kind, again.n_unchanged, again.n_read) == ("plain", report.n_new, report.n_new)


def test_bad_rows_are_told_and_left_out(settings: Settings, tmp_path: Path) -> None:
    told = plain_rows(3)
    told[1]["image"] = "gone.jpg"
    report = convert(settings, find_feed(write_plain(tmp_path / "feed", told)), tmp_path / "out")
    written = [json.loads(line) for line in (tmp_path / "out" / "items.jsonl").read_text().splitlines()]
    assert [row["sku"] for row in written] == ["S-000", "S-002"]
    assert written[0]["price_cents"] == 2000
    assert (tmp_path / "out" / written[0]["image"]).is_file()
    assert report.rejected["missing_picture"].n == 1


def test_files_of_an_earlier_run_are_not_overwritten(settings: Settings, tmp_path: Path) -> None:
    source = find_feed(write_plain(tmp_path / "feed", plain_rows(1)))
    convert(settings, source, tmp_path / "out")
    with pytest.raises(FeedError, match=r"items\.jsonl' exists; choose another folder, or remove it"):
        convert(settings, source, tmp_path / "out")
