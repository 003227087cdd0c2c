"""How well messages are read: exact match per slot, per route and for the whole Intent, on labelled cases.

`intent_dev.jsonl` is for development; `intent_kept.jsonl` is kept for testing and never tuned against.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image

from agents.classifier import Classifier, open_classifier
from agents.events import Message
from agents.intent_json import intent_json
from agents.session import Session
from env.errors import SettingsError, VitrineError
from env.settings import load_settings
from tools.vocabulary import PriceRange, Vocabulary

CASES_DIR = Path(__file__).resolve().parent / "cases"
PARTS = ("dev", "kept")
_PRICES = PriceRange("EUR", 800, 900, 30_000)


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled message; `screen` names what the shopper sees, "" for nothing."""

    id: str
    text: str
    screen: str
    has_photo: bool
    intent: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Miss:
    """One case that was read differently: the slots that differ, wanted and read."""

    id: str
    text: str
    differs: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Score:
    """How many of how many were right."""

    n_right: int
    n_cases: int

    @property
    def share(self) -> float:
        """In [0, 1]; 0 without cases."""
        return self.n_right / self.n_cases if self.n_cases else 0.0


@dataclass(frozen=True, slots=True)
class IntentReport:
    """The figures of one part of the cases, read by one classifier.

    A slot's score counts the cases in which it was wanted or read. `by_route` and `by_language` count whole intents by
    the wanted route and by the language of the message.
    """

    part: str
    classifier: str
    whole: Score
    by_route: Mapping[str, Score]
    by_language: Mapping[str, Score]
    by_slot: Mapping[str, Score]
    median_ms: float
    p95_ms: float
    misses: tuple[Miss, ...]


def read_cases(part: str) -> tuple[Case, ...]:
    """The cases of one part.

    Raises:
        SettingsError: there is no such part.
    """
    if part not in PARTS:
        raise SettingsError(f"no part {part!r} of the intent cases; parts are {', '.join(PARTS)}")
    lines = (CASES_DIR / f"intent_{part}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return tuple(
        Case(row["id"], row["text"], row.get("screen", ""), row.get("has_photo", False), row["intent"]) for row in rows
    )


def measure_intent(classifier: Classifier, part: str) -> IntentReport:
    """Read every case of a part. A case that the classifier fails on counts as wrong."""
    vocabulary, screens = _shop()
    cases = read_cases(part)
    photo = Image.new("RGB", (64, 80), "white")
    misses, times_ms = [], []
    for case in cases:
        session = Session.from_json(case.id, screens[case.screen]) if case.screen else Session(case.id)
        message = Message(case.text, photo if case.has_photo else None)
        started_s = time.perf_counter()
        read = _read(classifier, message, session, vocabulary)
        times_ms.append((time.perf_counter() - started_s) * 1000)
        differs = {name: (case.intent.get(name), read.get(name)) for name in _differing(case.intent, read)}
        if differs:
            misses.append(Miss(case.id, case.text, differs))
    return _report(part, classifier.name, cases, tuple(misses), times_ms)


def _shop() -> tuple[Vocabulary, Mapping[str, Mapping[str, Any]]]:
    """The shop the cases were labelled for: its words, and what may be on the screen."""
    data = json.loads((CASES_DIR / "intent_shop.json").read_text(encoding="utf-8"))
    counts = {facet: dict.fromkeys(values, 10) for facet, values in data["vocabulary"].items()}
    empty = {"references": [], "seen": [], "history": [], "n_turns": 1, "has_photo": False}
    screens = {name: empty | screen for name, screen in data["screens"].items()}
    return Vocabulary.of(800, counts, (_PRICES,)), screens


def _read(classifier: Classifier, message: Message, session: Session, vocabulary: Vocabulary) -> dict[str, Any]:
    try:
        return intent_json(classifier.read(message, session, vocabulary))
    except VitrineError as error:
        return {"error": str(error)}


def _differing(wanted: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys((*wanted, *read)):
        if _comparable(wanted.get(name)) != _comparable(read.get(name)):
            yield name


def _comparable(value: Any) -> Any:
    """Lists of words compare without their order; parts keep theirs."""
    if isinstance(value, Mapping):
        return {name: _comparable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        plain = [_comparable(inner) for inner in value]
        return plain if any(isinstance(inner, dict) for inner in plain) else sorted(plain)
    return value


def _report(
    part: str, classifier: str, cases: Sequence[Case], misses: tuple[Miss, ...], times_ms: Sequence[float]
) -> IntentReport:
    missed = {miss.id: miss for miss in misses}
    slots = dict.fromkeys(name for case in cases for name in (*case.intent, *_differs(missed, case)))
    return IntentReport(
        part=part,
        classifier=classifier,
        whole=Score(len(cases) - len(misses), len(cases)),
        by_route=_whole_by("route", cases, missed),
        by_language=_whole_by("language", cases, missed),
        by_slot={
            slot: _score([slot not in _differs(missed, c) for c in cases if slot in (*c.intent, *_differs(missed, c))])
            for slot in slots
        },
        median_ms=round(median(times_ms), 3),
        p95_ms=round(sorted(times_ms)[int(0.95 * (len(times_ms) - 1))], 3),
        misses=misses,
    )


def _whole_by(slot: str, cases: Sequence[Case], missed: Mapping[str, Miss]) -> dict[str, Score]:
    """Whole intents right, by the wanted value of a slot that every case has."""
    values = dict.fromkeys(case.intent[slot] for case in cases)
    return {value: _score([c.id not in missed for c in cases if c.intent[slot] == value]) for value in values}


def _differs(missed: Mapping[str, Miss], case: Case) -> Mapping[str, Any]:
    return missed[case.id].differs if case.id in missed else {}


def _score(right: Sequence[bool]) -> Score:
    return Score(sum(right), len(right))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals intent`."""
    parser.add_argument("--classifier", default="", metavar="NAME", help="backend to measure (default: CLASSIFIER)")
    parser.add_argument("--part", choices=(*PARTS, "all"), default="all", help="cases to read (default: all)")
    parser.add_argument("--misses", action="store_true", help="list what was read differently")
    parser.add_argument("--json", action="store_true", help="one JSON object a part instead of tables")
    parser.add_argument(
        "--at-least", type=float, default=0.0, metavar="SHARE", help="fail below this whole-intent share"
    )


def run(arguments: argparse.Namespace) -> None:
    """Measure and print one report a part.

    Raises:
        VitrineError: a part is below `--at-least`.
    """
    settings = load_settings()
    classifier = open_classifier(settings, arguments.classifier or settings.classifier)
    reports = [measure_intent(classifier, part) for part in (PARTS if arguments.part == "all" else (arguments.part,))]
    for report in reports:
        text = json.dumps(asdict(report), ensure_ascii=False) if arguments.json else told(report, arguments.misses)
        sys.stdout.write(f"{text}\n")
    worst = min(reports, key=lambda report: report.whole.share)
    if worst.whole.share < arguments.at_least:
        raise VitrineError(
            f"{worst.part}: {worst.whole.share:.3f} of the intents are right, at least {arguments.at_least} are wanted"
        )


def told(report: IntentReport, with_misses: bool) -> str:
    """A report for people."""
    lines = [
        f"{report.part}: {_figure(report.whole)} whole intents right, by {report.classifier}; "
        f"median {report.median_ms:.2f} ms, p95 {report.p95_ms:.2f} ms a message",
        "  by route: " + ", ".join(f"{name} {_figure(score)}" for name, score in report.by_route.items()),
        "  by language: " + ", ".join(f"{name} {_figure(score)}" for name, score in report.by_language.items()),
        "  by slot:  " + ", ".join(f"{name} {_figure(score)}" for name, score in report.by_slot.items()),
    ]
    for miss in report.misses if with_misses else ():
        wrong = "; ".join(f"{name}: wanted {want!r}, read {read!r}" for name, (want, read) in miss.differs.items())
        lines.append(f"  {miss.id} {miss.text!r}: {wrong}")
    return "\n".join(lines)


def _figure(score: Score) -> str:
    return f"{score.share:.3f} ({score.n_right}/{score.n_cases})"
