"""Accessories: watches, sunglasses, belts, ties, scarves, gloves, socks, umbrellas."""

from math import cos, pi, sin

from ingest.demo.bags import _buckle
from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, box, closed, ellipse, flipped, lens, mirrored, sharp, soft, trail
from ingest.demo.palette import darken, lighten, luminance, mix


def watch(canvas: Canvas) -> None:
    """Wristwatch from the front: strap or bracelet, case, dial, hands, crown."""
    drawing = canvas.drawing
    steel = drawing.word("case", "#c3c7cb")
    r, cy, w = drawing.number("case_px", 108), 400.0, drawing.number("strap_px", 56)
    for sign in (1, -1):
        strap = [sharp(-w, cy), soft(-w * 0.9, cy + sign * 150), soft(-w * 0.72, cy + sign * 280), sharp(-w * 0.7, cy + sign * 300), soft(0, cy + sign * 308), sharp(w * 0.7, cy + sign * 300), soft(w * 0.72, cy + sign * 280), soft(w * 0.9, cy + sign * 150), sharp(w, cy)]
        d = closed(*strap)
        if drawing.material == "metal":
            canvas.piece(d, fill=canvas.colour, puff=14, is_plain=True)
            for k in range(11):
                y = cy + sign * (r + 14 + k * 17)
                ww = w * (0.92 - 0.02 * k)
                canvas.line(f"M{-ww:.0f} {y:.0f}Q0 {y + sign * 4:.0f} {ww:.0f} {y:.0f}", 2, opacity=0.7)
                canvas.line(f"M{-ww * 0.4:.0f} {y:.0f}v{sign * 17}M{ww * 0.4:.0f} {y:.0f}v{sign * 17}", 1.6, opacity=0.5)
        else:
            canvas.piece(d, puff=10)
            canvas.stitch(f"M{-w * 0.8:.0f} {cy + sign * (r + 16):.0f}L{-w * 0.58:.0f} {cy + sign * 284:.0f}M{w * 0.8:.0f} {cy + sign * (r + 16):.0f}L{w * 0.58:.0f} {cy + sign * 284:.0f}", lighten(canvas.colour, 0.5))
            if sign > 0:
                for k in range(4):
                    canvas.flat(ellipse(0, cy + 186 + k * 26, 4), darken(canvas.colour, 0.8))
    if drawing.material != "metal":
        canvas.add(f'<path d="{box(-w * 0.84, 96, w * 1.68, 34, 6)}" fill="none" stroke="{darken(steel, 0.4)}" stroke-width="8"/><path d="{box(-w * 0.84, 96, w * 1.68, 34, 6)}" fill="none" stroke="{steel}" stroke-width="5"/>')
    _dial(canvas, r, cy, steel)


def _dial(canvas: Canvas, r: float, cy: float, steel: str) -> None:
    drawing = canvas.drawing
    square = drawing.word("face", "round") == "square"
    for sign in (1, -1):
        canvas.metal(box(sign * 34 - 12, cy - r - 16, 24, 30, 5), steel)
        canvas.metal(box(sign * 34 - 12, cy + r - 14, 24, 30, 5), steel)
    canvas.metal(box(r - 4, cy - 13, 20, 26, 5), steel)
    shape = (lambda k: box(-r * k, cy - r * k, 2 * r * k, 2 * r * k, 26 * k)) if square else (lambda k: ellipse(0, cy, r * k))
    canvas.metal(shape(1.0), steel)
    dial = drawing.word("dial", "#f3ead8")
    canvas.flat(shape(0.87), darken(steel, 0.5))
    canvas.piece(shape(0.84), fill=dial, puff=7, is_plain=True)
    hand = "#2c2a33" if luminance(dial) > 0.45 else "#efe4cf"
    for k in range(12):
        a = 2 * pi * k / 12
        inner, outer = (0.62 if k % 3 == 0 else 0.7) * r, 0.78 * r
        canvas.line(f"M{sin(a) * inner:.1f} {cy - cos(a) * inner:.1f}L{sin(a) * outer:.1f} {cy - cos(a) * outer:.1f}", 5 if k % 3 == 0 else 2.6, hand, 0.95)
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
    "wayfarer": lambda w, h: [sharp(16, -h * 0.34), soft(w * 0.6, -h * 0.42), sharp(w + 18, -h * 0.46), soft(w + 2, h * 0.2), soft(w * 0.55, h * 0.52), soft(24, h * 0.3)],
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
    canvas.define(name, f'<linearGradient id="{name}" x1="0" y1="0" x2="0.3" y2="1"><stop offset="0" stop-color="{darken(tint, 0.35)}"/>'
                         f'<stop offset="1" stop-color="{lighten(tint, 0.42)}"/></linearGradient>')
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
            canvas.add(f'<g clip-path="url(#{clip})" fill="#fff4e2"><path d="M{cx - 60:.0f} {h}L{cx - 4:.0f} {-h}h30L{cx - 26:.0f} {h}Z" fill-opacity=".2"/><path d="M{cx - 10:.0f} {h}L{cx + 46:.0f} {-h}h9L{cx + 0:.0f} {h}Z" fill-opacity=".16"/></g>')
            canvas.add(f'<path d="{lens_d}" fill="none" stroke="{canvas.ink}" stroke-width="{thick + 3}" stroke-linejoin="round"/><path d="{lens_d}" fill="none" stroke="{canvas.colour}" stroke-width="{thick}" stroke-linejoin="round"/><path d="{lens_d}" fill="none" stroke="{lighten(canvas.colour, 0.6)}" stroke-width="{thick * 0.2:.1f}" stroke-opacity=".6" transform="translate(-1.500 -2.500)"/>')
            if thick > 9:
                canvas.metal(box(sign * (edge - 2) - 8, hinge_y - 6, 16, 7, 3), "#d6b15c")


def belt(canvas: Canvas) -> None:
    """A belt rolled up, its buckle and tip in front."""
    drawing = canvas.drawing
    h = drawing.number("height_px", 64)
    tone = canvas.colour
    cy = 410.0
    outer = closed(soft(-190, cy), soft(-130, cy - 84), soft(0, cy - 112), soft(130, cy - 84), soft(190, cy), soft(190, cy + h), soft(130, cy - 84 + h), soft(0, cy - 112 + h), soft(-130, cy - 84 + h), soft(-190, cy + h))
    canvas.piece(outer, fill=darken(tone, 0.42), puff=8, is_plain=True)
    inner = closed(soft(-150, cy + 10), soft(-80, cy - 46), soft(0, cy - 62), soft(90, cy - 44), soft(158, cy + 16), soft(150, cy + 16 + h), soft(0, cy - 62 + h), soft(-150, cy + 10 + h))
    canvas.piece(inner, fill=darken(tone, 0.3), puff=8, is_plain=True)
    front = closed(sharp(-192, cy - 2), soft(-140, cy + 74), soft(0, cy + 104), soft(140, cy + 74), sharp(192, cy - 2), sharp(192, cy + h), soft(140, cy + 74 + h), soft(0, cy + 104 + h), soft(-140, cy + 74 + h), sharp(-192, cy + h))
    canvas.piece(front, puff=10)
    for off in (9, h - 9):
        canvas.stitch(trail(Knot(-186, cy + off), Knot(-138, cy + 74 + off), Knot(0, cy + 104 + off), Knot(138, cy + 74 + off), Knot(186, cy + off)), lighten(tone, 0.45), 1.5)
    if drawing.word("kind") == "braid":
        for k in range(-10, 11):
            x = k * 17.0
            y = cy + 104 - (x / 192) ** 2 * 96
            canvas.line(f"M{x - 9:.0f} {y + 6:.0f}L{x + 9:.0f} {y + h - 8:.0f}M{x + 9:.0f} {y + 6:.0f}L{x - 9:.0f} {y + h - 8:.0f}", 2.2, opacity=0.55)
    for k in range(4):
        canvas.flat(ellipse(58 + k * 26, cy + 100 - k * 5 + h / 2 - k * k, 4), darken(tone, 0.85))
    steel = drawing.word("case", "#d6b15c")
    bx, by = -38.0, cy + 98 + h / 2
    canvas.piece(box(bx + 40, by - h / 2 - 4, 22, h + 8, 5), puff=4, is_plain=True)
    canvas.add(f'<path d="{box(bx - 40, by - h / 2 - 14, 78, h + 28, 10)}" fill="none" stroke="{darken(steel, 0.5)}" stroke-width="13"/><path d="{box(bx - 40, by - h / 2 - 14, 78, h + 28, 10)}" fill="none" stroke="{steel}" stroke-width="9.500"/><path d="{box(bx - 42, by - h / 2 - 16, 78, h + 28, 10)}" fill="none" stroke="{lighten(steel, 0.7)}" stroke-width="2.500" opacity=".8"/>')
    canvas.metal(f"M{bx - 38:.0f} {by:.0f}H{bx + 34:.0f}", steel, 8)
    canvas.gleam(lens(-160, cy + 60, -60, cy + 120, 8), 0.4, 6)


def tie(canvas: Canvas) -> None:
    """A knotted necktie, or a bow tie."""
    if canvas.drawing.word("kind", "long") == "bow":
        wing = [sharp(0, 398), soft(40, 372), sharp(176, 326), soft(186, 400), sharp(176, 474), soft(40, 428), sharp(0, 402)]
        for knots, angle in ((wing, 8), (flipped(wing), -8)):
            d = closed(*knots)
            canvas.piece(d, angle=angle)
            sign = 1 if angle > 0 else -1
            canvas.folds([lens(sign * 26, 396, sign * 130, 366, 8), lens(sign * 26, 404, sign * 130, 434, 8)], within=d, opacity=0.34)
        canvas.piece(mirrored(soft(0, 362), soft(24, 366), soft(26, 400), soft(24, 434), soft(0, 438)), puff=8)
        return
    w = canvas.drawing.number("width_px", 62)
    canvas.piece(closed(sharp(6, 210), sharp(26, 208), soft(40, 420), sharp(58, 612), sharp(38, 640), sharp(14, 612)), fill=darken(canvas.colour, 0.2), angle=30, puff=6)
    blade = mirrored(sharp(0, 214), sharp(21, 208), soft(w * 0.66, 420), sharp(w, 630), sharp(0, 704))
    canvas.piece(blade, angle=38, puff=12)
    canvas.folds([lens(-8, 216, 6, 420, 9), lens(12, 220, 26, 330, 6)], within=blade, opacity=0.3)
    canvas.gleam(lens(-w * 0.55, 420, -w * 0.75, 620, 7), 0.3, 5)
    knot = closed(soft(-46, 104), sharp(-42, 100), soft(0, 110), sharp(42, 100), soft(46, 106), sharp(24, 208), soft(0, 220), sharp(-24, 208))
    canvas.piece(knot, angle=-30, puff=9)


def scarf(canvas: Canvas) -> None:
    """A scarf looped once, its two ends hanging with fringes."""
    drawing = canvas.drawing
    end_y = drawing.number("end_y", 620)
    tails = ((-74, 8, 0.0, end_y), (52, -6, 0.0, end_y - 46))
    for x, lean, _, y in tails:
        for k in range(12):
            fx = x - 50 + k * 9.2 + lean * 3
            canvas.line(trail(Knot(fx, y - 4), Knot(fx + 2, y + 20), Knot(fx + canvas.rng.uniform(-4, 4), y + 44)), 3.4, mix(canvas.colour, canvas.ink, 0.25), 1)
        d = closed(sharp(x - 40, 250), sharp(x + 44, 250), soft(x + 50 + lean, 430), sharp(x + 54 + lean * 3, y), soft(x + lean * 3, y + 6), sharp(x - 54 + lean * 3, y), soft(x - 46 + lean, 430))
        canvas.piece(d, angle=lean * -0.6)
        canvas.folds([lens(x - 16, 270, x - 22 + lean * 2, y - 40, 9), lens(x + 20, 300, x + 26 + lean, y - 20, 8)], within=d, opacity=0.3)
    ring = closed(soft(-136, 190), soft(-80, 132), soft(0, 120), soft(84, 132), soft(138, 190), soft(116, 268), soft(40, 330), soft(-40, 332), soft(-112, 272))
    canvas.piece(ring, angle=-16, puff=16)
    hole = closed(soft(-78, 190), soft(-40, 164), soft(0, 158), soft(44, 164), soft(80, 190), soft(44, 212), soft(0, 218), soft(-44, 212))
    canvas.piece(hole, fill=darken(canvas.colour, 0.5), puff=6, is_plain=True)
    canvas.folds([lens(-120, 220, 40, 318, 10, -14), lens(-96, 200, 90, 276, 9, -22), lens(110, 210, -20, 322, 9, 16)], within=ring, opacity=0.34)


def gloves(canvas: Canvas) -> None:
    """A pair of gloves, or mittens."""
    drawing = canvas.drawing
    is_mitten = drawing.word("kind", "glove") == "mitten"
    for sign in (-1, 1):
        with canvas.group(f"translate({sign * 104} {24 if sign > 0 else 0}) rotate({sign * 7} 0 420)"):
            hand = [sharp(-62, 560), soft(-70, 440), soft(-74, 350)]
            if is_mitten:
                hand += [soft(-66, 250), soft(-10, 196), soft(48, 240), soft(62, 340)]
            else:
                for x, tip in ((-58, 236), (-20, 196), (18, 204), (52, 246)):
                    hand += [soft(x - 17, tip + 60), soft(x - 14, tip + 8), soft(x, tip - 4), soft(x + 14, tip + 8), soft(x + 17, tip + 60), soft(x + 19, 338)]
            hand += [soft(68, 388), soft(92, 352), soft(112, 318), soft(130, 330), soft(120, 380), soft(82, 452), sharp(62, 560)]
            knots = hand if sign < 0 else flipped(hand)
            d = closed(*knots)
            canvas.piece(d, puff=10)
            if not is_mitten:
                for x in (-40, -1, 37):
                    canvas.line(f"M{-sign * x} 344V{392 - abs(x) * 0.3:.0f}", 2, opacity=0.45)
            canvas.folds([lens(-sign * 64, 430, -sign * 96, 400, 7), lens(-40, 470, 30, 486, 7)], within=d)
            if drawing.material in ("leather", "suede", "faux leather"):
                canvas.piece(closed(sharp(-64, 556), soft(0, 548), sharp(64, 556), sharp(66, 616), soft(0, 622), sharp(-66, 616)), fill=darken(canvas.colour, 0.15), puff=5, is_plain=True)
                canvas.stitch("M-56 570Q0 562 56 570")
            else:
                canvas.rib("M-64 592Q0 584 64 592", 66, drawing.accent if drawing.word("trim") == "contrast" else None)


def socks(canvas: Canvas) -> None:
    """A pair of socks, toes to the left."""
    drawing = canvas.drawing
    top = 640 - drawing.number("shaft", 400)
    trim = drawing.accent
    for dx, dy, a in ((62, -40, 4), (-26, 16, -3)):
        with canvas.group(f"translate({dx} {dy}) rotate({a} 0 420)"):
            leg = closed(sharp(0, top), sharp(108, top), soft(110, 420), soft(124, 540), soft(112, 608), soft(60, 634), soft(-40, 644), soft(-120, 652), soft(-164, 624), soft(-158, 574), soft(-90, 546), soft(-20, 500), soft(2, 420))
            canvas.piece(leg, puff=12)
            canvas.folds([lens(0, 470, 70, 520, 9), lens(10, 440, 66, 452, 7), lens(-60, 560, -20, 600, 7)], within=leg)
            canvas.piece(closed(soft(126, 552), soft(114, 608), soft(64, 632), sharp(38, 628), soft(70, 580), sharp(116, 528)), fill=trim, puff=6, is_plain=True)
            canvas.piece(closed(sharp(-112, 554), soft(-158, 574), soft(-164, 624), soft(-120, 652), sharp(-94, 650), soft(-116, 600)), fill=trim, puff=6, is_plain=True)
            canvas.rib(f"M-2 {top + 22:.0f}H110", 44, trim)


def umbrella(canvas: Canvas) -> None:
    """An open umbrella from the side, crook handle down."""
    drawing = canvas.drawing
    with canvas.group("rotate(-8 0 400)"):
        canvas.metal("M0 130V640", "#a9a29c", 8)
        canvas.line("M0 600V660Q0 716 -40 716Q-74 714 -72 676", 21, "#5a3522", 1)
        canvas.line("M0 600V660Q0 716 -40 716Q-74 714 -72 676", 16, "#8a5a36", 1)
        canvas.line("M-3 606V658Q-4 706 -40 709", 4, "#c99a63", 0.7)
        n, w, base = 6, 250.0, 408.0
        edges = [-w + 2 * w * k / n for k in range(n + 1)]
        for k in range(n):
            a, b = edges[k], edges[k + 1]
            fill = drawing.accent if drawing.pattern == "colour-block" and k % 2 else None
            m = (a + b) / 2
            d = (f"M0 176C{a * 0.5:.0f} 186 {a * 0.94:.0f} 262 {a:.0f} {base}Q{m:.0f} {base - 40} {b:.0f} {base}C{b * 0.94:.0f} 262 {b * 0.5:.0f} 186 0 176Z")
            canvas.piece(d, fill=fill, angle=(k - 2.5) * 12, puff=9, is_plain=drawing.pattern == "colour-block")
        canvas.gleam(lens(-190, 330, -60, 206, 16), 0.34, 9)
        canvas.metal(box(-5, 138, 10, 42, 4), "#a9a29c")
        for x in edges:
            canvas.metal(ellipse(x, base + 2, 4.5), "#c3c7cb")
