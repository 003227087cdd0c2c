"""Profiles of shoppers and what they looked at, in Postgres."""

from psycopg.types.json import Jsonb

from env.database import Database
from tools.profile import PROFILE_JSON, Profile, without_foreign

# Older ones say little about what somebody looks for today.
_MOST_VIEWED = 50

_READ = "SELECT preferences FROM profiles WHERE shopper = %(shopper)s"
_WRITE = """
    INSERT INTO profiles (shopper, preferences) VALUES (%(shopper)s, %(preferences)s)
    ON CONFLICT (shopper) DO UPDATE SET preferences = excluded.preferences, updated_at = now()
"""
_VIEW = """
    INSERT INTO viewed_items (shopper, sku) VALUES (%(shopper)s, %(sku)s)
    ON CONFLICT (shopper, sku) DO UPDATE SET viewed_at = clock_timestamp()
"""
_FORGET_OLDEST = """
    DELETE FROM viewed_items WHERE shopper = %(shopper)s AND sku IN (
        SELECT sku FROM viewed_items WHERE shopper = %(shopper)s ORDER BY viewed_at DESC, sku OFFSET %(most)s
    )
"""
_VIEWED = "SELECT sku FROM viewed_items WHERE shopper = %(shopper)s ORDER BY viewed_at DESC, sku LIMIT %(most)s"
_FORGET_VIEWED = "DELETE FROM viewed_items WHERE shopper = %(shopper)s"


class ProfileStore:
    """Every shopper's profile is reached by the shopper's own id alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def profile(self, shopper: str) -> Profile:
        """The profile; an empty one for a shopper who told nothing."""
        with self._database.connection() as connection:
            row = connection.execute(_READ, {"shopper": shopper}).fetchone()
        return without_foreign(PROFILE_JSON.validate_python(row[0])) if row else Profile()

    def write(self, shopper: str, profile: Profile) -> Profile:
        """Store the profile; what was read back afterwards. Without a shelf nothing looked at stays either."""
        with self._database.connection() as connection:
            preferences = Jsonb(PROFILE_JSON.dump_python(profile, mode="json"))
            connection.execute(_WRITE, {"shopper": shopper, "preferences": preferences})
            if not profile.has_shelf:
                connection.execute(_FORGET_VIEWED, {"shopper": shopper})
        return self.profile(shopper)

    def view(self, shopper: str, sku: str) -> None:
        """Remember that an item was looked at; nothing is recorded for a shopper who turned the shelf off."""
        if not self.profile(shopper).has_shelf:
            return
        with self._database.connection() as connection:
            connection.execute(_VIEW, {"shopper": shopper, "sku": sku})
            connection.execute(_FORGET_OLDEST, {"shopper": shopper, "most": _MOST_VIEWED})

    def viewed(self, shopper: str, most: int = _MOST_VIEWED) -> tuple[str, ...]:
        """SKUs of what was looked at, the newest first."""
        with self._database.connection() as connection:
            rows = connection.execute(_VIEWED, {"shopper": shopper, "most": most}).fetchall()
        return tuple(sku for (sku,) in rows)

    def forget_viewed(self, shopper: str) -> tuple[str, ...]:
        """Forget all that was looked at; what is left, read back."""
        with self._database.connection() as connection:
            connection.execute(_FORGET_VIEWED, {"shopper": shopper})
        return self.viewed(shopper)
