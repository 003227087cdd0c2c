"""How well an embedder finds pictures by article type, colour and gender, and by title, from the picture alone."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from env.errors import FeedError
from env.settings import load_settings
from tools.embedder import Embedder, ImageEmbeddings, load_embedder
from training.data import Example, read_folders
from training.measures import attribute_precision, attribute_queries, best_token_scores, recall_at, same

BATCH = 256
TEXT_BATCH = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals attributes`."""
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="folder with items.jsonl and images/")
    parser.add_argument("--embedder", metavar="E", help="checkpoint folder or hub id (default: the EMBEDDER setting)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")


def run(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    settings = load_settings()
    if arguments.embedder:
        settings = settings.model_copy(update={"embedder": arguments.embedder})
    report = measure_attributes(arguments.folders, load_embedder(settings))
    text = json.dumps(asdict(report)) if arguments.json else told(report)
    sys.stdout.write(f"{text}\n")


@dataclass(frozen=True, slots=True)
class Row:
    """One way of ranking. Precisions are means over queries in [0, 1], at 10, out of min(10, number relevant).

    `counted` is "once" where every combination of facets counts once, "by items" where it counts as often as there
    are items of it.
    """

    ranking: str
    counted: str
    category: float
    colour: float
    gender: float
    all: float
    title_recall_at_10: float


@dataclass(frozen=True, slots=True)
class AttributeReport:
    """What was measured: `max_sim` ranks by the best query token, `pooled` by the index vector."""

    folders: tuple[str, ...]
    fingerprint: str
    n_items: int
    n_attribute_queries: int
    n_titles: int
    rows: tuple[Row, ...]


def measure_attributes(folders: Sequence[Path], embedder: Embedder) -> AttributeReport:
    """Ask for every "<colour> <article type> for <gender>" and every title in the folders, and rank all pictures.

    Raises:
        FeedError: a folder cannot be read, all are empty, or a picture cannot be decoded.
    """
    names, examples = tuple(map(str, folders)), read_folders(folders)
    if not examples:
        raise FeedError(f"{', '.join(map(repr, names))}: no items; nothing can be measured")
    facets = [(one.words["category"], one.words["colour"], one.words["gender"]) for one in examples]
    titles = [one.words["title"] for one in examples]
    queries, asked = attribute_queries(facets), sorted(set(titles) - {""})
    pictures = embed_pictures(examples, embedder)
    texts = embed_texts([*queries.texts, *asked], embedder)
    n_queries = len(queries.texts)
    rows = []
    for ranking, scores in (
        ("pooled", (texts @ pictures.pooled.T).astype(np.float32)),
        ("max_sim", best_token_scores(texts, pictures.tokens)),
    ):
        recall = recall_at(scores[n_queries:], same(asked, titles), 10)
        for counted in ("once", "by items"):
            found = attribute_precision(scores[:n_queries], queries, facets, by_items=counted == "by items")
            rows.append(Row(ranking, counted, **found, title_recall_at_10=recall))
    return AttributeReport(names, embedder.fingerprint, len(examples), n_queries, len(asked), tuple(rows))


def told(report: AttributeReport) -> str:
    """A report for people."""
    lines = [
        f"{report.n_items} items, {report.n_attribute_queries} attribute queries, {report.n_titles} titles",
        f"{'':8} {'counted':9} {'type':>6} {'colour':>6} {'gender':>6} {'all':>6}   P@10   title R@10",
    ]
    for row in report.rows:
        figures = " ".join(f"{value:6.3f}" for value in (row.category, row.colour, row.gender, row.all))
        lines.append(f"{row.ranking:8} {row.counted:9} {figures} {row.title_recall_at_10:19.3f}")
    return "\n".join(lines)


def embed_pictures(examples: Sequence[Example], embedder: Embedder) -> ImageEmbeddings:
    """The vectors of all pictures, decoded a batch at a time."""
    parts = [embedder.embed_images(images) for images in batches(examples)]
    return ImageEmbeddings(
        pooled=np.concatenate([part.pooled for part in parts]), tokens=np.concatenate([part.tokens for part in parts])
    )


def batches(examples: Sequence[Example]) -> Iterator[list[Image.Image]]:
    """The decoded pictures, BATCH at a time."""
    for at in range(0, len(examples), BATCH):
        yield [decode(example.picture) for example in examples[at : at + BATCH]]


def decode(path: Path) -> Image.Image:
    """One picture in RGB."""
    try:
        with Image.open(path) as image:
            return image.convert("RGB")
    except OSError as error:
        raise FeedError(f"cannot decode the picture {str(path)!r}: {error}") from error


def embed_texts(texts: Sequence[str], embedder: Embedder) -> NDArray[np.float32]:
    """The vectors of many texts, (n_texts, dim); alike lengths go together, so that little is padding."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    vectors = np.zeros((len(texts), embedder.dim), np.float32)
    for at in range(0, len(order), TEXT_BATCH):
        places = order[at : at + TEXT_BATCH]
        vectors[places] = embedder.embed_query_text([texts[place] for place in places])
    return vectors
