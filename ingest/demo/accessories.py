"""Accessories of cloth and leather: belts, ties, scarves, gloves, socks, umbrellas."""

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, box, closed, ellipse, flipped, lens, mirrored, sharp, soft, trail
from ingest.demo.palette import darken, lighten, mix


def belt(canvas: Canvas) -> None:
    """A belt rolled up, its buckle and tip in front."""
    drawing = canvas.drawing
    h = drawing.number("height_px", 64)
    tone = canvas.colour
    cy = 410.0
    inside = f"M-190 {cy}A190 104 0 0 1 190 {cy}V{cy + h}A190 104 0 0 0 -190 {cy + h}Z"
    canvas.piece(inside, fill=darken(tone, 0.45), puff=8, is_plain=True)
    canvas.piece(f"M-192 {cy}A192 104 0 0 0 192 {cy}V{cy + h}A192 104 0 0 1 -192 {cy + h}Z", puff=10)
    for off in (9, h - 9):
        canvas.stitch(f"M-188 {cy + off}A190 104 0 0 0 188 {cy + off}", lighten(tone, 0.45), 1.5)
    if drawing.word("kind") == "braid":
        for k in range(-10, 11):
            x = k * 17.0
            y = cy + 104 * (1 - (x / 192) ** 2) ** 0.5
            canvas.line(
                f"M{x - 9:.0f} {y + 6:.0f}l18 {h - 14:.0f}M{x + 9:.0f} {y + 6:.0f}l-18 {h - 14:.0f}",
                2.2,
                opacity=0.55,
            )
    for k in range(4):
        x = 62.0 + k * 24
        canvas.flat(ellipse(x, cy + 104 * (1 - (x / 192) ** 2) ** 0.5 + h / 2, 4), darken(tone, 0.85))
    steel = drawing.word("case", "#d6b15c")
    bx, by = -38.0, cy + 98 + h / 2
    canvas.piece(box(bx + 40, by - h / 2 - 4, 22, h + 8, 5), puff=4, is_plain=True)
    canvas.metal(box(bx - 40, by - h / 2 - 14, 78, h + 28, 10), steel, 10)
    canvas.metal(f"M{bx - 38:.0f} {by:.0f}H{bx + 34:.0f}", steel, 8)
    canvas.gleam(lens(-160, cy + 60, -60, cy + 120, 8), 0.4, 6)


def tie(canvas: Canvas) -> None:
    """A knotted necktie, or a bow tie."""
    if canvas.drawing.word("kind", "long") == "bow":
        wing = [
            sharp(0, 398), soft(40, 372), sharp(176, 326), soft(186, 400), sharp(176, 474), soft(40, 428),
            sharp(0, 402)]  # fmt: skip
        for knots, angle in ((wing, 8), (flipped(wing), -8)):
            d = closed(*knots)
            canvas.piece(d, angle=angle)
            sign = 1 if angle > 0 else -1
            canvas.folds(
                [lens(sign * 26, 396, sign * 130, 366, 8), lens(sign * 26, 404, sign * 130, 434, 8)],
                within=d,
                opacity=0.34,
            )
        canvas.piece(mirrored(soft(0, 362), soft(24, 366), soft(26, 400), soft(24, 434), soft(0, 438)), puff=8)
        return
    w = canvas.drawing.number("width_px", 62)
    canvas.piece(
        closed(sharp(6, 210), sharp(26, 208), soft(40, 420), sharp(58, 612), sharp(38, 640), sharp(14, 612)),
        fill=darken(canvas.colour, 0.2),
        angle=30,
        puff=6,
    )
    blade = mirrored(sharp(0, 214), sharp(21, 208), soft(w * 0.66, 420), sharp(w, 630), sharp(0, 704))
    canvas.piece(blade, angle=38, puff=12)
    canvas.folds([lens(-8, 216, 6, 420, 9), lens(12, 220, 26, 330, 6)], within=blade, opacity=0.3)
    canvas.gleam(lens(-w * 0.55, 420, -w * 0.75, 620, 7), 0.3, 5)
    knot = closed(
        soft(-46, 104), sharp(-42, 100), soft(0, 110), sharp(42, 100), soft(46, 106), sharp(24, 208), soft(0, 220),
        sharp(-24, 208))  # fmt: skip
    canvas.piece(knot, angle=-30, puff=9)


def scarf(canvas: Canvas) -> None:
    """A scarf looped once, its two ends hanging with fringes."""
    drawing = canvas.drawing
    end_y = drawing.number("end_y", 620)
    tails = ((-74, 8, 0.0, end_y), (52, -6, 0.0, end_y - 46))
    for x, lean, _, y in tails:
        for k in range(12):
            fx = x - 50 + k * 9.2 + lean * 3
            canvas.line(
                trail(Knot(fx, y - 4), Knot(fx + 2, y + 20), Knot(fx + canvas.rng.uniform(-4, 4), y + 44)),
                3.4,
                mix(canvas.colour, canvas.ink, 0.25),
                1,
            )
        d = closed(
            sharp(x - 40, 250), sharp(x + 44, 250), soft(x + 50 + lean, 430), sharp(x + 54 + lean * 3, y),
            soft(x + lean * 3, y + 6), sharp(x - 54 + lean * 3, y), soft(x - 46 + lean, 430))  # fmt: skip
        canvas.piece(d, angle=lean * -0.6)
        canvas.folds(
            [lens(x - 16, 270, x - 22 + lean * 2, y - 40, 9), lens(x + 20, 300, x + 26 + lean, y - 20, 8)],
            within=d,
            opacity=0.3,
        )
    ring = closed(
        soft(-136, 190), soft(-80, 132), soft(0, 120), soft(84, 132), soft(138, 190), soft(116, 268), soft(40, 330),
        soft(-40, 332), soft(-112, 272))  # fmt: skip
    canvas.piece(ring, angle=-16, puff=16)
    hole = closed(
        soft(-78, 190), soft(-40, 164), soft(0, 158), soft(44, 164), soft(80, 190), soft(44, 212), soft(0, 218),
        soft(-44, 212))  # fmt: skip
    canvas.piece(hole, fill=darken(canvas.colour, 0.5), puff=6, is_plain=True)
    canvas.folds(
        [lens(-120, 220, 40, 318, 10, -14), lens(-96, 200, 90, 276, 9, -22), lens(110, 210, -20, 322, 9, 16)],
        within=ring,
        opacity=0.34,
    )


def _hand(is_mitten: bool) -> list[Knot]:
    """A left hand laid flat, fingers up, thumb to the right."""
    hand = [sharp(-62, 560), soft(-70, 440), soft(-74, 350)]
    if is_mitten:
        hand += [soft(-66, 250), soft(-10, 196), soft(48, 240), soft(62, 340)]
    else:
        for x, tip in ((-58, 236), (-20, 196), (18, 204), (52, 246)):
            hand += [
                soft(x - 18, tip + 44),
                soft(x - 12, tip + 8),
                soft(x, tip - 3),
                soft(x + 12, tip + 8),
                soft(x + 18, tip + 44),
                sharp(x + 19, 330 if x < 50 else 350),
            ]
    hand += [
        soft(68, 388),
        soft(92, 352),
        soft(112, 318),
        soft(130, 330),
        soft(120, 380),
        soft(82, 452),
        sharp(62, 560),
    ]
    return hand


def gloves(canvas: Canvas) -> None:
    """A pair of gloves, or mittens."""
    drawing = canvas.drawing
    is_mitten = drawing.word("kind", "glove") == "mitten"
    for sign in (-1, 1):
        with canvas.group(f"translate({sign * 104} {24 if sign > 0 else 0}) rotate({sign * 7} 0 420)"):
            hand = _hand(is_mitten)
            knots = hand if sign < 0 else flipped(hand)
            d = closed(*knots)
            canvas.piece(d, puff=10)
            if not is_mitten:
                for x in (-40, -1, 37):
                    canvas.line(f"M{-sign * x} 344V{392 - abs(x) * 0.3:.0f}", 2, opacity=0.45)
            canvas.folds([lens(-sign * 64, 430, -sign * 96, 400, 7), lens(-40, 470, 30, 486, 7)], within=d)
            if drawing.material in ("leather", "suede", "faux leather"):
                canvas.piece(closed(
                    sharp(-64, 556), soft(0, 548), sharp(64, 556), sharp(66, 616), soft(0, 622), sharp(-66, 616)),
                    fill=darken(canvas.colour, 0.15), puff=5, is_plain=True)  # fmt: skip
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
            leg = closed(
                sharp(0, top), sharp(108, top), soft(110, 420), soft(124, 540), soft(112, 608), soft(60, 634),
                soft(-40, 644), soft(-120, 652), soft(-164, 624), soft(-158, 574), soft(-90, 546), soft(-20, 500),
                soft(2, 420))  # fmt: skip
            canvas.piece(leg, puff=12)
            canvas.folds([lens(0, 470, 70, 520, 9), lens(10, 440, 66, 452, 7), lens(-60, 560, -20, 600, 7)], within=leg)
            canvas.piece(
                closed(soft(126, 552), soft(114, 608), soft(64, 632), sharp(38, 628), soft(70, 580), sharp(116, 528)),
                fill=trim,
                puff=6,
                is_plain=True,
            )
            canvas.piece(closed(
                sharp(-112, 554), soft(-158, 574), soft(-164, 624), soft(-120, 652), sharp(-94, 650),
                soft(-116, 600)), fill=trim, puff=6, is_plain=True)  # fmt: skip
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
            d = (
                f"M0 176C{a * 0.5:.0f} 186 {a * 0.94:.0f} 262 {a:.0f} {base}Q{m:.0f} {base - 40} {b:.0f} {base}"
                f"C{b * 0.94:.0f} 262 {b * 0.5:.0f} 186 0 176Z"
            )
            canvas.piece(d, fill=fill, angle=(k - 2.5) * 12, puff=9, is_plain=drawing.pattern == "colour-block")
        canvas.gleam(lens(-190, 330, -60, 206, 16), 0.34, 9)
        canvas.metal(box(-5, 138, 10, 42, 4), "#a9a29c")
        for x in edges:
            canvas.metal(ellipse(x, base + 2, 4.5), "#c3c7cb")
