"""A page from records of runs: tables, with the command behind each."""

from collections.abc import Iterator, Sequence
from typing import Any

from evals.results_record import Record
from evals.retrieval_baseline import SEED
from evals.retrieval_composed import IN_THE_SHOP
from tools.query import PHOTO_WEIGHT_BESIDE_LIMITS

_HEAD = """# Results

Written by `python -m evals results` from the runs kept in `docs/results`; do not edit it by hand. Every figure is the
mean over n queries with its 95 % confidence interval (bootstrap over the queries, 1,000 resamples). "Unseen" are items
that the checkpoint was never trained on; where they are known, only they are asked for. How each figure is counted
stands in the docstrings of `evals/retrieval_*.py`; what the seed method is, in `evals/seed_method.py`.
"""
_TIMING_COLUMNS = {
    "kind": "search",
    "n_matching": "rows admitted",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
    "embed_p50_ms": "of it embedding",
    "database_p50_ms": "of it database",
    "seed_p50_ms": "seed method p50",
    "seed_p95_ms": "seed method p95",
    "seed_ratio": "times as fast",
}


def page(records: Sequence[Record]) -> str:
    """The whole page in Markdown."""
    parts = [_HEAD]
    for record in records:
        parts += _retrieval(record) if record.kind == "retrieval" else _latency(record)
    return "\n".join(parts)


def _about(record: Record, title: str) -> Iterator[str]:
    report = record.report
    sources = " + ".join(report["sources"])
    yield f"## {title}: {sources}, {report['n_items']:,} items\n"
    yield f"`{record.command}`, {record.date}, `{report['embedder']}` ({report['fingerprint']}), {record.machine}.\n"


def _retrieval(record: Record) -> Iterator[str]:
    yield from _about(record, "Retrieval")
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for figure in record.report["figures"]:
        rows.setdefault((figure["part"], figure["gallery"], figure["how"]), {})[figure["measure"]] = figure
    yield from _beside_the_seed(rows)
    tables: dict[tuple[str, tuple[str, ...]], list[tuple[str, ...]]] = {}
    for (part, gallery, how), measures in rows.items():
        family, _, detail = part.partition(": ") if ": " in part else part.partition(", ")
        cells = (detail, gallery, how, str(next(iter(measures.values()))["n"]), *map(_cell, measures.values()))
        tables.setdefault((family, tuple(measures)), []).append(cells)
    families: set[str] = set()
    for (family, names), lines in tables.items():
        if family not in families:
            yield f"### {family[0].upper()}{family[1:]}\n"
        families.add(family)
        yield _table(("", "among", "ranked by", "n", *names), lines)


def _beside_the_seed(rows: dict[tuple[str, str, str], dict[str, Any]]) -> Iterator[str]:
    lines = []
    for (part, gallery, how), measures in rows.items():
        if not how.startswith(SEED):
            continue
        ours = _ours(rows, part, gallery)
        for name, theirs in measures.items():
            if name in ours:
                lines.append((part, name, _cell(ours[name]), _cell(theirs)))
    if lines:
        yield "### Beside the seed method\n"
        yield _table(("asked", "measure", "Vitrine, as the shop searches", SEED), lines)


def _ours(rows: dict[tuple[str, str, str], dict[str, Any]], part: str, gallery: str) -> dict[str, Any]:
    """The real search on the same queries; of the photo weights, the one the shop uses unless told otherwise."""
    default = f"{IN_THE_SHOP}, weight {PHOTO_WEIGHT_BESIDE_LIMITS}"
    ways = {how: measures for (name, among, how), measures in rows.items() if (name, among) == (part, gallery)}
    return ways.get(default) or next((measures for how, measures in ways.items() if IN_THE_SHOP in how), {})


def _cell(figure: dict[str, Any]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _latency(record: Record) -> Iterator[str]:
    yield from _about(record, "Latency")
    lines = [tuple(str(timing[name]) for name in _TIMING_COLUMNS) for timing in record.report["timings"]]
    yield _table(tuple(_TIMING_COLUMNS.values()), lines)
    report = record.report
    yield (
        f"Pictures decoded and embedded a second: {report['pictures_per_s']}, by the seed method "
        f"{report['seed_pictures_per_s']}.\n"
    )


def _table(names: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [names, ["---"] * len(names), *lines]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows) + "\n"
