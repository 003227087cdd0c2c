"""The catalogue as one shopper sees it in one turn: under the shop's rules for their words, for them, now."""

from agents.desk import Desk
from agents.intent import Intent, Route
from agents.session import Session
from tools.catalog import Catalog
from tools.occasion import Occasion, Visitor
from tools.store_rules import RuleStore

# A message of these goes on with the search that stands: the words that began it count as well.
_GOES_ON: tuple[Route, ...] = ("refine", "preference", "similar", "question", "compare", "variants", "outfit")


def visited(session: Session, desk: Desk, text: str = "", intent: Intent | None = None) -> Catalog:
    """The catalogue for a message; for the standing search where there is none.

    `intent` is what was read of it, None before that: the words that began the standing search do not count then.
    """
    catalog = desk.shop.catalog.on(Occasion())
    if not catalog.rules.rule_set.rules:
        return catalog
    goes_on = not text or (intent is not None and intent.route in _GOES_ON)
    words = tuple(said for said in (session.asked if goes_on else "", text) if said)
    is_returning = None
    if any(rule.scope.audience.visitors != "all" for rule in catalog.rules.rule_set.rules):
        is_returning = RuleStore(desk.shop.database).has_other_chats(session.shopper, session.id)
    language = intent.language if intent else session.language
    return catalog.on(Occasion(words, Visitor(is_returning, language, session.is_signed_in)))
