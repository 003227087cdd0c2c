"""The growth of a catalogue as a picture: recall and speed by the number of items, a line for each selectivity."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from evals.scale_search import PER_MILLE, Point

WIDTH, HEIGHT, MARGIN = 620, 420, 64
INK, GRID = (40, 40, 44), (226, 226, 230)
COLOURS = ((47, 98, 176), (194, 47, 49), (60, 125, 79), (207, 159, 45), (109, 67, 145))


def draw_growth(points: Mapping[int, Sequence[Point]], picture: Path) -> None:
    """Draw a PNG of three panels over the number of items, which grows by powers of ten to the right."""
    image = Image.new("RGB", (3 * WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    _panel(draw, 0, "recall@10, photo", {n: [one.recall_at_10 for one in found] for n, found in points.items()})
    _panel(draw, 1, "p95, photo (ms)", {n: [one.photo.p95_ms for one in found] for n, found in points.items()})
    _panel(draw, 2, "p95, words (ms)", {n: [one.words.p95_ms for one in found] for n, found in points.items()})
    image.save(picture)


def _panel(draw: ImageDraw.ImageDraw, number: int, title: str, values: Mapping[int, Sequence[float]]) -> None:
    """One diagram; `values` are in the order of PER_MILLE. Speeds start at 0, recall at its lowest tenth."""
    everything = [value for row in values.values() for value in row]
    is_recall = title.startswith("recall")
    low, high = (math.floor(min(everything) * 10 - 0.5) / 10, 1.0) if is_recall else (0.0, max(everything) * 1.1)
    left, right = math.log10(min(values)) - 0.1, math.log10(max(values)) + 0.1

    def place(n_rows: float, value: float) -> tuple[float, float]:
        across = (math.log10(n_rows) - left) / (right - left) * (WIDTH - 2 * MARGIN)
        down = (value - low) / (high - low) * (HEIGHT - 2 * MARGIN)
        return number * WIDTH + MARGIN + across, HEIGHT - MARGIN - down

    for tick in range(5):
        value = low + (high - low) * tick / 4
        begin, end = place(10**left, value), place(10**right, value)
        draw.line([begin, end], fill=GRID)
        draw.text((begin[0] - 44, begin[1] - 6), f"{value:.3g}", fill=INK)
    for n_rows in values:
        across, down = place(n_rows, low)
        draw.text((across - 24, down + 8), f"{n_rows:,}", fill=INK)
    draw.text((number * WIDTH + MARGIN, 12), title, fill=INK)
    for at, per_mille in enumerate(PER_MILLE):
        line = [place(n_rows, row[at]) for n_rows, row in sorted(values.items())]
        draw.line(line, fill=COLOURS[at], width=2)
        for across, down in line:
            draw.ellipse([across - 3, down - 3, across + 3, down + 3], fill=COLOURS[at])
        draw.text((number * WIDTH + MARGIN + at * 70, 32), f"{per_mille / 10:g} %", fill=COLOURS[at])
