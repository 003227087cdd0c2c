"""Bags that carry: backpacks, messenger and duffel bags."""

from ingest.demo.bags import buckle, strap, trim_tone
from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, arch, box, closed, lens, mirrored, panel, soft, trail
from ingest.demo.palette import darken, lighten


def backpack(canvas: Canvas) -> None:
    """Backpack: zip top or buckled flap, front pocket, shoulder straps behind."""
    drawing = canvas.drawing
    w = drawing.number("width_px", 156)
    top, bottom = 214.0, 650.0
    tone = trim_tone(canvas)
    has_flap = drawing.word("kind", "zip") == "flap"
    for sign in (1, -1):
        knots = (
            Knot(sign * 60, top + 20),
            Knot(sign * (w + 18), top + 90),
            Knot(sign * (w + 30), 460),
            Knot(sign * (w - 6), 610),
        )
        strap(canvas, trail(*knots), 24, darken(canvas.colour, 0.34))
    strap(canvas, trail(Knot(-34, top + 10), Knot(-26, top - 44), Knot(26, top - 44), Knot(34, top + 10)), 15, tone)
    r = drawing.number("round", 96)
    body = mirrored(
        soft(0, top - 8), soft(w * 0.5, top - 1), soft(w - 26, top + r * 0.3), soft(w, top + r), soft(w + 8, 450),
        soft(w + 2, bottom - 60), soft(w - 14, bottom - 14), soft(w - 50, bottom), soft(0, bottom + 3))  # fmt: skip
    canvas.piece(body, puff=18)
    canvas.folds([lens(-w + 18, 330, -w + 40, 600, 11), lens(w - 20, 320, w - 34, 470, 9)], within=body)
    pw = w - 26
    pocket = panel((-pw, 474), (pw, 474), (pw + 4, 630), (-pw - 4, 630), radius=34, bow=4)
    is_block = drawing.pattern == "colour-block"
    canvas.piece(pocket, puff=12, fill=drawing.accent if is_block else None, is_plain=is_block)
    if has_flap:
        _backpack_flap(canvas, w, top, tone)
    else:
        _backpack_zips(canvas, w, pw, tone)
    canvas.gleam(lens(-w + 30, top + 90, -w + 24, 440, 12), 0.3, 8)


def _backpack_flap(canvas: Canvas, w: float, top: float, tone: str) -> None:
    flap = mirrored(
        soft(0, top - 10), soft(w * 0.5, top - 3), soft(w - 20, top + 26), soft(w + 5, top + 90), soft(w + 5, 390),
        soft(w - 10, 422), soft(w - 50, 434), soft(0, 438))  # fmt: skip
    canvas.piece(flap, puff=14)
    canvas.stitch(
        arch(soft(0, 428), soft(w - 52, 424), soft(w - 18, 412), soft(w - 5, 386)), lighten(canvas.colour, 0.4)
    )
    for sign in (1, -1):
        canvas.piece(box(sign * 74 - 13, 380, 26, 150, 5), fill=tone, puff=4, is_plain=True)
        buckle(canvas, sign * 74, 486)


def _backpack_zips(canvas: Canvas, w: float, pocket_w: float, tone: str) -> None:
    canvas.zipper(arch(soft(0, 266), soft(w * 0.7, 290), soft(w - 8, 374)), "#d6c7a8", 6)
    canvas.line(f"M{w * 0.7:.0f} 290l6 26", 5, tone, 1)
    canvas.zipper(arch(soft(0, 496), soft(pocket_w - 12, 500)), "#d6c7a8", 5)
    canvas.piece(box(-24, 540, 48, 40, 6), fill=tone, puff=3, is_plain=True)
    canvas.stitch(box(-19, 545, 38, 30, 4), lighten(tone, 0.5), 1.2)


def messenger(canvas: Canvas) -> None:
    """Messenger or satchel: wide flap, two buckled straps, shoulder strap."""
    drawing = canvas.drawing
    w, top, bottom = drawing.number("width_px", 196), 370.0, 618.0
    tone = trim_tone(canvas)
    strap(
        canvas,
        trail(Knot(-w + 6, top + 50), Knot(-w * 0.84, top - 120), Knot(-20, top - 206),
              Knot(w * 0.8, top - 130), Knot(w - 6, top + 50)),
        20, tone)  # fmt: skip
    body = panel((-w, top), (w, top), (w + 4, bottom), (-w - 4, bottom), radius=24, bow=3)
    canvas.piece(body)
    drop = drawing.number("flap", 160)
    flap = panel((-w - 4, top - 8), (w + 4, top - 8), (w + 8, top + drop), (-w - 8, top + drop), radius=30, bow=3)
    canvas.piece(flap)
    canvas.stitch(
        panel((-w + 6, top + 2), (w - 6, top + 2), (w - 2, top + drop - 9), (-w + 2, top + drop - 9), radius=24),
        lighten(canvas.colour, 0.4),
    )
    for sign in (1, -1):
        x = sign * w * 0.5
        canvas.piece(box(x - 15, top + drop - 70, 30, 130, 6), fill=tone, puff=4, is_plain=True)
        buckle(canvas, x, top + drop + 22, 40, 30)
        canvas.metal(box(sign * (w - 4) - 12, top + 36, 24, 30, 5), "#c9a24a")
    if drawing.word("handle") == "top":
        strap(canvas, trail(Knot(-52, top - 4), Knot(-44, top - 44), Knot(44, top - 44), Knot(52, top - 4)), 14, tone)
    canvas.gleam(lens(-w + 20, top + 14, -w + 14, top + drop - 20, 12), 0.3, 8)


def duffel(canvas: Canvas) -> None:
    """Duffel: barrel body, leather ends, two handles and a long zip."""
    drawing = canvas.drawing
    w, top, bottom = drawing.number("width_px", 222), 380.0, 612.0
    tone = trim_tone(canvas)
    strap(
        canvas,
        trail(Knot(-96, top + 10), Knot(-84, top - 104), Knot(4, top - 140), Knot(92, top - 104), Knot(104, top + 10)),
        16,
        darken(tone, 0.3),
    )
    body = mirrored(
        soft(0, top - 16), soft(w - 50, top - 6), soft(w - 4, top + 40), soft(w + 8, 500), soft(w - 4, bottom - 30),
        soft(w - 40, bottom), soft(0, bottom + 5))  # fmt: skip
    canvas.piece(body, puff=20)
    for sign in (1, -1):
        end = [
            soft(sign * (w - 54), top - 5), soft(sign * (w - 4), top + 40), soft(sign * (w + 8), 500),
            soft(sign * (w - 4), bottom - 30), soft(sign * (w - 42), bottom), soft(sign * (w - 62), 500)]  # fmt: skip
        canvas.piece(
            closed(*end), fill=tone if drawing.pattern != "colour-block" else drawing.accent, puff=10, is_plain=True
        )
        canvas.piece(box(sign * 88 - 13, top + 30, 26, bottom - top - 32, 3), fill=tone, puff=4, is_plain=True)
    canvas.zipper(arch(soft(0, top + 8), soft(w - 62, top + 16)), "#d6b15c", 6)
    canvas.folds([lens(-40, top + 60, -52, bottom - 30, 12), lens(30, top + 90, 48, bottom - 20, 12)], within=body)
    strap(
        canvas,
        trail(Knot(-88, top + 120), Knot(-90, top + 20), Knot(-78, top - 80), Knot(0, top - 116),
              Knot(78, top - 80), Knot(90, top + 20), Knot(88, top + 120)),
        18, tone)  # fmt: skip
    canvas.piece(box(-22, top - 128, 44, 26, 9), fill=darken(tone, 0.15), puff=4, is_plain=True)
    canvas.gleam(lens(-w + 50, top + 14, w - 90, top + 6, 10), 0.34, 8)
