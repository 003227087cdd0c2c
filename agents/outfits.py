"""Pieces that complete a look, by the rules of outfits.yaml."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from agents.events import Evidence, PartFound
from agents.finding import find_part
from agents.intent import Slots
from agents.lookups import pointed_at
from agents.request import Request
from agents.wording import say
from tools.catalog import Catalog
from tools.item import Item
from tools.taxonomy import load_taxonomy


@dataclass(frozen=True, slots=True)
class Rules:
    """The data of outfits.yaml. `n_pieces` kinds at most, `n_choices` items of each."""

    goes_with: dict[str, tuple[str, ...]]
    from_scratch: tuple[str, ...]
    n_pieces: int
    n_choices: int


@cache
def load_rules() -> Rules:
    """The outfit rules."""
    data = yaml.safe_load(Path(__file__).with_name("outfits.yaml").read_text(encoding="utf-8"))
    goes_with = {kind: tuple(pieces) for kind, pieces in data["goes_with"].items()}
    return Rules(goes_with, tuple(data["from_scratch"]), data["n_pieces"], data["n_choices"])


def outfit(request: Request) -> Evidence:
    """One part for each kind of piece that goes with what is pointed at, or with the kind the message names."""
    rules = load_rules()
    anchors = pointed_at(request.intent, request.session, request.catalog)
    anchor = anchors[0] if anchors else None
    kinds = _held(_kinds(anchor, request.intent.slots.categories, rules), request.catalog)[: rules.n_pieces]
    wish = _wish(anchor, request.intent.slots)
    found = [find_part(request, replace(wish, categories=(kind,)), rules.n_choices, ()) for kind in kinds]
    facts = (say("found.goes_with", title=anchor.title),) if anchor else ()
    return Evidence(_distinct([part for part, _ in found], anchor), facts)


def goes_with_something(item: Item, catalog: Catalog) -> bool:
    """Whether the catalogue holds any kind of piece that goes with an item."""
    return bool(_held(_kinds(item, (), load_rules()), catalog))


def _held(kinds: Sequence[str], catalog: Catalog) -> list[str]:
    known = catalog.vocabulary().counts.get("category", {})
    return [kind for kind in kinds if kind in known]


def _kinds(anchor: Item | None, named: tuple[str, ...], rules: Rules) -> Sequence[str]:
    """The kinds asked for beside the anchor, else those that go with the nearest known kind above it."""
    if anchor is not None and named:
        return named
    start = anchor.category if anchor is not None else next(iter(named), "")
    for kind in reversed(load_taxonomy().category_path(start)):
        if kind in rules.goes_with:
            return rules.goes_with[kind]
    return rules.from_scratch


def _wish(anchor: Item | None, asked: Slots) -> Slots:
    """What every piece has to keep to: who the anchor is for, and what the message itself limits."""
    if anchor is None:
        # "What goes with black jeans": black is the jeans', not the pieces'.
        return replace(asked, colours=(), attributes={}, sort=None)
    gender = asked.gender or (anchor.gender if anchor.gender != "unisex" else "")
    attributes = {"usage": (anchor.usage,)} if anchor.usage and "usage" not in asked.attributes else {}
    return replace(
        asked,
        gender=gender,
        age_group=asked.age_group or anchor.age_group,
        attributes={**attributes, **asked.attributes},
    )


def _distinct(parts: list[PartFound], anchor: Item | None) -> tuple[PartFound, ...]:
    """Never the anchor itself, never one item twice."""
    seen = {anchor.sku} if anchor else set()
    kept = []
    for part in parts:
        hits = tuple(hit for hit in part.hits if hit.item.sku not in seen)
        seen.update(hit.item.sku for hit in hits)
        if hits:
            kept.append(replace(part, hits=hits))
    return tuple(kept)
