"""Sliding a search between its words and its photo: other cards at once, no other turn, no model asked."""

import time
from collections.abc import Iterator
from dataclasses import replace

from agents.desk import Desk
from agents.events import Evidence, ItemsFound, Message, TurnDone, TurnEvent
from agents.finding import PAGE_ITEMS, find_part
from agents.intent import Intent
from agents.record import evidence_json, reply_json
from agents.request import Request
from agents.session import Session
from agents.suggestions import suggest
from agents.visiting import visited
from tools.store_sessions import SessionRow


def slide(session: Session, photo_weight: float, last: TurnDone, desk: Desk) -> Iterator[TurnEvent]:
    """Run the standing search again with another weight in [0, 1], and keep the weight for the rest of the chat.

    Yields ItemsFound and TurnDone for the `last` turn, whose stored cards and reply change with them. The reply is
    composed on this machine whoever wrote the one before: it has to fit the new cards.

    Raises:
        CatalogError: the stored catalogue cannot serve the search, or the item to be like has left it.
        EmbedderError: the embedder cannot be used.
        DatabaseError: the database cannot be reached.
    """
    started_s = time.perf_counter()
    session.photo_weight = photo_weight
    intent, message = Intent("refine"), Message()
    catalog, profile = visited(session, desk), desk.profiles.profile(session.keeper)
    request = Request(intent, message, session, catalog, desk.shop.settings, profile)
    part, facts = find_part(request, session.standing[0], PAGE_ITEMS, ())
    evidence = Evidence((part,), facts)
    found_ms = _ms_since(started_s)
    yield ItemsFound(evidence)
    writer = desk.offline_assistant
    reply = "".join(writer.reply(message, intent, evidence, session))
    suggested = suggest(request, evidence)
    done = replace(
        last,
        reply=reply,
        suggestions=tuple(choice.label for choice in suggested),
        pressed={choice.label: choice.intent for choice in suggested},
        backends={**last.backends, "assistant": writer.name},
        timings_ms={"retrieval": found_ms, "total": _ms_since(started_s)},
        failures=(),
    )
    session.show(evidence.hits)
    session.seen = tuple(hit.item.sku for hit in evidence.hits)
    row = SessionRow(session.to_json(), session.shopper, session.version)
    session.version = desk.sessions.change_last_turn(session.id, row, evidence_json(evidence) | reply_json(done))
    yield done


def _ms_since(started_s: float) -> float:
    return round((time.perf_counter() - started_s) * 1000, 2)
