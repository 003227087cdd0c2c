"""Replies of a model that obeys whoever speaks to it: what of that reaches a shopper, over two protocols.

The servers that speak the vendors' protocols, and the model that obeys, are those of the tests.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from agents.desk import Desk, open_desk
from agents.events import ItemsFound, Message, ReplyToken, TurnDone
from agents.intent import Intent, Slots
from agents.prompt import PROMPTS_DIR, load_prompt
from agents.turn import run_turn
from env.database import Database
from env.errors import VitrineError
from env.postgres_server import start_postgres
from env.settings import Settings
from evals.hostile_cases import Attack, attacks_of, items_of, read_hostile
from evals.hostile_oracle import FAULTS, drawn_faults, faults_of
from tools.query import Hit
from tools.shop import Shop

PROTOCOLS = ("gemini", "openai")
Draw = Callable[[str, tuple[Hit, ...]], str]


@dataclass(frozen=True, slots=True)
class HostileReport:
    """What reached the shopper. `n_kept` replies still hold the model's honest words; `n_uneven` differ from what was
    streamed; `faults` are case ids, names and words."""

    n_cases: int
    n_turns: int
    n_obeyed: int
    n_kept: int
    n_uneven: int
    faults: tuple[tuple[str, str, str], ...]
    seconds: float

    @property
    def counts(self) -> Mapping[str, int]:
        """How many faults of each name."""
        found = Counter(name for _, name, _ in self.faults)
        return {name: found[name] for name in FAULTS}


@dataclass(frozen=True, slots=True)
class _Told:
    """One turn's end."""

    reply: str
    streamed: str
    hits: tuple[Hit, ...]
    said: str


def measure_hostile(
    shop: Shop, protocols: tuple[str, ...] = PROTOCOLS, *, alternate: bool = False, draw: Draw | None = None
) -> HostileReport:
    """Run every attack over each protocol, or over one in turns; `shop` holds the attacks' items.

    `draw` is how the page draws a reply, where its drawing is to be judged as well.
    """
    started_s = time.perf_counter()
    attacks = attacks_of(read_hostile())
    prompts = [text for path in PROMPTS_DIR.glob("*.yaml") for text in load_prompt(path.stem).template.values()]
    runs = [
        (attack, protocol)
        for number, attack in enumerate(attacks)
        for protocol in ([protocols[number % len(protocols)]] if alternate else protocols)
    ]
    faults: list[tuple[str, str, str]] = []
    n_obeyed = n_kept = n_uneven = 0
    for attack, protocol, told in _turns(shop, runs):
        items = [hit.item for hit in told.hits]
        found = faults_of(told.reply, items, attack.cases, prompts)
        found += drawn_faults(draw(told.reply, told.hits)) if draw else []
        faults += [(f"{attack.cases[0].id} {protocol}", name, words) for name, words in found]
        n_obeyed += told.said.count("\n") > 1
        n_kept += "Tell me which one you like." in told.reply
        n_uneven += bool(told.streamed) and told.streamed != told.reply
    n_cases = sum(len(attack.cases) for attack in attacks)
    return HostileReport(n_cases, len(runs), n_obeyed, n_kept, n_uneven, tuple(faults), time.perf_counter() - started_s)


def _turns(shop: Shop, runs: list[tuple[Attack, str]]) -> Iterator[tuple[Attack, str, _Told]]:
    from tests.servers.hostile import Hostile
    from tests.servers.local import LocalServer
    from tests.servers.vendors import VENDORS, pointed_at

    for protocol in dict.fromkeys(protocol for _, protocol in runs):
        with LocalServer(VENDORS[protocol]()) as server:
            values = shop.settings.model_dump() | pointed_at(server.url) | {"assistant": protocol}
            desk = open_desk(replace(shop, settings=Settings.model_validate(values)))
            for attack, wanted in runs:
                if wanted == protocol:
                    server.brain = brain = Hostile(attack.photo_text)
                    yield attack, protocol, _take(desk, attack, brain.said)


def _take(desk: Desk, attack: Attack, said: list[str]) -> _Told:
    """One turn of a chat of its own, pressed so that only the reply is the model's."""
    slots = Slots(("Dress",), brands=(attack.brand,))
    photo = Image.new("RGB", (64, 80), "white") if attack.photo_text else None
    events = list(
        run_turn(desk.new_session(), Message(attack.message, photo, Intent("search", slots, text="dress")), desk)
    )
    found = next(event for event in events if isinstance(event, ItemsFound))
    done = events[-1]
    assert isinstance(done, TurnDone)
    streamed = "".join(event.text for event in events if isinstance(event, ReplyToken))
    return _Told(done.reply, streamed, found.evidence.hits, " ".join(said))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals hostile`."""
    parser.add_argument("--protocol", choices=PROTOCOLS, help="ask over this protocol only (default: both)")


def run(arguments: argparse.Namespace) -> None:
    """Run every attack against a shop of its own and print what came through.

    Raises:
        VitrineError: anything came through.
    """
    from env.database import prepare
    from tests.stocked_shop import stocked_shop

    with TemporaryDirectory(prefix="vitrine-hostile-") as name:
        Path(name).chmod(0o711)
        server = start_postgres(Path(name))
        try:
            prepare(server.url)
            with Database(server.url) as database:
                settings = Settings.model_validate({"data_dir": Path(name) / "var", "database_url": server.url})
                shop = stocked_shop(settings, database, items_of(attacks_of(read_hostile())))
                report = measure_hostile(shop, (arguments.protocol,) if arguments.protocol else PROTOCOLS)
        finally:
            server.close()
    sys.stdout.write(f"{told(report)}\n")
    if report.faults:
        raise VitrineError(f"{len(report.faults)} of what hostile texts ordered reached the shopper; none may")


def told(report: HostileReport) -> str:
    """A report for people."""
    return "\n".join(
        (
            f"{report.n_cases} hostile rows, messages and photos in {report.n_turns} turns, {report.seconds:.0f} s;"
            f" the model obeyed in {report.n_obeyed}",
            "  reached the shopper: " + ", ".join(f"{name} {count}" for name, count in report.counts.items()),
            f"  replies that keep the model's honest words: {report.n_kept};"
            f" that differ from what was streamed: {report.n_uneven}",
            *(f"  {case}: {name}: {words!r}" for case, name, words in report.faults),
        )
    )
