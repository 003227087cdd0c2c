"""How long turns are kept: read and set by whoever may, applied once a day by whichever process comes first."""

import logging
import threading
from collections.abc import Callable

from env.database import Database
from env.errors import SettingsError, VitrineError
from env.roles import Action, Actor
from tools.store_retention import Old, Retention, RetentionStore

logger = logging.getLogger(__name__)
MOST_DAYS = 3_650
EVERY_HOURS = 24
_LOOK_AGAIN_S = 3_600.0


def retention(database: Database) -> Retention:
    """How long turns are kept at present."""
    return RetentionStore(database).read()


def count_older(database: Database, days: int) -> Old:
    """What would be deleted if turns were kept for so many days.

    Raises:
        SettingsError: that is no number of days turns can be kept for.
    """
    return RetentionStore(database).count_older(_checked(days))


def set_retention(database: Database, actor: Actor, days: int | None) -> Retention:
    """Keep turns for so many days from now on, None until somebody deletes them; what is in force then.

    A shorter time than before deletes nothing for a day, and can be taken back until then.

    Raises:
        AccessError: the actor may not set it.
        SettingsError: that is no number of days turns can be kept for.
    """
    actor.require(Action.SET_RETENTION)
    store = RetentionStore(database)
    store.set(days if days is None else _checked(days), actor.name)
    logger.info("retention set: days=%s by=%s", days, actor.name)
    return store.read()


def apply_retention(database: Database, every_hours: int = 0) -> Old | None:
    """Delete what is older than the time in force; None where that is done already."""
    gone = RetentionStore(database).apply(every_hours)
    if gone is not None and gone.n_turns:
        logger.info("retention applied: chats=%d turns=%d", gone.n_chats, gone.n_turns)
    return gone


def keep_retention(database: Callable[[], Database], is_over: threading.Event) -> None:
    """Apply the retention now and daily until it is over, in a thread of its own. A failure waits for the next time."""
    while not is_over.is_set():
        try:
            apply_retention(database(), EVERY_HOURS)
        except VitrineError as error:
            logger.warning("retention not applied: %s", error)
        is_over.wait(_LOOK_AGAIN_S)


def _checked(days: int) -> int:
    if not 1 <= days <= MOST_DAYS:
        raise SettingsError(f"turns cannot be kept for {days!r} days; choose 1 to {MOST_DAYS}, or no limit")
    return days
