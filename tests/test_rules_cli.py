"""`python -m tools rules`: written, looked at, taken away, undone, out and in."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from env.errors import RuleError
from tools.__main__ import app
from tools.shop import Shop

Rules = Callable[..., Result]


@pytest.fixture
def rules(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Rules:
    """Runs the command over the 48 small items."""
    monkeypatch.setenv("DATABASE_URL", shop.settings.database_url.get_secret_value())
    monkeypatch.setenv("DATA_DIR", str(shop.settings.data_dir))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Result:
        done = CliRunner().invoke(app, ["rules", *arguments])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return run


def test_a_rule_goes_all_the_way_from_the_command_line(rules: Rules, tmp_path: Path) -> None:
    assert "no rules yet" in rules("list").output
    added = rules("add", "kind: pin, id: first, skus: [A-044], match: exact, words: [belt]", "--note", "for the fair")
    assert added.output == "first: pin A-044 at place 1 for “belt”\n"
    warned = rules("add", "kind: hide, id: gone, skus: [LEFT-1]")
    assert "note: 'LEFT-1' has left the catalogue" in warned.output
    told = {rule["id"]: rule["state"] for rule in json.loads(rules("list", "--json").output)}
    assert told == {"first": "active", "gone": "broken"}

    seen = rules("preview", "belt", "--filter", "category=belt").output
    assert "▲" in seen
    assert "holds: first pin A-044 at place 1 for “belt”" in seen
    assert "does nothing: gone hide LEFT-1: 'LEFT-1' has left the catalogue" in seen

    out = tmp_path / "rules.csv"
    rules("export", str(out))
    assert rules("remove", "gone").output.startswith("removed: hide LEFT-1")
    assert [rule["id"] for rule in json.loads(rules("list", "--json").output)] == ["first"]
    assert rules("undo").output == "version 4: 2 rules\n"
    out.write_text(out.read_text(encoding="utf-8") + "new,stick\n", encoding="utf-8")
    assert "row 3: kind 'stick'" in rules("import", str(out)).output
    assert "for the fair" in rules("history").output
    assert rules("undo", "--version", "0").output.endswith(": 0 rules\n")


def test_what_cannot_be_done_is_told(rules: Rules, tmp_path: Path) -> None:
    for arguments, told in (
        (("add", "kind: pin"), "a pin holds one SKU"),
        (("add", "kind: {"), "is no YAML"),
        (("remove", "nobody"), "there is no rule 'nobody'"),
        (("import", str(tmp_path / "none.yaml")), "cannot read"),
        (("export", str(tmp_path / "rules.txt")), "ends in neither .yaml nor .csv"),
        (("preview", "belt", "--on", "tomorrow"), "is no day"),
        (("undo", "--version", "99"), "there is no version 99"),
    ):
        with pytest.raises(RuleError, match=told):
            rules(*arguments)
