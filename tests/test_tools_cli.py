"""`python -m tools search`: arguments, stdout, stderr and an exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from env.database import Database
from env.errors import FilterError
from env.settings import REPO_DIR
from tests.in_process import run_in_process
from tests.small_catalog import draw_item, small_items
from tools.__main__ import main
from tools.filter_words import parse_filters
from tools.query import Filters
from tools.store_vocabulary import read_vocabulary
from tools.vocabulary import Vocabulary

Search = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(stocked: tuple[str, Path]) -> dict[str, str]:
    """The small catalogue with drawn pictures, and a wide terminal."""
    return {"DATABASE_URL": stocked[0], "DATA_DIR": str(stocked[1]), "COLUMNS": "200"}


@pytest.fixture
def search(environment: dict[str, str]) -> Search:
    return lambda *arguments: run_in_process(main, ("search", *arguments), environment)


@pytest.fixture
def apart(environment: dict[str, str]) -> Search:
    """The same as a process of its own, as a shopkeeper would run it."""

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "tools", "search", *arguments]
        told = {"PATH": os.defpath, "OMP_NUM_THREADS": "1"} | environment
        return subprocess.run(command, cwd=REPO_DIR, env=told, capture_output=True, text=True, check=False)

    return run


def test_json_holds_the_hits_with_all_their_keys(apart: Search) -> None:
    done = apart("red dresses", "--top-k", "2", "--filter", "category=dresses", "--filter", "color=Red", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["n_matching"] == 3
    assert len(told["items"]) == 2
    first = told["items"][0]
    assert list(first) == [
        "sku", "title", "category", "colour", "gender", "brand", "price_cents", "regular_price_cents", "currency",
        "image", "score", "why",
    ]  # fmt: skip
    by_sku = {item.sku: item for item in small_items()}
    item = by_sku[first["sku"]]
    assert (first["category"], first["colour"], first["currency"]) == ("Dress", "red", "EUR")
    assert (first["price_cents"], first["regular_price_cents"]) == (item.sale_price_cents, item.price_cents)
    assert Path(first["image"]).is_file()
    assert -1 <= first["score"] <= 1
    assert first["why"].startswith("red")


def test_a_picture_finds_its_item(search: Search, tmp_path: Path) -> None:
    draw_item(small_items()[30]).save(tmp_path / "seen.png")
    done = search("--image", str(tmp_path / "seen.png"), "--top-k", "1", "--json")
    assert [item["sku"] for item in json.loads(done.stdout)["items"]] == ["A-030"]


def test_people_get_a_table(search: Search) -> None:
    done = search("", "--top-k", "3", "--filter", "price_max=20")
    assert done.returncode == 0
    header, *rows, last = done.stdout.splitlines()
    assert header.split() == ["SKU", "Title", "Price", "Score", "Why"]
    assert [row.split()[1] for row in rows] == ["A-038", "A-010", "A-006"]
    assert "Birch & Co red t-shirt 1  €14.00  0.000  reduced, cotton, rated 3.6" in rows[2]
    assert last == "3 shown, 8 items pass the filters"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["", "--filter", "colur=red"], 2, "vitrine: unknown filter 'colur'; known ones: category, colour, gender"),
        (["", "--filter", "brand=Nike"], 2, "vitrine: unknown brand 'Nike'; known ones: Alder, Birch & Co, Cove"),
        (["", "--filter", "red"], 2, "vitrine: filter 'red' is not of the form name=value"),
        (["--image", "/nowhere.jpg"], 1, "vitrine: cannot read the picture '/nowhere.jpg': No such file"),
        (["--image", __file__], 1, "vitrine: that file is not a picture I can read"),
    ],
)
def test_what_cannot_be_done_is_one_line_on_stderr(
    search: Search, arguments: list[str], code: int, message: str
) -> None:
    done = search(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1


@pytest.fixture
def words(small_catalog: Database) -> Vocabulary:
    return read_vocabulary(small_catalog)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], Filters(currency="EUR")),
        (["gender=women"], Filters(facets={"gender": ("female",)}, currency="EUR")),
        (["Color=Navy Blue"], Filters(facets={"colour": ("navy",)}, currency="EUR")),
        (
            ["colour=red", "colour=black", "category!=trainers"],
            Filters(facets={"colour": ("red", "black")}, exclude={"category": ("Sneakers",)}, currency="EUR"),
        ),
        (
            ["price_min=9.99", "price-max=30"],
            Filters(price_min_cents=999, price_max_cents=3_000, currency="EUR"),
        ),
        (["price_max=3000", "currency=jpy"], Filters(price_max_cents=3_000, currency="JPY")),
        (["in_stock=true", "size=m"], Filters(facets={"size": ("M",)}, in_stock=True, currency="EUR")),
        (["sku!=A-001", "sku!=A-002"], Filters(exclude_skus=("A-001", "A-002"), currency="EUR")),
        (["brand = birch & CO"], Filters(facets={"brand": ("Birch & Co",)}, currency="EUR")),
    ],
)
def test_filters_are_read_from_words(words: Vocabulary, given: list[str], expected: Filters) -> None:
    assert parse_filters(given, words, "EUR") == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("usage=party hat", "unknown usage 'party hat'; known ones: none in this catalogue"),
        ("price_max=cheap", "price_max='cheap' is not an amount; write it like 29.90"),
        ("price_max!=3", "cannot filter by price_max!='3'"),
        ("in_stock=maybe", "in_stock='maybe' is neither true nor false"),
        ("sku=A-001", "cannot filter by sku='A-001'"),
        ("colour=", "filter 'colour=' is not of the form name=value"),
    ],
)
def test_filters_that_make_no_sense_are_told(words: Vocabulary, given: str, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filters([given], words, "EUR")
    assert str(caught.value).startswith(message)
