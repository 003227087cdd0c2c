"""Turns about the cart. A sentence that claims a change is made from the row as it was read back after it."""

from agents.cart_sizes import SizeChoice, choose_size
from agents.cart_words import content, in_size, items_of, name_of, pieces_words, sum_words
from agents.doing import Doing, Done
from agents.events import Evidence
from agents.nouns import listed
from tools.cart import Cart, CartLine, n_left, sizes_in_stock
from tools.item import Item

_MOST_SIZES = 8


def act_on_cart(doing: Doing) -> Done:
    """Do what the intent's action says, and tell what is true afterwards."""
    acts = {"add": _add, "remove": _remove, "clear": _clear, "set": _set}
    return acts.get(doing.request.intent.action, _show)(doing)


def _add(doing: Doing) -> Done:
    items, gone = doing.meant()
    facts = [doing.say("cart.left_the_shop", title=title) for title in gone]
    if not items:
        return _which(doing, facts)
    slots = doing.request.intent.slots
    n_pieces = slots.count if slots.count_said and slots.count else 1
    waiting: list[str] = []
    asked_for: Item | None = None
    has_added = False
    for handle, item in enumerate(items, 1):
        choice = choose_size(item, slots.sizes, doing.request.profile)
        if choice.outcome in ("chosen", "own"):
            told, is_changed = _put_in(doing, handle, item, choice, n_pieces)
            facts.append(told)
            has_added = has_added or is_changed
            continue
        facts.append(_refused(doing, handle, item, choice, is_asked=not waiting))
        if choice.outcome != "sold_out":
            waiting.append(item.sku)
            asked_for = asked_for or item
    if has_added:
        facts.append(sum_words(doing, doing.shoppers.cart(doing.shopper)))
    done = doing.done(items, [fact for fact in facts if fact])
    if asked_for is not None:
        labels = sizes_in_stock(asked_for)[:_MOST_SIZES]
        sizes = tuple(doing.say("cart.size", size=label) for label in labels)
        return Done(done.evidence, sizes, tuple(waiting), n_pieces)
    return Done(done.evidence, (doing.say("cart.show_it"),) if has_added else ())


def _put_in(doing: Doing, handle: int, item: Item, choice: SizeChoice, n_pieces: int) -> tuple[str, bool]:
    """Put pieces in and say what the row holds now; whether it holds more than before."""
    before = doing.shoppers.line(doing.shopper, item.sku, choice.size)
    most = n_left(item, choice.size)
    cart = doing.shoppers.add_to_cart(doing.shopper, item, choice.size, n_pieces, most)
    after = next((line for line in cart.lines if (line.sku, line.size) == (item.sku, choice.size)), None)
    n_before = before.quantity if before else 0
    n_added = (after.quantity if after else 0) - n_before
    size = _size_words(doing, choice)
    if n_added <= 0:
        return doing.say("cart.no_more", handle=handle, size=size, count=n_before), False
    doing.notice(item.sku, "cart")
    price = doing.price(item.pays_cents, item.currency)
    if n_added == 1:
        told = doing.say("cart.added", handle=handle, size=size, price=price and doing.say("cart.for", price=price))
    else:
        each = price and doing.say("cart.each", price=price)
        told = doing.say("cart.added_several", handle=handle, size=size, count=n_added, price=each)
    more = [] if price else [doing.say("cart.no_price", handle=handle)]
    if n_added < n_pieces:
        more.append(doing.say("cart.fewer", count=most))
    return " ".join([told, *more]), True


def _refused(doing: Doing, handle: int, item: Item, choice: SizeChoice, *, is_asked: bool) -> str:
    """Why nothing went in, or which size is to be named."""
    if choice.outcome == "sold_out":
        return doing.say("cart.sold_out", handle=handle)
    sizes = listed(sizes_in_stock(item))
    if choice.outcome == "absent":
        return doing.say("cart.absent_size", handle=handle, size=choice.size, sizes=sizes)
    return doing.say("cart.which_size", handle=handle, sizes=sizes) if is_asked else ""


def _size_words(doing: Doing, choice: SizeChoice) -> str:
    if not choice.size:
        return ""
    return doing.say("cart.in_own_size" if choice.outcome == "own" else "cart.in_size", size=choice.size)


def _which(doing: Doing, facts: list[str]) -> Done:
    """Nothing in particular was pointed at: ask which card, where there are cards."""
    if facts:
        return Done(Evidence((), tuple(facts)))
    n_shown = len(doing.request.session.shown)
    if not n_shown:
        return Done(Evidence((), (doing.say("cart.nothing_shown"),)))
    ordinals = doing.wording.texts["ordinals"][: min(n_shown, 3)]
    suggestions = tuple(doing.say("cart.add_it", ordinal=ordinal) for ordinal in ordinals)
    return Done(Evidence((), (doing.say("cart.which"),)), suggestions)


def _remove(doing: Doing) -> Done:
    before = doing.shoppers.cart(doing.shopper)
    if not before.lines:
        return Done(Evidence((), (doing.say("cart.empty"),)))
    lines = _lines_meant(doing, before)
    if not lines:
        held = content(doing, before)
        return Done(Evidence(held.evidence.parts, (doing.say("cart.which_line"), *held.evidence.facts)))
    skus = [line.sku for line in lines]
    sizes = doing.request.intent.slots.sizes
    after = before
    for size in sizes or (None,):
        after = doing.shoppers.remove_from_cart(doing.shopper, skus, size)
    left = {(line.sku, line.size) for line in after.lines}
    taken = [line for line in lines if (line.sku, line.size) not in left]
    items = items_of(taken)
    facts = [doing.say("cart.removed", what=name_of(line, items), size=in_size(doing, line)) for line in taken]
    facts = facts or [doing.say("cart.not_in", size=doing.say("cart.in_size", size=sizes[0]) if sizes else "")]
    return doing.done(items, [*facts, sum_words(doing, after)])


def _set(doing: Doing) -> Done:
    """Change the pieces of a line to the number named, as far as there are so many."""
    before = doing.shoppers.cart(doing.shopper)
    slots = doing.request.intent.slots
    if not before.lines or not slots.count or not slots.count_said:
        return _show(doing)
    lines = [line for line in _lines_meant(doing, before) if line.n_left]
    if len(lines) != 1:
        held = content(doing, before)
        return Done(Evidence(held.evidence.parts, (doing.say("cart.which_line"), *held.evidence.facts)))
    (line,) = lines
    after = doing.shoppers.set_quantity(doing.shopper, line.sku, line.size, min(slots.count, line.n_left))
    held_line = next((one for one in after.lines if (one.sku, one.size) == (line.sku, line.size)), None)
    if held_line is None:
        return _show(doing)
    items = items_of([held_line])
    said = {"count": held_line.quantity, "what": name_of(held_line, items), "size": in_size(doing, held_line)}
    facts = [doing.say("cart.set", **said)]
    if held_line.quantity < slots.count:
        facts.append(doing.say("cart.fewer", count=line.n_left))
    return doing.done(items, [*facts, sum_words(doing, after)])


def _lines_meant(doing: Doing, cart: Cart) -> list[CartLine]:
    """The lines of the cards pointed at, else those whose kind the message names, else the only one there is."""
    shown = [doing.request.session.shown_by_handle(handle) for handle in doing.request.intent.references]
    skus = {card.sku for card in shown if card is not None}
    if skus:
        return [line for line in cart.lines if line.sku in skus]
    text = doing.request.message.text.lower()
    named = [
        line
        for line in cart.lines
        if line.item is not None and any(kind.lower() in text for kind in line.item.category_path)
    ]
    if named or len(cart.lines) == 1:
        return named or list(cart.lines)
    talked = [doing.request.session.shown_by_handle(handle) for handle in doing.request.session.references]
    return [line for line in cart.lines if line.sku in {card.sku for card in talked if card is not None}]


def _clear(doing: Doing) -> Done:
    before = doing.shoppers.cart(doing.shopper)
    if not before.lines:
        return Done(Evidence((), (doing.say("cart.empty"),)))
    if doing.shoppers.clear_cart(doing.shopper).lines:
        return _show(doing)
    return Done(Evidence((), (doing.say("cart.cleared", pieces=pieces_words(doing, before)),)))


def _show(doing: Doing) -> Done:
    cart = doing.shoppers.cart(doing.shopper)
    return content(doing, cart) if cart.lines else Done(Evidence((), (doing.say("cart.empty"),)))
