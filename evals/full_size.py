"""Is the full-size BLIP-2 practical: time, memory and precision beside the way of the article Vitrine started from.

One run writes a random checkpoint of the full configuration, embeds the same texts and large pictures in every way,
each in a process of its own, and removes all it wrote. What is compared are processor seconds, so that waiting for
other work on the machine does not count; vectors are compared with the library's own in fp32.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from env.errors import EmbedderError
from env.settings import REPO_DIR
from evals.full_size_checkpoint import copy_pictures, shop_texts, texts, write_checkpoint, write_pictures
from evals.full_size_ways import SEED, Array, Cost
from tools.blip2_files import locate
from tools.blip2_shape import Blip2Shape

WAYS = (SEED, "fp32", "bf16", "int8")
FULL = Blip2Shape()
N_TEXTS = 150
TOP = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `python -m evals full_size`."""
    parser.add_argument("--pictures", type=int, default=6, metavar="N", help="pictures to embed (default: 6)")
    parser.add_argument("--ways", nargs="+", choices=WAYS[1:], default=["bf16", "int8"], help="EMBEDDER_DTYPE to try")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where 5 GB of scratch files may lie for the run")
    parser.add_argument("--embedder", metavar="E", help="a checkpoint (folder or hub id) instead of random weights")
    parser.add_argument("--photos", type=Path, metavar="DIR", help="a folder of pictures instead of drawn ones")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")


def run(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    if arguments.work:
        arguments.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="full-size-", dir=arguments.work) as scratch:
        material = lay_out(Path(scratch), arguments.embedder, arguments.photos, arguments.pictures)
        report = compare(material, arguments.ways)
    sys.stdout.write(f"{json.dumps(asdict(report)) if arguments.json else told(report)}\n")


@dataclass(frozen=True, slots=True)
class Closeness:
    """How near a way's vectors are to the library's in fp32: cosines of texts and of pictures' query-token vectors.

    The overlaps are shares of the ten nearest texts: of each text, and of each picture by its best query token.
    """

    text_worst: float
    text_mean: float
    picture_worst: float
    picture_mean: float
    text_overlap: float
    picture_overlap: float


@dataclass(frozen=True, slots=True)
class Compared:
    """One way: what it costs, how near it is, and how many times less it costs than the article's."""

    cost: Cost
    closeness: Closeness
    text_speed_up: float
    picture_speed_up: float
    peak_share: float


@dataclass(frozen=True, slots=True)
class FullSizeReport:
    """What was measured, the article's way first."""

    n_parameters: int
    n_texts: int
    n_pictures: int
    ways: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """What all ways embed: files below `scratch`, where results go as well, and the checkpoint's folder and shape."""

    scratch: Path
    checkpoint: Path
    shape: Blip2Shape
    n_pictures: int


def lay_out(
    scratch: Path, embedder: str | None, photos: Path | None, n_pictures: int, shape: Blip2Shape = FULL
) -> Material:
    """Write the checkpoint, texts and pictures that are not given.

    Raises:
        EmbedderError: `embedder` cannot be found.
        PhotoError: `photos` holds no pictures.
    """
    folder, asked = scratch / "checkpoint", texts(shape, N_TEXTS)
    if embedder is None:
        write_checkpoint(folder, shape)
    else:
        found = locate(embedder)
        folder, shape, asked = found.folder, Blip2Shape.read(found.name, found.config), shop_texts(N_TEXTS)
    if photos is None:
        write_pictures(scratch / "pictures", n_pictures)
    else:
        n_pictures = copy_pictures(photos, scratch / "pictures", n_pictures)
    (scratch / "texts.json").write_text(json.dumps(asked))
    return Material(scratch, folder, shape, n_pictures)


def compare(material: Material, ways: Sequence[str]) -> FullSizeReport:
    """Measure the article's way and `ways` on the same material.

    Raises:
        EmbedderError: a way could not be measured, e.g. for want of memory.
    """
    seed = measure(SEED, material.checkpoint, material.scratch)
    measured = [seed, *(measure(way, material.checkpoint, material.scratch) for way in ways)]
    compared = tuple(beside(seed, one) for one in measured)
    return FullSizeReport(material.shape.n_parameters, N_TEXTS, material.n_pictures, compared)


@dataclass(frozen=True, slots=True)
class Measured:
    """A way's cost and vectors: texts (n, dim), pictures (n, n_query_tokens, dim)."""

    cost: Cost
    texts: Array
    pictures: Array


def measure(way: str, folder: Path, scratch: Path) -> Measured:
    """Run one way in a process of its own, so that its memory and time are its own."""
    command = [sys.executable, "-m", "evals.full_size_ways", way]
    command += [str(folder), str(scratch / "pictures"), str(scratch / "texts.json"), str(scratch / way)]
    done = subprocess.run(command, cwd=REPO_DIR, capture_output=True, text=True)
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        raise EmbedderError(f"embedding by {way!r} failed ({why}); it wants about 6 GB of memory and 5 GB of disk")
    cost = Cost(**json.loads((scratch / f"{way}.json").read_text()))
    with np.load(scratch / f"{way}.npz") as saved:
        return Measured(cost, saved["texts"], saved["pictures"])


def beside(seed: Measured, one: Measured) -> Compared:
    """A way beside the article's."""
    text_cosines, picture_cosines = (one.texts * seed.texts).sum(-1), (one.pictures * seed.pictures).sum(-1)
    closeness = Closeness(
        text_worst=float(text_cosines.min()),
        text_mean=float(text_cosines.mean()),
        picture_worst=float(picture_cosines.min()),
        picture_mean=float(picture_cosines.mean()),
        text_overlap=overlap(seed.texts @ seed.texts.T, one.texts @ one.texts.T),
        picture_overlap=overlap(best_token(seed), best_token(one)),
    )
    return Compared(
        one.cost,
        closeness,
        text_speed_up=seed.cost.text_ms / one.cost.text_ms,
        picture_speed_up=seed.cost.picture_s / one.cost.picture_s,
        peak_share=one.cost.peak_mb / seed.cost.peak_mb,
    )


def best_token(one: Measured) -> Array:
    """Scores (n_pictures, n_texts) by each picture's best query token."""
    scores: Array = np.einsum("pqd,td->pqt", one.pictures, one.texts).max(axis=1)
    return scores


def overlap(expected: Array, found: Array) -> float:
    """The share of the TOP best columns of each row that two tables of scores have in common, on average."""
    best = [np.argsort(-scores, axis=1, kind="stable")[:, :TOP] for scores in (expected, found)]
    return float(np.mean([len(set(row) & set(other)) / TOP for row, other in zip(*best, strict=True)]))


def told(report: FullSizeReport) -> str:
    """A report for people."""
    lines = [
        f"{report.n_parameters / 1e9:.2f} billion parameters, {report.n_texts} texts, {report.n_pictures} pictures",
        f"{'':6}{'text':>9} {'':7} {'picture':>9} {'':7} {'peak':>9} {'':5} {'first text':>11} {'picture':>8}   "
        "cosine to fp32, worst / mean      top-10 in common",
        f"{'':6}{'cpu ms':>9} {'faster':>7} {'cpu s':>9} {'faster':>7} {'MB':>9} {'share':>5} {'s':>11} {'s':>8}   "
        f"{'texts':16} {'pictures':16} {'texts':>6} {'pictures':>8}",
    ]
    for one in report.ways:
        cost, near = one.cost, one.closeness
        lines.append(
            f"{cost.way:6}{cost.text_ms:9.1f} {one.text_speed_up:6.1f}x {cost.picture_s:9.2f} "
            f"{one.picture_speed_up:6.1f}x {cost.peak_mb:9,.0f} {one.peak_share:5.2f} {cost.first_text_s:11.1f} "
            f"{cost.first_picture_s:8.1f}   {near.text_worst:.5f} {near.text_mean:.5f}  {near.picture_worst:.5f} "
            f"{near.picture_mean:.5f} {near.text_overlap:7.3f} {near.picture_overlap:8.3f}"
        )
    return "\n".join(lines)
