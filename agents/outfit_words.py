"""Sentences about a look, from data: why each piece is in it, what it costs, and what could not be had."""

from dataclasses import dataclass

from agents.harmony import harmony, is_neutral
from agents.intent import Slots
from agents.look import Look
from agents.names import named
from agents.nouns import kind_words, limit_price, listed, wish_words
from agents.outfit_rules import Kind, load_rules
from agents.request import Request
from agents.wording import Wording, wording
from tools.item import Item
from tools.money import format_price
from tools.oklch import hue_distance, oklch
from tools.query import Hit
from tools.taxonomy import load_taxonomy

# Hues so near are one family; hues so far are opposites.
_NEAR_DEGREES = 40
_OPPOSITE_DEGREES = 130


@dataclass(frozen=True, slots=True)
class LookTold:
    """What is to be said of a look. `budget_cents`, of `currency`, is for all its pieces together.

    `missing` are the kinds that nothing was found for, `notes` what could not be checked; `has_unused_sizes` says that
    sizes were named for pieces of several kinds.
    """

    look: Look
    hits: tuple[Hit, ...]
    budget_cents: int | None = None
    currency: str = ""
    missing: tuple[Kind, ...] = ()
    notes: tuple[str, ...] = ()
    has_unused_sizes: bool = False


def told_look(request: Request, told: LookTold) -> tuple[str, ...]:
    """One sentence for what it goes with, one a piece, the total, and what could not be had."""
    words = _words(request)
    pieces = [_piece(words, told, place) for place in range(len(told.hits))]
    return tuple(line for line in (_with(request, words, told.look), *pieces, *_ending(request, words, told)) if line)


def told_changed(request: Request, told: LookTold, place: int, old: Item | None, wish: Slots) -> tuple[str, ...]:
    """What came in the place of which piece, or that nothing did, and the total again."""
    words = _words(request)
    if old is None:
        what = wish_words(wish, 2, request.catalog.vocabulary(), request.settings.locale)
        changed = words.say("outfit.not_changed", what=what, handle=place + 1)
    else:
        changed = words.say("outfit.changed", handle=place + 1, old=old.title, why=_why(words, told, place))
    return tuple(line for line in (changed, *_ending(request, words, told, over="outfit.above")) if line)


def _words(request: Request) -> Wording:
    return wording(f"{request.session.id} {request.session.n_turns}")


def _with(request: Request, words: Wording, look: Look) -> str:
    anchor = look.anchor
    if anchor is None:
        return ""
    if anchor.title:
        return words.say("outfit.with.item", title=anchor.title)
    what = f"{anchor.colour} {kind_words((anchor.category,), 1)}".strip()
    return words.say("outfit.with.photo" if request.message.photo is not None else "outfit.with.kind", what=what)


def _piece(words: Wording, told: LookTold, place: int) -> str:
    return words.say("outfit.piece", handle=place + 1, why=_why(words, told, place))


def _why(words: Wording, told: LookTold, place: int) -> str:
    """Why a piece is in the look, beside what the look starts from, or beside the first piece."""
    item, anchor = told.hits[place].item, told.look.anchor
    if anchor is None and place == 0:
        return words.say("outfit.why.start")
    beside = anchor if anchor is not None else told.hits[0].item
    said = {name: named(name, getattr(item, name)) for name in ("colour", "usage", "season")}
    said["other"] = named("colour", beside.colour)
    if anchor is not None:
        said |= {"its": words.say("outfit.its"), "it": words.say("outfit.it")}
    else:
        said |= {"its": words.say("outfit.its_card", handle=1), "it": words.say("outfit.it_card", handle=1)}
    names = (_colour_reason(item.colour, beside.colour), *_same(item, beside))
    reasons = [words.say(f"outfit.why.{name}", **said) for name in names if name]
    return ", ".join(reasons) or words.say("outfit.why.looks")


def _colour_reason(colour: str, other: str) -> str:
    """The words that tells how two colours go together; "" where nothing good can be said of them."""
    hexes = [load_taxonomy().hex(name) for name in (colour, other)]
    if not all(hexes) or harmony(colour, other) < load_rules().harmony.unknown:
        return ""
    if colour == other:
        return "same_colour"
    motley = load_rules().harmony.motley
    if is_neutral(colour) or is_neutral(other) or colour in motley or other in motley:
        return "neutral"
    apart = hue_distance(oklch(hexes[0]), oklch(hexes[1]))
    return "near" if apart <= _NEAR_DEGREES else "opposite" if apart >= _OPPOSITE_DEGREES else "neutral"


def _same(item: Item, beside: Item) -> list[str]:
    return [
        facet for facet in ("usage", "season") if (value := getattr(item, facet)) and value == getattr(beside, facet)
    ]


def _ending(request: Request, words: Wording, told: LookTold, over: str = "outfit.over") -> list[str]:
    """The total where every price is known, then what is missing and what could not be checked."""
    said = [_total(request, words, told, over)]
    if told.missing:
        kinds = listed([kind_words(kind, 2) for kind in told.missing], "or")
        said.append(words.say("outfit.missing", what=kinds))
    if told.has_unused_sizes:
        said.append(words.say("outfit.sizes"))
    return [*said, *(words.say("note", first=note[0].upper(), rest=note[1:]) for note in told.notes)]


def _total(request: Request, words: Wording, told: LookTold, over: str) -> str:
    items = [hit.item for hit in told.hits]
    cents = [item.pays_cents for item in items if item.pays_cents is not None]
    if len(cents) < len(items) or len({item.currency for item in items}) != 1:
        return ""
    locale, currency = request.settings.locale, items[0].currency
    fields = {
        "handles": listed([f"[{place}]" for place in range(1, len(items) + 1)]),
        "total": format_price(sum(cents), currency, locale),
    }
    if told.budget_cents is None:
        return words.say("outfit.total", **fields) if len(items) > 1 else ""
    budget = limit_price(told.budget_cents, told.currency or currency, locale)
    name = over if sum(cents) > told.budget_cents else "outfit.within"
    return words.say(name, **fields, budget=budget)
