"""`python -m agents chats`: listed, exported, deleted by whoever runs the shop."""

import json
import subprocess
from collections.abc import Callable

import pytest

from agents.__main__ import main
from agents.desk import Desk, open_desk
from tests.in_process import run_in_process
from tests.stocked_shop import ask
from tools.shop import Shop

Run = Callable[..., subprocess.CompletedProcess[str]]
ANNA = "a" * 32


@pytest.fixture
def run(shop: Shop) -> Run:
    environment = {"DATABASE_URL": shop.settings.database_url.get_secret_value()}
    return lambda *arguments: run_in_process(main, ("chats", *arguments), environment)


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return open_desk(shop)


def test_chats_are_listed_exported_and_deleted(run: Run, desk: Desk) -> None:
    session = desk.new_session(ANNA)
    ask(desk, session, "red dresses")
    ask(desk, desk.new_session(), "black belts")
    listed = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    assert [(each["title"], each["shopper"], each["turns"]) for each in listed] == [
        ("black belts", None, 1),
        ("red dresses", ANNA, 1),
    ]
    (line,) = run("list", "--shopper", ANNA).stdout.splitlines()
    assert (line.startswith(session.id), line.endswith("  1  red dresses")) == (True, True)
    assert run("export", session.id).stdout.startswith("# red dresses\n")
    assert json.loads(run("export", session.id, "--as", "json").stdout)["turns"][0]["message"] == "red dresses"
    done = run("delete", session.id, "--yes")
    assert (done.returncode, done.stdout) == (0, "deleted 1 chat\n")
    assert desk.sessions.read(session.id) is None
    assert run("delete", "--unused-days", "30", "--yes").stdout == "deleted 0 chats\n"


def test_nothing_is_deleted_without_a_yes(run: Run, desk: Desk) -> None:
    session = desk.new_session(ANNA)
    ask(desk, session, "red dresses")
    assert run("delete", session.id).returncode == 1
    assert desk.sessions.read(session.id) is not None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("export", "none"), "there is no chat 'none'; `python -m agents chats list` names them"),
        (("delete", "none", "--yes"), "there is no chat 'none'; `python -m agents chats list` names them"),
        (("delete", "--yes"), "say what to delete, one of: a chat's id, --shopper, --unused-days"),
        (
            ("delete", "x", "--shopper", "y", "--yes"),
            "say what to delete, one of: a chat's id, --shopper, --unused-days",
        ),
    ],
)
def test_an_error_is_one_line_on_stderr(run: Run, arguments: tuple[str, ...], told: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"vitrine: {told}\n")
