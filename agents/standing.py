"""What is being looked for after a message: a new search replaces it, a refine changes one thing and keeps the rest."""

from collections.abc import Mapping
from dataclasses import replace

from agents.intent import NOT, Intent, Slots
from agents.limits import facets_of
from agents.look import changes_look
from agents.profile import facet_names
from agents.session import Session, Shown
from tools.query import FACETS
from tools.taxonomy import load_taxonomy

# Slots a message replaces as a whole when it names them.
_REPLACED = ("categories", "colours", "gender", "age_group", "brands", "sizes", "sort")
_ATTRIBUTES = ("material", "pattern", "usage", "season")
_SLOT_OF_FACET = {"colour": "colours", "category": "categories", "brand": "brands", "size": "sizes"}


def standing_after(intent: Intent, session: Session) -> tuple[Slots, ...]:
    """The standing search after an intent; turns that do not search leave it as it is."""
    if intent.standing:
        return intent.standing
    if intent.route == "search":
        return intent.parts or (intent.slots,)
    if changes_look(intent, session):
        return session.standing
    if intent.route == "similar":
        return (_similar(intent, session),)
    if intent.route not in ("refine", "preference") or not session.standing:
        return (intent.slots,) if intent.route == "refine" else session.standing
    if intent.route == "preference":
        return tuple(_preferred(slots, intent) for slots in session.standing)
    if "everything" in intent.cleared:
        return () if intent.slots == Slots() else (intent.slots,)
    if intent.slots.categories and len(session.standing) > 1:
        return (intent.slots,)
    return tuple(merge(slots, intent.slots, intent.cleared) for slots in session.standing)


def _similar(intent: Intent, session: Session) -> Slots:
    """What the likes of an item have to keep: the limits of the search it belongs to, changed as the message says."""
    standing = _search_of(session.anchor(intent.references), session.standing)
    kept = replace(standing, count=None, count_said=False, sort=None)
    return merge(kept, intent.slots, intent.cleared)


def _preferred(standing: Slots, intent: Intent) -> Slots:
    """The standing wish gives way to what a preference says, and leaves it to the profile; a liking changes it."""
    told = intent.slots
    if intent.action:
        return clear(standing, intent.cleared)
    merged = merge(standing, told)
    named = {"sizes": told.sizes, "gender": told.gender or told.age_group, "price": _has_price(told)}
    merged = clear(merged, tuple(name for name, value in named.items() if value))
    return replace(merged, exclude=_without(standing.exclude, _wanted(told)))


def _has_price(slots: Slots) -> bool:
    return slots.price_min_cents is not None or slots.price_max_cents is not None


def off_after(intent: Intent, session: Session) -> tuple[str, ...]:
    """Which preferences do not count in the standing search: those a refine has dropped from it since it began."""
    if intent.standing:
        # What was pressed is the whole search: the preferences it goes on with are in it.
        return (*FACETS, "price")
    if intent.route == "search" or "everything" in intent.cleared:
        return ()
    if intent.route == "refine":
        return tuple(dict.fromkeys((*session.off, *facet_names(intent.cleared))))
    if intent.route == "preference":
        told = {facet for facet, values in {**facets_of(intent.slots), **intent.slots.exclude}.items() if values}
        told |= {"price"} if _has_price(intent.slots) else set()
        return tuple(name for name in session.off if name not in told)
    return session.off


def _search_of(card: Shown | None, standing: tuple[Slots, ...]) -> Slots:
    """The standing search that a card can come from; of one for another kind of thing only whom it is for is kept."""
    if card is None:
        return standing[0] if len(standing) == 1 else Slots()
    path = {card.category, *card.category_path, *load_taxonomy().category_path(card.category)}
    for slots in standing:
        if not slots.categories or path & set(slots.categories):
            return slots
    people = {(slots.gender, slots.age_group) for slots in standing}
    gender, age_group = people.pop() if len(people) == 1 else ("", "")
    return Slots(gender=gender, age_group=age_group)


def is_more(intent: Intent) -> bool:
    """Whether a refine changes nothing: then it asks for further items of the same search."""
    return (
        intent.route == "refine"
        and not intent.cleared
        and not intent.standing
        and replace(intent.slots, count=None, count_said=False) == Slots()
    )


def merge(standing: Slots, change: Slots, cleared: tuple[str, ...] = ()) -> Slots:
    """The standing slots with a change laid over them: what it names replaces, what it excludes adds up."""
    kept = clear(standing, cleared)
    new = {name: getattr(change, name) or getattr(kept, name) for name in _REPLACED}
    excluded = _without(kept.exclude, _wanted(change))
    wanted = _wanted(kept)
    new_exclusions = change.exclude
    merged = replace(
        kept,
        **new,
        attributes={**kept.attributes, **change.attributes},
        exclude=_union(excluded, new_exclusions),
        soft=_soft(kept.soft, change.soft),
        count=change.count if change.count_said else kept.count,
        count_said=change.count_said or kept.count_said,
    )
    if change.price_min_cents is not None or change.price_max_cents is not None:
        merged = _with_price(merged, change)
    clashing = {facet: values for facet, values in new_exclusions.items() if set(values) & set(wanted.get(facet, ()))}
    return _drop_wanted(merged, clashing)


def _soft(kept: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """Both, but of a word and its opposite the newer one ("not fussy" after "fussy")."""
    opposites = {word.removeprefix(NOT) if word.startswith(NOT) else NOT + word for word in new}
    return tuple(dict.fromkeys((*(word for word in kept if word not in opposites), *new)))


def clear(slots: Slots, cleared: tuple[str, ...]) -> Slots:
    """The slots without the named limits: "price", a slot's or a facet's name, or "everything"."""
    for name in cleared:
        if name == "everything":
            return Slots()
        if name == "price":
            slots = replace(slots, price_min_cents=None, price_max_cents=None, currency="")
        elif name in _ATTRIBUTES:
            slots = replace(slots, attributes={facet: v for facet, v in slots.attributes.items() if facet != name})
        elif name in ("gender", "age_group"):
            slots = replace(slots, gender="", age_group="")
        else:
            slots = replace(slots, **{_SLOT_OF_FACET.get(name, name): ()})  # type: ignore[arg-type]
    return slots


def _with_price(merged: Slots, change: Slots) -> Slots:
    """New limits; a limit that the new ones contradict goes ("over 50" after "under 30")."""
    low = merged.price_min_cents if change.price_min_cents is None else change.price_min_cents
    high = merged.price_max_cents if change.price_max_cents is None else change.price_max_cents
    if low is not None and high is not None and low > high:
        low, high = change.price_min_cents, change.price_max_cents
    return replace(merged, price_min_cents=low, price_max_cents=high, currency=change.currency or merged.currency)


def _wanted(slots: Slots) -> dict[str, tuple[str, ...]]:
    return {
        "category": slots.categories, "colour": slots.colours, "brand": slots.brands, "size": slots.sizes,
        **slots.attributes,
    }  # fmt: skip


def _without(
    exclude: Mapping[str, tuple[str, ...]], wanted: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    left = {facet: tuple(v for v in values if v not in wanted.get(facet, ())) for facet, values in exclude.items()}
    return {facet: values for facet, values in left.items() if values}


def _union(first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {
        facet: tuple(dict.fromkeys((*first.get(facet, ()), *second.get(facet, ()))))
        for facet in dict.fromkeys((*first, *second))
    }


def _drop_wanted(slots: Slots, excluded: Mapping[str, tuple[str, ...]]) -> Slots:
    """What is excluded now is no longer wanted: "not red" after "red dresses"."""
    for facet, values in excluded.items():
        left = tuple(value for value in _wanted(slots).get(facet, ()) if value not in values)
        if facet in _SLOT_OF_FACET:
            slots = replace(slots, **{_SLOT_OF_FACET[facet]: left})  # type: ignore[arg-type]
        else:
            kept = {name: v for name, v in slots.attributes.items() if name != facet}
            slots = replace(slots, attributes={**kept, facet: left} if left else kept)
    return slots
