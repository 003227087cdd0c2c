"""Changes to a standing search that only the screen explains: "cheaper", "more formal", "show me more"."""

from dataclasses import replace
from statistics import median

from agents.classifier.routes import Routing
from agents.intent import Slots
from agents.session import Session


def is_relative(text: str, routing: Routing) -> bool:
    """Whether a plain text compares with what is shown, or asks for more of it."""
    return any(routing.refine[name].search(text) for name in ("cheaper", "dearer", "more")) or any(
        shift.any.search(text) for shift in routing.shifts
    )


def apply_changes(text: str, slots: Slots, references: tuple[str, ...], session: Session, routing: Routing) -> Slots:
    """The slots with what only the screen explains made exact.

    Cheaper is below the middle price of the cards, or of those meant, in order of price, but where a photo or a card
    goes on counting in order of likeness; "also in navy" is the standing colours and navy.
    """
    for shift in routing.shifts:
        if shift.any.search(text):
            kept = {name: values for name, values in slots.attributes.items() if name != shift.facet}
            slots = replace(slots, attributes={**kept, shift.facet: (shift.value,)})
    if routing.refine["adds"].search(text) and len(session.standing) == 1:
        standing = session.standing[0]
        slots = replace(
            slots,
            colours=_added(standing.colours, slots.colours),
            brands=_added(standing.brands, slots.brands),
            sizes=_added(standing.sizes, slots.sizes),
        )
    says_price = slots.price_min_cents is not None or slots.price_max_cents is not None
    if says_price:
        return slots
    prices = _prices(references, session)
    if routing.refine["cheaper"].search(text):
        limit = int(median(prices)) - 1 if prices else None
        sort = slots.sort or (None if limit is not None and (session.has_photo or session.like) else "price_asc")
        return replace(slots, price_max_cents=limit, sort=sort)
    if routing.refine["dearer"].search(text):
        limit = int(median(prices)) + 1 if prices else None
        return replace(slots, price_min_cents=limit)
    return slots


def _added(standing: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*standing, *new))) if new else ()


def _prices(references: tuple[str, ...], session: Session) -> list[int]:
    """What the cards meant cost: those pointed at, else those of the kind that is being looked for."""
    if references:
        meant = [session.shown_by_handle(handle) for handle in references]
        return [card.pays_cents for card in meant if card is not None and card.pays_cents is not None]
    wanted = {category for slots in session.standing for category in slots.categories}
    cards = [card for card in session.shown if not wanted or wanted & {card.category, *card.category_path}]
    return [card.pays_cents for card in cards if card.pays_cents is not None]
