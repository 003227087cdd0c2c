"""What a turn keeps of its models for whoever looks later: the tokens used, and what the checker took out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from agents.desk import Desk, open_desk
from agents.events import Message, ReplyToken
from agents.session import Session
from agents.turn import run_turn
from tests.servers.brain import answer as think
from tests.servers.gemini import Gemini
from tests.servers.local import LocalServer
from tests.servers.vendors import settings_for
from tests.servers.wire import Ask
from tools.shop import Shop

ONE_EACH = {"in": 1, "out": 1}


def careless(asked: Ask) -> str:
    """Reads well, and writes a price that no card has."""
    return think(asked) if asked.wants_json else "[1] is a good choice for every day. [2] costs 3.33 EUR."


@pytest.fixture(scope="module")
def desk(shop: Shop) -> Iterator[Desk]:
    with LocalServer(Gemini(), brain=careless) as server:
        changes = {"data_dir": shop.settings.data_dir, "classifier": "gemini", "assistant": "gemini"}
        yield open_desk(replace(shop, settings=settings_for(server.url, **changes)))


def record(desk: Desk, session: Session) -> Any:
    return desk.turns(session.id)[-1].record


def test_turns_at_once_keep_each_their_own_tokens(desk: Desk) -> None:
    first, second = desk.new_session(), desk.new_session()
    slow = run_turn(first, Message("red T-shirts"), desk)
    while not isinstance(next(slow), ReplyToken):
        pass
    list(run_turn(second, Message("black belts"), desk))
    list(slow)
    for session in (first, second):
        assert record(desk, session)["tokens"] == {"classifier": ONE_EACH, "assistant": ONE_EACH}


def test_what_the_checker_took_out_of_a_models_reply_is_kept(desk: Desk) -> None:
    session = desk.new_session()
    list(run_turn(session, Message("red T-shirts"), desk))
    (problem,) = record(desk, session)["violations"]
    assert "3.33" in problem
    assert "3.33" not in record(desk, session)["reply"]


def test_a_turn_of_this_machine_used_no_tokens_and_had_nothing_to_check(desk: Desk) -> None:
    own = replace(desk, classifier=desk.offline_classifier, assistant=desk.offline_assistant)
    session = own.new_session()
    list(run_turn(session, Message("red T-shirts"), own))
    assert not {"tokens", "violations"} & set(record(own, session))
