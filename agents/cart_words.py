"""What is in the cart, in words: every sentence is made from the lines as they were read."""

from agents.doing import Doing, Done, quoted
from agents.nouns import listed
from tools.cart import Cart, CartLine, shop_url
from tools.item import Item


def content(doing: Doing, cart: Cart) -> Done:
    """Every line, the totals, and whatever has changed since the lines were put in."""
    items = items_of(cart.lines)[: doing.request.settings.max_items]
    lines = [_line_words(doing, line, items) for line in cart.lines]
    facts = [doing.say("cart.holds", pieces=pieces_words(doing, cart), lines=listed(lines))]
    facts += [_change(doing, line, items) for line in cart.lines]
    if len(cart.lines) > 1 or cart.n_uncounted:
        facts.append(_totals(doing, cart))
    if any(shop_url(item) for item in items):
        facts.append(doing.say("cart.hand_off"))
    return doing.done(items, [fact for fact in facts if fact])


def _line_words(doing: Doing, line: CartLine, items: list[Item]) -> str:
    is_counted = line.item is not None and line.pays_cents is not None and line.n_left
    price = doing.price(line.pays_cents, line.item.currency) if is_counted and line.item else ""
    return doing.say(
        "cart.line",
        count=line.quantity,
        what=name_of(line, items),
        size=in_size(doing, line),
        price=price and doing.say("cart.for", price=price),
    )


def _change(doing: Doing, line: CartLine, items: list[Item]) -> str:
    """What is different from when the line was put in; "" where nothing is."""
    if line.item is None:
        return doing.say("cart.gone", title=quoted(line.title))
    what = name_of(line, items)
    if not line.n_left:
        return doing.say("cart.now_sold_out", what=what, size=in_size(doing, line))
    if line.quantity > line.n_left:
        return doing.say("cart.too_many", what=what, size=in_size(doing, line), count=line.n_left)
    if line.has_new_price:
        before = doing.price(line.added_cents, line.currency)
        return doing.say("cart.new_price", what=what, before=before, now=_each(doing, line))
    return ""


def _each(doing: Doing, line: CartLine) -> str:
    return doing.price(line.item.pays_cents, line.item.currency) if line.item else ""


def sum_words(doing: Doing, cart: Cart) -> str:
    """How much is in the cart now, in one sentence."""
    if not cart.lines:
        return doing.say("cart.empty_now")
    totals = _total_words(doing, cart)
    return doing.say(
        "cart.sum", pieces=pieces_words(doing, cart), total=totals and doing.say("cart.total_of", total=totals)
    )


def _totals(doing: Doing, cart: Cart) -> str:
    totals = _total_words(doing, cart)
    if not totals:
        return ""
    return doing.say("cart.total_without" if cart.n_uncounted else "cart.total", total=totals, count=cart.n_uncounted)


def _total_words(doing: Doing, cart: Cart) -> str:
    return listed([doing.price(cents, currency) for currency, cents in cart.totals.items()])


def pieces_words(doing: Doing, cart: Cart) -> str:
    """How many pieces a cart holds."""
    return doing.say("cart.one_piece" if cart.n_pieces == 1 else "cart.pieces", count=cart.n_pieces)


def in_size(doing: Doing, line: CartLine) -> str:
    """The size of a line as the end of a phrase; "" where it has none."""
    return doing.say("cart.in_size", size=line.size) if line.size else ""


def items_of(lines: list[CartLine] | tuple[CartLine, ...]) -> list[Item]:
    """The items of lines that are still in the catalogue, each once."""
    return list({line.sku: line.item for line in lines if line.item is not None}.values())


def name_of(line: CartLine, items: list[Item]) -> str:
    """The card's handle, or the title where no card has it."""
    place = next((place for place, item in enumerate(items, 1) if item.sku == line.sku), None)
    return f"[{place}]" if place else quoted(line.title)
