"""The last stage of a turn: what to say about what was found, streamed and checked."""

import logging
import time
from collections.abc import Iterator

from agents.assistant import Assistant
from agents.chat_models.usage import each_on_account
from agents.checker import Checked, CheckedReply, grounds_of
from agents.closing import closing
from agents.events import Message, ReplyToken, TurnEvent
from agents.speaking import speaking, spoken_locale
from agents.suggestions import MOST_SUGGESTIONS, suggest
from agents.turn_at_work import Turn, failure_line, ms_since
from env.errors import ChatModelError

logger = logging.getLogger(__name__)


def answer(turn: Turn, started_s: float) -> Iterator[TurnEvent]:
    """Stage three: what to say about it, streamed. What a model writes is checked before it is passed on."""
    answering_s = time.perf_counter()
    assert turn.intent is not None
    is_ours = turn.doing is not None or _is_instant(turn.message)
    writer = turn.desk.offline_assistant if is_ours else turn.desk.assistant
    try:
        for piece in _written(turn, writer):
            turn.timings_ms.setdefault("first_token", ms_since(started_s))
            turn.reply += piece
            yield ReplyToken(piece)
    except ChatModelError as error:
        turn.failures.append(failure_line(error, "so this reply was written on this machine"))
        turn.reply = ""
    if not turn.reply:
        writer = turn.desk.offline_assistant
        turn.reply = "".join(writer.reply(turn.message, turn.intent, turn.evidence, turn.session))
    turn.backends["assistant"] = writer.name
    turn.prompt_versions.update(turn.session.prompts.versions(writer.prompt_names))
    _suggest(turn)
    turn.timings_ms["reply"] = ms_since(answering_s)


def _suggest(turn: Turn) -> None:
    """What can be asked next; where a size is to be told, the sizes and nothing else."""
    own = turn.doing.suggestions if turn.doing else ()
    is_asking = turn.doing is not None and bool(turn.doing.asking)
    with speaking(turn.request.intent.language):
        others = () if is_asking else suggest(turn.request, turn.evidence)
    labels = dict.fromkeys((*own, *(choice.label for choice in others)))
    turn.suggestions = tuple(labels)[: max(len(own), MOST_SUGGESTIONS)]
    turn.pressed = {choice.label: choice.intent for choice in others if choice.label not in own}


def _is_instant(message: Message) -> bool:
    """Whether a limit was pressed: then cards and words come at once, and no model is waited for."""
    return message.intent is not None and message.intent.route == "refine"


def _written(turn: Turn, writer: Assistant) -> Iterator[str]:
    """The reply in pieces that may be shown; "" while a sentence is on its way, so that a reader can leave."""
    assert turn.intent is not None
    pieces = each_on_account(
        writer.reply(turn.message, turn.intent, turn.evidence, turn.session), turn.spent["assistant"]
    )
    if writer is turn.desk.offline_assistant:
        yield from pieces
        return
    shop = turn.desk.shop
    # A brand whose items are all hidden is no more to be named than any other that no card has.
    brands = shop.catalog.without_rules().vocabulary().values("brand")
    with speaking(turn.intent.language):
        locale = spoken_locale(shop.settings.locale)
    prompts = turn.session.prompts.published.values()
    reply = CheckedReply(grounds_of(turn.evidence, turn.message.text, locale, brands, prompts))
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


def _is_borne_out(turn: Turn, checked: Checked) -> bool:
    """Whether anything of the model's reply is left once it is whole; else it makes room for one of this machine."""
    turn.violations = checked.problems
    if checked.problems:
        logger.info("reply repaired: backend=%s problems=%s", turn.desk.assistant.name, checked.problems)
    if not checked.text:
        turn.failures.append("What the model wrote did not match the items, so this reply was written on this machine.")
        turn.reply = ""
    return bool(checked.text)
