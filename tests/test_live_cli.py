"""`python -m agents live`, by whoever runs the shop."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agents.live.book import LiveBook, Plan
from agents.live.command import live_app
from env.database import Database
from env.errors import ComparisonError
from env.roles import EVERYTHING
from tests.live_shoppers import TRIED, Crowd, come, two_versions

Run = Callable[..., Result]
REPO_DIR = Path(__file__).resolve().parent.parent


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", database_url)
    return lambda *arguments: CliRunner().invoke(live_app, arguments)


def test_a_comparison_is_listed_shared_reported_and_stopped(run: Run, database: Database) -> None:
    started = LiveBook(database, two_versions()).start(EVERYTHING, Plan("assistant", TRIED))
    come(database, started.id, Crowd(60, 0.2), Crowd(60, 0.2))
    shared = run("share", str(started.id), "0.2")
    assert shared.stdout.startswith(f"{started.id}  assistant  A 2  B {TRIED}  20% get B  by cart  running")
    report = json.loads(run("report", str(started.id), "--json").stdout)
    assert (report["a"]["n_sessions"], report["figures"][0]["shown"]) == (60, "no difference shown")
    stopped = run("stop", str(started.id), "--reason", "the season is over")
    assert stopped.stdout.rstrip().endswith("this computer  the season is over")
    assert run("list").stdout == stopped.stdout
    again = run("stop", str(started.id)).exception
    assert isinstance(again, ComparisonError)
    assert str(again).startswith(f"comparison {started.id} has ended on ")


def test_what_cannot_be_started_is_one_line(database_url: str) -> None:
    command = [sys.executable, "-m", "agents", "live", "start", "assistant", "9"]
    environment = {**os.environ, "DATABASE_URL": database_url}
    refused = subprocess.run(command, cwd=REPO_DIR, env=environment, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (1, "", 1)
    assert "version '9' of 'assistant' may not meet shoppers" in refused.stderr


def test_simulations_are_told_as_a_table(run: Run) -> None:
    lines = run("simulate", "--runs", "2").stdout.splitlines()
    assert lines[0].split() == ["scenario", "A", "B", "sessions", "better", "worse", "none", "shown", "at"]
    assert lines[1].split() == ["A", "and", "A", "0.10", "0.10", "2000", "0", "0", "2", "-"]
