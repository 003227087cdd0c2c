"""`python -m agents ask`: one JSON object or plain text on stdout, errors as one line on stderr."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from agents.__main__ import main
from env.settings import REPO_DIR
from tests.in_process import run_in_process
from tools.shop import Shop

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(shop: Shop) -> Run:
    environment = {"DATABASE_URL": shop.settings.database_url.get_secret_value()}
    return lambda *arguments: run_in_process(main, ("ask", *arguments), environment)


@pytest.fixture
def run_apart(shop: Shop) -> Run:
    """The same as a process of its own."""

    def run_it(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DATABASE_URL": shop.settings.database_url.get_secret_value()}
        command = [sys.executable, "-m", "agents", "ask", *arguments]
        return subprocess.run(command, cwd=REPO_DIR, env=environment, capture_output=True, text=True, check=False)

    return run_it


def test_an_answer_as_json_says_everything_about_the_turn(run_apart: Run) -> None:
    done = run_apart("red dresses for women under 60", "--json", "--session", "mine")
    assert (done.returncode, done.stderr) == (0, "")
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["session"] == "mine"
    assert answer["intent"] == {
        "route": "search",
        "language": "en",
        "categories": ["Dress"],
        "count": 2,
        "colours": ["red"],
        "gender": "female",
        "price_max_cents": 6_000,
    }
    assert sorted(item["sku"] for item in answer["items"]) == ["A-014", "A-022"]
    assert {
        "title",
        "category",
        "colour",
        "gender",
        "brand",
        "price_cents",
        "currency",
        "image",
        "score",
        "why",
    } <= set(answer["items"][0])
    assert answer["items"][0]["price_cents"] == 5_400
    assert "2 red dresses" in answer["reply"]
    assert set(answer["backends"]) == {"classifier", "embedder", "assistant"}
    assert answer["timings_ms"]["total"] > 0


def test_an_answer_for_people_is_the_cards_the_reply_and_what_to_ask_next(run: Run) -> None:
    done = run("2 black belts")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("  1  ")
    assert "€" in lines[0]
    assert "Next: " in done.stdout
    assert "Go on with: --session " in lines[-1]


def test_a_photo_weight_is_kept_for_the_chat(run: Run, tmp_path: Path) -> None:
    Image.new("RGB", (60, 80), (200, 30, 30)).save(tmp_path / "red.png")
    photo = str(tmp_path / "red.png")

    asked = {"text": "striped belt or dress"}
    weights: list[dict[str, object]] = [{}, {"image": photo, "photo_weight": 0}, {"image": photo, "photo_weight": 1}]
    lines = "\n".join(json.dumps(asked | more) for more in weights)
    (tmp_path / "batch.jsonl").write_text(lines, encoding="utf-8")
    answers = map(json.loads, run("--batch", str(tmp_path / "batch.jsonl")).stdout.splitlines())
    words, by_words, by_photo = ([item["sku"] for item in answer["items"]] for answer in answers)
    assert by_words == words
    assert by_photo != words
    told = json.loads(run(asked["text"], "--image", photo, "--photo-weight", "0", "--json").stdout)
    assert [item["sku"] for item in told["items"]] == words
    assert run("hi", "--photo-weight", "2").returncode == 2


def test_a_batch_answers_every_line_and_tells_bad_ones(run: Run, tmp_path: Path) -> None:
    Image.new("RGB", (60, 80), (200, 30, 30)).save(tmp_path / "red.png")
    lines = [
        json.dumps({"id": "a", "text": "red dresses", "session": "one"}),
        json.dumps({"id": "b", "text": "in white instead", "session": "one"}),
        "not json",
        "",
        json.dumps({"id": "d", "text": ""}),
        json.dumps({"id": "e", "image": str(tmp_path / "red.png")}),
        json.dumps({"id": "f", "image": str(tmp_path / "none.png")}),
        json.dumps({"id": 7, "text": "hello", "mood": "good"}),
    ]
    (tmp_path / "batch.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run("--batch", str(tmp_path / "batch.jsonl"))
    assert done.returncode == 0
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [result["id"] for result in results] == ["a", "b", "3", "d", "e", "f", "8"]
    assert {item["colour"] for item in results[1]["items"]} == {"white"}
    assert results[2]["error"].startswith("line 3: invalid json")
    assert results[3]["error"].startswith("the message is empty")
    assert len(results[4]["items"]) == 8
    assert "cannot read the picture" in results[5]["error"]
    assert results[6]["error"] == "line 8: mood: extra inputs are not permitted"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "the message is empty; write what you are looking for, or add a photo"),
        (("x" * 2_001,), "the message has 2001 characters, at most 2000 are read; please shorten it"),
        (
            ("hi", "--image", "/none.png"),
            "cannot read the picture '/none.png': No such file or directory; name a readable file",
        ),
        (
            ("hi", "--image", "pyproject.toml"),
            "that file is not a picture I can read; please send a JPEG, PNG, WEBP, GIF, BMP or TIFF file",
        ),
        (
            ("--batch", "/none.jsonl"),
            "cannot read the batch '/none.jsonl': No such file or directory; name a file of JSON lines",
        ),
        (
            ("hi", "--batch", "x"),
            "--batch brings its own messages; leave TEXT, --image, --photo-weight and --session away",
        ),
    ],
)
def test_an_error_is_one_line_on_stderr(run: Run, arguments: tuple[str, ...], told: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"vitrine: {told}\n")


def test_an_error_ends_the_process_with_a_status(run_apart: Run) -> None:
    done = run_apart("hi", "--batch", "x")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("vitrine: --batch brings its own messages")
