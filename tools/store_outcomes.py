"""What shoppers did with the items that turns had shown, in Postgres: kept with the turn and deleted with it."""

from typing import Literal

from env.database import Database

OutcomeKind = Literal["open", "save", "cart", "link"]

# A turn that was replaced or deleted meanwhile keeps nothing more.
_PUT = """
    INSERT INTO outcomes (session_id, number, sku, kind)
    SELECT session_id, number, %(sku)s, %(kind)s
    FROM turns WHERE session_id = %(id)s AND number = %(number)s
"""

_PUT_SHOWN = """
    INSERT INTO outcomes (session_id, number, sku, kind)
    SELECT session_id, number, %(sku)s, %(kind)s
    FROM turns
    WHERE session_id = %(id)s
        AND jsonb_path_exists(record, '$.parts[*].hits[*] ? (@.sku == $sku)', jsonb_build_object('sku', %(sku)s::text))
    ORDER BY number DESC LIMIT 1
"""


class OutcomeStore:
    """Writes outcomes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, session_id: str, number: int, sku: str, kind: OutcomeKind) -> None:
        """Keep that an item shown by turn `number` was opened, saved, put into the bag or followed to its page."""
        with self._database.connection() as connection:
            connection.execute(_PUT, {"id": session_id, "number": number, "sku": sku, "kind": kind})

    def put_shown(self, session_id: str, sku: str, kind: OutcomeKind) -> None:
        """The same against the newest turn that showed the item; nothing where none did."""
        with self._database.connection() as connection:
            connection.execute(_PUT_SHOWN, {"id": session_id, "sku": sku, "kind": kind})
