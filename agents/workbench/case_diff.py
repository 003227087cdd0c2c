"""What two results of one case have unlike: slots, cards and words."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from agents.workbench.case_result import CaseResult
from agents.workbench.slot_match import comparable

Sign = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class CardMoved:
    """A card that both show or one does; places count from 1, None where it is not shown."""

    sku: str
    title: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class CaseDifference:
    """`slots` are (name, before, after) where they differ; `cards` those that entered, left or moved; `words` the reply
    in stretches, each the same, gone or new."""

    slots: tuple[tuple[str, Any, Any], ...]
    cards: tuple[CardMoved, ...]
    words: tuple[tuple[Sign, str], ...]


def case_difference(before: CaseResult, after: CaseResult) -> CaseDifference:
    """What is unlike between two results."""
    names = dict.fromkeys((*before.intent, *after.intent))
    slots = tuple(
        (name, before.intent.get(name), after.intent.get(name))
        for name in names
        if comparable(before.intent.get(name)) != comparable(after.intent.get(name))
    )
    return CaseDifference(slots, tuple(_cards(before, after)), tuple(_words(before.reply, after.reply)))


def _cards(before: CaseResult, after: CaseResult) -> Iterator[CardMoved]:
    places = {sku: place for place, sku in enumerate(before.skus, 1)}
    now = {sku: place for place, sku in enumerate(after.skus, 1)}
    titles = dict(zip((*before.skus, *after.skus), (*before.titles, *after.titles), strict=True))
    for sku in dict.fromkeys((*after.skus, *before.skus)):
        if places.get(sku) != now.get(sku):
            yield CardMoved(sku, titles[sku], places.get(sku), now.get(sku))


def _words(before: str, after: str) -> Iterator[tuple[Sign, str]]:
    if before == after:
        return
    old, new = before.split(), after.split()
    for kind, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", " ".join(old[old_start:old_end])
            continue
        if old_end > old_start:
            yield "gone", " ".join(old[old_start:old_end])
        if new_end > new_start:
            yield "new", " ".join(new[new_start:new_end])
