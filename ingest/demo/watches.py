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
            canvas.stitch(
                f"M{-w * 0.8:.0f} {cy + sign * (r + 16):.0f}L{-w * 0.58:.0f} {cy + sign * 284:.0f}M{w * 0.8:.0f} {cy + sign * (r + 16):.0f}L{w * 0.58:.0f} {cy + sign * 284:.0f}",
                lighten(canvas.colour, 0.5),
            )
            if sign > 0:
                for k in range(4):
                    canvas.flat(ellipse(0, cy + 186 + k * 26, 4), darken(canvas.colour, 0.8))
    if drawing.material != "metal":
        canvas.add(
            f'<path d="{box(-w * 0.84, 96, w * 1.68, 34, 6)}" fill="none" stroke="{darken(steel, 0.4)}" stroke-width="8"/><path d="{box(-w * 0.84, 96, w * 1.68, 34, 6)}" fill="none" stroke="{steel}" stroke-width="5"/>'
        )
    _dial(canvas, r, cy, steel)


def _dial(canvas: Canvas, r: float, cy: float, steel: str) -> None:
    drawing = canvas.drawing
    square = drawing.word("face", "round") == "square"
    for sign in (1, -1):
        canvas.metal(box(sign * 34 - 12, cy - r - 16, 24, 30, 5), steel)
        canvas.metal(box(sign * 34 - 12, cy + r - 14, 24, 30, 5), steel)
    canvas.metal(box(r - 4, cy - 13, 20, 26, 5), steel)
    shape = (
        (lambda k: box(-r * k, cy - r * k, 2 * r * k, 2 * r * k, 26 * k))
        if square
        else (lambda k: ellipse(0, cy, r * k))
    )
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


_LENSES = {  # right lens, from its inner top corner
    "round": lambda w, h: [soft(14, -4), soft(w * 0.5 + 8, -h * 0.44), soft(w + 8, -2), soft(w * 0.5 + 8, h * 0.56)],
    "wayfarer": lambda w, h: [soft(20, -h * 0.36), soft(w * 0.5, -h * 0.42), soft(w + 6, -h * 0.47), soft(w + 16, -h * 0.34), soft(w + 4, h * 0.16), soft(w * 0.74, h * 0.46), soft(w * 0.4, h * 0.48), soft(26, h * 0.2), soft(14, -h * 0.2)],
    "aviator": lambda w, h: [soft(18, -h * 0.34), soft(w * 0.6, -h * 0.42), soft(w + 14, -h * 0.3), soft(w + 8, h * 0.2), soft(w * 0.66, h * 0.62), soft(26, h * 0.22)],
    "cat": lambda w, h: [soft(18, -h * 0.2), soft(w * 0.6, -h * 0.38), sharp(w + 26, -h * 0.62), soft(w + 6, h * 0.1), soft(w * 0.5, h * 0.48), soft(20, h * 0.26)],
    "square": lambda w, h: [soft(16, -h * 0.34), soft(30, -h * 0.42), soft(w - 2, -h * 0.46), soft(w + 14, -h * 0.36), soft(w + 8, h * 0.32), soft(w - 8, h * 0.46), soft(32, h * 0.44), soft(18, h * 0.3)],
}  # fmt: skip


def sunglasses(canvas: Canvas) -> None:
    """Sunglasses from the front, a little open: rims, tinted lenses with a sky in them, bridge and temples."""
    drawing = canvas.drawing
    w, h = drawing.number("lens_w", 158), drawing.number("lens_h", 132)
    knots = _LENSES[drawing.word("face", "wayfarer")](w, h)
    thick = drawing.number("rim", 15)
    tint = drawing.word("tint", "#3b3338")
    name = f"tint{tint[1:]}"
    canvas.define(
        name,
        f'<linearGradient id="{name}" x1="0" y1="0" x2="0.3" y2="1"><stop offset="0" stop-color="{darken(tint, 0.35)}"/>'
        f'<stop offset="1" stop-color="{lighten(tint, 0.42)}"/></linearGradient>',
    )
    with canvas.group("translate(0 400) scale(1.16)"):
        edge = max(k.x for k in knots)
        hinge_y = min(k.y for k in knots) * 0.62
        for sign in (1, -1):
            start, end = Knot(sign * (edge - 4), hinge_y), Knot(-sign * edge * 0.42, h * 0.34)
            temple = trail(start, Knot(sign * edge * 0.3, hinge_y * 0.1 + 6), end, Knot(end.x - sign * 30, end.y + 26))
            canvas.line(temple, thick * 0.9 + 5, darken(canvas.colour, 0.5), 1)
            canvas.line(temple, thick * 0.9 + 2, darken(canvas.colour, 0.2), 1)
        bridge_y = hinge_y * 0.55
        d = trail(Knot(-22, bridge_y + 12), Knot(0, bridge_y - 4), Knot(22, bridge_y + 12))
        canvas.line(d, thick + 3, canvas.ink, 1)
        canvas.line(d, thick, canvas.colour, 1)
        if drawing.word("face") == "aviator":
            canvas.metal(f"M-40 {-h * 0.38:.0f}Q0 {-h * 0.5:.0f} 40 {-h * 0.38:.0f}", canvas.colour, 7)
        for sign in (1, -1):
            lens_d = closed(*(knots if sign > 0 else flipped(knots)))
            canvas.add(f'<path d="{lens_d}" fill="url(#{name})" fill-opacity=".9"/>')
            cx = sign * (edge / 2 + 8)
            clip = f"lens{sign + 1}"
            canvas.define(clip, f'<clipPath id="{clip}"><path d="{lens_d}"/></clipPath>')
            canvas.add(
                f'<g clip-path="url(#{clip})" fill="#fff4e2"><path d="M{cx - 60:.0f} {h}L{cx - 4:.0f} {-h}h30L{cx - 26:.0f} {h}Z" fill-opacity=".2"/><path d="M{cx - 10:.0f} {h}L{cx + 46:.0f} {-h}h9L{cx + 0:.0f} {h}Z" fill-opacity=".16"/></g>'
            )
            canvas.add(
                f'<path d="{lens_d}" fill="none" stroke="{canvas.ink}" stroke-width="{thick + 3}" stroke-linejoin="round"/><path d="{lens_d}" fill="none" stroke="{canvas.colour}" stroke-width="{thick}" stroke-linejoin="round"/><path d="{lens_d}" fill="none" stroke="{lighten(canvas.colour, 0.6)}" stroke-width="{thick * 0.2:.1f}" stroke-opacity=".6" transform="translate(-1.500 -2.500)"/>'
            )
            if thick > 9:
                canvas.metal(box(sign * (edge - 2) - 8, hinge_y - 6, 16, 7, 3), "#d6b15c")
