"""Sneakers and sports shoes."""

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, closed, ellipse, lens, sharp, soft, trail
from ingest.demo.palette import darken, lighten, luminance, mix
from ingest.demo.shoes import laces, pair, sole_slab


def sneakers(canvas: Canvas) -> None:
    """Low or high casual sneaker with a rubber sole."""
    pair(canvas, _sneaker)


def _sneaker(canvas: Canvas) -> None:
    drawing = canvas.drawing
    high = drawing.number("high", 0)
    sole = drawing.number("sole", 36)
    rubber = "#f1eadc" if drawing.word("sole_tone", "white") == "white" else "#c99a63"
    top = -190 - high
    tongue = closed(sharp(-60, -140), soft(-34, top - 24), soft(4, top - 32), sharp(30, top + 2), sharp(10, -130))
    canvas.piece(tongue, puff=6)
    upper = closed(
        soft(-212, -sole - 12), soft(-196, -78), soft(-140, -104), sharp(-76, -142), soft(-30, top + 28),
        sharp(16, top), soft(80, top + 26 + high * 0.1), soft(140, top + 10), soft(172, top - 6), soft(190, top + 4),
        soft(196, top + 50), soft(207, -90), sharp(208, -sole + 4), sharp(-206, -sole + 4),
    )  # fmt: skip
    canvas.piece(upper)
    canvas.piece(closed(
        soft(-212, -sole - 8), soft(-198, -76), soft(-150, -98), soft(-128, -66), sharp(-130, -sole),
        sharp(-206, -sole)), fill=mix(canvas.colour, drawing.accent, 0.0 if drawing.pattern == "solid" else 0.9),
        puff=6, is_plain=True)  # fmt: skip
    heel = closed(
        sharp(146, top + 8), soft(172, top - 6), soft(190, top + 4), soft(196, top + 50), soft(207, -90),
        sharp(208, -sole), sharp(140, -sole), soft(160, -90))  # fmt: skip
    canvas.piece(heel, fill=drawing.accent, puff=6, is_plain=True)
    canvas.piece(
        closed(sharp(-76, -140), sharp(16, top), sharp(44, top + 24), soft(10, -110), sharp(-44, -84), soft(-70, -110)),
        puff=4,
        is_plain=True,
    )
    _mark(canvas, top)
    canvas.stitch(trail(Knot(-124, -sole - 4), Knot(-118, -70), Knot(-140, -96)))
    canvas.stitch(trail(Knot(-30, -88), Knot(30, -92), Knot(52, top + 28)))
    laces(
        canvas,
        (-62, -134),
        (4, top + 12),
        5 if high < 30 else 7,
        "#f6efe1" if luminance(canvas.colour) < 0.75 else "#e5d9c6",
    )
    sole_slab(canvas, rubber, sole)
    canvas.line(f"M-208 {-sole * 0.45:.0f}Q0 {-sole * 0.3:.0f} 210 {-sole * 0.5:.0f}", 3, drawing.accent, 0.75)
    canvas.gleam(lens(-186, -76, -100, -118, 7), 0.4)


def _mark(canvas: Canvas, top: float) -> None:
    accent, mark = canvas.drawing.accent, canvas.drawing.word("mark", "stripe")
    if mark == "stripe":
        canvas.piece(closed(
            sharp(44, -62), soft(70, -100), sharp(104, top + 34), sharp(132, top + 34), soft(100, -96),
            sharp(76, -52)), fill=accent, puff=3, is_plain=True)  # fmt: skip
    elif mark == "star":
        canvas.flat(ellipse(86, -104, 25), "#f1eadc")
        canvas.flat(ellipse(86, -104, 14), accent)


def sports_shoes(canvas: Canvas) -> None:
    """Running shoe: rocker foam sole, mesh upper, welded overlays."""
    pair(canvas, _runner)


def _runner(canvas: Canvas) -> None:
    drawing = canvas.drawing
    foam, accent = "#f3ede2", drawing.accent
    thick = drawing.number("sole", 52)
    canvas.piece(closed(sharp(-50, -150), soft(-16, -222), soft(18, -228), sharp(34, -190), sharp(10, -140)), puff=6)
    upper = closed(
        soft(-222, -thick - 8), soft(-204, -84), soft(-150, -112), sharp(-78, -152), soft(-34, -186), sharp(20, -204),
        soft(84, -166), soft(130, -176), soft(182, -216), soft(200, -212), soft(198, -150), 
        sharp(212, -thick + 4), sharp(-210, -thick + 14),
    )  # fmt: skip
    canvas.piece(upper)
    heel = closed(
        sharp(152, -194), soft(182, -216), soft(200, -212), soft(198, -150), sharp(212, -thick), sharp(110, -thick),
        soft(150, -100))  # fmt: skip
    canvas.piece(heel, fill=mix(accent, canvas.colour, 0.25), puff=6, is_plain=True)
    canvas.piece(closed(
        soft(-222, -thick - 6), soft(-206, -82), soft(-176, -100), soft(-160, -70), sharp(-140, -thick + 6),
        sharp(-210, -thick + 8)), fill=darken(canvas.colour, 0.25), puff=6, is_plain=True)  # fmt: skip
    saddle = closed(
        sharp(-66, -thick), soft(-40, -96), sharp(-22, -142), sharp(18, -160), soft(24, -120), soft(70, -84),
        sharp(130, -thick))  # fmt: skip
    canvas.piece(saddle, fill=accent, puff=4, is_plain=True)
    canvas.line(
        trail(Knot(-34, -thick - 4), Knot(-8, -92), Knot(30, -78), Knot(84, -thick - 6)), 4, lighten(accent, 0.55), 0.8
    )
    laces(canvas, (-62, -148), (8, -196), 6, lighten(accent, 0.6), 42)
    sole = closed(
        soft(-226, -34), soft(-196, -thick + 2), soft(-80, -thick - 2), soft(60, -thick - 8), soft(180, -thick - 16),
        sharp(224, -thick - 4),
        soft(228, -24), sharp(196, 0), soft(90, 2), soft(20, -8), soft(-60, 2), soft(-160, 0),
    )  # fmt: skip
    canvas.piece(sole, fill=foam, puff=7, is_plain=True)
    canvas.line("M-214 -30Q-60 -26 40 -40T222 -40", 4, accent, 0.9)
    canvas.line("M-176 -2Q-100 4 -40 -1M60 0Q130 4 192 -3", 7, darken(canvas.colour, 0.4), 0.9)
    canvas.gleam(lens(-190, -84, -110, -122, 7), 0.4)
