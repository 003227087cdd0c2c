"""Insight and retention from the command line, and the CSV files."""

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agents.__main__ import app
from agents.insight.block import Block, Row
from agents.insight.csv_files import as_csv
from agents.retention import retention
from env.database import Database
from env.errors import SettingsError
from tests.insight_log import BOOTS, Logged, day, write


@pytest.fixture
def shell(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    write(database, [Logged("a", day(1), "=red dress"), Logged("b", day(2), "boots [42]", slots=BOOTS, shown=())])
    return CliRunner()


def told(shell: CliRunner, *arguments: str, typed: str = "") -> str:
    result = shell.invoke(app, list(arguments), input=typed)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.output


def test_figures_are_printed_for_the_days_asked_for(shell: CliRunner) -> None:
    everything = told(shell, "insight")
    assert "2 messages on 2 days" in everything
    assert "“Boots, size 42, at most 50 EUR” was missed most: 1 of 1 time" in everything
    assert "1 message on 1 day" in told(shell, "insight", "--from", "2026-03-02", "--to", "2026-03-02")
    refused = shell.invoke(app, ["insight", "--from", "yesterday"])
    assert isinstance(refused.exception, SettingsError)
    assert str(refused.exception) == "'yesterday' is no day; write it as 2026-03-31"


def test_each_question_becomes_a_csv_file(shell: CliRunner, tmp_path: Path) -> None:
    assert "wrote 16 files" in told(shell, "insight", "--csv", str(tmp_path / "out"))
    assert len(list((tmp_path / "out").glob("*.csv"))) == 16
    table = (tmp_path / "out" / "missed-size.csv").read_text(encoding="utf-8")
    assert table.splitlines() == ["size,missed,nearest shown,nothing shown,asked,for example", "42,1,0,1,1,boots [42]"]


def test_a_cell_is_never_a_formula() -> None:
    block = Block("queries", "?", ".", ("words", "n"), (Row(("=1+1, 2", -3)), Row(('say "@"', None))))
    assert list(csv.reader(io.StringIO(as_csv(block)))) == [["words", "n"], ["'=1+1, 2", "-3"], ['say "@"', ""]]


def test_how_long_turns_are_kept_is_told_set_and_applied(shell: CliRunner, database: Database) -> None:
    assert told(shell, "retention") == "Turns are kept until somebody deletes them.\n"
    assert "would delete 2 turns and 2 whole chats" in told(shell, "retention", "--days", "30", typed="y\n")
    assert retention(database).next_days == 30
    assert "deleted 0 turns" in told(shell, "retention", "--apply")
    assert told(shell, "retention", "--forever") == "Turns are kept until somebody deletes them.\n"
    declined = shell.invoke(app, ["retention", "--days", "30"], input="n\n")
    assert declined.exit_code == 1
    assert retention(database).next_days is None
