"""Conversations of several turns, judged turn by turn: what was read, the cards, what stands and is kept, the reply.

Offline, and with models behind the vendors' protocols: one reads as this machine reads, three compose, honestly,
carelessly and as hostile data orders. The servers are those of the tests.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

from agents.desk import Desk, open_desk
from agents.prompt import PROMPTS_DIR, load_prompt
from agents.speaking import LANGUAGES
from env.errors import SettingsError
from env.settings import Settings
from evals import conversation_latency, conversation_page
from evals.conversation_report import ConversationReport, Failure, Run, WayReport, times_of, told
from evals.journey_contract import amounts_in, reply_faults, speaks
from evals.journey_models import COMPOSERS, Reader
from evals.journey_oracle import Fault, Rows, card_faults, state_faults
from evals.journey_player import Played, UnplayableError, play
from evals.journeys import Journey, read_journeys
from evals.retrieval_source import DEMO, open_source, settings_with
from tools.shop import Shop
from tools.store_vectors import read_vectors

OFFLINE = "offline"
PROTOCOLS = ("gemini", "openai")
WAYS = (OFFLINE, *(f"{protocol} {name}" for protocol in PROTOCOLS for name in COMPOSERS))


@dataclass(frozen=True, slots=True)
class Judge:
    """What turns are held against. Replies of this machine are asked for their wordings, those of models are not."""

    rows: Rows
    prompts: tuple[str, ...]

    def faults(self, played: Played) -> list[Fault]:
        """Everything wrong with a turn."""
        is_own = played.done.backends.get("assistant", "").startswith(OFFLINE)
        return [
            *card_faults(played, self.rows),
            *state_faults(played),
            *reply_faults(played, self.prompts, is_own=is_own),
        ]


def judge_of(shop: Shop) -> Judge:
    """A judge over all rows of a shop, read once; the items without pictures are not among them."""
    prompts = (text for path in sorted(PROMPTS_DIR.glob("*.yaml")) for text in load_prompt(path.stem).template.values())
    return Judge(Rows.of(shop.catalog.items(read_vectors(shop.database).skus)), tuple(prompts))


def measure_conversation(
    shop: Shop, journeys: Sequence[Journey], ways: Sequence[str] = WAYS, n_runs: int = 3, source: str = DEMO
) -> ConversationReport:
    """Play all journeys each way, `n_runs` times with photos altered otherwise each time.

    Raises:
        SettingsError: there is no such way.
    """
    judge = judge_of(shop)
    reports = []
    for way in ways:
        with _desk(shop, way) as (desk, reader):
            runs = [_run(desk, reader, journeys, judge, number) for number in range(1, n_runs + 1)]
        failures = tuple(failure for _, failed in runs for failure in failed)
        reports.append(WayReport(way, tuple(run for run, _ in runs), failures))
    abouts = Counter(journey.about for journey in journeys)
    return ConversationReport(source, shop.catalog.n_items(), shop.embedder.fingerprint, dict(abouts), tuple(reports))


@contextmanager
def _desk(shop: Shop, way: str) -> Iterator[tuple[Desk, Reader | None]]:
    """A desk that answers this way, and the model behind it."""
    from tests.servers.local import LocalServer
    from tests.servers.vendors import VENDORS, pointed_at
    from tests.servers.wire import Ask

    if way not in WAYS:
        raise SettingsError(f"no way {way!r} to answer; ways are {', '.join(WAYS)}")
    own = shop.settings.model_copy(update={"classifier": OFFLINE, "assistant": OFFLINE})
    offline = open_desk(replace(shop, settings=own))
    if way == OFFLINE:
        yield offline, None
        return
    protocol, _, composer = way.partition(" ")
    reader = Reader(offline.classifier, COMPOSERS[composer])

    def answer(ask: Ask) -> str:
        is_reading = ask.wants_json or "one JSON object" in ask.system
        return reader.intent() if is_reading else reader.reply(ask.system, ask.text)

    with LocalServer(VENDORS[protocol](), brain=answer) as server:
        values = shop.settings.model_dump() | pointed_at(server.url) | {"classifier": protocol, "assistant": protocol}
        yield open_desk(replace(shop, settings=Settings.model_validate(values))), reader


def _run(
    desk: Desk, reader: Reader | None, journeys: Sequence[Journey], judge: Judge, number: int
) -> tuple[Run, list[Failure]]:
    taken: list[Played] = []
    failures: list[Failure] = []
    n_turns_wrong = n_untranslated = 0
    before = (reader.n_read, reader.n_written) if reader else (0, 0)
    for journey in journeys:
        try:
            for played in play(journey, desk, number, reader):
                taken.append(played)
                faults = judge.faults(played)
                n_turns_wrong += bool(faults)
                n_untranslated += _is_untranslated(played)
                at = (number, journey.id, played.number, played.said[-1])
                failures += [Failure(*at, fault.kind, fault.told) for fault in faults]
        except UnplayableError as error:
            failures.append(Failure(number, journey.id, 0, "", "press", str(error)))
    n_right = len(journeys) - len({failure.journey for failure in failures})
    asked = (reader.n_read - before[0], reader.n_written - before[1]) if reader else (0, 0)
    n_turns = sum(len(journey.turns) for journey in journeys)
    n_cards = sum(len(played.evidence.hits) for played in taken)
    n_amounts = sum(len(amounts_in(played.done.reply)) for played in taken)
    n_right_turns = len(taken) - n_turns_wrong
    run = Run(
        len(journeys), n_right, n_turns, n_right_turns, n_cards, n_amounts, *asked, n_untranslated, *times_of(taken)
    )
    return run, failures


def _is_untranslated(played: Played) -> bool:
    language = played.intent.language
    return language not in LANGUAGES and not speaks(language, played.done.reply)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals conversation`."""
    add = parser.add_argument
    add("--way", action="append", choices=WAYS, help="answer this way only; may be named several times")
    add("--journey", action="append", metavar="ID", help="play this one only; may be named several times")
    add("--runs", type=int, default=3, metavar="N", help="so many times, photos altered otherwise each time")
    add("--items", type=int, metavar="N", help="time offline turns over so many items instead")
    add("--json", action="store_true", help="one JSON object instead of a table")
    add("--keep", action="store_true", help="keep the run below docs/results and write docs/results-conversation.md")


def run(arguments: argparse.Namespace) -> None:
    """Play, judge and print.

    Raises:
        SettingsError: there is no such journey.
    """
    journeys = _chosen(arguments.journey)
    with open_source([DEMO], settings_with(None)) as shop:
        if arguments.items:
            report: object = conversation_latency.measure(shop, journeys, arguments.items)
            text = conversation_latency.told(report)  # type: ignore[arg-type]
        else:
            report = measure_conversation(shop, journeys, arguments.way or WAYS, arguments.runs)
            text = told(report)
    if arguments.keep:
        options = [f"--items {arguments.items}"] if arguments.items else [f"--runs {arguments.runs}"]
        options += [f'--way "{way}"' for way in arguments.way or () if not arguments.items]
        conversation_page.keep("latency" if arguments.items else "journeys", options, report)
    found = json.dumps(asdict(report), ensure_ascii=False, indent=1) if arguments.json else text  # type: ignore[call-overload]
    sys.stdout.write(f"{found}\n")


def _chosen(names: Sequence[str] | None) -> tuple[Journey, ...]:
    journeys = read_journeys()
    unknown = set(names or ()) - {journey.id for journey in journeys}
    if unknown:
        raise SettingsError(f"no journey {', '.join(sorted(unknown))!r}; they stand in evals/cases/journeys")
    return tuple(journey for journey in journeys if not names or journey.id in names)
