"""Honest replies that a checker must let through: how many of their sentences it takes out or changes."""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.checker import check, grounds_of
from agents.events import Evidence, PartFound
from agents.intent import Slots
from env.errors import VitrineError
from evals.intent import CASES_DIR
from tools.item import Item
from tools.query import Filters, Hit

_SENTENCE = re.compile(r"[^.!?。！？]+(?:[.!?](?=\s|$)|[。！？]|[.!?](?=\S))+")


@dataclass(frozen=True, slots=True)
class RepliesReport:
    """`n_wrong` of `n_sentences` true sentences were taken out or changed; `wrong` are case ids and why."""

    n_replies: int
    n_sentences: int
    wrong: tuple[tuple[str, str], ...]

    @property
    def share(self) -> float:
        """In [0, 1], lower is better."""
        return len(self.wrong) / self.n_sentences if self.n_sentences else 0.0


def measure_replies(part: str = "") -> RepliesReport:
    """Check every honest reply, or those of one part, against its items; they are the demo shop's."""
    items = {item.sku: item for item in map(_item, _rows("reply_items"))}
    brands = sorted({item.brand for item in items.values()})
    cases = [case for case in _rows("replies_honest") if part in ("", case["part"])]
    wrong, n_sentences = [], 0
    for case in cases:
        hits = tuple(Hit(items[sku], 0.5) for sku in case["items"])
        found = PartFound(Slots(), Filters(currency="EUR"), hits, len(hits))
        grounds = grounds_of(Evidence((found,), tuple(case["facts"])), case["message"], brands=brands)
        wrong += [(case["id"], problem) for problem in check(case["reply"], grounds).problems]
        n_sentences += len(_SENTENCE.findall(re.sub(r"\d\.\d", "0", case["reply"])))
    return RepliesReport(len(cases), n_sentences, tuple(wrong))


def _rows(name: str) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in (CASES_DIR / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _item(row: Mapping[str, Any]) -> Item:
    return Item(**{name: value for name, value in row.items() if name in Item.__slots__})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals replies`."""
    parser.add_argument("--at-most", type=float, default=1.0, metavar="SHARE", help="fail above this share")


def run(arguments: argparse.Namespace) -> None:
    """Measure and print.

    Raises:
        VitrineError: more than `--at-most` of the true sentences were taken out or changed.
    """
    for part in ("dev", "kept"):
        report = measure_replies(part)
        lines = [
            f"{part}: {len(report.wrong)} of {report.n_sentences} true sentences in {report.n_replies} replies"
            f" were taken out or changed ({report.share:.1%})",
            *(f"  {case}: {problem}" for case, problem in report.wrong),
        ]
        sys.stdout.write("\n".join(lines) + "\n")
        if report.share > arguments.at_most:
            raise VitrineError(f"{part}: {report.share:.3f} of the true sentences are lost, above {arguments.at_most}")
