"""Stored turns with a thumb, and a judge behind OpenAI's protocol that likes some of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.types.json import Jsonb

from env.database import Database
from tests.servers.local import LocalServer
from tests.servers.openai import OpenAI
from tests.servers.wire import Ask
from tools.store_feedback import FeedbackStore, Verdict

_SESSION = "INSERT INTO sessions (id, state) VALUES ('thumbed', '{}') ON CONFLICT DO NOTHING"
_TURN = """
    INSERT INTO turns (session_id, number, message, has_photo, record)
    VALUES ('thumbed', %(number)s, %(message)s, false, %(record)s)
"""


def give_thumbs(database: Database, up: int, down: int) -> None:
    """Turns with a thumb, those that are up first: "good 1", "good 2", ..., "bad 1", ..."""
    messages = [f"good {n}" for n in range(1, up + 1)] + [f"bad {n}" for n in range(1, down + 1)]
    record = Jsonb({"reply": "The belt [1] is black.", "parts": [{"hits": [{"title": "Black belt"}]}]})
    with database.connection() as connection:
        connection.execute(_SESSION)
        for number, message in enumerate(messages, 1):
            connection.execute(_TURN, {"number": number, "message": message, "record": record})
    for number, message in enumerate(messages, 1):
        FeedbackStore(database).put("thumbed", number, Verdict(message.startswith("good")))


def take_thumbs(database: Database) -> None:
    """Take all of them away, and what was measured by them."""
    with database.connection() as connection:
        connection.execute("DELETE FROM sessions WHERE id = 'thumbed'")
        connection.execute("DELETE FROM thumb_checks")


def likes_what_is_good(asked: Ask) -> str:
    """A judge that thinks as shoppers do, but for their first and last turn."""
    is_good = "good" in asked.text.partition("<message>")[2].partition("</message>")[0]
    is_odd = "good 1\n" in asked.text or "bad 1\n" in asked.text
    return f'{{"points": {5 if is_good != is_odd else 2}, "why": ""}}'


@contextmanager
def judge_server() -> Iterator[LocalServer]:
    """Where that judge is asked."""
    with LocalServer(OpenAI(), brain=likes_what_is_good) as server:
        yield server
