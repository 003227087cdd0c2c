"""The newest message, edited and sent again: its turn and what that did to the chat go, another takes its place."""

from collections.abc import Iterator
from dataclasses import replace

from agents.desk import Desk
from agents.events import Message, TurnEvent
from agents.session import Session
from agents.turn import run_turn


def resend(session: Session, message: Message, desk: Desk) -> Iterator[TurnEvent]:
    """Run `message` from where the newest turn began, and store it in that turn's place in one transaction.

    Where the newest message was not stored (it failed, or was stopped too early), or what came before it is not known
    any more, this is a turn like any other. A message that fails leaves the stored turn as it was. What a turn did
    outside the chat stays done.

    Raises:
        VitrineError: what `run_turn` raises.
    """
    before = _before_newest(session, desk)
    if before is None:
        yield from run_turn(session, message, desk)
        return
    after = session.copy()
    session.become(before)
    try:
        yield from run_turn(session, replace(message, replaces=after.newest), desk)
    finally:
        if not session.newest:
            session.become(after)


def _before_newest(session: Session, desk: Desk) -> Session | None:
    state = desk.sessions.state_before(session.id) if session.newest else None
    if state is None:
        return None
    before = Session.from_json(session.id, state)
    before.shopper, before.version = session.shopper, session.version
    before.photo = session.photo_before if before.has_photo else None
    return before
