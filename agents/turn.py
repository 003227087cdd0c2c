"""One turn, the only entry: a message becomes a stream of events, and the session moves on."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from agents.acting import ACTED, act, answered_size
from agents.assistant import Assistant
from agents.checker import Checked, CheckedReply, grounds_of
from agents.closing import closing
from agents.desk import Desk
from agents.doing import Done
from agents.events import Evidence, IntentRead, ItemsFound, Message, ReplyToken, TurnDone, TurnEvent
from agents.intent import Intent, Route, Slots
from agents.record import turn_record
from agents.request import Request
from agents.router import gather
from agents.session import Session
from agents.speaking import speaking, spoken_locale
from agents.standing import is_more, off_after, standing_after
from agents.suggestions import MOST_SUGGESTIONS, suggest
from env.errors import ChatGoneError, ChatModelError, IntentError, VitrineError
from tools.profile import Profile
from tools.store_sessions import NewTurn, SessionRow

logger = logging.getLogger(__name__)
PRESSED = "pressed"
"""The classifier's name in a turn that was pressed instead of written."""
# Turns about cards that are on the screen already: "the first one" means the same after them.
_TALK: tuple[Route, ...] = ("question", "compare", "cart", "saved")


@dataclass(slots=True)
class _Turn:
    """A turn on its way: what is known so far."""

    session: Session
    message: Message
    desk: Desk
    intent: Intent | None = None
    evidence: Evidence = field(default_factory=Evidence)
    profile: Profile = field(default_factory=Profile)
    doing: Done | None = None
    reply: str = ""
    suggestions: tuple[str, ...] = ()
    pressed: dict[str, Intent] = field(default_factory=dict)
    backends: dict[str, str] = field(default_factory=dict)
    prompt_versions: dict[str, str] = field(default_factory=dict)
    timings_ms: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def done(self) -> TurnDone:
        """The last event of the turn as it stands."""
        return TurnDone(
            self.reply, self.suggestions, self.backends, self.prompt_versions, self.timings_ms, tuple(self.failures),
            self.pressed,
        )  # fmt: skip


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
    session.newest = 0
    turn = _Turn(session, _accepted(message, desk.shop.settings.max_message_chars), desk)
    started_s = time.perf_counter()
    try:
        yield _read(turn)
        yield _find(turn)
        yield from _answer(turn, started_s)
    except GeneratorExit:
        _keep(turn, is_stopped=True)
        raise
    turn.timings_ms["total"] = _ms_since(started_s)
    done = turn.done()
    _keep(turn)
    yield replace(done, number=session.newest)


def _accepted(message: Message, max_chars: int) -> Message:
    """The message, fit to be stored and searched."""
    text = message.text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").strip()
    if not text and message.photo is None:
        raise VitrineError("the message is empty; write what you are looking for, or add a photo")
    if len(text) > max_chars:
        raise VitrineError(f"the message has {len(text)} characters, at most {max_chars} are read; please shorten it")
    return replace(message, text=text)


def _read(turn: _Turn) -> IntentRead:
    """Stage one: what is wanted."""
    started_s = time.perf_counter()
    if turn.message.intent is not None:
        # What was pressed has no language of its own.
        turn.intent = replace(turn.message.intent, language=turn.session.language)
        turn.backends["classifier"] = PRESSED
        turn.timings_ms["intent"] = _ms_since(started_s)
        return IntentRead(turn.intent, PRESSED)
    vocabulary = turn.desk.shop.catalog.vocabulary()
    reader = turn.desk.classifier
    try:
        turn.intent = reader.read(turn.message, turn.session, vocabulary)
    except (ChatModelError, IntentError) as error:
        turn.failures.append(_failure_line(error, "so this message was read on this machine"))
        reader = turn.desk.offline_classifier
        turn.intent = reader.read(turn.message, turn.session, vocabulary)
    turn.intent = _about_photo(turn.intent, turn.message, turn.session)
    turn.intent = answered_size(turn.intent, turn.message, turn.session, turn.desk.shop.catalog)
    turn.backends["classifier"] = reader.name
    turn.prompt_versions.update(reader.prompt_versions)
    turn.timings_ms["intent"] = _ms_since(started_s)
    return IntentRead(turn.intent, reader.name)


def _about_photo(intent: Intent, message: Message, session: Session) -> Intent:
    """ "Like this" that points at no card: with a photo it is a search by it, after one a change of that search."""
    if intent.route != "similar" or intent.references:
        return intent
    if message.photo is not None:
        return replace(intent, route="search")
    return replace(intent, route="refine") if session.photo is not None and not session.references else intent


def _find(turn: _Turn) -> ItemsFound:
    """Stage two: what the shop really has."""
    started_s = time.perf_counter()
    assert turn.intent is not None
    turn.profile = turn.desk.profiles.profile(turn.session.keeper)
    request = _request(turn, turn.intent)
    with speaking(turn.intent.language):
        turn.doing = act(request, turn.desk) if turn.intent.route in ACTED else None
        turn.evidence = turn.doing.evidence if turn.doing else gather(request)
    turn.backends["embedder"] = turn.desk.shop.settings.embedder
    turn.timings_ms["retrieval"] = _ms_since(started_s)
    return ItemsFound(turn.evidence)


def _answer(turn: _Turn, started_s: float) -> Iterator[TurnEvent]:
    """Stage three: what to say about it, streamed. What a model writes is checked before it is passed on."""
    answering_s = time.perf_counter()
    assert turn.intent is not None
    is_ours = turn.doing is not None or _is_instant(turn.message)
    writer = turn.desk.offline_assistant if is_ours else turn.desk.assistant
    try:
        for piece in _written(turn, writer):
            turn.timings_ms.setdefault("first_token", _ms_since(started_s))
            turn.reply += piece
            yield ReplyToken(piece)
    except ChatModelError as error:
        turn.failures.append(_failure_line(error, "so this reply was written on this machine"))
        turn.reply = ""
    if not turn.reply:
        writer = turn.desk.offline_assistant
        turn.reply = "".join(writer.reply(turn.message, turn.intent, turn.evidence, turn.session))
    turn.backends["assistant"] = writer.name
    turn.prompt_versions.update(writer.prompt_versions)
    _suggest(turn, turn.intent)
    turn.timings_ms["reply"] = _ms_since(answering_s)


def _suggest(turn: _Turn, intent: Intent) -> None:
    """What can be asked next; where a size is to be told, the sizes and nothing else."""
    own = turn.doing.suggestions if turn.doing else ()
    is_asking = turn.doing is not None and bool(turn.doing.asking)
    with speaking(intent.language):
        others = () if is_asking else suggest(_request(turn, intent), turn.evidence)
    labels = dict.fromkeys((*own, *(choice.label for choice in others)))
    turn.suggestions = tuple(labels)[: max(len(own), MOST_SUGGESTIONS)]
    turn.pressed = {choice.label: choice.intent for choice in others if choice.label not in own}


def _is_instant(message: Message) -> bool:
    """Whether a limit was pressed: then cards and words come at once, and no model is waited for."""
    return message.intent is not None and message.intent.route == "refine"


def _written(turn: _Turn, writer: Assistant) -> Iterator[str]:
    """The reply in pieces that may be shown; "" while a sentence is on its way, so that a reader can leave."""
    assert turn.intent is not None
    pieces = writer.reply(turn.message, turn.intent, turn.evidence, turn.session)
    if writer is turn.desk.offline_assistant:
        yield from pieces
        return
    shop = turn.desk.shop
    brands = shop.catalog.vocabulary().values("brand")
    with speaking(turn.intent.language):
        locale = spoken_locale(shop.settings.locale)
    reply = CheckedReply(grounds_of(turn.evidence, turn.message.text, locale, brands))
    for piece in pieces:
        with speaking(turn.intent.language):
            checked = reply.feed(piece)
        yield checked
    with speaking(turn.intent.language):
        checked = reply.finish()
    yield checked
    if _is_borne_out(turn, reply.checked):
        ending = closing(turn.reply, turn.evidence, turn.intent.language)
        yield f" {ending}" if ending else ""


def _is_borne_out(turn: _Turn, checked: Checked) -> bool:
    """Whether anything of the model's reply is left once it is whole; else it makes room for one of this machine."""
    if checked.problems:
        logger.info("reply repaired: backend=%s problems=%s", turn.desk.assistant.name, checked.problems)
    if not checked.text:
        turn.failures.append("What the model wrote did not match the items, so this reply was written on this machine.")
        turn.reply = ""
    return bool(checked.text)


def _keep(turn: _Turn, *, is_stopped: bool = False) -> None:
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
        session.like = "" if turn.intent.route == "refine" else _request(turn, turn.intent).like
        session.photo, session.has_photo = turn.message.photo, turn.message.photo is not None
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
    record = turn_record(turn.intent, evidence, turn.done(), is_stopped=is_stopped)
    has_photo = turn.message.photo is not None
    _store(turn, NewTurn(turn.message.text, has_photo, record, before, turn.message.replaces))


def _store(turn: _Turn, new: NewTurn) -> None:
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


def _request(turn: _Turn, intent: Intent) -> Request:
    return Request(intent, turn.message, turn.session, turn.desk.shop.catalog, turn.desk.shop.settings, turn.profile)


def _failure_line(error: ChatModelError | IntentError, consequence: str) -> str:
    said = (
        f"{error.service} {error.reason}" if isinstance(error, ChatModelError) else "The model's answer was no intent"
    )
    return f"{said}, {consequence}."


def _ms_since(started_s: float) -> float:
    return round((time.perf_counter() - started_s) * 1000, 2)
