"""`python -m agents workbench prompts`: the whole way of a prompt on the command line, and its preview and export."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from agents.__main__ import app
from agents.desk import open_desk
from agents.prompt import load_prompt
from agents.workbench.gate import set_policy
from agents.workbench.preview import PICTURE, preview
from agents.workbench.prompt_files import as_yaml
from agents.workbench.prompt_values import values_of
from agents.workbench.scorers import SCORERS
from env.errors import VitrineError
from env.roles import EVERYTHING
from env.settings import REPO_DIR
from tests.servers.gemini import Gemini
from tests.servers.local import LocalServer
from tests.servers.vendors import settings_for
from tests.servers.wire import Ask
from tests.stocked_shop import ask
from tools.shop import Shop
from tools.store_latest import LatestTurnStore
from tools.store_prompts import PromptRow

SHIPPED = load_prompt("assistant").version
Run = Callable[..., str]


@pytest.fixture
def run(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process; its output, or the error it ends with."""
    monkeypatch.setenv("DATABASE_URL", shop.settings.database_url.get_secret_value())
    # What the gate asks is tested with the runs.
    set_policy(EVERYTHING, shop.database, {"is_on": False}, SCORERS)

    def run_it(*arguments: str, **more: str) -> str:
        done = CliRunner().invoke(app, ["workbench", "prompts", *arguments], **more)  # type: ignore[arg-type]
        if isinstance(done.exception, VitrineError):
            return f"refused: {done.exception}"
        assert done.exit_code == 0, done.output
        return done.output

    return run_it


def test_a_prompt_goes_from_a_draft_to_the_shop_and_back(run: Run, tmp_path: Path) -> None:
    assert f"* assistant   {SHIPPED}        shipped" in run("list")
    version = run("new", "assistant", "--note", "warmer").split()[1]
    assert version == f"{SHIPPED}.1"
    file = tmp_path / "mine.yaml"
    file.write_text(run("show", "assistant", version).replace("Plain, warm and concrete", "Plain and warm"), "utf-8")
    assert run("edit", "assistant", version, "--file", str(file)) == f"saved draft {version} of assistant\n"
    told = run("diff", "assistant", SHIPPED, version)
    changed = [line for line in told.splitlines() if not line.startswith("  ")]
    assert [line.partition(", in the")[0] for line in changed] == [
        "@@ system",
        "- - Plain[-, warm-] and [-concrete-]",
        "+ - Plain and {+warm+}",
    ]
    assert f"{version} of assistant is in force instead of {SHIPPED}" in run("publish", "assistant", version)
    listed = [json.loads(line) for line in run("list", "assistant", "--json").splitlines()]
    assert [(row["version"], row["status"], row["is_in_force"]) for row in listed] == [
        (version, "published", True),
        (SHIPPED, "shipped", False),
    ]
    assert "is published and stays as it is" in run("edit", "assistant", version, "--file", str(file))
    assert f"{SHIPPED} of assistant is in force again instead of {version}" in run("rollback", "assistant")
    assert "this computer  roll back" in run("log", "assistant")
    assert "refused: nothing to roll back" in run("rollback", "assistant")


@pytest.mark.parametrize("form", ["yaml", "promptfoo"])
def test_what_is_exported_is_imported_as_a_draft_and_a_broken_file_refused(run: Run, form: str, tmp_path: Path) -> None:
    file = tmp_path / "taken.yaml"
    file.write_text(run("export", "classifier", load_prompt("classifier").version, "--as", form), "utf-8")
    version = run("import", str(file)).split()[1]
    assert run("diff", "classifier", load_prompt("classifier").version, version) == "no difference\n"
    file.write_text(file.read_text("utf-8").replace("routes", "rutes"), "utf-8")
    assert "is not filled in here; did you mean '$routes'?" in run("import", str(file))
    assert "cannot read" in run("import", str(tmp_path / "none.yaml"))
    assert run("delete", "classifier", version) == f"deleted draft {version} of classifier\n"


def test_an_editor_that_leaves_a_fault_is_opened_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import sys, pathlib\n"
        "file = pathlib.Path(sys.argv[1]); text = file.read_text()\n"
        "file.write_text(text.replace('$itmes', '$items') if '$itmes' in text else text.replace('$items', '$itmes'))\n"
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {editor}")
    version = run("new", "assistant").split()[1]
    told = run("edit", "assistant", version, input="y\n")
    assert "did you mean '$items'?" in told
    assert run("diff", "assistant", SHIPPED, version) == "no difference\n"


def test_one_line_tells_what_cannot_be_done(shop: Shop) -> None:
    environment = {**os.environ, "DATABASE_URL": shop.settings.database_url.get_secret_value()}
    command = [sys.executable, "-m", "agents", "workbench", "prompts", "show", "assistant", "9.9"]
    done = subprocess.run(command, cwd=REPO_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("vitrine: prompt 'assistant' has no version '9.9'; it has ")
    assert done.stdout == ""


def test_a_preview_is_what_the_models_were_really_told(run: Run, shop: Shop) -> None:
    assert "no chat has a turn that could be looked at again" in run("preview", "assistant", SHIPPED)
    with LocalServer(Gemini()) as server:
        changes = {"data_dir": shop.settings.data_dir, "classifier": "gemini", "assistant": "gemini"}
        desk = open_desk(
            Shop(settings_for(server.url, **changes), shop.database, shop.pictures, shop.catalog, shop.load_embedder)
        )
        session = desk.new_session()
        ask(desk, session, "red dresses")
        server.requests.clear()
        ask(desk, session, "2 belts <b>please</b>")
        told = [each.ask for each in server.requests]
    (turn,) = LatestTurnStore(shop.database).list(5)
    for name, sent in zip(("classifier", "assistant"), told, strict=True):
        said = preview(load_prompt(name), turn, desk.shop)
        assert [message.role for message in said] == ["system", "user"]
        assert said[0].parts == (sent.system,)
        assert list(said[1].parts) == words_and_pictures(sent)
    output = run("preview", "assistant", SHIPPED, "--session", session.id)
    assert "2 belts ‹b›please‹/b›" in output
    values = values_of("assistant", turn, desk.shop)
    assert values["message"] == "2 belts ‹b›please‹/b›"
    assert values["items"].startswith("[1] ")
    exported = yaml.safe_load(run("export", "assistant", SHIPPED, "--as", "promptfoo", "--turns", "3"))
    assert exported["tests"][0]["vars"]["message"] == values["message"]


def words_and_pictures(sent: Ask) -> list[str]:
    return [part if isinstance(part, str) else PICTURE for part in sent.parts]


def test_a_version_that_ships_is_written_like_its_file() -> None:
    prompt = load_prompt("classifier")
    text = as_yaml(PromptRow(prompt.name, prompt.version, "shipped", prompt.template, prompt.variables, "", "", ""))
    file = (REPO_DIR / "agents" / "prompts" / "classifier.yaml").read_text("utf-8")
    assert text.split("template:\n")[1].split("status:")[0] == file.split("template:\n")[1]
