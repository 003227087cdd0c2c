"""Turns about saved items. A sentence that claims a change is made from the rows as they were read back after it."""

from agents.doing import Doing, Done, quoted
from agents.events import Evidence
from agents.nouns import listed
from tools.cart import SavedItem
from tools.item import Item


def act_on_saved(doing: Doing) -> Done:
    """Do what the intent's action says, and tell what is true afterwards."""
    acts = {"add": _save, "remove": _unsave, "clear": _clear}
    return acts.get(doing.request.intent.action, _show)(doing)


def _save(doing: Doing) -> Done:
    items, gone = doing.meant()
    facts = [doing.say("cart.left_the_shop", title=title) for title in gone]
    if not items:
        name = "saved.which" if doing.request.session.shown else "saved.nothing_shown"
        return Done(Evidence((), tuple(facts or [doing.say(name)])))
    before = {saved.sku for saved in doing.shoppers.saved(doing.shopper)}
    after = {saved.sku for saved in doing.shoppers.save(doing.shopper, items)}
    new = [_handle(place) for place, item in enumerate(items, 1) if item.sku in after - before]
    old = [_handle(place) for place, item in enumerate(items, 1) if item.sku in before]
    for sku in [item.sku for item in items if item.sku in after - before]:
        doing.notice(sku, "save")
    if new:
        facts.append(doing.say("saved.added", what=listed(new)))
    if old:
        facts.append(doing.say("saved.already", what=listed(old), count=len(old)))
    return doing.done(items, facts, (doing.say("saved.show_it"),) if new else ())


def _unsave(doing: Doing) -> Done:
    before = doing.shoppers.saved(doing.shopper)
    if not before:
        return Done(Evidence((), (doing.say("saved.empty"),)))
    items, _ = doing.meant()
    cards = (doing.request.session.shown_by_handle(handle) for handle in doing.request.intent.references)
    skus = {card.sku for card in cards if card is not None} or {item.sku for item in items}
    meant = [saved for saved in before if saved.sku in skus] or (list(before) if len(before) == 1 else [])
    if not meant:
        return doing.done(items, [doing.say("saved.not_in")])
    left = {saved.sku for saved in doing.shoppers.unsave(doing.shopper, [saved.sku for saved in meant])}
    taken = [saved for saved in meant if saved.sku not in left]
    shown = _items_of(taken)
    return doing.done(shown, [doing.say("saved.removed", what=listed([_name(saved, shown) for saved in taken]))])


def _clear(doing: Doing) -> Done:
    before = doing.shoppers.saved(doing.shopper)
    if not before:
        return Done(Evidence((), (doing.say("saved.empty"),)))
    if doing.shoppers.unsave_all(doing.shopper):
        return _show(doing)
    return Done(Evidence((), (doing.say("saved.cleared", count=len(before)),)))


def _show(doing: Doing) -> Done:
    saved = doing.shoppers.saved(doing.shopper)
    if not saved:
        return Done(Evidence((), (doing.say("saved.empty"),)))
    items = _items_of(saved)[: doing.request.settings.max_items]
    facts = [doing.say("saved.holds", what=listed([_name(one, items) for one in saved]))]
    facts += [doing.say("saved.gone", title=quoted(one.title)) for one in saved if one.item is None]
    return doing.done(items, facts)


def _items_of(saved: list[SavedItem] | tuple[SavedItem, ...]) -> list[Item]:
    return [one.item for one in saved if one.item is not None]


def _name(saved: SavedItem, items: list[Item]) -> str:
    place = next((place for place, item in enumerate(items, 1) if item.sku == saved.sku), None)
    return _handle(place) if place else quoted(saved.title)


def _handle(place: int) -> str:
    return f"[{place}]"
