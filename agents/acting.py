"""Turns that change or show what a shopper keeps: done first, read back, and only then told."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from agents.cart_turns import act_on_cart
from agents.desk import Desk
from agents.doing import Doing, Done
from agents.events import Message
from agents.intent import Intent, Route, Slots
from agents.noticing import notice
from agents.preference_turns import act_on_preference
from agents.request import Request
from agents.saved_turns import act_on_saved
from agents.session import Session
from agents.wording import wording
from tools.cart import sizes_in_stock
from tools.catalog import Catalog

_BEFORE_A_SIZE = re.compile(r"^(?:(?:in|the|a|an|size|one|please|größe|taille|talla|en)\s+)+|^尺码\s*", re.IGNORECASE)
_AFTER_A_SIZE = re.compile(r"(?:\s*,?\s*(?:please|thanks|bitte|merci|por favor))?[\s.!]*$", re.IGNORECASE)

_ACTS: Mapping[Route, Callable[[Doing], Done]] = {
    "cart": act_on_cart,
    "saved": act_on_saved,
    "preference": act_on_preference,
}
ACTED = tuple(_ACTS)
"""Routes whose replies are always composed on this machine: what was done is never a model's to say."""


def act(request: Request, desk: Desk) -> Done:
    """Do what a request of one of the routes ACTED wants.

    Raises:
        DatabaseError: the database cannot be reached; nothing is claimed then.
    """
    session = request.session
    words = wording(f"{session.id} {session.n_turns}")
    noticed = partial(notice, desk.outcomes, session.id)
    return _ACTS[request.intent.route](Doing(request, desk.shoppers, desk.profiles, words, noticed))


def answered_size(intent: Intent, message: Message, session: Session, catalog: Catalog) -> Intent:
    """The intent itself, or, where the message only names a size that was asked for, to add the item in that size."""
    if not session.asking or message.photo is not None or message.intent is not None:
        return intent
    items = catalog.items(session.asking)
    handles = {card.sku: str(place) for place, card in enumerate(session.shown, 1)}
    meant = tuple(handles[item.sku] for item in items if item.sku in handles)
    if not meant:
        return intent
    said = _AFTER_A_SIZE.sub("", _BEFORE_A_SIZE.sub("", message.text.strip())).casefold()
    named = next((size for size in sizes_in_stock(items[0]) if size.casefold() == said), "")
    only_sizes = intent.route in ("refine", "search", "preference") and intent.slots == Slots(sizes=intent.slots.sizes)
    sizes = (named,) if named else intent.slots.sizes if only_sizes and not intent.cleared else ()
    if not sizes:
        return intent
    is_several = session.asking_pieces > 1
    slots = Slots(sizes=sizes, count=session.asking_pieces if is_several else None, count_said=is_several)
    return replace(intent, route="cart", slots=slots, parts=(), references=meant, cleared=(), action="add")
