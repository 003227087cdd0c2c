"""Demos in Postgres: who takes part, guest links with their limits, and recordings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg import Connection
from psycopg.types.json import Jsonb

from env.database import Database
from env.errors import DemoError
from env.tokens import new_token

AudienceKind = Literal["presenter", "guest", "kiosk", "replay"]
_TOKEN_BYTES = 12
REMOVED_DAYS = 7
"""So long a removed recording can be put back; after that the next removal deletes it."""

_LINK = """
    SELECT token, made_by, n_guests, n_turns, created_at, ends_at, ended_at IS NOT NULL OR ends_at <= now(),
        (SELECT count(*) FROM demo_audiences WHERE demo_audiences.token = demo_links.token),
        (SELECT coalesce(sum(n_turns), 0) FROM demo_audiences WHERE demo_audiences.token = demo_links.token)
    FROM demo_links
"""
_ONE_LINK = _LINK + "WHERE token = %(token)s"
_LINKS = _LINK + "ORDER BY created_at DESC, token LIMIT %(limit)s"
_MAKE = """
    INSERT INTO demo_links (token, made_by, n_guests, n_turns, ends_at)
    VALUES (%(token)s, %(made_by)s, %(n_guests)s, %(n_turns)s, now() + make_interval(mins => %(minutes)s))
"""
_END = "UPDATE demo_links SET ended_at = now() WHERE token = %(token)s AND ended_at IS NULL"
_OPEN_AGAIN = "UPDATE demo_links SET ended_at = NULL WHERE token = %(token)s"
# The link's row stays locked while seats are counted, so two guests never take the last one.
_LOCK = "SELECT 1 FROM demo_links WHERE token = %(token)s FOR UPDATE"
_BEGIN = """
    INSERT INTO demo_audiences (shopper, kind, token) VALUES (%(shopper)s, %(kind)s, %(token)s)
    ON CONFLICT (shopper) DO UPDATE SET used_at = now()
"""
_AUDIENCE = "SELECT shopper, kind, token, n_turns FROM demo_audiences WHERE shopper = %(shopper)s"
_USE = "UPDATE demo_audiences SET n_turns = n_turns + 1, used_at = now() WHERE shopper = %(shopper)s"
# One statement decides and counts, so that two tabs never spend the last turn twice.
_SPEND = """
    UPDATE demo_audiences SET n_turns = demo_audiences.n_turns + 1, used_at = now()
    FROM demo_links
    WHERE shopper = %(shopper)s AND demo_links.token = demo_audiences.token
        AND demo_links.ended_at IS NULL AND now() < demo_links.ends_at AND demo_audiences.n_turns < demo_links.n_turns
"""
_STALE = """
    SELECT shopper FROM demo_audiences
    WHERE kind = %(kind)s AND used_at < now() - make_interval(mins => %(minutes)s)
"""
_FORGET = (
    "DELETE FROM sessions WHERE shopper = %(shopper)s",
    "DELETE FROM cart_lines WHERE shopper = %(shopper)s",
    "DELETE FROM saved_items WHERE shopper = %(shopper)s",
    "DELETE FROM viewed_items WHERE shopper = %(shopper)s",
    "DELETE FROM profiles WHERE shopper = %(shopper)s",
    "DELETE FROM demo_audiences WHERE shopper = %(shopper)s",
)
_RECORD = "INSERT INTO demo_recordings (title, body) VALUES (%(title)s, %(body)s) RETURNING id"
_RECORDINGS = """
    SELECT id, title, recorded_at FROM demo_recordings WHERE (removed_at IS NOT NULL) = %(is_removed)s
    ORDER BY coalesce(removed_at, recorded_at) DESC, id DESC LIMIT %(limit)s
"""
_RECORDING = "SELECT body FROM demo_recordings WHERE id = %(id)s AND removed_at IS NULL"
_REMOVE = "UPDATE demo_recordings SET removed_at = now() WHERE id = %(id)s AND removed_at IS NULL"
_PUT_BACK = "UPDATE demo_recordings SET removed_at = NULL WHERE id = %(id)s AND removed_at IS NOT NULL"
_CLEAR = "DELETE FROM demo_recordings WHERE removed_at < now() - make_interval(days => %(days)s)"


@dataclass(frozen=True, slots=True)
class GuestLink:
    """A guest link with its limits (`n_turns` for each guest) and what was used of them by all guests together."""

    token: str
    made_by: str
    n_guests: int
    n_turns: int
    created_at: datetime
    ends_at: datetime
    has_ended: bool
    n_joined: int
    n_turns_used: int


@dataclass(frozen=True, slots=True)
class Audience:
    """Somebody who takes part in a demo; `token` is that of their guest link, None without one."""

    shopper: str
    kind: AudienceKind
    token: str | None
    n_turns: int


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """A stored recording, without its body."""

    id: int
    title: str
    recorded_at: datetime


class DemoStore:
    """Reads and writes demos. What a guest may is decided here, in the statements themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make_link(self, made_by: str, *, n_guests: int, n_turns: int, minutes: int) -> GuestLink:
        """A new link under a token nobody can guess."""
        token = new_token(_TOKEN_BYTES)
        given = {"token": token, "made_by": made_by, "n_guests": n_guests, "n_turns": n_turns, "minutes": minutes}
        with self._database.connection() as connection:
            connection.execute(_MAKE, given)
        made = self.link(token)
        assert made is not None
        return made

    def link(self, token: str) -> GuestLink | None:
        """The link of a token, None where nobody made one."""
        with self._database.connection() as connection:
            row = connection.execute(_ONE_LINK, {"token": token.replace("\x00", "")}).fetchone()
        return _link(row) if row else None

    def links(self, limit: int) -> tuple[GuestLink, ...]:
        """The newest links, ended ones included."""
        with self._database.connection() as connection:
            return tuple(_link(row) for row in connection.execute(_LINKS, {"limit": limit}))

    def end_link(self, token: str) -> None:
        """Let nobody in any more, and nobody inside ask any more."""
        with self._database.connection() as connection:
            connection.execute(_END, {"token": token})

    def open_link_again(self, token: str) -> None:
        """Undo the ending; a link whose time is up stays ended."""
        with self._database.connection() as connection:
            connection.execute(_OPEN_AGAIN, {"token": token})

    def join(self, token: str, shopper: str) -> Audience:
        """The guest of this id, who takes a seat with the first visit and keeps it.

        Raises:
            DemoError: there is no such link, its time is up, it was ended, or its seats are taken.
        """
        with self._database.connection() as connection:
            found = connection.execute(_LOCK, {"token": token.replace("\x00", "")}).fetchone()
            link = _link(connection.execute(_ONE_LINK, {"token": token}).fetchone()) if found else None
            known = _audience(connection, shopper)
            if link is None:
                raise DemoError("this guest link is not one of ours; ask the presenter to show the code again")
            if link.has_ended:
                raise DemoError("this demo has ended; thank you for coming")
            if known is None and link.n_joined >= link.n_guests:
                raise DemoError(f"all {link.n_guests} seats of this demo are taken; ask the presenter for another link")
            connection.execute(_BEGIN, {"shopper": shopper, "kind": "guest", "token": token})
            joined = _audience(connection, shopper)
        assert joined is not None
        return joined

    def begin(self, shopper: str, kind: AudienceKind) -> None:
        """Mark a shopper's id as one of a demo; a second time changes nothing but when it was last used."""
        with self._database.connection() as connection:
            connection.execute(_BEGIN, {"shopper": shopper, "kind": kind, "token": None})

    def audience(self, shopper: str) -> Audience | None:
        """Who takes part under this id, None where nobody does."""
        with self._database.connection() as connection:
            return _audience(connection, shopper)

    def spend(self, shopper: str, is_guest: bool) -> bool:
        """Count one turn; False, and nothing counted, where a guest has none left."""
        with self._database.connection() as connection:
            return connection.execute(_SPEND if is_guest else _USE, {"shopper": shopper}).rowcount > 0

    def stale(self, kind: AudienceKind, minutes: int) -> tuple[str, ...]:
        """The ids that were not used for so long."""
        with self._database.connection() as connection:
            rows = connection.execute(_STALE, {"kind": kind, "minutes": minutes}).fetchall()
        return tuple(str(row[0]) for row in rows)

    def forget(self, shopper: str) -> None:
        """Delete all there is of one who took part: chats, bag, saved and viewed items, preferences."""
        with self._database.connection() as connection:
            if _audience(connection, shopper) is None:
                return
            for statement in _FORGET:
                connection.execute(statement, {"shopper": shopper})

    def put_recording(self, title: str, body: Mapping[str, Any]) -> int:
        """Keep a recording; its number."""
        with self._database.connection() as connection:
            row = connection.execute(_RECORD, {"title": title, "body": Jsonb(body)}).fetchone()
        assert row is not None
        return int(row[0])

    def recordings(self, limit: int, *, is_removed: bool = False) -> tuple[RecordingRow, ...]:
        """The newest recordings, or those last removed."""
        given = {"limit": limit, "is_removed": is_removed}
        with self._database.connection() as connection:
            return tuple(RecordingRow(*row) for row in connection.execute(_RECORDINGS, given))

    def remove_recording(self, number: int) -> bool:
        """Take a recording off the list; False where it is not on it. Deletes what was removed long ago."""
        with self._database.connection() as connection:
            connection.execute(_CLEAR, {"days": REMOVED_DAYS})
            return connection.execute(_REMOVE, {"id": number}).rowcount > 0

    def put_back_recording(self, number: int) -> bool:
        """Undo a removal; False where none of this number was removed, or it has been deleted since."""
        with self._database.connection() as connection:
            return connection.execute(_PUT_BACK, {"id": number}).rowcount > 0

    def recording(self, number: int) -> Mapping[str, Any]:
        """The body of a recording.

        Raises:
            DemoError: there is none of this number.
        """
        with self._database.connection() as connection:
            row = connection.execute(_RECORDING, {"id": number}).fetchone()
        if row is None:
            raise DemoError(f"there is no recording {number}; record a demo first")
        body: Mapping[str, Any] = row[0]
        return body


def _link(row: tuple[Any, ...] | None) -> GuestLink:
    assert row is not None
    return GuestLink(*row)


def _audience(connection: Connection, shopper: str) -> Audience | None:
    row = connection.execute(_AUDIENCE, {"shopper": shopper}).fetchone()
    return Audience(*row) if row else None
