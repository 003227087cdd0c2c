"""Watches and sunglasses."""

from math import cos, pi, sin

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, box, closed, ellipse, flipped, lens, sharp, soft, trail
from ingest.demo.palette import darken, lighten, luminance, mix


def watch(canvas: Canvas) -> None:
    """Wristwatch from the front: strap or bracelet, case, dial, hands, crown."""
    drawing = canvas.drawing
    steel = drawing.word("case", "#c3c7cb")
    r, cy, w = drawing.number("case_px", 108), 400.0, drawing.number("strap_px", 56)
    for sign in (1, -1):
        strap = [
            sharp(-w, cy),
            soft(-w * 0.9, cy + sign * 150),
            soft(-w * 0.72, cy + sign * 280),
            sharp(-w * 0.7, cy + sign * 300),
            soft(0, cy + sign * 308),
            sharp(w * 0.7, cy + sign * 300),
            soft(w * 0.72, cy + sign * 280),
            soft(w * 0.9, cy + sign * 150),
            sharp(w, cy),
        ]
        d = closed(*strap)
        if drawing.material == "metal":
            canvas.piece(d, fill=canvas.colour, puff=14, is_plain=True)
            for k in range(11):
                y = cy + sign * (r + 14 + k * 17)
                ww = w * (0.92 - 0.02 * k)
                canvas.line(f"M{-ww:.0f} {y:.0f}Q0 {y + sign * 4:.0f} {ww:.0f} {y:.0f}", 2, opacity=0.7)
                canvas.line(
                    f"M{-ww * 0.4:.0f} {y:.0f}v{sign * 17}M{ww * 0.4:.0f} {y:.0f}v{sign * 17}", 1.6, opacity=0.5
                )
        else:
            canvas.piece(d, puff=10)
            for x0, x1 in ((-w * 0.8, -w * 0.58), (w * 0.8, w * 0.58)):
                seam = f"M{x0:.0f} {cy + sign * (r + 16):.0f}L{x1:.0f} {cy + sign * 284:.0f}"
                canvas.stitch(seam, lighten(canvas.colour, 0.5))
            if sign > 0:
                for k in range(4):
                    canvas.flat(ellipse(0, cy + 186 + k * 26, 4), darken(canvas.colour, 0.8))
    if drawing.material != "metal":
        canvas.metal(box(-w * 0.84, 96, w * 1.68, 34, 6), steel, 6)
    _dial(canvas, r, cy, steel)


def _dial(canvas: Canvas, r: float, cy: float, steel: str) -> None:
    drawing = canvas.drawing
    square = drawing.word("face", "round") == "square"
    for sign in (1, -1):
        canvas.metal(box(sign * 34 - 12, cy - r - 16, 24, 30, 5), steel)
        canvas.metal(box(sign * 34 - 12, cy + r - 14, 24, 30, 5), steel)
    canvas.metal(box(r - 4, cy - 13, 20, 26, 5), steel)

    def shape(share: float) -> str:
        size = r * share
        return box(-size, cy - size, 2 * size, 2 * size, 26 * share) if square else ellipse(0, cy, size)

    canvas.metal(shape(1.0), steel)
    dial = drawing.word("dial", "#f3ead8")
    canvas.flat(shape(0.87), darken(steel, 0.5))
    canvas.piece(shape(0.84), fill=dial, puff=7, is_plain=True)
    hand = "#2c2a33" if luminance(dial) > 0.45 else "#efe4cf"
    for k in range(12):
        a = 2 * pi * k / 12
        inner, outer = (0.62 if k % 3 == 0 else 0.7) * r, 0.78 * r
        canvas.line(
            f"M{sin(a) * inner:.1f} {cy - cos(a) * inner:.1f}L{sin(a) * outer:.1f} {cy - cos(a) * outer:.1f}",
            5 if k % 3 == 0 else 2.6,
            hand,
            0.95,
        )
    if drawing.word("chrono") == "yes":
        for x, y in ((-r * 0.34, cy), (r * 0.34, cy), (0, cy + r * 0.36)):
            canvas.flat(ellipse(x, y, r * 0.19), mix(dial, hand, 0.18))
            canvas.line(ellipse(x, y, r * 0.19), 1.4, hand, 0.7)
            canvas.line(f"M{x:.0f} {y:.0f}l{r * 0.08:.0f} {-r * 0.1:.0f}", 2, hand, 1)
    canvas.line(f"M0 {cy}L{-r * 0.34:.0f} {cy - r * 0.3:.0f}", 7, hand, 1)
    canvas.line(f"M0 {cy}L{r * 0.3:.0f} {cy - r * 0.56:.0f}", 5, hand, 1)
    canvas.line(f"M{-r * 0.1:.0f} {cy + r * 0.16:.0f}L{r * 0.3:.0f} {cy - r * 0.0 + r * 0.5:.0f}", 1.8, "#c22f31", 1)
    canvas.flat(ellipse(0, cy, 6), hand)
    canvas.gleam(lens(-r * 0.62, cy + r * 0.1, r * 0.06, cy - r * 0.66, r * 0.17), 0.3, 5)


# Right lens as shares of (width, height) from the bridge's middle; the last number is 1 at a corner.
_LENSES: dict[str, tuple[tuple[float, float, int], ...]] = {
    "round": ((0.08, -0.03, 0), (0.55, -0.46, 0), (1.05, -0.02, 0), (0.55, 0.54, 0)),
    "wayfarer": ((0.12, -0.36, 0), (0.5, -0.42, 0), (0.98, -0.46, 0), (1.1, -0.34, 0), (1.06, -0.02, 0),
                 (0.92, 0.36, 0), (0.66, 0.48, 0), (0.4, 0.42, 0), (0.2, 0.16, 0), (0.1, -0.2, 0)),
    "aviator": ((0.11, -0.34, 0), (0.6, -0.42, 0), (1.09, -0.3, 0), (1.05, 0.2, 0), (0.66, 0.62, 0), (0.16, 0.22, 0)),
    "cat": ((0.11, -0.2, 0), (0.6, -0.38, 0), (1.18, -0.62, 1), (1.04, 0.1, 0), (0.5, 0.48, 0), (0.13, 0.26, 0)),
    "square": ((0.1, -0.34, 0), (0.19, -0.42, 0), (0.99, -0.46, 0), (1.09, -0.36, 0), (1.05, 0.32, 0),
               (0.95, 0.46, 0), (0.2, 0.44, 0), (0.11, 0.3, 0)),
}  # fmt: skip


def sunglasses(canvas: Canvas) -> None:
    """Sunglasses from the front: temples folded behind, bridge, tinted lenses with a sky in them, rims."""
    drawing = canvas.drawing
    w, h = drawing.number("lens_w", 158), drawing.number("lens_h", 132)
    face = drawing.word("face", "wayfarer")
    knots = [Knot(x * w, y * h, bool(corner)) for x, y, corner in _LENSES[face]]
    thick = drawing.number("rim", 15)
    edge = max(k.x for k in knots)
    hinge_y = min(k.y for k in knots) * 0.62
    with canvas.group("translate(0 400) scale(1.16)"):
        for sign in (1, -1):
            start, end = Knot(sign * (edge - 4), hinge_y), Knot(-sign * edge * 0.42, h * 0.34)
            temple = trail(start, Knot(sign * edge * 0.3, hinge_y * 0.1 + 6), end, Knot(end.x - sign * 30, end.y + 26))
            canvas.line(temple, thick * 0.9 + 5, darken(canvas.colour, 0.5), 1)
            canvas.line(temple, thick * 0.9 + 2, darken(canvas.colour, 0.2), 1)
        y = hinge_y * 0.55
        bridge = trail(Knot(-22, y + 12), Knot(0, y - 4), Knot(22, y + 12))
        canvas.line(bridge, thick + 3, canvas.ink, 1)
        canvas.line(bridge, thick, canvas.colour, 1)
        if face == "aviator":
            canvas.metal(f"M-40 {-h * 0.38:.0f}Q0 {-h * 0.5:.0f} 40 {-h * 0.38:.0f}", canvas.colour, 7)
        for sign in (1, -1):
            _lens(canvas, knots if sign > 0 else flipped(knots), sign * (edge / 2 + 8), h)
            if thick > 9:
                canvas.metal(box(sign * (edge - 2) - 8, hinge_y - 6, 16, 7, 3), "#d6b15c")


def _lens(canvas: Canvas, knots: list[Knot], middle: float, h: float) -> None:
    """One tinted lens with two streaks of sky, and its rim."""
    d, tint = closed(*knots), canvas.drawing.word("tint", "#3b3338")
    thick = canvas.drawing.number("rim", 15)
    canvas.define(
        "tint",
        '<linearGradient id="tint" x1="0" y1="0" x2="0.3" y2="1">'
        f'<stop offset="0" stop-color="{darken(tint, 0.35)}"/>'
        f'<stop offset="1" stop-color="{lighten(tint, 0.42)}"/></linearGradient>',
    )
    clip = f"lens{middle:.0f}"
    canvas.define(clip, f'<clipPath id="{clip}"><path d="{d}"/></clipPath>')
    streaks = f"M{middle - 60:.0f} {h}l56 {-2 * h}h30l-52 {2 * h}ZM{middle - 10:.0f} {h}l56 {-2 * h}h9l-55 {2 * h}Z"
    canvas.add(f'<path d="{d}" fill="url(#tint)" fill-opacity=".9"/>')
    canvas.add(f'<path d="{streaks}" clip-path="url(#{clip})" fill="#fff4e2" fill-opacity=".19"/>')
    canvas.line(d, thick + 3, canvas.ink, 1)
    canvas.line(d, thick, canvas.colour, 1)
    shine = closed(*(Knot(k.x - 1.5, k.y - 2.5, k.is_sharp) for k in knots))
    canvas.line(shine, thick * 0.2, lighten(canvas.colour, 0.6), 0.6)
