"""What a look starts from, and the kinds of pieces that go with it."""

from collections import Counter
from collections.abc import Sequence

from agents.look import live_look
from agents.lookups import pointed_at
from agents.outfit_rules import Kind, Pieces, load_rules
from agents.request import Request
from tools.catalog import Catalog
from tools.item import Item
from tools.query import Filters, Query

_N_LOOK_ALIKES = 8
# Of a photo's look-alikes, more than this share have to agree on a facet.
_MAJORITY = 0.5
_VOTED = ("gender", "age_group", "usage", "season")


def anchor_of(request: Request) -> Item | None:
    """What the look is to go with; an item without a title where it is in no row: on a photo, or only named.

    None to start from scratch, and where a look is on the screen and the message means no other item.
    """
    if request.message.photo is not None:
        return _on_photo(request)
    asked, has_look = request.intent.slots, live_look(request.session) is not None
    if not has_look or request.intent.references:
        items = pointed_at(request.intent, request.session, request.catalog)
        if items:
            return items[0]
    if asked.categories and not has_look:
        usage = next(iter(asked.attributes.get("usage", ())), "")
        colour = next(iter(asked.colours), "")
        return Item(
            "", "", asked.categories[0], colour=colour, gender=asked.gender, age_group=asked.age_group, usage=usage
        )
    if request.session.shown and not has_look and not asked.soft and not asked.attributes:
        return next(iter(request.catalog.items([request.session.shown[0].sku])), None)
    return None


def kinds_for(anchor: Item | None, named: tuple[str, ...], catalog: Catalog) -> Pieces:
    """The kinds named beside an anchor, else those that go with it; only what the catalogue holds, one a place."""
    rules = load_rules()
    pieces = rules.from_scratch if anchor is None else rules.pieces(anchor.category)
    held = catalog.vocabulary().counts.get("category", {})
    taken = rules.places(anchor.category) if anchor is not None else frozenset()

    def kept(kinds: Sequence[Kind]) -> tuple[Kind, ...]:
        narrowed = (
            tuple(category for category in kind if category in held and not rules.places(category) & taken)
            for kind in kinds
        )
        return tuple(kind for kind in narrowed if kind)

    asked = kept([(name,) for name in named])
    return Pieces(asked, ()) if asked else Pieces(kept(pieces.needs), kept(pieces.adds))


def _on_photo(request: Request) -> Item | None:
    """An item made of what most of the photo's look-alikes of the likeliest kind are; None where there is none."""
    photo = request.message.photo
    kinds = request.catalog.kinds_in(photo) if photo is not None else {}
    if not kinds:
        return None
    category = max(kinds, key=lambda kind: (kinds[kind], kind))
    query = Query(photo=photo, filters=Filters({"category": (category,)}), top_k=_N_LOOK_ALIKES)
    alike = [hit.item for hit in request.catalog.search(query).hits]
    gender, age_group, usage, season = (_majority([getattr(item, facet) for item in alike]) for facet in _VOTED)
    return Item(
        sku="",
        title="",
        category=category,
        colour=alike[0].colour if alike else "",
        gender=request.intent.slots.gender or gender,
        age_group=age_group,
        usage=usage,
        season=season,
    )


def _majority(values: Sequence[str]) -> str:
    said, n_times = Counter(values).most_common(1)[0] if values else ("", 0)
    return said if n_times > _MAJORITY * len(values) else ""
