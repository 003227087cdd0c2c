"""A run's log as a picture: the loss per step and the measurements on the validation items."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT, MARGIN = 900, 420, 56
INK, GRID = (40, 40, 44), (226, 226, 230)
COLOURS = ((47, 98, 176), (194, 47, 49), (60, 125, 79), (207, 159, 45), (109, 67, 145))
# The measurements that are drawn, each in [0, 1].
MEASURES = ("pooled.title_recall_at_10", "pooled.category_precision_at_10", "pooled.colour_precision_at_10")

Points = Sequence[tuple[float, float]]


def draw_curves(log: Path, picture: Path) -> None:
    """Draw log.jsonl as a PNG of two panels: loss (smoothed over 20 steps) and validation."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    steps = [line for line in lines if "loss" in line]
    found = [line for line in lines if "metric" in line]
    loss = smooth([(line["step"], line["loss"]) for line in steps], 20)
    measures = {name: [(line["step"], line[name]) for line in found if name in line] for name in MEASURES}
    image = Image.new("RGB", (2 * WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    panel(draw, 0, {"loss": loss})
    panel(draw, WIDTH, measures)
    image.save(picture)


def smooth(points: Points, span: int) -> Points:
    """The running mean over `span` points."""
    result = []
    for at in range(len(points)):
        window = points[max(0, at - span + 1) : at + 1]
        result.append((points[at][0], sum(y for _, y in window) / len(window)))
    return result


def panel(draw: ImageDraw.ImageDraw, left: int, curves: Mapping[str, Points]) -> None:
    """One diagram: a grid of five lines with their values, the curves, and their names."""
    everything = [point for points in curves.values() for point in points]
    if not everything:
        return
    x_most = max(x for x, _ in everything)
    low, high = min(y for _, y in everything), max(y for _, y in everything)
    high = high if high > low else low + 1

    def place(x: float, y: float) -> tuple[float, float]:
        across = left + MARGIN + x / x_most * (WIDTH - 2 * MARGIN)
        return across, HEIGHT - MARGIN - (y - low) / (high - low) * (HEIGHT - 2 * MARGIN)

    for tick in range(5):
        value = low + (high - low) * tick / 4
        across, down = place(0, value)
        draw.line([(across, down), place(x_most, value)], fill=GRID)
        draw.text((left + 8, down - 6), f"{value:.3g}", fill=INK)
    draw.text((left + WIDTH - 2 * MARGIN, HEIGHT - MARGIN + 12), f"step {x_most:.0f}", fill=INK)
    for at, (name, points) in enumerate(curves.items()):
        draw.text((left + MARGIN + at * 260, 16), name, fill=COLOURS[at])
        if points:
            draw.line([place(x, y) for x, y in points], fill=COLOURS[at], width=2)
