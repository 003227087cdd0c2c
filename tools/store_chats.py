"""The chats of a shopper as a list: found, named, deleted."""

from dataclasses import dataclass
from datetime import datetime

from env.database import Database

MAX_TITLE_CHARS = 80

# The first message is looked up for the listed rows only.
_LIST = """
    SELECT id, shopper, title, coalesce(first.message, ''), (
        SELECT count(*) FROM turns WHERE session_id = listed.id
    ), created_at, updated_at
    FROM (
        SELECT id, shopper, title, created_at, updated_at FROM sessions
        WHERE (%(shopper)s::text IS NULL OR shopper = %(shopper)s) AND (%(id)s::text IS NULL OR id = %(id)s)
        ORDER BY updated_at DESC, id LIMIT %(limit)s
    ) AS listed
    LEFT JOIN LATERAL (
        SELECT message FROM turns WHERE session_id = listed.id ORDER BY number LIMIT 1
    ) AS first ON true
    ORDER BY updated_at DESC, id
"""
# Naming a chat is no use of it: the order of the list stays.
_RENAME = "UPDATE sessions SET title = %(title)s WHERE id = %(id)s AND shopper IN ('', %(shopper)s)"
_DELETE = "DELETE FROM sessions WHERE id = %(id)s AND (%(shopper)s::text IS NULL OR shopper IN ('', %(shopper)s))"
_DELETE_OLD = "DELETE FROM sessions WHERE updated_at < now() - make_interval(days => %(days)s)"
_DELETE_ALL = "DELETE FROM sessions WHERE shopper = %(shopper)s AND shopper <> ''"


@dataclass(frozen=True, slots=True)
class ChatRow:
    """One chat of a list. `title` is the name its shopper gave it, "" where there is none; `first` its first message,
    "" where that was a photo alone."""

    id: str
    shopper: str
    title: str
    first: str
    n_turns: int
    created_at: datetime
    updated_at: datetime


class ChatStore:
    """Lists, names and deletes chats. For a `shopper`, none but theirs (and nobody's, by id) are touched."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, shopper: str | None, limit: int) -> tuple[ChatRow, ...]:
        """The chats of a shopper, or of everybody for None, last used first; at most `limit`."""
        with self._database.connection() as connection:
            rows = connection.execute(_LIST, {"shopper": shopper, "id": None, "limit": limit})
            return tuple(ChatRow(*row) for row in rows)

    def find(self, session_id: str) -> ChatRow | None:
        """One chat, whoever's it is; None where there is none."""
        with self._database.connection() as connection:
            row = connection.execute(_LIST, {"shopper": None, "id": session_id, "limit": 1}).fetchone()
        return ChatRow(*row) if row else None

    def rename(self, session_id: str, title: str, shopper: str) -> None:
        """Name a chat; "" lets its first message name it again."""
        named = " ".join(title.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").split())[:MAX_TITLE_CHARS]
        with self._database.connection() as connection:
            connection.execute(_RENAME, {"id": session_id, "title": named, "shopper": shopper})

    def delete(self, session_id: str, shopper: str | None) -> bool:
        """Remove a chat with its turns and their feedback in one transaction; whether there was one to remove.

        `shopper` None is whoever runs the shop, who may remove any.
        """
        with self._database.connection() as connection:
            return connection.execute(_DELETE, {"id": session_id, "shopper": shopper}).rowcount > 0

    def delete_unused(self, days: int) -> int:
        """Remove the chats that nobody wrote in for so many days; how many."""
        with self._database.connection() as connection:
            return connection.execute(_DELETE_OLD, {"days": days}).rowcount

    def delete_all_of(self, shopper: str) -> int:
        """Remove every chat of a shopper; how many."""
        with self._database.connection() as connection:
            return connection.execute(_DELETE_ALL, {"shopper": shopper}).rowcount
