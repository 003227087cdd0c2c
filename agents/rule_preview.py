"""What a set of rules does to a shopper's words: read and searched as a turn would, with the rules and without."""

from datetime import datetime

from agents.desk import Desk
from agents.events import Message
from agents.finding import PAGE_ITEMS
from agents.hearing import hear, understood
from agents.intent import Slots
from agents.limits import limits_of
from agents.session import Session
from agents.wish import wish_text
from tools.catalog import Catalog
from tools.occasion import Occasion, Visitor
from tools.preview import Preview, preview
from tools.query import Query
from tools.rules import RuleSet


def preview_words(desk: Desk, text: str, rule_set: RuleSet, visitor: Visitor, now: datetime | None = None) -> Preview:
    """The first page of a search for these words, before and after. Read by the offline classifier, whoever works.

    Raises:
        CatalogError: the stored catalogue cannot serve the search.
        EmbedderError: the embedder cannot be used.
        DatabaseError: the database cannot be reached.
    """
    catalog = desk.shop.catalog
    occasion = Occasion((text,) if text else (), visitor, now)
    ruled = catalog.under(rule_set, occasion)
    unruled = catalog.without_rules()
    return preview(catalog, _query(desk, text, ruled), rule_set, occasion, _query(desk, text, unruled))


def _query(desk: Desk, text: str, catalog: Catalog) -> Query:
    """The search that a fresh chat would make of the words under the rules of this catalogue."""
    message = Message(text)
    heard = hear(message, catalog)
    slots, own = Slots(), ""
    if heard.text:
        read = desk.offline_classifier.read(heard, Session("preview"), catalog.vocabulary())
        intent = understood(read, message, catalog)
        slots = intent.parts[0] if intent.parts else intent.slots
        own = intent.text
    limits = limits_of(slots, catalog.vocabulary())
    return Query(
        text=wish_text(slots) or own,
        filters=limits.filters,
        top_k=PAGE_ITEMS,
        sort=slots.sort or "relevance",
        avoid=" or ".join(limits.avoid),
    )
