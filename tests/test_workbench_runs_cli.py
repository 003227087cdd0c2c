"""The test set, runs and the gate from the command line, as somebody without a browser goes through them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agents.workbench.runs_command import runs_app
from env.errors import BenchError
from tests.workbench_cases import COLOURS
from tools.shop import Shop


def test_cases_are_taken_in_played_reported_scored_again_and_held_against_the_gate(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", shop.settings.database_url.get_secret_value())
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    def told(*arguments: str, status: int = 0) -> Result:
        result = CliRunner().invoke(runs_app, arguments)
        assert result.exit_code == status, result.output
        return result

    file = tmp_path / "cases.csv"
    file.write_text(
        "message,slots\n" + "".join(f'{each} belts,"{{""colours"": [""{each}""]}}"\n' for each in COLOURS[:3]) + ",\n"
    )
    added = told("cases", "--add", str(file))
    assert added.stdout == "3 added, 0 written over, 1 refused\n"
    assert "line 5: message: " in added.stderr
    listed = [json.loads(line) for line in told("cases").stdout.splitlines()]
    assert [case["message"] for case in listed] == [f"{each} belts" for each in COLOURS[:3]]
    assert told("cases", "--remove", listed[0]["id"]).stdout == "removed 1; --restore puts them back\n"
    ran = told("run", "label=now", "label=same").stdout
    assert "“same” beside “now”: 2 cases are too few to tell." in ran
    assert "The practice model of this machine takes part" in ran
    assert told("report", "1").stdout == ran == told("rescore", "1").stdout
    assert told("runs").stdout == "run 1  done  4 of 4  now / same\n"
    assert told("gate", "assistant", "2").stdout == "open\nversion '2' of 'assistant' is the one in force\n"
    assert json.loads(told("gate", "--set", "min_cases=2", "--set", "not_worse=slots_right").stdout) == {
        "is_on": True, "min_cases": 2, "max_new_violations": 0, "not_worse": ["slots_right"],
    }  # fmt: skip
    refused = CliRunner().invoke(runs_app, ["run", "assistant=2,temperature=1", "label=b"])
    assert isinstance(refused.exception, BenchError)
    assert "cannot read 'temperature=1' of the variant" in str(refused.exception)
