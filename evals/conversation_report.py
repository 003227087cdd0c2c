"""What journeys showed, by way of answering: figures with their spread over runs, and every fault with its reason."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evals.journey_player import Played

_SPREAD = (50, 95)


@dataclass(frozen=True, slots=True)
class Failure:
    """A fault: in which run, journey and turn (0 where the journey could not be played on), after which message."""

    run: int
    journey: str
    turn: int
    said: str
    kind: str
    told: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run over all journeys. Milliseconds are wall-clock, until the cards could be drawn and until the end.

    `n_untranslated` replies are not in the language of the message, because this machine has no words of it yet.
    """

    n_journeys: int
    n_right: int
    n_turns: int
    n_right_turns: int
    n_cards: int
    n_amounts: int
    n_read: int
    n_written: int
    n_untranslated: int
    card_p50_ms: float
    card_p95_ms: float
    turn_p50_ms: float
    turn_p95_ms: float


@dataclass(frozen=True, slots=True)
class WayReport:
    """All runs one way: "offline", or a protocol and who composed behind it."""

    way: str
    runs: tuple[Run, ...]
    failures: tuple[Failure, ...]

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many faults of each kind."""
        return Counter(failure.kind for failure in self.failures)


@dataclass(frozen=True, slots=True)
class ConversationReport:
    """Journeys on one catalogue. `abouts` counts them by what they show."""

    source: str
    n_items: int
    embedder: str
    abouts: Mapping[str, int]
    ways: tuple[WayReport, ...]


def percentiles(times_ms: Sequence[float]) -> tuple[float, float]:
    """p50 and p95, to a tenth; zeros without times."""
    if not times_ms:
        return 0.0, 0.0
    p50, p95 = np.percentile(times_ms, _SPREAD)
    return round(float(p50), 1), round(float(p95), 1)


def times_of(played: Sequence[Played]) -> tuple[float, float, float, float]:
    """p50 and p95 until the first card, over turns that show any, then those of the whole turn."""
    cards = percentiles([turn.first_card_ms for turn in played if turn.evidence.hits])
    return (*cards, *percentiles([turn.total_ms for turn in played]))


def spread(values: Sequence[float]) -> str:
    """The lowest and the highest, or the one there is."""
    low, high = min(values), max(values)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def told(report: ConversationReport) -> str:
    """A report for people."""
    lines = [
        f"{sum(report.abouts.values())} journeys about {len(report.abouts)} things, {report.source},"
        f" {report.n_items:,} items, {report.embedder}",
        f"{'way':18} {'runs':>4} {'journeys right':>16} {'turns right':>16}"
        f" {'card p50/p95 ms':>22} {'turn p50/p95 ms':>22}",
    ]
    for way in report.ways:
        runs = way.runs
        right = f"{spread([run.n_right for run in runs])} of {runs[0].n_journeys}"
        turns = f"{spread([run.n_right_turns for run in runs])} of {runs[0].n_turns}"
        cards = f"{spread([run.card_p50_ms for run in runs])} / {spread([run.card_p95_ms for run in runs])}"
        whole = f"{spread([run.turn_p50_ms for run in runs])} / {spread([run.turn_p95_ms for run in runs])}"
        lines.append(f"{way.way:18} {len(runs):4} {right:>16} {turns:>16} {cards:>22} {whole:>22}")
    for way in report.ways:
        for failure in distinct(way.failures):
            lines.append(
                f"  {way.way}: {failure.journey}, turn {failure.turn} ({failure.said!r}):"
                f" {failure.kind}: {failure.told}"
            )
    return "\n".join(lines)


def distinct(failures: Sequence[Failure]) -> list[Failure]:
    """Of the same fault in several runs the first."""
    found: dict[tuple[str, int, str, str], Failure] = {}
    for failure in failures:
        found.setdefault((failure.journey, failure.turn, failure.kind, failure.told), failure)
    return list(found.values())
