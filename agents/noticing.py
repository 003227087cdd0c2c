"""What shoppers do with shown items, noticed for the counts: never at the shopper's expense."""

import logging

from env.errors import VitrineError
from tools.store_outcomes import OutcomeKind, OutcomeStore

logger = logging.getLogger(__name__)


def notice(outcomes: OutcomeStore, session_id: str, sku: str, kind: OutcomeKind, number: int = 0) -> None:
    """Keep what was done with an item against turn `number`, else against the newest stored turn that showed it.

    Nothing is kept where no turn of the chat did. A failure is logged and goes no further.
    """
    try:
        if number:
            outcomes.put(session_id, number, sku, kind)
        else:
            outcomes.put_shown(session_id, sku, kind)
    except VitrineError as error:
        logger.warning("outcome not kept: kind=%s error=%s", kind, error)
