"""What shoppers thought of turns, in Postgres: kept with the turn and deleted with it."""

from dataclasses import dataclass

from env.database import Database

MAX_SAID_CHARS = 500

# A turn that was replaced or deleted meanwhile is judged no more.
_PUT = """
    INSERT INTO feedback (session_id, number, is_good, reasons, said)
    SELECT session_id, number, %(is_good)s, %(reasons)s, %(said)s
    FROM turns WHERE session_id = %(id)s AND number = %(number)s
    ON CONFLICT (session_id, number) DO UPDATE
    SET is_good = excluded.is_good, reasons = excluded.reasons, said = excluded.said, updated_at = now()
"""
_TAKE_BACK = "DELETE FROM feedback WHERE session_id = %(id)s AND number = %(number)s"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A thumb up or down, with the reasons picked and a line of the shopper's own."""

    is_good: bool
    reasons: tuple[str, ...] = ()
    said: str = ""


class FeedbackStore:
    """Writes verdicts; they are read with their turns (`SessionStore.turns`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, session_id: str, number: int, verdict: Verdict) -> None:
        """Keep what was thought of turn `number`, in place of what was thought before."""
        said = verdict.said.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()[:MAX_SAID_CHARS]
        with self._database.connection() as connection:
            connection.execute(
                _PUT,
                {
                    "id": session_id,
                    "number": number,
                    "is_good": verdict.is_good,
                    "reasons": list(verdict.reasons),
                    "said": said,
                },
            )

    def take_back(self, session_id: str, number: int) -> None:
        """Forget what was thought of turn `number`."""
        with self._database.connection() as connection:
            connection.execute(_TAKE_BACK, {"id": session_id, "number": number})
