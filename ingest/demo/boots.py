"""Boots and heels."""

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, box, closed, ellipse, lens, sharp, soft, trail
from ingest.demo.palette import darken
from ingest.demo.shoes import laces, pair, sole_slab


def boots(canvas: Canvas) -> None:
    """Chelsea, lace-up or heeled ankle boots."""
    with canvas.group("translate(0 26)"):
        pair(canvas, _boot)


def _boot(canvas: Canvas) -> None:
    drawing = canvas.drawing
    kind = drawing.word("kind", "chelsea")
    top = -drawing.number("shaft", 300)
    heel = drawing.number("heel", 30)
    canvas.piece(
        closed(soft(-6, top), soft(80, top - 14), soft(168, top - 6), soft(80, top + 14)),
        fill=darken(canvas.colour, 0.55),
        puff=4,
        is_plain=True,
    )
    upper = closed(
        soft(-214, -28), soft(-196, -78), soft(-130, -108), soft(-40, -158), soft(-10, -220), sharp(-8, top + 2),
        soft(80, top + 16), sharp(170, top - 4),
        soft(168, -180), soft(186, -100), sharp(196, -heel - 4), sharp(70, -heel + 4), sharp(-190, -18),
    )  # fmt: skip
    canvas.piece(upper)
    canvas.folds(
        [lens(-40, -150, 40, -128, 8), lens(-20, -186, 60, -170, 7), lens(120, -170, 172, -190, 7)], within=upper
    )
    _shaft(canvas, kind, top, heel)
    tone = "#3a2b26" if drawing.word("sole_tone", "dark") == "dark" else "#b08050"
    sole_slab(canvas, tone, 20 if kind != "lace" else 30, -222, 200, 12)
    canvas.piece(
        closed(sharp(92, -heel), sharp(200, -heel - 4), sharp(196, 0), sharp(104, 0)),
        fill=darken(tone, 0.3),
        puff=4,
        is_plain=True,
    )
    canvas.gleam(lens(-188, -72, -100, -112, 8), 0.45)
    canvas.gleam(lens(20, top + 40, 20, -190, 9), 0.26)


def _shaft(canvas: Canvas, kind: str, top: float, heel: float) -> None:
    """Elastic, laces or a zip, and the seams about them."""
    if kind == "chelsea":
        gore = closed(sharp(46, top + 14), sharp(122, top + 12), soft(112, -190), soft(88, -130), soft(62, -190))
        canvas.piece(gore, fill=darken(canvas.colour, 0.45), puff=4, is_plain=True)
        for k in range(6):
            canvas.line(f"M{54 + k * 11} {top + 18:.0f}L{72 + k * 5} -164", 1.3, opacity=0.5)
        canvas.line(trail(Knot(88, -130), Knot(40, -90), Knot(30, -heel)), 2)
        canvas.piece(box(126, top - 34, 20, 44, 6), puff=3, is_plain=True)
    elif kind == "lace":
        canvas.line(trail(Knot(-150, -26), Knot(-126, -70), Knot(-136, -106)), 2.4)
        canvas.line(trail(Knot(-50, -150), Knot(-10, -120), Knot(40, -150), Knot(50, top + 14)), 2.4)
        laces(
            canvas,
            (-46, -150),
            (2, top + 40),
            7,
            "#d9b98a" if canvas.drawing.number("motif", 0) % 2 else darken(canvas.colour, 0.6),
            40,
        )
        canvas.rib(trail(Knot(-8, top + 6), Knot(80, top + 18), Knot(170, top)), 14)
    else:
        canvas.zipper(trail(Knot(120, top + 8), Knot(116, -180), Knot(110, -60)), width=5)
        canvas.line(trail(Knot(-60, -140), Knot(0, -100), Knot(90, -110), Knot(170, -150)), 2, opacity=0.5)


def heels(canvas: Canvas) -> None:
    """Pumps, slingbacks and strappy heels."""
    pair(canvas, _heel)


def _heel(canvas: Canvas) -> None:
    drawing = canvas.drawing
    h = drawing.number("heel", 130)
    w = drawing.number("heel_width", 10)
    kind = drawing.word("kind", "pump")
    point = drawing.number("toe", 12)
    canvas.piece(closed(
        sharp(-110, -66), soft(-20, -h * 0.62 - 20), soft(80, -h - 26), sharp(160, -h - 60), sharp(150, -h),
        soft(40, -h * 0.72), sharp(-80, -34)), fill="#c9a47c", puff=7, is_plain=True)  # fmt: skip
    stem = closed(
        sharp(110, -h - 4), sharp(180, -h - 26), soft(176, -h * 0.6), sharp(150 + w, 0), sharp(150 - w, 0),
        soft(142, -h * 0.5))  # fmt: skip
    canvas.piece(stem, puff=6)
    canvas.flat(box(150 - w - 1, -7, 2 * w + 2, 8, 2), "#2c2224")
    if kind == "strappy":
        _straps(canvas, h)
    else:
        _court(canvas, kind, h, point)
    canvas.line(
        trail(Knot(-214 - point, -3), Knot(-100, -4), Knot(30, -h * 0.6 + 10), Knot(116, -h + 2)), 5, "#7a5138", 1
    )


def _court(canvas: Canvas, kind: str, h: float, point: float) -> None:
    """The upper of a pump or slingback, with or without a bow."""
    back = (
        [soft(120, -h - 60), sharp(172, -h - 78), soft(184, -h - 40), sharp(180, -h - 14)]
        if kind == "pump"
        else [sharp(60, -h * 0.86 - 8)]
    )
    low = [soft(96, -h + 4), soft(20, -h * 0.66 + 12)]
    upper = closed(
        soft(-226 - point, -12), soft(-190, -44), sharp(-124, -70), soft(-70, -56), soft(0, -h * 0.5 - 26),
        *back, *low, soft(-90, -12), sharp(-200, -4))  # fmt: skip
    canvas.piece(upper)
    if kind == "slingback":
        canvas.line(
            trail(Knot(54, -h * 0.8 - 6), Knot(130, -h - 62), Knot(184, -h - 74), Knot(180, -h - 26)),
            11,
            darken(canvas.colour, 0.35),
            1,
        )
        canvas.line(
            trail(Knot(54, -h * 0.8 - 6), Knot(130, -h - 62), Knot(184, -h - 74), Knot(180, -h - 26)),
            8,
            canvas.colour,
            1,
        )
    canvas.line(trail(Knot(-122, -66), Knot(-70, -52), Knot(0, -h * 0.5 - 22)), 2.4)
    if canvas.drawing.word("bow") == "yes":
        for sign in (1, -1):
            canvas.piece(
                closed(
                    sharp(-126, -70),
                    soft(-126 + sign * 24, -96),
                    soft(-126 + sign * 38, -74),
                    soft(-126 + sign * 22, -58),
                ),
                puff=4,
                is_plain=True,
            )
        canvas.piece(ellipse(-126, -72, 9), puff=3, is_plain=True)
    canvas.gleam(lens(-200 - point, -30, -120, -62, 6), 0.6, 4)


def _straps(canvas: Canvas, h: float) -> None:
    foot = closed(
        sharp(-216, -14), soft(-120, -18), soft(20, -h * 0.66 - 4), sharp(170, -h - 24), sharp(176, -h - 10),
        soft(20, -h * 0.62 + 12), soft(-110, -4), sharp(-214, -2))  # fmt: skip
    canvas.piece(foot, puff=4, is_plain=True)
    bands = (((-176, -14), (-150, -62), (-104, -20)), ((-128, -16), (-92, -76), (-50, -40)))
    for a, b, c in bands:
        canvas.line(trail(Knot(*a), Knot(*b), Knot(*c)), 19, darken(canvas.colour, 0.35), 1)
        canvas.line(trail(Knot(*a), Knot(*b), Knot(*c)), 16, canvas.colour, 1)
    ankle = closed(
        soft(40, -h - 78), soft(110, -h - 62), soft(178, -h - 84), sharp(182, -h - 100), soft(110, -h - 80),
        sharp(42, -h - 96))  # fmt: skip
    counter = closed(
        sharp(136, -h - 12), soft(150, -h - 66), sharp(178, -h - 94), soft(188, -h - 50), sharp(178, -h - 12)
    )
    canvas.piece(counter, puff=5, is_plain=True)
    canvas.piece(ankle, puff=4, is_plain=True)
    canvas.metal(box(72, -h - 92, 18, 24, 3), "#c9a24a")
