"""Outlines: smooth Bezier paths through a few knots, in picture units (1 = one pixel of the 600x800 picture).

Drawings use x = 0 as the middle of the picture; y grows downwards.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot


@dataclass(frozen=True, slots=True)
class Knot:
    """A point an outline passes through. A sharp knot is a corner, a soft one is passed smoothly."""

    x: float
    y: float
    is_sharp: bool = False


def soft(x: float, y: float) -> Knot:
    """A knot the outline passes smoothly."""
    return Knot(x, y)


def sharp(x: float, y: float) -> Knot:
    """A knot where the outline turns a corner."""
    return Knot(x, y, is_sharp=True)


def _tangent(before: Knot, here: Knot, after: Knot) -> tuple[float, float]:
    """Unit tangent at a soft knot: the bisecting direction, so that uneven spacing does not overshoot."""
    din, dout = hypot(here.x - before.x, here.y - before.y) or 1.0, hypot(after.x - here.x, after.y - here.y) or 1.0
    tx = (here.x - before.x) / din + (after.x - here.x) / dout
    ty = (here.y - before.y) / din + (after.y - here.y) / dout
    length = hypot(tx, ty) or 1.0
    return tx / length, ty / length


def _segment(knots: Sequence[Knot], i: int, is_closed: bool) -> str:
    n = len(knots)
    a, b = knots[i], knots[(i + 1) % n]
    reach = hypot(b.x - a.x, b.y - a.y) * 0.36
    ends_open = not is_closed
    c1 = c2 = None
    if not (a.is_sharp or (ends_open and i == 0)):
        tx, ty = _tangent(knots[i - 1], a, b)
        c1 = (a.x + tx * reach, a.y + ty * reach)
    if not (b.is_sharp or (ends_open and i == n - 2)):
        tx, ty = _tangent(a, b, knots[(i + 2) % n])
        c2 = (b.x - tx * reach, b.y - ty * reach)
    if c1 is None and c2 is None:
        return f"L{b.x:.1f} {b.y:.1f}"
    if c1 is None:
        assert c2 is not None
        c1 = (a.x + (c2[0] - a.x) * 0.4, a.y + (c2[1] - a.y) * 0.4)
    if c2 is None:
        c2 = (b.x + (c1[0] - b.x) * 0.4, b.y + (c1[1] - b.y) * 0.4)
    return f"C{c1[0]:.1f} {c1[1]:.1f} {c2[0]:.1f} {c2[1]:.1f} {b.x:.1f} {b.y:.1f}"


def closed(*knots: Knot) -> str:
    """SVG path of the closed outline through the knots."""
    parts = [_segment(knots, i, is_closed=True) for i in range(len(knots))]
    return f"M{knots[0].x:.1f} {knots[0].y:.1f}" + "".join(parts) + "Z"


def trail(*knots: Knot) -> str:
    """SVG path of the open line through the knots."""
    parts = [_segment(knots, i, is_closed=False) for i in range(len(knots) - 1)]
    return f"M{knots[0].x:.1f} {knots[0].y:.1f}" + "".join(parts)


def flipped(knots: Iterable[Knot]) -> list[Knot]:
    """The knots seen in a mirror at x = 0."""
    return [Knot(-k.x, k.y, k.is_sharp) for k in knots]


def mirrored(*half: Knot) -> str:
    """Closed outline from its right half, given from the middle top down to the middle bottom."""
    left = [k for k in reversed(flipped(half)) if abs(k.x) > 0.01]
    return closed(*half, *left)


def arch(*half: Knot) -> str:
    """Open line from its right half, given from the middle outwards: the mirrored left half comes first."""
    left = [k for k in reversed(flipped(half)) if abs(k.x) > 0.01]
    return trail(*left, *half)


def ellipse(cx: float, cy: float, rx: float, ry: float | None = None) -> str:
    """SVG path of an ellipse; a circle where `ry` is left out."""
    ry = rx if ry is None else ry
    return f"M{cx - rx:.1f} {cy:.1f}a{rx:.1f} {ry:.1f} 0 1 0 {2 * rx:.1f} 0a{rx:.1f} {ry:.1f} 0 1 0 {-2 * rx:.1f} 0Z"


def box(x: float, y: float, width: float, height: float, radius: float = 0.0) -> str:
    """SVG path of a rectangle with round corners; x, y is its upper left corner."""
    r = max(0.0, min(radius, width / 2, height / 2))
    return (
        f"M{x + r:.1f} {y:.1f}h{width - 2 * r:.1f}a{r:.1f} {r:.1f} 0 0 1 {r:.1f} {r:.1f}v{height - 2 * r:.1f}"
        f"a{r:.1f} {r:.1f} 0 0 1 {-r:.1f} {r:.1f}h{2 * r - width:.1f}a{r:.1f} {r:.1f} 0 0 1 {-r:.1f} {-r:.1f}"
        f"v{2 * r - height:.1f}a{r:.1f} {r:.1f} 0 0 1 {r:.1f} {-r:.1f}Z"
    )


def lens(x0: float, y0: float, x1: float, y1: float, width: float, bend: float = 0.0) -> str:
    """A long tapering sliver between two points, as folds of cloth throw it; `bend` bows it sideways."""
    mx, my = (x0 + x1) / 2, (y0 + y1) / 2
    length = hypot(x1 - x0, y1 - y0) or 1.0
    nx, ny = -(y1 - y0) / length, (x1 - x0) / length
    a = (mx + nx * (bend + width), my + ny * (bend + width))
    b = (mx + nx * (bend - width), my + ny * (bend - width))
    return f"M{x0:.1f} {y0:.1f}Q{a[0]:.1f} {a[1]:.1f} {x1:.1f} {y1:.1f}Q{b[0]:.1f} {b[1]:.1f} {x0:.1f} {y0:.1f}Z"


def panel(*corners: tuple[float, float], radius: float = 16.0, bow: float = 0.0) -> str:
    """A flat panel: straight or outward bowed sides between corners (clockwise), each rounded by `radius`."""
    n = len(corners)
    parts = []
    for i, (x, y) in enumerate(corners):
        (px, py), (qx, qy) = corners[i - 1], corners[(i + 1) % n]
        before, after = hypot(px - x, py - y) or 1.0, hypot(qx - x, qy - y) or 1.0
        r1, r2 = min(radius, before / 2.2), min(radius, after / 2.2)
        ax, ay = x + (px - x) / before * r1, y + (py - y) / before * r1
        bx, by = x + (qx - x) / after * r2, y + (qy - y) / after * r2
        mx, my = (px + x) / 2 + (y - py) / before * bow, (py + y) / 2 - (x - px) / before * bow
        parts.append(f"{'M' if i == 0 else f'Q{mx:.1f} {my:.1f} '}{ax:.1f} {ay:.1f}Q{x:.1f} {y:.1f} {bx:.1f} {by:.1f}")
    (px, py), (x, y) = corners[-1], corners[0]
    before = hypot(px - x, py - y) or 1.0
    r = min(radius, before / 2.2)
    mx, my = (px + x) / 2 + (y - py) / before * bow, (py + y) / 2 - (x - px) / before * bow
    return "".join(parts) + f"Q{mx:.1f} {my:.1f} {x + (px - x) / before * r:.1f} {y + (py - y) / before * r:.1f}Z"
