"""How long offline turns take on a large catalogue: until the first card and to the end, beside the seed method."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.desk import open_desk
from evals.conversation_report import percentiles, times_of
from evals.grown_catalog import grown
from evals.journey_oracle import SEARCHING
from evals.journey_player import Played, UnplayableError, play
from evals.journeys import Journey
from evals.retrieval_baseline import opened
from evals.retrieval_gallery import open_bench
from evals.seed_method import NO_LIMITS, SeedMethod
from tools.shop import Shop

_TOP_K = 8


@dataclass(frozen=True, slots=True)
class TurnTimes:
    """Wall-clock milliseconds of some turns; "card" until the cards could be drawn."""

    kind: str
    n: int
    card_p50_ms: float
    card_p95_ms: float
    turn_p50_ms: float
    turn_p95_ms: float


@dataclass(frozen=True, slots=True)
class LatencyReport:
    """Turns by their route; `seed` are the milliseconds in which the seed method finds items for the same searches."""

    n_items: int
    embedder: str
    n_seed: int
    seed_p50_ms: float
    seed_p95_ms: float
    times: tuple[TurnTimes, ...]


def measure(shop: Shop, journeys: Sequence[Journey], n_items: int) -> LatencyReport:
    """Play the journeys once to warm up and once for the figures, on the demo catalogue grown to `n_items`."""
    with grown(shop, n_items) as larger:
        values = {"classifier": "offline", "assistant": "offline"}
        desk = open_desk(replace(larger, settings=larger.settings.model_copy(update=values)))
        taken: list[Played] = []
        for number in (1, 2):
            taken = []
            for journey in journeys:
                try:
                    taken += play(journey, desk, number)
                except UnplayableError:
                    # Another catalogue may offer other ways on.
                    continue
        # The seed method goes by words or by a photo; a turn that searches is one question to it.
        asked = [turn for turn in taken if turn.intent.route in SEARCHING and turn.evidence.hits]
        with opened(open_bench(larger, 1)) as seed:
            theirs = [_ask(turn, seed) for turn in [*asked[:3], *asked]][3:]
        n_stored = larger.catalog.n_items()
    routes = sorted({turn.intent.route for turn in taken})
    times = [_times("all turns", taken)] + [
        _times(route, [turn for turn in taken if turn.intent.route == route]) for route in routes
    ]
    times.insert(1, _times("with a photo", [turn for turn in taken if turn.turn.photo]))
    return LatencyReport(n_stored, shop.embedder.fingerprint, len(theirs), *percentiles(theirs), tuple(times))


def _times(kind: str, turns: Sequence[Played]) -> TurnTimes:
    return TurnTimes(kind, len(turns), *times_of(turns))


def _ask(turn: Played, seed: SeedMethod) -> float:
    began_s = time.perf_counter()
    seed.search(turn.said[-1] or "like this", turn.photo, NO_LIMITS, _TOP_K)
    return (time.perf_counter() - began_s) * 1000


def told(report: LatencyReport) -> str:
    """A report for people."""
    lines = [
        f"{report.n_items:,} items, {report.embedder}, offline; milliseconds",
        f"{'turns':14} {'n':>4} {'card p50':>9} {'card p95':>9} {'turn p50':>9} {'turn p95':>9}",
    ]
    for row in report.times:
        figures = (row.card_p50_ms, row.card_p95_ms, row.turn_p50_ms, row.turn_p95_ms)
        lines.append(f"{row.kind:14} {row.n:4} " + " ".join(f"{figure:9,.1f}" for figure in figures))
    lines.append(
        f"the seed method finds items for {report.n_seed} of these searches in"
        f" {report.seed_p50_ms:,.1f} (p50) and {report.seed_p95_ms:,.1f} (p95)"
    )
    return "\n".join(lines)
