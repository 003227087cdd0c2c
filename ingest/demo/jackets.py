"""Jackets, waistcoats and tracksuits."""

from ingest.demo.bottoms import track_pants
from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, arch, box, closed, lens, mirrored, sharp, soft, trail
from ingest.demo.outerwear import lining
from ingest.demo.palette import darken, lighten
from ingest.demo.shirts import collar
from ingest.demo.tops import hood, hood_front
from ingest.demo.torso import NECK_Y, Trunk, back, body_folds, cuff_line, outline, sleeve_of, sleeves, trunk_of


def jacket(canvas: Canvas) -> None:
    """Short jackets: bomber, denim, biker, puffer, rain, fleece."""
    drawing = canvas.drawing
    kind = drawing.word("kind", "bomber")
    t = trunk_of(drawing, 580, 134)
    if kind in ("rain", "fleece") and drawing.word("hood", "yes") == "yes":
        hood(canvas)
    accent = drawing.accent if drawing.pattern == "colour-block" else None
    s = sleeve_of(t, 384, 32, 10 if kind in ("puffer", "bomber") else 4)
    sleeves(canvas, s, fill=accent)
    has_ribs = kind in ("bomber", "fleece")
    back(canvas, t)
    d = outline(t)
    canvas.piece(d)
    body_folds(canvas, t, d)
    if kind == "puffer":
        _quilting(canvas, t, d)
        _sleeve_quilting(canvas, t, s.cuff)
    for sign in (1, -1):
        if has_ribs:
            canvas.rib(cuff_line(s, sign, 4), 30)
        else:
            canvas.stitch(cuff_line(s, sign, 16))
    if has_ribs:
        canvas.rib(arch(soft(0, t.hem_y - 6), soft(t.hem * 0.5, t.hem_y - 7), soft(t.hem - 5, t.hem_y - 14)), 32)
    _JACKET_FRONTS.get(kind, _zip_front)(canvas, t)


def _zip_front(canvas: Canvas, t: Trunk) -> None:
    kind = canvas.drawing.word("kind", "bomber")
    canvas.zipper(
        f"M0 {t.depth - 4:.0f}V{t.hem_y + 6:.0f}", "#c9a24a" if canvas.drawing.number("motif", 0) % 2 else "#c3c7cb"
    )
    for sign in (1, -1):
        d = f"M{sign * 62} {t.hem_y - 140:.0f}L{sign * 88} {t.hem_y - 66:.0f}"
        canvas.line(d, 9, darken(canvas.colour, 0.3), 1)
        canvas.line(d, 2, lighten(canvas.colour, 0.4), 0.7)
    if kind in ("rain", "fleece") and canvas.drawing.word("hood", "yes") == "yes":
        hood_front(canvas, t)
    elif kind in ("puffer", "fleece", "rain"):
        stand = mirrored(soft(0, 112), soft(38, 114), sharp(50, 122), sharp(58, 172), soft(30, 188), soft(0, 194))
        canvas.piece(stand, puff=8)
        canvas.zipper(f"M0 114V{t.depth:.0f}")
        if kind == "puffer":
            canvas.line(arch(soft(0, 154), soft(54, 146)), 2)
    else:
        canvas.rib(arch(soft(0, t.depth - 2), soft(t.neck * 0.76, t.depth - 14), soft(t.neck - 1, NECK_Y - 3)), 24)


def _quilting(canvas: Canvas, t: Trunk, d: str) -> None:
    """Horizontal channels filled with down."""
    rows = 7
    shapes = []
    for k in range(1, rows):
        y = 206 + (t.hem_y - 206) * k / rows
        canvas.line(arch(soft(0, y + 6), soft(t.chest * 0.6, y + 4), soft(t.chest - 5, y - 2)), 2)
        shapes += [lens(x, y + 8, x + canvas.rng.uniform(-8, 8), y + 34, 5) for x in range(-110, 120, 27)]
        shapes.append(arch(soft(0, y + 13), soft(t.chest * 0.6, y + 11), soft(t.chest - 5, y + 5)) + f"L0 {y:.0f}Z")
    canvas.folds(shapes, within=d, opacity=0.24, blur=3)


def _sleeve_quilting(canvas: Canvas, t: Trunk, cuff: tuple[Knot, Knot]) -> None:
    """The channels go on down both arms, to the cuff's two ends."""
    for sign in (1, -1):
        for f in (0.22, 0.4, 0.58, 0.76, 0.94):
            x0, y0 = (
                t.shoulder + 10 + (cuff[0].x - t.shoulder - 10) * f + 24 * (1 - f),
                t.shoulder_y + (cuff[0].y - t.shoulder_y) * f,
            )
            x1, y1 = t.chest - 4 + (cuff[1].x - t.chest + 4) * f, 290 + (cuff[1].y - 290) * f
            canvas.line(
                trail(
                    Knot(sign * (x0 - 4), y0), Knot(sign * (x0 + x1) / 2, (y0 + y1) / 2 + 7), Knot(sign * (x1 + 6), y1)
                ),
                2,
                opacity=0.6,
            )


def _denim_front(canvas: Canvas, t: Trunk) -> None:
    """Trucker jacket: yoke, chest flaps, v seams, waistband, metal buttons, topstitching."""
    y = 268.0
    canvas.line(arch(soft(0, y), soft(t.chest - 6, y + 2)), 2)
    canvas.stitch(arch(soft(0, y + 6), soft(t.chest - 8, y + 8)))
    for sign in (1, -1):
        for x0, x1 in ((44, 32), (100, 66)):
            d = f"M{sign * x0} {y + 4}L{sign * x1} {t.hem_y - 34:.0f}"
            canvas.line(d, 1.8)
            canvas.stitch(f"M{sign * (x0 + 6)} {y + 4}L{sign * (x1 + 6)} {t.hem_y - 34:.0f}")
        _pointed_flap(canvas, sign * 72, y)
    canvas.piece(box(-14, t.depth, 28, t.hem_y - t.depth + 6, 2), puff=3)
    band = mirrored(
        soft(0, t.hem_y - 28), soft(t.hem * 0.5, t.hem_y - 29), sharp(t.hem + 1, t.hem_y - 36),
        sharp(t.hem + 1, t.hem_y), soft(0, t.hem_y + 9))  # fmt: skip
    canvas.piece(band, puff=4)
    for k in range(6):
        canvas.metal(
            f"M-7 {t.depth + 20 + k * (t.hem_y - t.depth - 26) / 5:.0f}a7 7 0 1 0 14 0a7 7 0 1 0 -14 0Z", "#b87f4a"
        )
    collar(canvas, 52, 66)


def _pointed_flap(canvas: Canvas, x: float, y: float) -> None:
    canvas.piece(
        closed(
            sharp(x - 33, y - 4), sharp(x + 33, y - 4), sharp(x + 31, y + 18), sharp(x, y + 32), sharp(x - 31, y + 18)
        ),
        puff=3,
    )
    canvas.stitch(f"M{x - 28:.0f} {y + 15:.0f}L{x:.0f} {y + 26:.0f}L{x + 28:.0f} {y + 15:.0f}")
    canvas.metal(f"M{x - 5:.0f} {y + 16:.0f}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z", "#b87f4a")


def _biker_front(canvas: Canvas, t: Trunk) -> None:
    """Asymmetric zip, wide snapped lapels, zipped pockets."""
    canvas.zipper(trail(Knot(46, 250), Knot(30, 420), Knot(26, t.hem_y + 4)))
    for sign in (1, -1):
        lapel = [
            sharp(sign * 8, 330), soft(sign * 30, 250), sharp(sign * 42, 160), sharp(sign * 66, 186),
            sharp(sign * 92, 214), soft(sign * 66, 286)]  # fmt: skip
        canvas.piece(closed(*lapel), puff=7)
        canvas.metal(f"M{sign * 78 - 4} 216a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z", "#c3c7cb")
        canvas.zipper(f"M{sign * 64} 470L{sign * 96} 440")
    canvas.zipper("M-84 320L-40 306", width=5)
    collar(canvas, 56, 44)
    band = mirrored(soft(0, t.hem_y - 24), sharp(t.hem, t.hem_y - 32), sharp(t.hem + 1, t.hem_y), soft(0, t.hem_y + 8))
    canvas.piece(band, puff=4)
    canvas.gleam(lens(-92, 240, -100, 440, 9), 0.4, 6)
    canvas.metal(box(-30, t.hem_y - 24, 26, 28, 4), "#c3c7cb")


_JACKET_FRONTS = {"denim": _denim_front, "biker": _biker_front}


def waistcoat(canvas: Canvas) -> None:
    """Waistcoat: tailored with points and buttons, or a quilted gilet."""
    with canvas.group("translate(0 30)"):
        t = trunk_of(canvas.drawing, 540, 126)
        if canvas.drawing.word("kind", "tailored") == "gilet":
            _gilet(canvas, t)
        else:
            _tailored_waistcoat(canvas, t)


def _gilet(canvas: Canvas, t: Trunk) -> None:
    back(canvas, t)
    d = outline(t)
    canvas.piece(d)
    _quilting(canvas, t, d)
    _zip_front(canvas, t)


def _tailored_waistcoat(canvas: Canvas, t: Trunk) -> None:
    depth = 350.0
    lining(canvas, depth)
    d = mirrored(
        sharp(0, depth), soft(34, 240), sharp(52, NECK_Y), sharp(98, NECK_Y + 18), soft(88, 236),
        sharp(t.chest - 2, 302), soft(t.chest - 14, 430), sharp(t.chest - 8, t.hem_y - 30),
        sharp(46, t.hem_y + 26), sharp(0, t.hem_y - 24),
    )  # fmt: skip
    canvas.piece(d)
    body_folds(canvas, t, d)
    canvas.line(f"M0 {depth}V{t.hem_y - 24:.0f}", 2)
    for k in range(5):
        canvas.button(0, depth + 16 + k * 38, 6.5)
    for sign in (1, -1):
        welt = closed(sharp(sign * 44, 440), sharp(sign * 96, 430), sharp(sign * 97, 446), sharp(sign * 45, 456))
        canvas.piece(welt, puff=2)
        canvas.line(trail(Knot(sign * 58, 330), Knot(sign * 52, 430), Knot(sign * 56, 530)), 1.5, opacity=0.5)
        canvas.stitch(trail(Knot(sign * 6, depth), Knot(sign * 40, 240), Knot(sign * 58, NECK_Y + 4)), width=1.2)


def tracksuit(canvas: Canvas) -> None:
    """Zip top above matching pants, laid out together."""
    drawing = canvas.drawing
    with canvas.group("translate(0 330) scale(.62) translate(0 -20)"):
        track_pants(canvas)
    with canvas.group("translate(0 -10) scale(.72)"):
        t = trunk_of(drawing, 560, 134)
        s = sleeve_of(t, 372, 30, 8)
        sleeves(canvas, s, fill=drawing.accent if drawing.pattern == "colour-block" else None)
        d = outline(t)
        canvas.piece(d)
        body_folds(canvas, t, d)
        for sign in (1, -1):
            canvas.rib(cuff_line(s, sign, 4), 30)
        canvas.rib(arch(soft(0, t.hem_y - 6), soft(t.hem * 0.5, t.hem_y - 7), soft(t.hem - 5, t.hem_y - 14)), 30)
        canvas.piece(
            mirrored(soft(0, 118), soft(38, 118), sharp(48, 126), sharp(56, 172), soft(30, 186), soft(0, 190)), puff=8
        )
        canvas.zipper(f"M0 120V{t.hem_y + 6:.0f}")
