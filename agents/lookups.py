"""Evidence about items that are on the screen: questions, comparisons, variants, more of the same."""

from dataclasses import replace

from PIL import Image

from agents import seeing
from agents.answers import catalog_facts, difference_facts, item_facts
from agents.comparison import MOST_COMPARED, compare_items, interests
from agents.events import Evidence, PartFound
from agents.finding import PAGE_ITEMS, find_part
from agents.intent import Intent, Slots
from agents.limits import facets_of
from agents.names import named, named_all
from agents.nouns import listed
from agents.request import Request
from agents.session import Session, Shown
from agents.standing import standing_after
from agents.wording import say, wording
from tools.catalog import Catalog
from tools.item import Item
from tools.query import Filters, Hit
from tools.taxonomy import load_taxonomy

_MOST_DIFFERENCES = 2


def pointed_at(intent: Intent, session: Session, catalog: Catalog) -> list[Item]:
    """The items meant: those pointed at, else those last talked about, else the only card there is."""
    handles = intent.references or session.references
    if not handles and len(session.shown) == 1:
        handles = ("1",)
    shown = [session.shown_by_handle(handle) for handle in handles]
    return catalog.items([card.sku for card in shown if card is not None])


def evidence_of(items: list[Item], slots: Slots, facts: tuple[str, ...] = ()) -> Evidence:
    """Items shown for their own sake, not found by a search."""
    hits = tuple(Hit(item, 0.0) for item in items)
    return Evidence((PartFound(slots, Filters(), hits, len(hits)),), facts) if hits else Evidence((), facts)


def similar(request: Request, anchor: Shown, n_items: int) -> Evidence:
    """Items whose pictures are like the card's, within the standing limits and what the message changes."""
    (slots,) = standing_after(request.intent, request.session)
    part, facts = find_part(request, slots, n_items, ())
    if not part.hits:
        part, facts = find_part(request, request.intent.slots, n_items, ())
        part = replace(part, relaxed=(*part.relaxed, say("found.whole_shop")))
    how = say("found.looks_like" if anchor.has_picture else "found.by_name", title=anchor.title)
    return Evidence((part,), (how, *facts))


def variants(request: Request) -> Evidence:
    """The other items of each design meant, in the colours or sizes asked for."""
    anchors = pointed_at(request.intent, request.session, request.catalog)
    if not anchors:
        return Evidence()
    asked = facets_of(request.intent.slots)
    shown: list[Item] = []
    facts: list[str] = []
    for anchor in anchors[:MOST_COMPARED]:
        group = request.catalog.variants(anchor.sku)
        fitting = [item for item in group if _fits(item, asked)]
        facts += _variant_facts(anchor, group, fitting, asked)
        is_narrowed = any(asked.values()) and bool(fitting)
        shown += fitting if is_narrowed else [item for item in group if item.sku != anchor.sku] or [anchor]
    most = request.settings.max_items
    return evidence_of(_once(shown)[:most], request.intent.slots, tuple(facts))


def _variant_facts(
    anchor: Item, group: list[Item], fitting: list[Item], asked: dict[str, tuple[str, ...]]
) -> list[str]:
    wanted = " ".join((*named_all("colour", asked["colour"]), *asked["size"]))
    denied = "" if fitting else say("variant.absent", title=anchor.title, wanted=wanted)
    facts = (denied, _colours_fact(anchor, group), _sizes_fact((fitting or [anchor])[0], asked["size"]))
    return [fact for fact in facts if fact]


def _once(items: list[Item]) -> list[Item]:
    return list({item.sku: item for item in items}.values())


def _fits(item: Item, asked: dict[str, tuple[str, ...]]) -> bool:
    has_colour = not asked["colour"] or item.colour in asked["colour"]
    return has_colour and (not asked["size"] or any(item.sizes.get(size, 0) != 0 for size in asked["size"]))


def _colours_fact(anchor: Item, group: list[Item]) -> str:
    others = sorted({item.colour for item in group if item.colour and item.colour != anchor.colour})
    if others:
        return say("variant.colours", title=anchor.title, colours=listed(named_all("colour", others)))
    colour = named("colour", anchor.colour)
    return say("variant.one_colour", title=anchor.title, colour=colour) if colour else ""


def _sizes_fact(item: Item, asked: tuple[str, ...]) -> str:
    if not item.sizes:
        return ""
    there = [size for size, stock in item.sizes.items() if stock != 0]
    missing = [size for size in asked if size not in there]
    if missing:
        return say("variant.size_absent", sizes=say("listed.and").join(missing))
    return say("variant.sizes", sizes=listed(there)) if there else say("variant.no_size")


def question(request: Request) -> Evidence:
    """The items asked about with what their rows say; else what the whole catalogue says."""
    photo = seeing.photo_asked(request.intent, request.message, request.session)
    if photo is not None:
        return _of_photo(request, photo)
    lost = seeing.lost_photo(request)
    if lost:
        return Evidence((), (lost,))
    items = pointed_at(request.intent, request.session, request.catalog)
    if not items:
        items = _by_kind(request)
    if items:
        items = items[: request.settings.max_items]
        answer = seeing.about_items(request, items)
        if answer is not None:
            return replace(evidence_of(items, Slots(), answer.facts), seen=answer.seen)
        return evidence_of(items, Slots(), item_facts(request.message.text, items, request.settings.locale))
    facts = catalog_facts(request.message.text, request.intent.slots, request.catalog, request.settings.locale)
    if facts and not any(facets_of(request.intent.slots).values()):
        return Evidence((), facts)
    declined = seeing.without_items(request)
    if declined.facts:
        return Evidence((), declined.facts)
    if not facts and not any(facets_of(request.intent.slots).values()):
        return Evidence()
    part, more = find_part(request, request.intent.slots, PAGE_ITEMS, ())
    return Evidence((part,), (*facts, *more))


def _of_photo(request: Request, photo: Image.Image) -> Evidence:
    """What the photo shows; what looks like it, where it comes with the question."""
    answer = seeing.about_photo(request, photo)
    if request.message.photo is None:
        return Evidence((), answer.facts, seen=answer.seen)
    part, more = find_part(request, Slots(), PAGE_ITEMS, ())
    return Evidence((part,), (*answer.facts, *more), seen=answer.seen)


def _by_kind(request: Request) -> list[Item]:
    """ "How much is the belt?": the cards of the kind the question names."""
    wanted = request.intent.slots.categories
    if not wanted or " the " not in f" {request.message.text.lower()} ":
        return []
    shown = [card for card in request.session.shown if set(wanted) & {card.category, *card.category_path}]
    return request.catalog.items([card.sku for card in shown])


def compare(request: Request) -> Evidence:
    """The items side by side and where their rows differ."""
    items = pointed_at(request.intent, request.session, request.catalog)
    if len(items) < 2:
        items = request.catalog.items([card.sku for card in request.session.shown])
        wanted = set(request.intent.slots.categories)
        items = [item for item in items if not wanted or wanted & set(load_taxonomy().category_path(item.category))]
    return evidence_of(items[:MOST_COMPARED], Slots(), _compared_facts(request, items))


def _compared_facts(request: Request, items: list[Item]) -> tuple[str, ...]:
    """What differs most for this shopper, what is equal, and that more were meant than are compared."""
    compared, locale = items[:MOST_COMPARED], request.settings.locale
    if len(compared) < 2:
        return ()
    first = interests(request.message.text, request.session.standing)
    words = wording(request.session.id)
    facts = difference_facts(first, compared, locale)[:_MOST_DIFFERENCES]
    if same := compare_items(compared, locale).same:
        every = words.say("compare.both" if len(compared) == 2 else "compare.all", count=len(compared))
        facts = (*facts, words.say("compare.same", every=every, values=listed(same)))
    if len(items) > MOST_COMPARED:
        facts = (*facts, words.say("compare.too_many", most=MOST_COMPARED, count=len(items)))
    return facts
