"""`python -m evals seeing`: what is told from pictures, how often, and how often it is right."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from env.settings import REPO_DIR
from evals.retrieval_figures import Asked, Figure
from evals.retrieval_source import settings_with
from evals.seeing_fit import cross_fitted, fitted, statement_vectors, threshold
from evals.seeing_labels import Labelled, labelled
from tools.embedder import Embedder, load_embedder
from tools.seeing import Eyes, Reading, Source, load_attributes, open_eyes, write_readings

_LISTS = REPO_DIR / "models" / "blip2-mini"
_SOURCES: tuple[Source, ...] = ("item", "photo")
_BATCH = 128


def measure(pictures: Sequence[Labelled], vectors: NDArray[np.float32], eyes: Eyes) -> list[Figure]:
    """Answered share and precision of the held-out pictures, by attribute and by whose picture it is."""
    figures = []
    for name in load_attributes():
        for source in _SOURCES:
            rows = _rows(pictures, name, source, is_held_out=True)
            if not rows:
                continue
            seen = [eyes.look(vectors[row], name, source) for row in rows]
            right = [one.value == pictures[row].values[name] for row, one in zip(rows, seen, strict=True) if one]
            guessed = [eyes.glance(vectors[row], name) for row in rows]
            would = [
                one is not None and one.value == pictures[row].values[name]
                for row, one in zip(rows, guessed, strict=True)
            ]
            asked = Asked(name, source, "calibrated")
            figures += [
                asked.figure("answered", [float(one is not None) for one in seen]),
                asked.figure("precision", [float(one) for one in right]),
                asked.figure("right if all were answered", [float(one) for one in would]),
            ]
    return figures


def calibrate(pictures: Sequence[Labelled], vectors: NDArray[np.float32], embedder: Embedder) -> dict[str, Reading]:
    """How each attribute is read, from the pictures that are not held out."""
    readings = {}
    for name, attribute in load_attributes().items():
        values = tuple(attribute.values)
        rows = [row for source in _SOURCES for row in _rows(pictures, name, source, is_held_out=False)]
        if not rows:
            continue
        statements = statement_vectors(attribute, values, embedder)
        labels = np.array([values.index(pictures[row].values[name]) for row in rows])
        shares = cross_fitted(vectors[rows], labels, statements)
        thresholds: dict[str, float | None] = {}
        for source in _SOURCES:
            of_it = np.array([pictures[r].source == source and name not in pictures[r].doubtful for r in rows])
            thresholds[source] = threshold(shares[of_it], labels[of_it]) if of_it.any() else thresholds.get("item")
        weights, offsets = fitted(vectors[rows], labels, statements)
        readings[name] = Reading(values, weights, offsets, thresholds)
    return readings


def _rows(pictures: Sequence[Labelled], name: str, source: Source, *, is_held_out: bool) -> list[int]:
    return [
        row
        for row, one in enumerate(pictures)
        if name in one.values and one.source == source and one.is_held_out == is_held_out
    ]


def pooled(pictures: Sequence[Labelled], embedder: Embedder) -> NDArray[np.float32]:
    """The pooled vector of each picture, (n, dim)."""
    parts = [np.zeros((0, embedder.dim), np.float32)]
    for at in range(0, len(pictures), _BATCH):
        parts.append(embedder.embed_images([one.open() for one in pictures[at : at + _BATCH]]).pooled)
    return np.concatenate(parts)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals seeing`."""
    parser.add_argument("source", type=Path, help="a folder of Kaggle's layout: styles.csv and images/")
    parser.add_argument("--photos", type=Path, metavar="DIR", help="shoppers' own photos with labels.csv")
    parser.add_argument("--calibrate", action="store_true", help="write tools/seeing_calibration.json anew first")
    parser.add_argument(
        "--held-out", type=Path, default=_LISTS / "held_out.txt", metavar="FILE", help="SKUs to measure"
    )
    parser.add_argument(
        "--held-out-photos", type=Path, default=_LISTS / "held_out_photos.txt", metavar="FILE", help="photos to measure"
    )
    parser.add_argument("--embedder", default=None, help="another checkpoint than the settings name")
    parser.add_argument("--json", action="store_true", help="one JSON list instead of a table")


def run(arguments: argparse.Namespace) -> None:
    """Calibrate if asked to, measure, and print.

    Raises:
        FeedError: the folders are not of the wanted layout.
        EmbedderError: the checkpoint cannot be used.
    """
    embedder = load_embedder(settings_with(arguments.embedder))
    pictures = labelled(arguments.source, arguments.photos, arguments.held_out, arguments.held_out_photos)
    if not arguments.calibrate:
        pictures = [one for one in pictures if one.is_held_out]
    vectors = pooled(pictures, embedder)
    if arguments.calibrate:
        write_readings(embedder.fingerprint, calibrate(pictures, vectors, embedder))
    figures = measure(pictures, vectors, open_eyes(embedder.fingerprint))
    text = json.dumps([asdict(figure) for figure in figures]) if arguments.json else told(figures)
    sys.stdout.write(f"{text}\n")


def told(figures: Sequence[Figure]) -> str:
    """The figures as a table with their 95 % confidence intervals."""
    lines = ["attribute  of     measure                     value  95 % interval   of"]
    lines += [
        f"{one.part:10} {one.gallery:6} {one.measure:27} {one.value:.3f}  [{one.low:.3f}, {one.high:.3f}]  {one.n}"
        for one in figures
    ]
    return "\n".join(lines)
