"""How well the shop finds what is looked for: by words, by a photo, by both, and within hard limits."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.results_record import Record, data_name, record
from evals.retrieval_baseline import baseline
from evals.retrieval_cases import own_cases
from evals.retrieval_composed import composed
from evals.retrieval_figures import Figure
from evals.retrieval_gallery import Bench, open_bench
from evals.retrieval_hybrid import hybrid
from evals.retrieval_limits import exclusions, full_pages
from evals.retrieval_photos import photo_to_item
from evals.retrieval_shoppers import shoppers_photos
from evals.retrieval_source import open_source, settings_with
from evals.retrieval_stages import stages
from evals.retrieval_words import attributes, title_to_picture

Part = Callable[[Bench], list[Figure]]

# What can be measured, in this order.
PARTS: dict[str, Part] = {
    "titles": title_to_picture,
    "attributes": attributes,
    "photos": photo_to_item,
    "composed": composed,
    "exclusions": exclusions,
    "limits": full_pages,
    "words": hybrid,
    "stages": stages,
}


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """What was measured, of which catalogue, with which embedder."""

    sources: tuple[str, ...]
    embedder: str
    fingerprint: str
    n_items: int
    n_askers: int
    seconds: float
    figures: tuple[Figure, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals retrieval`."""
    add = parser.add_argument
    add(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="what `python -m ingest` reads, `demo`, or `shop`: the shop as it is",
    )
    add("--parts", nargs="*", choices=PARTS, default=list(PARTS), help="what to measure (default: all)")
    add("--queries", type=int, default=400, metavar="N", help="about so many of a kind")
    add("--unseen", type=Path, metavar="FILE", help="SKUs never trained on, one a line: only they are asked for")
    add("--gallery", type=Path, metavar="FILE", help="more SKUs never trained on, to search among with --unseen")
    add("--photos", type=Path, metavar="DIR", help="shoppers' own photos with labels.csv (columns id and label)")
    add("--unseen-photos", type=Path, metavar="FILE", help="ids of photos never trained on: of --photos only they ask")
    add("--cases", type=Path, metavar="FILE", help="a shop's own cases, one JSON object a line; see docs/evaluation.md")
    add("--baseline", action="store_true", help="put the same questions to the seed method as well")
    add("--embedder", metavar="E", help="checkpoint folder or hub id (default: the EMBEDDER setting)")
    add("--json", action="store_true", help="one JSON object instead of a table")


def run(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    made = measured(arguments)
    sys.stdout.write(f"{json.dumps(asdict(made), ensure_ascii=False, indent=1) if arguments.json else told(made)}\n")


def measured(arguments: argparse.Namespace) -> Record:
    """Measure as the command line says."""
    settings = settings_with(arguments.embedder)
    with open_source(arguments.sources, settings) as shop:
        bench = open_bench(shop, arguments.queries, arguments.unseen, arguments.gallery)
        began_s = time.monotonic()
        figures = measure(bench, chosen(arguments))
        report = RetrievalReport(
            tuple(map(data_name, arguments.sources)), settings.embedder, bench.embedder.fingerprint,
            len(bench.gallery.items), len(bench.askers), round(time.monotonic() - began_s, 1), tuple(figures),
        )  # fmt: skip
    options = [f"--photos {data_name(str(arguments.photos))}"] if arguments.photos else []
    files = {
        "unseen": arguments.unseen,
        "gallery": arguments.gallery,
        "unseen-photos": arguments.unseen_photos,
        "cases": arguments.cases,
    }
    options += [f"--{name} {path.name}" for name, path in files.items() if path]
    options += ["--baseline"] if arguments.baseline else []
    return record("retrieval", arguments.sources, [*options, f"--queries {arguments.queries}"], report)


def chosen(arguments: argparse.Namespace) -> dict[str, Part]:
    """What to measure, by name: the named parts, and whatever a folder or file was given for."""
    parts = {name: PARTS[name] for name in arguments.parts}
    if arguments.photos:
        parts["shoppers' photos"] = lambda bench: shoppers_photos(bench, arguments.photos, arguments.unseen_photos)
    if arguments.baseline:
        parts["baseline"] = baseline
    if arguments.cases:
        parts["cases"] = lambda bench: own_cases(bench, arguments.cases)
    return parts


def measure(bench: Bench, parts: Mapping[str, Part]) -> list[Figure]:
    """The figures of the parts in order; how long each took goes to stderr."""
    figures: list[Figure] = []
    for name, part in parts.items():
        began_s = time.monotonic()
        figures += part(bench)
        sys.stderr.write(f"{name}: {time.monotonic() - began_s:.1f} s\n")
    return figures


def told(made: Record) -> str:
    """A record for people: one line for each thing asked, gallery and ranking."""
    report = made.report
    lines = [f"{made.command}: {report['n_items']:,} items, {report['embedder']} {report['fingerprint']}"]
    rows: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for figure in report["figures"]:
        rows.setdefault((figure["part"], figure["gallery"], figure["how"]), []).append(figure)
    for named, figures in rows.items():
        measures = "  ".join(
            f"{one['measure']} {one['value']:.3f} [{one['low']:.3f}, {one['high']:.3f}]" for one in figures
        )
        lines.append(f"{'; '.join(named)}; n={figures[0]['n']}: {measures}")
    return "\n".join(lines)
