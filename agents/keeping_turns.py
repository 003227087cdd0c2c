"""After a turn: the session moves on, and both are stored."""

import logging

from agents.events import Message
from agents.intent import Intent, Route, Slots
from agents.record import live_json, tokens_json, turn_record
from agents.standing import is_more, off_after, standing_after
from agents.turn_at_work import Turn
from env.errors import ChatGoneError
from tools.store_sessions import NewTurn, SessionRow

logger = logging.getLogger(__name__)
# Turns about cards that are on the screen already: "the first one" means the same after them.
_TALK: tuple[Route, ...] = ("question", "compare", "cart", "saved")


def keep(turn: Turn, *, is_stopped: bool = False) -> None:
    """Move the session on and store the turn. A turn stopped before it was understood leaves no trace."""
    if turn.intent is None:
        return
    session, evidence = turn.session, turn.evidence
    before, session.photo_before = session.to_json(), session.photo
    standing = standing_after(turn.intent, session)
    if turn.intent.route == "question" and turn.message.photo is not None:
        # What is asked of a photo limits nothing: the cards beside the answer are a search by the photo alone.
        standing = (Slots(),)
    shown = tuple(hit.item.sku for hit in evidence.hits)
    has_new_looks = _has_new_looks(turn.intent, turn.message)
    if is_more(turn.intent):
        session.seen = (*session.seen, *shown)
    elif has_new_looks or standing != session.standing:
        session.seen = shown
    if has_new_looks:
        session.like = "" if turn.intent.route == "refine" else turn.request.like
        session.photo, session.has_photo = turn.message.photo, turn.message.photo is not None
    if turn.intent.route == "search" or "everything" in turn.intent.cleared:
        session.asked = turn.message.text
    session.off = off_after(turn.intent, session)
    session.standing = standing
    session.asking, session.asking_pieces = (turn.doing.asking, turn.doing.n_pieces) if turn.doing else ((), 1)
    if turn.intent.route in _TALK:
        session.talk_about(evidence.hits)
    else:
        session.show(evidence.hits)
        session.look = evidence.look or session.look
    session.remember(turn.message.text, turn.reply)
    session.language = turn.intent.language
    record = turn_record(turn.intent, evidence, turn.done(), is_stopped=is_stopped) | live_json(session.prompts)
    if tokens := tokens_json(turn.spent):
        record["tokens"] = tokens
    if turn.violations is not None:
        record["violations"] = list(turn.violations)
    has_photo = turn.message.photo is not None
    _store(turn, NewTurn(turn.message.text, has_photo, record, before, turn.message.replaces))


def _store(turn: Turn, new: NewTurn) -> None:
    """A chat that was deleted while the turn was at work stays deleted: what was found is shown, and not kept."""
    session = turn.session
    row = SessionRow(session.to_json(), session.shopper, session.version)
    try:
        session.newest, session.version = turn.desk.sessions.add_turn(session.id, row, new)
    except ChatGoneError as error:
        logger.info("turn not kept: %s", error)


def _has_new_looks(intent: Intent, message: Message) -> bool:
    """Whether another photo, another card or none is what the search goes by after this turn."""
    if intent.route == "refine":
        return message.photo is not None or "everything" in intent.cleared
    return intent.route in ("search", "similar") or (intent.route == "question" and message.photo is not None)
