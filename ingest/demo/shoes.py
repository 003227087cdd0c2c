"""Shoes in profile, toe to the left: a pair, one behind the other."""

from collections.abc import Callable

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, box, closed, ellipse, lens, sharp, soft, trail
from ingest.demo.palette import darken, lighten, luminance, mix

FLOOR_Y = 590.0


def _pair(canvas: Canvas, draw: Callable[[Canvas], None]) -> None:
    """The shoe twice: a darker one further back, shifted up and to the right."""
    with canvas.group(f"translate(26 {FLOOR_Y - 92:.0f}) scale(1.02)"):
        draw(canvas)
    with canvas.group(f"translate(-12 {FLOOR_Y:.0f}) scale(1.12)"):
        draw(canvas)


def _sole(canvas: Canvas, tone: str, height: float, toe: float = -218, heel: float = 214, rise: float = 10) -> None:
    """A flat sole of even height, slightly lifted at the toe."""
    d = closed(
        soft(toe, -height - rise * 0.4), soft(toe + 50, -height - 2), soft(0, -height), soft(heel - 30, -height - 2),
        sharp(heel, -height - 4), soft(heel + 3, -height * 0.4), sharp(heel - 8, 0), soft(0, 2), soft(toe + 50, 0), soft(toe + 2, -rise),
    )  # fmt: skip
    canvas.piece(d, fill=tone, puff=5, is_plain=True)


def _laces(canvas: Canvas, start: tuple[float, float], end: tuple[float, float], n: int, tone: str, width: float = 46) -> None:
    """Laces across the throat from low to high."""
    for k in range(n):
        f = k / (n - 1)
        x, y = start[0] + (end[0] - start[0]) * f, start[1] + (end[1] - start[1]) * f
        d = trail(Knot(x - width * 0.28, y - 7), Knot(x + width * 0.16, y + 4), Knot(x + width * 0.5, y + 19))
        canvas.line(d, 9, darken(tone, 0.45), 0.8)
        canvas.line(d, 6.5, tone, 1)
        canvas.hole(x + width * 0.54, y + 20, 3.4, "#c3c7cb")


def sneakers(canvas: Canvas) -> None:
    """Low or high casual sneaker with a rubber sole."""
    _pair(canvas, _sneaker)


def _sneaker(canvas: Canvas) -> None:
    drawing = canvas.drawing
    high = drawing.number("high", 0)
    sole = drawing.number("sole", 36)
    rubber = "#f1eadc" if drawing.word("sole_tone", "white") == "white" else "#c99a63"
    top = -190 - high
    tongue = closed(sharp(-60, -140), soft(-34, top - 24), soft(4, top - 32), sharp(30, top + 2), sharp(10, -130))
    canvas.piece(tongue, puff=6)
    upper = closed(
        soft(-212, -sole - 12), soft(-196, -78), soft(-140, -104), sharp(-76, -142), soft(-30, top + 28), sharp(16, top),
        soft(80, top + 26 + high * 0.1), soft(140, top + 10), soft(172, top - 6), soft(190, top + 4), soft(196, top + 50), soft(207, -90), sharp(208, -sole + 4), sharp(-206, -sole + 4),
    )  # fmt: skip
    canvas.piece(upper)
    canvas.piece(closed(soft(-212, -sole - 8), soft(-198, -76), soft(-150, -98), soft(-128, -66), sharp(-130, -sole), sharp(-206, -sole)), fill=mix(canvas.colour, drawing.accent, 0.0 if drawing.pattern == "solid" else 0.9), puff=6, is_plain=True)
    accent = drawing.accent
    heel = closed(sharp(146, top + 8), soft(172, top - 6), soft(190, top + 4), soft(196, top + 50), soft(207, -90), sharp(208, -sole), sharp(140, -sole), soft(160, -90))
    canvas.piece(heel, fill=accent, puff=6, is_plain=True)
    canvas.piece(closed(sharp(-76, -140), sharp(16, top), sharp(44, top + 24), soft(10, -110), sharp(-44, -84), soft(-70, -110)), puff=4, is_plain=True)
    mark = drawing.word("mark", "stripe")
    if mark == "stripe":
        canvas.piece(closed(sharp(44, -62), soft(70, -100), sharp(104, top + 34), sharp(132, top + 34), soft(100, -96), sharp(76, -52)), fill=accent, puff=3, is_plain=True)
    elif mark == "star":
        canvas.flat(ellipse(86, -104, 25), "#f1eadc")
        canvas.flat(ellipse(86, -104, 14), accent)
    canvas.stitch(trail(Knot(-124, -sole - 4), Knot(-118, -70), Knot(-140, -96)))
    canvas.stitch(trail(Knot(-30, -88), Knot(30, -92), Knot(52, top + 28)))
    _laces(canvas, (-62, -134), (4, top + 12), 5 if high < 30 else 7, "#f6efe1" if luminance(canvas.colour) < 0.75 else "#e5d9c6")
    _sole(canvas, rubber, sole)
    canvas.line(f"M-208 {-sole * 0.45:.0f}Q0 {-sole * 0.3:.0f} 210 {-sole * 0.5:.0f}", 3, accent, 0.75)
    canvas.gleam(lens(-186, -76, -100, -118, 7), 0.4)


def sports_shoes(canvas: Canvas) -> None:
    """Running shoe: rocker foam sole, mesh upper, welded overlays."""
    _pair(canvas, _runner)


def _runner(canvas: Canvas) -> None:
    drawing = canvas.drawing
    foam, accent = "#f3ede2", drawing.accent
    thick = drawing.number("sole", 52)
    canvas.piece(closed(sharp(-50, -150), soft(-16, -222), soft(18, -228), sharp(34, -190), sharp(10, -140)), puff=6)
    upper = closed(
        soft(-222, -thick - 8), soft(-204, -84), soft(-150, -112), sharp(-78, -152), soft(-34, -186), sharp(20, -204),
        soft(84, -166), soft(130, -176), soft(182, -216), soft(200, -212), soft(198, -150), sharp(212, -thick + 4), sharp(-210, -thick + 14),
    )  # fmt: skip
    canvas.piece(upper)
    heel = closed(sharp(152, -194), soft(182, -216), soft(200, -212), soft(198, -150), sharp(212, -thick), sharp(110, -thick), soft(150, -100))
    canvas.piece(heel, fill=mix(accent, canvas.colour, 0.25), puff=6, is_plain=True)
    canvas.piece(closed(soft(-222, -thick - 6), soft(-206, -82), soft(-176, -100), soft(-160, -70), sharp(-140, -thick + 6), sharp(-210, -thick + 8)), fill=darken(canvas.colour, 0.25), puff=6, is_plain=True)
    for k in range(3):
        x = -40 + k * 52
        canvas.piece(closed(sharp(x - 8, -thick), soft(x + 18, -104), sharp(x + 40, -158 + k * 6), sharp(x + 58, -154 + k * 6), soft(x + 40, -100), sharp(x + 20, -thick)), fill=accent, puff=3, is_plain=True)
    _laces(canvas, (-62, -148), (8, -196), 6, lighten(accent, 0.6), 42)
    sole = closed(
        soft(-226, -34), soft(-196, -thick + 2), soft(-80, -thick - 2), soft(60, -thick - 8), soft(180, -thick - 16), sharp(224, -thick - 4),
        soft(228, -24), sharp(196, 0), soft(90, 2), soft(20, -8), soft(-60, 2), soft(-160, 0),
    )  # fmt: skip
    canvas.piece(sole, fill=foam, puff=7, is_plain=True)
    canvas.line("M-214 -30Q-60 -26 40 -40T222 -40", 4, accent, 0.9)
    canvas.line("M-176 -2Q-100 4 -40 -1M60 0Q130 4 192 -3", 7, darken(canvas.colour, 0.4), 0.9)
    canvas.gleam(lens(-190, -84, -110, -122, 7), 0.4)


def formal_shoes(canvas: Canvas) -> None:
    """Oxford, derby or brogue on a leather sole."""
    _pair(canvas, _oxford)


def _oxford(canvas: Canvas) -> None:
    drawing = canvas.drawing
    canvas.piece(closed(sharp(-36, -130), soft(-8, -170), sharp(30, -178), sharp(30, -130)), fill=darken(canvas.colour, 0.3), puff=5, is_plain=True)
    point = drawing.number("toe", 10)
    upper = closed(
        soft(-222 - point, -24), soft(-206 - point, -56), soft(-150, -84), sharp(-58, -132), soft(-16, -160), sharp(28, -170),
        soft(92, -128), soft(140, -128), soft(178, -142), soft(190, -132), soft(192, -90), sharp(200, -26), sharp(-206, -18),
    )  # fmt: skip
    canvas.piece(upper)
    canvas.line(trail(Knot(-146, -20), Knot(-124, -56), Knot(-140, -84)), 2.4)
    canvas.line(trail(Knot(-58, -130), Knot(-66, -96), Knot(-20, -84), Knot(58, -90), Knot(88, -126)), 2.4)
    canvas.line(trail(Knot(120, -24), Knot(126, -76), Knot(140, -126)), 2.2)
    if drawing.word("brogue") == "yes":
        for x, y in ((-136, -28), (-130, -42), (-127, -56), (-131, -70), (-56, -92), (-38, -84), (-20, -80), (0, -79), (20, -81), (40, -84), (132, -40), (132, -60), (135, -82), (139, -104)):
            canvas.flat(ellipse(x - 4, y + 2, 3), darken(canvas.colour, 0.7))
        for x, y in ((-196, -46), (-182, -56), (-196, -62), (-182, -42), (-168, -50)):
            canvas.flat(ellipse(x, y, 2.6), darken(canvas.colour, 0.7))
    canvas.stitch(trail(Knot(-54, -122), Knot(-56, -98), Knot(-18, -90), Knot(54, -96), Knot(80, -128)), width=1.3)
    _laces(canvas, (-40, -134), (14, -164), 4, darken(canvas.colour, 0.35), 30)
    sole_tone = "#7a4a2c" if luminance(canvas.colour) < 0.45 else "#9a683f"
    canvas.piece(closed(soft(-230 - point, -22), sharp(-210, -26), soft(-60, -20), sharp(204, -30), sharp(208, -18), sharp(90, -12), soft(-60, -6), soft(-180, 0), soft(-226 - point, -8)), fill=sole_tone, puff=3, is_plain=True)
    canvas.piece(closed(sharp(92, -14), sharp(208, -20), sharp(206, 0), sharp(100, 0)), fill=darken(sole_tone, 0.35), puff=4, is_plain=True)
    canvas.gleam(lens(-204 - point, -52, -120, -84, 9), 0.6, 5)
    canvas.gleam(lens(166, -124, 174, -50, 8), 0.4, 5)


def loafers(canvas: Canvas) -> None:
    """Penny, tassel or driving loafer."""
    _pair(canvas, _loafer)


def _loafer(canvas: Canvas) -> None:
    drawing = canvas.drawing
    canvas.piece(closed(sharp(-70, -106), soft(40, -126), sharp(176, -140), sharp(150, -96), sharp(-30, -90)), fill="#b8936a", puff=6, is_plain=True)
    upper = closed(
        soft(-222, -22), soft(-208, -62), soft(-150, -92), sharp(-64, -130), soft(-30, -112), soft(40, -94), soft(120, -108),
        soft(172, -136), soft(188, -128), soft(194, -86), sharp(202, -24), sharp(-206, -16),
    )  # fmt: skip
    canvas.piece(upper)
    apron = closed(soft(-196, -60), soft(-150, -90), sharp(-66, -128), soft(-64, -98), soft(-110, -70), soft(-170, -52))
    canvas.piece(apron, puff=5)
    canvas.line(trail(Knot(-200, -58), Knot(-168, -50), Knot(-108, -68), Knot(-62, -98), Knot(-60, -122)), 3.4, darken(canvas.colour, 0.5), 0.8)
    canvas.stitch(trail(Knot(-194, -54), Knot(-166, -46), Knot(-104, -62), Knot(-58, -92)), lighten(canvas.colour, 0.5))
    strap = closed(sharp(-92, -118), sharp(-56, -132), soft(-30, -96), sharp(-24, -20), sharp(-66, -20), soft(-70, -80))
    canvas.piece(strap, puff=5)
    kind = drawing.word("kind", "penny")
    if kind == "penny":
        canvas.flat(closed(sharp(-76, -104), soft(-62, -108), sharp(-52, -104), soft(-60, -94)), darken(canvas.colour, 0.7))
    elif kind == "bit":
        canvas.metal(trail(Knot(-88, -106), Knot(-66, -98), Knot(-46, -104)), "#c9a24a", 6)
        canvas.metal(ellipse(-44, -100, 9), "#c9a24a")
    else:
        for dx in (0, 16):
            canvas.line(f"M-74 -112L{-84 + dx} -84", 4, darken(canvas.colour, 0.3), 1)
            canvas.piece(closed(sharp(-88 + dx, -86), sharp(-80 + dx, -86), sharp(-76 + dx, -60), sharp(-94 + dx, -60)), puff=2, is_plain=True)
    canvas.line(trail(Knot(126, -20), Knot(132, -70), Knot(150, -118)), 2)
    tone = "#6f4a30"
    canvas.piece(closed(soft(-228, -18), sharp(-206, -22), soft(0, -20), sharp(204, -28), sharp(206, -14), sharp(100, -10), soft(0, -4), soft(-196, 0)), fill=tone, puff=3, is_plain=True)
    canvas.piece(closed(sharp(108, -12), sharp(207, -18), sharp(205, 0), sharp(114, 0)), fill=darken(tone, 0.4), puff=3, is_plain=True)
    canvas.gleam(lens(-190, -62, -104, -98, 7), 0.5)
    canvas.gleam(box(168, -120, 10, 60, 5), 0.3)
