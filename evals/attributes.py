"""How well an embedder finds pictures by article type, colour and gender, and by title, from the picture alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from env.errors import FeedError
from tools.embedder import Embedder, ImageEmbeddings
from training.data import Example, read_folders
from training.measures import attribute_precision, attribute_queries, best_token_scores, recall_at, same

BATCH = 256
TEXT_BATCH = 64


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
