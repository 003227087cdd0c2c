"""Leather shoes: Oxfords, brogues, loafers; and how a pair stands in the window. Profiles point left."""

from collections.abc import Callable

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, box, closed, ellipse, lens, sharp, soft, trail
from ingest.demo.palette import darken, lighten, luminance

FLOOR_Y = 590.0


def pair(canvas: Canvas, draw: Callable[[Canvas], None]) -> None:
    """The shoe twice: a darker one further back, shifted up and to the right."""
    with canvas.group(f"translate(26 {FLOOR_Y - 92:.0f}) scale(1.02)"):
        draw(canvas)
    with canvas.group(f"translate(-12 {FLOOR_Y:.0f}) scale(1.12)"):
        draw(canvas)


def sole_slab(canvas: Canvas, tone: str, height: float, toe: float = -218, heel: float = 214, rise: float = 10) -> None:
    """A flat sole of even height, slightly lifted at the toe."""
    d = closed(
        soft(toe, -height - rise * 0.4), soft(toe + 50, -height - 2), soft(0, -height), soft(heel - 30, -height - 2),
        sharp(heel, -height - 4), soft(heel + 3, -height * 0.4), sharp(heel - 8, 0), soft(0, 2),
        soft(toe + 50, 0), soft(toe + 2, -rise),
    )  # fmt: skip
    canvas.piece(d, fill=tone, puff=5, is_plain=True)


def laces(
    canvas: Canvas, start: tuple[float, float], end: tuple[float, float], n: int, tone: str, width: float = 46
) -> None:
    """Laces across the throat from low to high."""
    for k in range(n):
        f = k / (n - 1)
        x, y = start[0] + (end[0] - start[0]) * f, start[1] + (end[1] - start[1]) * f
        d = trail(Knot(x - width * 0.28, y - 7), Knot(x + width * 0.16, y + 4), Knot(x + width * 0.5, y + 19))
        canvas.line(d, 9, darken(tone, 0.45), 0.8)
        canvas.line(d, 6.5, tone, 1)
        canvas.hole(x + width * 0.54, y + 20, 3.4, "#c3c7cb")


def formal_shoes(canvas: Canvas) -> None:
    """Oxford, derby or brogue on a leather sole."""
    pair(canvas, _oxford)


def _oxford(canvas: Canvas) -> None:
    drawing = canvas.drawing
    canvas.piece(
        closed(sharp(-36, -130), soft(-8, -170), sharp(30, -178), sharp(30, -130)),
        fill=darken(canvas.colour, 0.3),
        puff=5,
        is_plain=True,
    )
    point = drawing.number("toe", 10)
    upper = closed(
        soft(-222 - point, -24), soft(-206 - point, -56), soft(-150, -84), sharp(-58, -132), soft(-16, -160),
        sharp(28, -170), soft(92, -128), soft(140, -128), soft(178, -142), soft(190, -132), soft(192, -90),
        sharp(200, -26), sharp(-206, -18),
    )  # fmt: skip
    canvas.piece(upper)
    canvas.line(trail(Knot(-146, -20), Knot(-124, -56), Knot(-140, -84)), 2.4)
    canvas.line(trail(Knot(-58, -130), Knot(-66, -96), Knot(-20, -84), Knot(58, -90), Knot(88, -126)), 2.4)
    canvas.line(trail(Knot(120, -24), Knot(126, -76), Knot(140, -126)), 2.2)
    if drawing.word("brogue") == "yes":
        _punch(canvas)
    canvas.stitch(trail(Knot(-54, -122), Knot(-56, -98), Knot(-18, -90), Knot(54, -96), Knot(80, -128)), width=1.3)
    laces(canvas, (-40, -134), (14, -164), 4, darken(canvas.colour, 0.35), 30)
    _leather_sole(canvas, point)
    canvas.gleam(lens(-204 - point, -52, -120, -84, 9), 0.6, 5)
    canvas.gleam(lens(166, -124, 174, -50, 8), 0.4, 5)


def _leather_sole(canvas: Canvas, point: float) -> None:
    sole_tone = "#7a4a2c" if luminance(canvas.colour) < 0.45 else "#9a683f"
    canvas.piece(closed(
        soft(-230 - point, -22), sharp(-210, -26), soft(-60, -20), sharp(204, -30), sharp(208, -18), sharp(90, -12),
        soft(-60, -6), soft(-180, 0), soft(-226 - point, -8)), fill=sole_tone, puff=3, is_plain=True)  # fmt: skip
    canvas.piece(
        closed(sharp(92, -14), sharp(208, -20), sharp(206, 0), sharp(100, 0)),
        fill=darken(sole_tone, 0.35),
        puff=4,
        is_plain=True,
    )


def _punch(canvas: Canvas) -> None:
    """The holes of a brogue, along its seams and on its toe."""
    for x, y in (
        (-136, -28),
        (-130, -42),
        (-127, -56),
        (-131, -70),
        (-56, -92),
        (-38, -84),
        (-20, -80),
        (0, -79),
        (20, -81),
        (40, -84),
        (132, -40),
        (132, -60),
        (135, -82),
        (139, -104),
    ):
        canvas.flat(ellipse(x - 4, y + 2, 3), darken(canvas.colour, 0.7))
    for x, y in ((-196, -46), (-182, -56), (-196, -62), (-182, -42), (-168, -50)):
        canvas.flat(ellipse(x, y, 2.6), darken(canvas.colour, 0.7))


def loafers(canvas: Canvas) -> None:
    """Penny, tassel or driving loafer."""
    pair(canvas, _loafer)


def _loafer(canvas: Canvas) -> None:
    drawing = canvas.drawing
    canvas.piece(
        closed(sharp(-70, -106), soft(40, -126), sharp(176, -140), sharp(150, -96), sharp(-30, -90)),
        fill="#b8936a",
        puff=6,
        is_plain=True,
    )
    upper = closed(
        soft(-222, -22), soft(-208, -62), soft(-150, -92), sharp(-64, -130), soft(-30, -112), soft(40, -94),
        soft(120, -108), soft(172, -136), soft(188, -128), soft(194, -86), sharp(202, -24), sharp(-206, -16),
    )  # fmt: skip
    canvas.piece(upper)
    apron = closed(soft(-196, -60), soft(-150, -90), sharp(-66, -128), soft(-64, -98), soft(-110, -70), soft(-170, -52))
    canvas.piece(apron, puff=5)
    canvas.line(
        trail(Knot(-200, -58), Knot(-168, -50), Knot(-108, -68), Knot(-62, -98), Knot(-60, -122)),
        3.4,
        darken(canvas.colour, 0.5),
        0.8,
    )
    canvas.stitch(trail(Knot(-194, -54), Knot(-166, -46), Knot(-104, -62), Knot(-58, -92)), lighten(canvas.colour, 0.5))
    strap = closed(sharp(-92, -118), sharp(-56, -132), soft(-30, -96), sharp(-24, -20), sharp(-66, -20), soft(-70, -80))
    canvas.piece(strap, puff=5)
    kind = drawing.word("kind", "penny")
    _saddle(canvas, kind)
    canvas.line(trail(Knot(126, -20), Knot(132, -70), Knot(150, -118)), 2)
    tone = "#6f4a30"
    canvas.piece(closed(
        soft(-228, -18), sharp(-206, -22), soft(0, -20), sharp(204, -28), sharp(206, -14), sharp(100, -10),
        soft(0, -4), soft(-196, 0)), fill=tone, puff=3, is_plain=True)  # fmt: skip
    canvas.piece(
        closed(sharp(108, -12), sharp(207, -18), sharp(205, 0), sharp(114, 0)),
        fill=darken(tone, 0.4),
        puff=3,
        is_plain=True,
    )
    canvas.gleam(lens(-190, -62, -104, -98, 7), 0.5)
    canvas.gleam(box(168, -120, 10, 60, 5), 0.3)


def _saddle(canvas: Canvas, kind: str) -> None:
    """What sits on a loafer's strap: a slot, a snaffle bit or tassels."""
    if kind == "penny":
        canvas.flat(
            closed(sharp(-76, -104), soft(-62, -108), sharp(-52, -104), soft(-60, -94)), darken(canvas.colour, 0.7)
        )
    elif kind == "bit":
        canvas.metal(trail(Knot(-88, -106), Knot(-66, -98), Knot(-46, -104)), "#c9a24a", 6)
        canvas.metal(ellipse(-44, -100, 9), "#c9a24a")
    else:
        for dx in (0, 16):
            canvas.line(f"M-74 -112L{-84 + dx} -84", 4, darken(canvas.colour, 0.3), 1)
            canvas.piece(
                closed(sharp(-88 + dx, -86), sharp(-80 + dx, -86), sharp(-76 + dx, -60), sharp(-94 + dx, -60)),
                puff=2,
                is_plain=True,
            )
