"""One turn, the only entry: a message becomes a stream of events, and the session moves on."""

import time
from collections.abc import Iterator
from dataclasses import replace

from agents.acting import ACTED, act, answered_size
from agents.answering import answer
from agents.chat_models.usage import on_account
from agents.desk import Desk
from agents.events import IntentRead, ItemsFound, Message, TurnEvent
from agents.hearing import RULED, hear, understood
from agents.intent import Intent
from agents.keeping_turns import keep
from agents.router import gather
from agents.session import Session
from agents.speaking import speaking
from agents.turn_at_work import Turn, failure_line, ms_since
from agents.visiting import visited
from env.errors import ChatModelError, IntentError, VitrineError
from tools.catalog import Catalog

PRESSED = "pressed"
"""The classifier's name in a turn that was pressed instead of written."""


def run_turn(session: Session, message: Message, desk: Desk) -> Iterator[TurnEvent]:
    """Yield IntentRead, ItemsFound, ReplyToken..., TurnDone; then `session` holds the new state and the turn is stored.

    A model that fails is replaced by its offline stand-in for this turn: the cards stand, `TurnDone.reply` is the
    whole reply and `TurnDone.failures` says so. A reader who closes the generator early stops the turn; what was
    said until then is stored.

    Raises:
        VitrineError: the message is empty or too long.
        CatalogError: the stored catalogue cannot serve the search.
        EmbedderError: the embedder cannot be used.
        DatabaseError: the database cannot be reached.
    """
    session.newest, session.prompts = 0, desk.prompts.in_force(session.id)
    turn = Turn(session, _accepted(message, desk.shop.settings.max_message_chars), desk)
    started_s = time.perf_counter()
    try:
        yield _read(turn)
        yield _find(turn)
        yield from answer(turn, started_s)
    except GeneratorExit:
        keep(turn, is_stopped=True)
        raise
    turn.timings_ms["total"] = ms_since(started_s)
    done = turn.done()
    keep(turn)
    yield replace(done, number=session.newest)


def _accepted(message: Message, max_chars: int) -> Message:
    """The message, fit to be stored and searched."""
    text = message.text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").strip()
    if not text and message.photo is None:
        raise VitrineError("the message is empty; write what you are looking for, or add a photo")
    if len(text) > max_chars:
        raise VitrineError(f"the message has {len(text)} characters, at most {max_chars} are read; please shorten it")
    return replace(message, text=text)


def _read(turn: Turn) -> IntentRead:
    """Stage one: what is wanted."""
    started_s = time.perf_counter()
    if turn.message.intent is not None:
        # What was pressed has no language of its own.
        turn.intent = replace(turn.message.intent, language=turn.session.language)
        turn.backends["classifier"] = PRESSED
        turn.timings_ms["intent"] = ms_since(started_s)
        return IntentRead(turn.intent, PRESSED)
    catalog = visited(turn.session, turn.desk, turn.message.text)
    intent, name = _heard(turn, hear(turn.message, catalog), catalog)
    intent = _about_photo(understood(intent, turn.message, catalog), turn.message, turn.session)
    turn.intent = answered_size(intent, turn.message, turn.session, turn.desk.shop.catalog)
    turn.backends["classifier"] = name
    turn.timings_ms["intent"] = ms_since(started_s)
    return IntentRead(turn.intent, name)


def _heard(turn: Turn, message: Message, catalog: Catalog) -> tuple[Intent, str]:
    """The message as the shop's rules have it, read, and who read it."""
    if not message.text and message.photo is None:
        return Intent("search", language=turn.session.language), RULED
    vocabulary, reader = catalog.vocabulary(), turn.desk.classifier
    try:
        with on_account(turn.spent["classifier"]):
            intent = reader.read(message, turn.session, vocabulary)
    except (ChatModelError, IntentError) as error:
        turn.failures.append(failure_line(error, "so this message was read on this machine"))
        reader = turn.desk.offline_classifier
        intent = reader.read(message, turn.session, vocabulary)
    turn.prompt_versions.update(turn.session.prompts.versions(reader.prompt_names))
    return intent, reader.name


def _about_photo(intent: Intent, message: Message, session: Session) -> Intent:
    """ "Like this" that points at no card: with a photo it is a search by it, after one a change of that search."""
    if intent.route != "similar" or intent.references:
        return intent
    if message.photo is not None:
        return replace(intent, route="search")
    return replace(intent, route="refine") if session.photo is not None and not session.references else intent


def _find(turn: Turn) -> ItemsFound:
    """Stage two: what the shop really has."""
    started_s = time.perf_counter()
    assert turn.intent is not None
    turn.catalog = visited(turn.session, turn.desk, turn.message.text, turn.intent)
    turn.profile = turn.desk.profiles.profile(turn.session.keeper)
    request = turn.request
    with speaking(turn.intent.language):
        turn.doing = act(request, turn.desk) if turn.intent.route in ACTED else None
        turn.evidence = turn.doing.evidence if turn.doing else gather(request)
    turn.backends["embedder"] = turn.desk.shop.settings.embedder
    turn.timings_ms["retrieval"] = ms_since(started_s)
    return ItemsFound(turn.evidence)
