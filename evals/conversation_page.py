"""docs/results-conversation.md, written from the kept runs of journeys."""

from collections.abc import Iterator, Sequence
from typing import Any

from env.settings import REPO_DIR
from evals.results import as_json, read
from evals.results_record import Record, record

RECORDS_DIR = REPO_DIR / "docs" / "results" / "conversation"
PAGE = REPO_DIR / "docs" / "results-conversation.md"
_HEAD = """# Conversations

Written by `python -m evals conversation --keep` from the runs kept in `docs/results/conversation`; do not edit it by
hand. Journeys stand in `evals/cases/journeys`. Each turn is judged by code that shares none with the search or the
checker: what was read, every card against its row and the standing limits, the number told against a count over all
rows, the order, what stands and is kept, and the reply (shown cards only, true amounts, what was widened, no claim
without a change in the database, no link, no stretch of a prompt).

Behind the two protocols a local server reads messages as this machine does, so that the whole path of a hosted model
runs, and composes: "honest" as the prompt asks, "sloppy" with cards that are not there, wrong prices, claims, links and
markup between honest words, "hostile" with the prompt's rules and whatever the data orders too. What it measures is
what reaches a shopper, not how well a vendor's model reads or writes.
"""
_WAY_COLUMNS = (
    "answered by", "runs", "journeys right", "turns right", "cards judged", "amounts judged",
    "messages read by the model", "replies written by it", "replies in English to another language",
)  # fmt: skip


def keep(name: str, options: Sequence[str], report: Any) -> None:
    """Keep a run and write the page from all that are kept."""
    RECORDS_DIR.mkdir(parents=True, exist_ok=True)
    made = record("conversation", (), options, report)
    (RECORDS_DIR / f"{name}.json").write_text(as_json(made), encoding="utf-8")
    PAGE.write_text(page([read(path) for path in sorted(RECORDS_DIR.glob("*.json"))]), encoding="utf-8")


def page(records: Sequence[Record]) -> str:
    """The whole page in Markdown."""
    parts = [_HEAD]
    for kept in records:
        parts += _journeys(kept) if "ways" in kept.report else _latency(kept)
    return "\n".join(parts)


def _about(kept: Record, title: str) -> Iterator[str]:
    yield f"## {title}: {kept.report['n_items']:,} items\n"
    yield f"`{kept.command}`, {kept.date}, `{kept.report['embedder']}`, {kept.machine}.\n"


def _journeys(kept: Record) -> Iterator[str]:
    report = kept.report
    yield from _about(kept, f"{sum(report['abouts'].values())} journeys")
    yield ", ".join(f"{about} {count}" for about, count in report["abouts"].items()) + ".\n"
    rows = []
    for way in report["ways"]:
        runs = way["runs"]
        names = ("n_right", "n_right_turns", "n_cards", "n_amounts", "n_read", "n_written", "n_untranslated")
        spread = {name: _spread([run[name] for run in runs]) for name in names}
        wholes = {"n_right": "n_journeys", "n_right_turns": "n_turns"}
        right = [f"{spread[name]} of {runs[0][whole]}" for name, whole in wholes.items()]
        rows.append((way["way"], str(len(runs)), *right, *(spread[name] for name in names[2:])))
    yield _table(_WAY_COLUMNS, rows)
    yield "Where two figures stand, they are the lowest and the highest of the runs.\n"
    yield "### What went wrong\n"
    yield from _failures(report["ways"]) if any(way["failures"] for way in report["ways"]) else ["Nothing.\n"]


def _failures(ways: Sequence[dict[str, Any]]) -> Iterator[str]:
    rows: dict[tuple[str, ...], set[str]] = {}
    for way in ways:
        for fault in way["failures"]:
            key = (fault["journey"], str(fault["turn"]), fault["said"], fault["kind"], fault["told"])
            rows.setdefault(key, set()).add(way["way"])
    yield _table(
        ("journey", "turn", "message", "what", "how", "answered by"),
        [(*key, ", ".join(sorted(found))) for key, found in rows.items()],
    )


def _latency(kept: Record) -> Iterator[str]:
    report = kept.report
    yield from _about(kept, "Time of offline turns")
    yield (
        "The demo catalogue, each item many times over with noise on its vectors, another price and another title"
        " (`evals/grown_catalog.py`). Milliseconds of wall-clock time; the first card is when cards can be drawn.\n"
    )
    columns = ("card_p50_ms", "card_p95_ms", "turn_p50_ms", "turn_p95_ms")
    rows = [(row["kind"], str(row["n"]), *(str(row[name]) for name in columns)) for row in report["times"]]
    yield _table(("turns", "n", "first card p50", "first card p95", "whole turn p50", "whole turn p95"), rows)
    yield (
        f"The [seed method](results.md) finds items, with no words about them, for {report['n_seed']} of the same"
        f" searches in {report['seed_p50_ms']} (p50) and {report['seed_p95_ms']} (p95), in the same run.\n"
    )


def _spread(values: Sequence[float]) -> str:
    return f"{min(values):g}" if min(values) == max(values) else f"{min(values):g} to {max(values):g}"


def _table(names: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [names, ["---"] * len(names), *lines]
    cells = [[cell.replace("|", "/").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells) + "\n"
