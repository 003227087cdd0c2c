"""From a model's answer to an Intent: known values become canonical, unknown ones stay as words, nothing is trusted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import cast, get_args

from agents.classifier.shape import FacetShape, IntentShape, SlotsShape
from agents.classifier.slots import Defaults
from agents.intent import ACTIONS, NOT, ROUTES, Action, Intent, Route, Slots
from agents.prompt import as_data
from agents.session import Session
from agents.wish import wish_text
from env.errors import IntentError
from tools.money import minor_units
from tools.query import FACETS, Sort
from tools.vocabulary import Vocabulary

_ATTRIBUTES = ("material", "pattern", "usage", "season")
_NO_SLOTS: tuple[Route, ...] = ("thanks", "small_talk", "help", "out_of_scope", "unclear")
_MOST_VALUES = 8
_MOST_PARTS = 6
_MOST_CHARS = 40
_MOST_AMOUNT = Decimal(10_000_000)
_SEVERAL = 2
# What a model may write for a soft word that is not wanted.
_WITHOUT = re.compile(r"^(?:without(?: an?| any)?|no|non)[ -]")


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer is checked against."""

    vocabulary: Vocabulary
    session: Session
    defaults: Defaults


def intent_of(answer: IntentShape, ground: Ground) -> Intent:
    """The intent of an answer.

    Raises:
        IntentError: the route is not one of ours.
    """
    name = answer.route.strip().lower()
    if name not in ROUTES:
        raise IntentError(f"the model answered the route {name[:_MOST_CHARS]!r}; routes are {', '.join(ROUTES)}")
    route = cast(Route, name)
    slots, parts = (Slots(), ()) if route in _NO_SLOTS else _slots_and_parts(answer, route, ground)
    return Intent(
        route=route,
        slots=slots,
        parts=parts,
        references=() if route in ("search", *_NO_SLOTS) else _references(answer.references, ground.session),
        language=_language(answer.language),
        text=wish_text(slots),
        cleared=_cleared(answer.cleared) if route in ("refine", "preference") else (),
        action=_action(answer.action, route),
    )


def _slots_and_parts(answer: IntentShape, route: Route, ground: Ground) -> tuple[Slots, tuple[Slots, ...]]:
    whole = slots_of(answer, ground)
    parts = tuple(slots_of(part, ground) for part in (answer.parts or [])[:_MOST_PARTS])
    if route != "search":
        return replace(whole, count=whole.count if whole.count_said else None), ()
    if len(parts) == 1:
        return _over(parts[0], whole), ()
    if not parts:
        return whole, ()
    parts = tuple(_one_each(_over(part, replace(whole, categories=()))) for part in parts)
    categories = tuple(dict.fromkeys(category for part in parts for category in part.categories))
    return replace(whole, categories=categories or whole.categories, count=None, count_said=False), parts


def slots_of(answer: SlotsShape, ground: Ground) -> Slots:
    """The slots of one wish; what no facet knows is kept among the soft words."""
    found = _Words(ground.vocabulary)
    count, is_said = _count(answer, ground.defaults.max_items)
    currency = (answer.currency or "").strip().upper()
    currency = currency if re.fullmatch(r"[A-Z]{3}", currency) else ""
    low, high = (
        _cents(amount, currency or ground.defaults.currency) for amount in (answer.price_min, answer.price_max)
    )
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Slots(
        categories=found.values("category", answer.categories),
        count=count,
        count_said=is_said,
        colours=found.values("colour", answer.colours),
        gender=next(iter(found.values("gender", [answer.gender or ""])), ""),
        age_group=next(iter(found.values("age_group", [answer.age_group or ""])), ""),
        brands=found.values("brand", answer.brands),
        sizes=found.sizes(answer.sizes),
        price_min_cents=low,
        price_max_cents=high,
        currency=currency if low is not None or high is not None else "",
        sort=cast(Sort, answer.sort) if answer.sort in get_args(Sort) else None,
        attributes=found.by_facet(answer.attributes, _ATTRIBUTES),
        exclude=found.by_facet(answer.exclude, FACETS, before_soft=NOT),
        soft=found.soft(answer.soft),
    )


class _Words:
    """Looks values up, and remembers those that nobody knows."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._unknown: list[str] = []

    def values(self, facet: str, words: Iterable[str], before_soft: str = "") -> tuple[str, ...]:
        known: list[str] = []
        for word in _clean(words):
            value = self._vocabulary.canonical(facet, word)
            if value is not None:
                known.append(value)
            else:
                self._unknown.append(before_soft + word.lower())
        return tuple(dict.fromkeys(known))

    def sizes(self, words: Iterable[str]) -> tuple[str, ...]:
        """A size that the shop does not have is still a limit: a shopper of size 47 cannot wear 46."""
        return tuple(dict.fromkeys(self._vocabulary.canonical("size", word) or word.upper() for word in _clean(words)))

    def by_facet(
        self, pairs: Sequence[FacetShape], allowed: Sequence[str], before_soft: str = ""
    ) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for pair in pairs[:_MOST_VALUES]:
            facet = pair.facet.strip().lower().replace("color", "colour").replace(" ", "_")
            if facet not in allowed:
                self._unknown += [before_soft + word.lower() for word in _clean(pair.values)]
            elif values := self.values(facet, pair.values, before_soft):
                found[facet] = tuple(dict.fromkeys((*found.get(facet, ()), *values)))
        return found

    def soft(self, words: Iterable[str]) -> tuple[str, ...]:
        said = (_WITHOUT.sub(NOT, word.lower()) for word in _clean(words))
        return tuple(dict.fromkeys((*said, *self._unknown)))[:_MOST_VALUES]


def _clean(words: Iterable[str]) -> list[str]:
    cleaned = [as_data(word, _MOST_CHARS) for word in words]
    return [word for word in cleaned if word][:_MOST_VALUES]


def _count(answer: SlotsShape, max_items: int) -> tuple[int | None, bool]:
    """A said number, capped; one kind for "a dress"; two for a plural without a number."""
    if answer.count is not None and answer.count > 0:
        return min(answer.count, max_items), answer.count > 1
    return (_SEVERAL, False) if answer.several else (None, False)


def _cents(amount: Decimal | None, currency: str) -> int | None:
    if amount is None or not amount.is_finite() or not 0 < amount <= _MOST_AMOUNT:
        return None
    return minor_units(amount, currency)


def _over(part: Slots, whole: Slots) -> Slots:
    """A part with what was only said for the whole message ("shoes and a belt for men under 100")."""
    empty = Slots()
    missing = {
        field.name: getattr(whole, field.name)
        for field in fields(Slots)
        if getattr(part, field.name) == getattr(empty, field.name) and field.name not in ("count", "count_said")
    }
    return replace(part, **missing)


def _one_each(part: Slots) -> Slots:
    return part if part.count_said else replace(part, count=1)


def _references(handles: Iterable[str], session: Session) -> tuple[str, ...]:
    numbers = [re.sub(r"\D", "", handle).lstrip("0") for handle in handles]
    return tuple(dict.fromkeys(number for number in numbers if session.shown_by_handle(number)))


def _action(told: str | None, route: Route) -> Action:
    """What the model says is to be done; a message that is not clear about it only looks, or tells a preference."""
    name = (told or "").strip().lower()
    if route == "preference":
        return cast(Action, name) if name in ("remove", "clear", "show") else ""
    if route not in ("cart", "saved"):
        return ""
    return cast(Action, name) if name and name in ACTIONS else "show"


def _language(told: str | None) -> str:
    code = (told or "").strip().lower()[:2]
    return code if re.fullmatch(r"[a-z]{2}", code) else "en"


def _cleared(names: Iterable[str]) -> tuple[str, ...]:
    allowed = {"price", "everything", "viewed", *FACETS, *(field.name for field in fields(Slots))}
    known = tuple(dict.fromkeys(name for name in (name.strip().lower() for name in names) if name in allowed))
    return ("everything",) if "everything" in known else known
