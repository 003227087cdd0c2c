"""Jewellery: earrings, necklaces, bracelets and rings."""

from math import cos, pi, sin

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, closed, ellipse, lens, sharp, soft, trail
from ingest.demo.palette import darken, lighten

GEMS = ("#2f62b0", "#3c7d4f", "#c22f31", "#e79ab0", "#f3ead8", "#3db6b8", "#6d4391")


def gem(canvas: Canvas, x: float, y: float, r: float, tone: str) -> None:
    """A cut stone: facets about a table, with a spark."""
    points = [(x + r * cos(pi / 8 + k * pi / 4), y + r * sin(pi / 8 + k * pi / 4)) for k in range(8)]
    inner = [(x + r * 0.55 * cos(pi / 8 + k * pi / 4), y + r * 0.55 * sin(pi / 8 + k * pi / 4)) for k in range(8)]
    for k in range(8):
        a, b, c, d = points[k], points[(k + 1) % 8], inner[(k + 1) % 8], inner[k]
        light = 0.5 - 0.5 * cos(2 * pi * (k + 1.5) / 8)
        fill = lighten(tone, 0.4 * light) if light > 0.5 else darken(tone, 0.45 * (1 - light))
        canvas.flat(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}L{c[0]:.1f} {c[1]:.1f}L{d[0]:.1f} {d[1]:.1f}Z", fill)
    canvas.flat("M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in inner) + "Z", lighten(tone, 0.3))
    canvas.flat(ellipse(x - r * 0.24, y - r * 0.26, r * 0.13), "#ffffff", 0.9)


def _stone(canvas: Canvas) -> str:
    return GEMS[int(canvas.drawing.number("motif", 0)) % len(GEMS)]


def earrings(canvas: Canvas) -> None:
    """A pair of hoops, drops or studs."""
    drawing = canvas.drawing
    kind = drawing.word("kind", "hoop")
    with canvas.group("translate(0 400) scale(1.3) translate(0 -400)"):
        for sign in (-1, 1):
            x, top = sign * 96.0, 300.0
            if kind == "stud":
                canvas.metal(ellipse(x, 400, 58), canvas.colour)
                gem(canvas, x, 400, 44, _stone(canvas))
                continue
            canvas.metal(f"M{x} {top}q4 -44 22 -40q14 6 4 40", canvas.colour, 5)
            if kind == "hoop":
                r, w = drawing.number("hoop", 92), drawing.number("wire", 17)
                canvas.metal(ellipse(x, top + r, r, r * 1.05), canvas.colour, w)
                canvas.gleam(lens(x - r * 0.9, top + r * 1.2, x - r * 0.5, top + r * 0.2, 5), 0.6, 3)
            else:
                canvas.metal(ellipse(x, top + 12, 17), canvas.colour)
                canvas.metal(f"M{x} {top + 28}v46", canvas.colour, 4)
                drop = closed(sharp(x, top + 70), soft(x + 46, top + 160), soft(x, top + 214), soft(x - 46, top + 160))
                canvas.metal(drop, canvas.colour)
                gem(canvas, x, top + 154, 30, _stone(canvas))


def necklace(canvas: Canvas) -> None:
    """A chain hanging in a curve, with pendant or beads."""
    drawing = canvas.drawing
    depth = drawing.number("depth_px", 470)
    d = f"M-150 130C-170 {depth * 0.6:.0f} -90 {depth:.0f} 0 {depth:.0f}C90 {depth:.0f} 170 {depth * 0.6:.0f} 150 130"
    if drawing.word("kind", "pendant") == "beads":
        for k in range(43):
            f = k / 42
            x = (1 - f) ** 3 * -150 + 3 * (1 - f) ** 2 * f * -200 + 3 * (1 - f) * f**2 * 200 + f**3 * 150
            y = (
                (1 - f) ** 3 * 130
                + 3 * (1 - f) ** 2 * f * (depth * 1.12)
                + 3 * (1 - f) * f**2 * (depth * 1.12)
                + f**3 * 130
            )
            canvas.metal(ellipse(x, y, 9 + 6 * sin(pi * f)), canvas.colour)
        return
    canvas.line(d, 8, darken(canvas.colour, 0.45), 0.9)
    canvas.stitch(d, canvas.colour, 6, "11 3")
    canvas.stitch(d, lighten(canvas.colour, 0.7), 2, "5 9")
    canvas.metal(ellipse(0, depth + 8, 10), canvas.colour)
    shape = drawing.word("shape", "drop")
    y = depth + 16
    if shape == "drop":
        canvas.metal(closed(sharp(0, y), soft(50, y + 92), soft(0, y + 150), soft(-50, y + 92)), canvas.colour)
        gem(canvas, 0, y + 90, 34, _stone(canvas))
    elif shape == "disc":
        canvas.metal(ellipse(0, y + 58, 58), canvas.colour)
        canvas.line(ellipse(0, y + 58, 46), 2, darken(canvas.colour, 0.4), 0.7)
        canvas.line(f"M-18 {y + 66}L0 {y + 34}L18 {y + 66}", 4, darken(canvas.colour, 0.4), 0.8)
    else:
        heart = closed(
            sharp(0, y + 16), soft(34, y - 2), soft(60, y + 28), soft(38, y + 76), sharp(0, y + 118),
            soft(-38, y + 76), soft(-60, y + 28), soft(-34, y - 2))  # fmt: skip
        canvas.metal(heart, canvas.colour)
        canvas.gleam(lens(-44, y + 40, -20, y + 10, 8), 0.7, 3)


def bracelet(canvas: Canvas) -> None:
    """A bangle, cuff or string of beads, seen from a little above."""
    drawing = canvas.drawing
    cy, rx, ry = 410.0, 190.0, 130.0
    kind = drawing.word("kind", "bangle")
    if kind == "beads":
        n = 30
        order = sorted(range(n), key=lambda k: sin(2 * pi * k / n))
        for k in order:
            a = 2 * pi * k / n
            tone = drawing.accent if k % 5 == 0 else canvas.colour
            canvas.piece(ellipse(rx * cos(a), cy + ry * sin(a), 21 + 3 * sin(a)), fill=tone, puff=6, is_plain=True)
        return
    h = drawing.number("height_px", 46)
    outer = f"M{-rx} {cy}A{rx} {ry} 0 0 1 {rx} {cy}V{cy + h}A{rx} {ry} 0 0 0 {-rx} {cy + h}Z"
    canvas.piece(outer, fill=darken(canvas.colour, 0.4), puff=6, is_plain=True)
    front = f"M{-rx} {cy}A{rx} {ry} 0 0 0 {rx} {cy}V{cy + h}A{rx} {ry} 0 0 1 {-rx} {cy + h}Z"
    canvas.metal(front, canvas.colour)
    canvas.line(f"M{-rx + 3} {cy + 9}A{rx} {ry} 0 0 0 {rx - 3} {cy + 9}", 3, lighten(canvas.colour, 0.8), 0.8)
    canvas.line(f"M{-rx + 3} {cy + h - 7}A{rx} {ry} 0 0 0 {rx - 3} {cy + h - 7}", 2, darken(canvas.colour, 0.5), 0.6)
    if kind == "stones":
        for k in range(-3, 4):
            a = pi / 2 + k * 0.26
            gem(canvas, rx * cos(a), cy + h / 2 + ry * sin(a), 16, _stone(canvas))
    canvas.gleam(lens(-150, cy + 80, -60, cy + 132, 7), 0.7, 4)


def ring(canvas: Canvas) -> None:
    """A finger ring standing up: band with a stone, or a signet."""
    drawing = canvas.drawing
    r, w = 120.0, drawing.number("wire", 26)
    cy = 470.0
    canvas.metal(ellipse(0, cy, r, r * 1.04), canvas.colour, w)
    canvas.gleam(trail(Knot(-r + 2, cy + 40), Knot(-r, cy - 10), Knot(-r * 0.8, cy - 78)), 0.0, 3)
    top = cy - r - 8
    if drawing.word("kind", "stone") == "stone":
        canvas.metal(closed(
            sharp(-40, top + 24), sharp(-62, top - 46), soft(0, top - 30), sharp(62, top - 46), sharp(40, top + 24),
            soft(0, top + 34)), canvas.colour)  # fmt: skip
        gem(canvas, 0, top - 52, 66, _stone(canvas))
        for sign in (1, -1):
            canvas.metal(f"M{sign * 40} {top - 8}Q{sign * 66} {top - 40} {sign * 52} {top - 82}", canvas.colour, 6)
    elif drawing.word("kind") == "signet":
        canvas.metal(closed(
            soft(-62, top - 18), soft(-40, top - 46), soft(0, top - 52), soft(40, top - 46), soft(62, top - 18),
            sharp(52, top + 26), soft(0, top + 38), sharp(-52, top + 26)), canvas.colour)  # fmt: skip
        canvas.line(ellipse(0, top - 8, 34, 24), 3, darken(canvas.colour, 0.45), 0.8)
    else:
        for k in range(-4, 5):
            a = -pi / 2 + k * 0.2
            gem(canvas, r * cos(a), cy + r * 1.04 * sin(a), 15, _stone(canvas))
