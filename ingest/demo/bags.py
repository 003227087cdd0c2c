"""Bags in the hand: handbags, totes, clutches, wallets."""

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, arch, box, ellipse, flipped, lens, mirrored, panel, sharp, soft, trail
from ingest.demo.palette import darken, lighten, luminance


def strap(canvas: Canvas, d: str, width: float, tone: str) -> None:
    """A leather strap along a line, with edge and a light along it."""
    canvas.line(d, width + 3, darken(tone, 0.5), 1)
    canvas.line(d, width, tone, 1)
    canvas.line(d, width * 0.3, lighten(tone, 0.45), 0.4)


def trim_tone(canvas: Canvas) -> str:
    """Leather for straps and trims: the bag's own colour, or tan on fabric."""
    if canvas.drawing.word("trim") == "tan" or canvas.drawing.material in ("canvas", "straw", "cotton"):
        return "#9a6238" if luminance(canvas.colour) > 0.2 else "#b98250"
    return darken(canvas.colour, 0.16)


def buckle(canvas: Canvas, x: float, y: float, width: float = 34, height: float = 28) -> None:
    canvas.metal(box(x - width / 2, y - height / 2, width, height, 5), "#d6b15c", 5)


def handbag(canvas: Canvas) -> None:
    """Structured handbag: trapeze or rounded body, flap or frame, one or two handles."""
    drawing = canvas.drawing
    w, top, bottom = drawing.number("width_px", 180), 350.0, 620.0
    tone = trim_tone(canvas)
    rise = drawing.number("handle", 150)
    for dx, dy, shade in ((8, -12, darken(tone, 0.3)), (0, 0, tone)):
        d = trail(
            Knot(-w * 0.56 + dx, top + 34 + dy), Knot(-w * 0.5 + dx, top - rise * 0.6 + dy),
            Knot(dx, top - rise + dy), Knot(w * 0.5 + dx, top - rise * 0.6 + dy),
            Knot(w * 0.56 + dx, top + 34 + dy))  # fmt: skip
        strap(canvas, d, 15, shade)
    flare = drawing.number("flare", 22)
    body = panel(
        (-w, top), (w, top), (w + flare, bottom), (-w - flare, bottom), radius=drawing.number("round", 26), bow=4
    )
    canvas.piece(body)
    canvas.folds(
        [lens(-w * 0.7, top + 90, -w * 0.84, bottom - 30, 12), lens(w * 0.6, top + 80, w * 0.8, bottom - 30, 12)],
        within=body,
    )
    side = [
        sharp(w - 4, top), soft(w + flare * 0.7 - 22, (top + bottom) / 2), sharp(w + flare - 22, bottom),
        soft(w + flare, bottom - 26), soft(w + flare * 0.7, (top + bottom) / 2), sharp(w, top)]  # fmt: skip
    canvas.line(trail(*side[:3]), 2)
    canvas.line(trail(*flipped(side[:3])), 2)
    if drawing.word("kind", "flap") == "flap":
        _handbag_flap(canvas, w, top)
    else:
        _handbag_zip(canvas, w, top, tone)
    for sign in (1, -1):
        canvas.metal(ellipse(sign * w * 0.56, top + 36, 15), "#c9a24a")
        canvas.flat(ellipse(sign * w * 0.56, top + 36, 8), canvas.colour)
    canvas.gleam(lens(-w + 14, top + 30, -w + 4, bottom - 50, 13), 0.34, 8)


def _handbag_zip(canvas: Canvas, w: float, top: float, tone: str) -> None:
    canvas.piece(
        mirrored(soft(0, top - 16), sharp(w - 3, top - 10), sharp(w + 2, top + 26), soft(0, top + 24)),
        fill=tone,
        puff=4,
        is_plain=True,
    )
    canvas.zipper(arch(soft(0, top - 8), soft(w - 12, top - 4)), "#d6b15c", 5)
    canvas.stitch(arch(soft(0, top + 18), soft(w - 2, top + 20)), lighten(canvas.colour, 0.4))
    canvas.line(f"M{w * 0.2:.0f} {top + 40}L{w * 0.24:.0f} {top + 92}", 3, tone, 1)
    canvas.piece(box(w * 0.24 - 14, top + 90, 28, 44, 8), fill=tone, puff=4, is_plain=True)


def _handbag_flap(canvas: Canvas, w: float, top: float) -> None:
    drop = canvas.drawing.number("flap", 130)
    flap = panel(
        (-w - 3, top - 5),
        (w + 3, top - 5),
        (w + 3, top + drop * 0.62),
        (w * 0.6, top + drop),
        (-w * 0.6, top + drop),
        (-w - 3, top + drop * 0.62),
        radius=44,
        bow=3,
    )
    canvas.piece(flap)
    canvas.stitch(arch(
        sharp(0, top + drop - 7), sharp(w * 0.56, top + drop - 8), soft(w * 0.82, top + drop * 0.8 - 6),
        soft(w - 7, top + drop * 0.56), sharp(w - 7, top + 6)), lighten(canvas.colour, 0.4))  # fmt: skip
    canvas.metal(box(-19, top + drop - 18, 38, 40, 8))
    canvas.metal(ellipse(0, top + drop + 2, 8), "#e2c276")


def tote(canvas: Canvas) -> None:
    """Open tote with two long handles."""
    drawing = canvas.drawing
    w, top = drawing.number("width_px", 168), 340.0
    bottom = top + drawing.number("height_px", 320)
    tone = trim_tone(canvas)
    rise = drawing.number("handle", 200)
    back = trail(
        Knot(-74, top + 6), Knot(-62, top - rise * 0.55), Knot(6, top - rise - 8), Knot(74, top - rise * 0.55),
        Knot(86, top + 6))  # fmt: skip
    strap(canvas, back, 17, darken(tone, 0.35))
    canvas.piece(
        mirrored(soft(0, top - 12), sharp(w, top), soft(0, top + 14)),
        fill=darken(canvas.colour, 0.5),
        puff=5,
        is_plain=True,
    )
    taper = drawing.number("taper", 12)
    body = mirrored(
        soft(0, top + 10), sharp(w, top), soft(w - taper * 0.3, (top + bottom) / 2), sharp(w - taper, bottom - 6),
        soft(w - taper - 20, bottom), soft(0, bottom + 5))  # fmt: skip
    canvas.piece(body)
    canvas.folds(
        [
            lens(-w + 30, top + 30, -w + 60, bottom - 20, 12),
            lens(w - 70, top + 40, w - 40, bottom - 30, 14),
            lens(-20, bottom - 140, 30, bottom - 10, 10),
        ],
        within=body,
    )
    canvas.stitch(arch(soft(0, top + 28), soft(w - 3, top + 19)))
    if drawing.word("base") == "yes":
        _tote_base(canvas, w, taper, bottom)
    front = trail(
        Knot(-80, top + 78), Knot(-76, top + 4), Knot(-60, top - rise * 0.5), Knot(0, top - rise + 14),
        Knot(60, top - rise * 0.5), Knot(76, top + 4), Knot(80, top + 78))  # fmt: skip
    strap(canvas, front, 18, tone)
    for x in (-80, 80):
        canvas.line(f"M{x - 7} {top + 48}l14 22m0 -22l-14 22", 1.8, lighten(tone, 0.5), 0.8)


def _tote_base(canvas: Canvas, w: float, taper: float, bottom: float) -> None:
    tone = trim_tone(canvas)
    canvas.piece(mirrored(
        soft(0, bottom - 76), sharp(w - taper * 0.7, bottom - 82), sharp(w - taper, bottom - 4),
        soft(w - taper - 20, bottom + 1), soft(0, bottom + 6)), fill=tone, puff=8, is_plain=True)  # fmt: skip
    canvas.stitch(arch(soft(0, bottom - 68), soft(w - taper, bottom - 74)), lighten(tone, 0.4))


def clutch(canvas: Canvas) -> None:
    """Evening clutch: envelope flap or framed box with clasp."""
    drawing = canvas.drawing
    w, top = drawing.number("width_px", 200), 330.0
    bottom = top + drawing.number("height_px", 220)
    with canvas.group("rotate(-5 0 440)"):
        body = panel((-w, top), (w, top), (w, bottom), (-w, bottom), radius=18, bow=5)
        canvas.piece(body)
        if drawing.word("kind", "envelope") == "envelope":
            flap = panel(
                (-w - 1, top - 4), (w + 1, top - 4), (w - 4, top + 22), (0, top + 166), (-w + 4, top + 22), radius=26
            )
            canvas.piece(flap)
            canvas.stitch(
                arch(soft(0, top + 142), soft(30, top + 128), sharp(w - 16, top + 20)), lighten(canvas.colour, 0.4), 1.3
            )
            canvas.metal(ellipse(0, top + 136, 15), "#c9a24a")
        else:
            canvas.metal(
                panel((-w - 2, top - 14), (w + 2, top - 14), (w + 3, top + 18), (-w - 3, top + 18), radius=13),
                "#c9a24a",
            )
            for x in (-9, 9):
                canvas.metal(ellipse(x, top - 22, 12), "#d9b765")
            canvas.folds(
                [lens(x * 0.4, top + 20, x, bottom - 20, 11) for x in (-170, -110, -50, 20, 84, 150)],
                within=body,
                opacity=0.3,
            )
        if drawing.word("chain", "yes") == "yes":
            d = trail(
                Knot(-w + 8, top + 6), Knot(-w * 0.7, top - 120), Knot(0, top - 168), Knot(w * 0.72, top - 116),
                Knot(w - 8, top + 6))  # fmt: skip
            canvas.line(d, 7, "#8a6438", 0.9)
            canvas.stitch(d, "#e2c276", 6, "9 3.5")
        canvas.gleam(lens(-w + 20, top + 24, -w * 0.2, top + 14, 9), 0.4, 6)


def wallet(canvas: Canvas) -> None:
    """Bifold wallet half open, or a long zip purse."""
    drawing = canvas.drawing
    with canvas.group("rotate(-6 0 420)"):
        if drawing.word("kind", "bifold") == "bifold":
            canvas.piece(
                panel((-188, 312), (198, 286), (204, 546), (-188, 556), radius=14, bow=3),
                fill=darken(canvas.colour, 0.35),
                puff=10,
                is_plain=True,
            )
            for k, tone in enumerate(("#e9dcc4", "#b9c6c2", "#d8a87e")):
                canvas.piece(box(-150, 330 + k * 26 - 12, 306, 120, 10), fill=tone, puff=3, is_plain=True)
            front = panel((-192, 362), (196, 356), (200, 562), (-194, 570), radius=16, bow=3)
        else:
            front = panel((-214, 318), (214, 318), (214, 542), (-214, 542), radius=24, bow=3)
        canvas.piece(front)
        canvas.stitch(
            "M-178 378H184M-180 556H186"
            if drawing.word("kind", "bifold") == "bifold"
            else "M-204 352H204M-204 528H204",
            lighten(canvas.colour, 0.45),
        )
        if drawing.word("kind", "bifold") != "bifold":
            canvas.zipper("M-206 334H200", "#d6b15c", 6)
            canvas.line("M204 334q24 12 20 52", 6, "#c9a24a", 1)
            canvas.piece(ellipse(224, 404, 13, 22), puff=3, is_plain=True)
        canvas.metal(box(116, 490, 50, 30, 5), "#c9a24a") if drawing.word("plate") == "yes" else canvas.line(
            "M126 520h44", 4, lighten(canvas.colour, 0.4), 0.7
        )
        canvas.gleam(lens(-170, 400, 60, 382, 12), 0.34, 8)
