"""Serving: the published versions of the book, for the next turn of every chat."""

import logging
import threading

from agents.prompt import Prompt
from agents.prompts_in_force import SHIPPED, PromptsInForce
from agents.workbench.soundness import ready
from env.database import Database
from env.errors import PromptError
from tools.store_prompts import PromptRow, PromptStore

logger = logging.getLogger(__name__)


class BookPrompts:
    """The prompts in force by the book. Read again only when the log of publications has grown; safe between threads.

    A stored version that is not sound never breaks a turn: the shipped one answers, and the log says why.
    """

    def __init__(self, database: Database) -> None:
        self._store = PromptStore(database)
        self._lock = threading.Lock()
        self._seen: tuple[int, PromptsInForce] = (0, SHIPPED)

    def in_force(self, session_id: str) -> PromptsInForce:
        """The same for every chat.

        Raises:
            DatabaseError: the database cannot be reached.
        """
        newest = self._store.newest_change()
        with self._lock:
            seen, found = self._seen
            if newest != seen:
                # Asked before the rows are read: what is published in between is read once more at the next turn.
                found = PromptsInForce(_sound(self._store.published()))
                self._seen = (newest, found)
            return found


def _sound(rows: tuple[PromptRow, ...]) -> dict[str, Prompt]:
    found = {}
    for row in rows:
        try:
            found[row.name] = ready(row)
        except PromptError as error:
            logger.error("published prompt cannot be used, the shipped one answers: %s", error)
    return found
