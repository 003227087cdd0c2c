"""`python -m evals outfits SOURCE`: complete looks for many items, and count what cannot be worn together."""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations

from agents.events import Message
from agents.harmony import harmony
from agents.intent import Intent
from agents.outfit_anchor import kinds_for
from agents.outfit_rules import load_rules
from agents.outfits import goes_with_something, outfit
from agents.request import Request
from agents.session import Session, Shown
from env.errors import FeedError
from evals.retrieval_figures import Asked, Figure
from evals.retrieval_source import open_source, settings_with
from tools.catalog import Catalog
from tools.item import Item
from tools.query import Filters, Query
from tools.shop import Shop

_FACETS = ("gender", "age_group", "season", "usage")
_SEED = 20_261
_N_DRAWN = 400


@dataclass(frozen=True, slots=True)
class OutfitReport:
    """Figures over the anchors, and the times of one choice. A clash is counted only where both rows say a value."""

    sources: tuple[str, ...]
    n_items: int
    figures: tuple[Figure, ...]
    median_ms: float
    p95_ms: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals outfits`."""
    add = parser.add_argument
    add("sources", nargs="+", metavar="SOURCE", help="feeds, 'demo' for the drawn catalogue, or 'shop'")
    add("--anchors", type=int, default=200, metavar="N", help="so many items to complete a look for (default 200)")
    add("--embedder", metavar="NAME", help="another checkpoint than the settings'")
    add("--json", action="store_true", help="print the report as JSON")


def run(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    with open_source(arguments.sources, settings_with(arguments.embedder)) as shop:
        report = measure(shop, arguments.sources, arguments.anchors)
    sys.stdout.write(f"{json.dumps(asdict(report)) if arguments.json else told(report)}\n")


def measure(shop: Shop, sources: Sequence[str], n_anchors: int) -> OutfitReport:
    """Complete the looks of `n_anchors` items, drawn with a fixed seed from those that a look can start from.

    Raises:
        FeedError: the catalogue holds no such item.
    """
    drawn = random.Random(_SEED)
    anchors = _anchors(shop.catalog, n_anchors, drawn)
    if not anchors:
        raise FeedError(f"{list(sources)!r} holds nothing that a look can start from; name a catalogue of clothes")
    looks, times_ms = [], []
    for anchor in anchors:
        started_s = time.perf_counter()
        looks.append(_look(shop, anchor))
        times_ms.append(1000 * (time.perf_counter() - started_s))
    pairs = list(zip(anchors, looks, strict=True))
    figures = (*_whole(shop.catalog, pairs), *pair_figures(pairs), *_harmony(shop.catalog, pairs, drawn))
    cuts = statistics.quantiles(times_ms, n=20) if len(times_ms) > 1 else times_ms
    return OutfitReport(tuple(sources), shop.catalog.n_items(), figures, statistics.median(times_ms), cuts[-1])


def told(report: OutfitReport) -> str:
    """The report for people."""
    lines = [f"{' '.join(report.sources)}: {report.n_items} items; a choice takes {report.median_ms:.0f} ms, "
             f"p95 {report.p95_ms:.0f} ms"]  # fmt: skip
    lines += [
        f"  {one.measure:<42} {one.value:6.3f}  [{one.low:.3f}, {one.high:.3f}]  n={one.n}" for one in report.figures
    ]
    return "\n".join(lines)


def _anchors(catalog: Catalog, n_anchors: int, drawn: random.Random) -> list[Item]:
    """Items that are worn somewhere and that something goes with, kind by kind in turn."""
    rules, by_kind = load_rules(), []
    for kind in rules.worn:
        hits = catalog.search(Query(filters=Filters({"category": (kind,)}), top_k=_N_DRAWN)).hits
        items = [hit.item for hit in hits if goes_with_something(hit.item, catalog)]
        drawn.shuffle(items)
        by_kind.append(items)
    in_turn = [items[turn] for turn in range(n_anchors) for items in by_kind if turn < len(items)]
    return list({item.sku: item for item in in_turn}.values())[:n_anchors]


def _look(shop: Shop, anchor: Item) -> list[Item]:
    session = Session("evals", shown=(Shown.of(anchor),))
    request = Request(
        Intent("outfit", references=("1",)), Message("complete the look"), session, shop.catalog, shop.settings
    )
    return [hit.item for hit in outfit(request).hits]


def _whole(catalog: Catalog, pairs: Sequence[tuple[Item, list[Item]]]) -> list[Figure]:
    """Whether each kind that the look needs and the catalogue holds has a piece, and how many pieces there are."""
    rules, whole, n_twice = load_rules(), [], []
    for anchor, look in pairs:
        worn = [rules.places(item.category) for item in look]
        needs = kinds_for(anchor, (), catalog).needs
        whole.append(bool(look) and all(any(rules.kind_places(kind) & places for places in worn) for kind in needs))
        n_twice.append(_has_twice([anchor, *look]))
    asked = Asked("complete the look", "catalogue", "rules")
    return [
        asked.figure("looks that are complete", whole),
        asked.figure("pieces a look", [float(len(look)) for _, look in pairs]),
        asked.figure("looks with two of a kind or of a design", n_twice),
    ]


def _has_twice(worn: Sequence[Item]) -> bool:
    rules = load_rules()
    return any(
        first.sku == second.sku
        or bool(first.item_group_id and first.item_group_id == second.item_group_id)
        or bool(rules.places(first.category) & rules.places(second.category))
        for first, second in combinations(worn, 2)
    )


def pair_figures(pairs: Sequence[tuple[Item, list[Item]]]) -> list[Figure]:
    """The share of looks in which two things, the anchor among them, cannot be worn together as their rows say."""
    rules, asked = load_rules(), Asked("complete the look", "catalogue", "rules")
    return [
        asked.figure(
            f"looks with a clash of {facet}",
            [
                any(facet in rules.clashes(one, other) for one, other in combinations([a, *look], 2))
                for a, look in pairs
            ],
        )
        for facet in _FACETS
    ]


def _harmony(catalog: Catalog, pairs: Sequence[tuple[Item, list[Item]]], drawn: random.Random) -> list[Figure]:
    """Mean harmony of all pairs of a look, of one with random pieces of the same categories, and the difference."""
    pools = {
        category: [
            hit.item for hit in catalog.search(Query(filters=Filters({"category": (category,)}), top_k=_N_DRAWN)).hits
        ]
        for category in {item.category for _, look in pairs for item in look}
    }
    chosen, random_ones = [], []
    for anchor, look in pairs:
        if look:
            chosen.append(_mean_harmony([anchor, *look]))
            random_ones.append(_mean_harmony([anchor, *(drawn.choice(pools[item.category]) for item in look)]))
    asked = Asked("complete the look", "catalogue", "rules")
    gains = [one - other for one, other in zip(chosen, random_ones, strict=True)]
    return [
        asked.figure("mean harmony", chosen),
        asked.figure("mean harmony of random pieces", random_ones),
        asked.figure("gain in harmony, paired", gains),
    ]


def _mean_harmony(worn: Sequence[Item]) -> float:
    return statistics.fmean(harmony(one.colour, other.colour) for one, other in combinations(worn, 2))
