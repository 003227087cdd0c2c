"""Outerwear: jackets, coats, blazers, waistcoats and tracksuits."""

from ingest.demo.bottoms import track_pants
from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, arch, box, closed, flipped, lens, mirrored, sharp, soft, trail
from ingest.demo.palette import darken, lighten, mix
from ingest.demo.tops import collar, hood, hood_front, patch_pocket
from ingest.demo.torso import NECK_Y, Trunk, back, body_folds, cuff_line, outline, sleeve_of, sleeves, trunk_of


def _flap_pocket(canvas: Canvas, x: float, y: float, width: float = 74, slant: float = 0) -> None:
    sign = 1 if x > 0 else -1
    a, b = x - width / 2, x + width / 2
    ya, yb = (y, y + slant) if sign > 0 else (y + slant, y)
    canvas.piece(closed(sharp(a, ya), sharp(b, yb), sharp(b - 2, yb + 26), soft(x, (ya + yb) / 2 + 29), sharp(a + 2, ya + 26)), puff=3)


def _lapels(canvas: Canvas, depth: float, width: float, notch: float = 210.0) -> None:
    """Notched lapels rolled back from the break at `depth`, and the collar above them."""
    lapel = [sharp(0, depth + 4), soft(26, depth - 60), sharp(46, 178), sharp(62, notch - 12), sharp(46 + width, notch - 8), soft(42 + width * 0.7, depth - 70)]
    neck = [sharp(28, 214), soft(42, 170), sharp(38, NECK_Y - 20), soft(62, NECK_Y - 2), sharp(58 + width * 0.5, notch - 26), sharp(62, notch - 4), soft(50, notch)]
    for knots, angle in ((lapel, 14), (flipped(lapel), -14), (neck, 30), (flipped(neck), -30)):
        canvas.piece(closed(*knots), angle=angle, puff=6)
    canvas.piece(mirrored(soft(0, NECK_Y - 18), soft(30, NECK_Y - 20), sharp(40, NECK_Y - 18), soft(34, NECK_Y + 8), soft(0, NECK_Y + 18)), fill=darken(canvas.colour, 0.35), puff=4, is_plain=True)


def _inside(canvas: Canvas, depth: float) -> None:
    """Lining and the dark between the fronts, above the break."""
    lining = mix(canvas.drawing.accent, darken(canvas.colour, 0.55), 0.72)
    canvas.piece(mirrored(soft(0, NECK_Y - 14), sharp(52, NECK_Y), soft(40, depth - 60), soft(0, depth + 8)), fill=lining, puff=8, is_plain=True)
    canvas.flat(f"M-14 {NECK_Y + 8:.0f}h28v14h-28Z", "#efe6d6", 0.85)


def blazer(canvas: Canvas) -> None:
    """Tailored jacket: lapels, one to three buttons or double-breasted, welt and flap pockets, cut-away fronts."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 618)
    depth = drawing.number("break_y", 390)
    s = sleeve_of(t, 402, 30)
    sleeves(canvas, s)
    for sign in (1, -1):
        for k in range(3):
            inn = s.cuff[1]
            canvas.button(sign * (inn.x + 8 - k * 2.5), inn.y - 14 - k * 13, 4)
    double = drawing.word("fronts") == "double"
    half = [sharp(0, depth), sharp(44, 170), sharp(52, NECK_Y), sharp(t.shoulder, t.shoulder_y), soft(120, 232), sharp(t.chest - 2, 296),
            soft(t.chest - t.waist - 4, 430), soft(t.hem, t.hem_y - 30), sharp(t.hem - 1, t.hem_y)]  # fmt: skip
    tail = [soft(60, t.hem_y + 10), soft(22, t.hem_y - 14), soft(0, depth + 120)] if not double else [sharp(0, t.hem_y + 8)]
    left = flipped([*half, *(tail if not double else [sharp(-52, t.hem_y + 8), sharp(-52, depth + 6)])])
    right = [*half, *(tail if not double else [sharp(-56, t.hem_y + 8), sharp(-56, depth)])]
    _inside(canvas, depth)
    for knots in (left, right):
        d = closed(*knots)
        canvas.piece(d)
        body_folds(canvas, t, d)
    for sign in (1, -1):
        canvas.line(trail(Knot(sign * 72, 300), Knot(sign * 66, 420), Knot(sign * 68, 480)), 1.6, opacity=0.5)
        _flap_pocket(canvas, sign * 76, 488)
    canvas.piece(closed(sharp(44, 306), sharp(98, 298), sharp(99, 314), sharp(45, 322)), puff=2)
    if drawing.word("square") == "yes":
        canvas.flat("M54 305l12 -16 10 12 12 -12 4 12 -38 6Z", drawing.accent)
    _lapels(canvas, depth, drawing.number("lapel", 42))
    if double:
        for y in (depth + 20, depth + 92):
            for x in (-34, 34):
                canvas.button(x, y, 8)
    else:
        for k in range(int(drawing.number("buttons", 2))):
            canvas.button(1, depth + 14 + 62 * k, 8)


def coat(canvas: Canvas) -> None:
    """Long coats: overcoat, trench with belt and storm flap, duffle-like hood, parka."""
    drawing = canvas.drawing
    with canvas.group("translate(0 -50)"):
        t = trunk_of(drawing, drawing.number("hem_y", 740), 130)
        depth = drawing.number("break_y", 330)
        kind = drawing.word("kind", "overcoat")
        if kind == "parka":
            hood(canvas)
        s = sleeve_of(t, 412, 34)
        sleeves(canvas, s)
        for sign in (1, -1):
            canvas.line(cuff_line(s, sign, 44), 2)
            if kind == "trench":
                canvas.line(cuff_line(s, sign, 56), 9, darken(canvas.colour, 0.22), 1)
        _inside(canvas, depth)
        d = outline(t, 8) if kind == "parka" else mirrored(
            sharp(0, depth), sharp(50, NECK_Y), sharp(t.shoulder, t.shoulder_y), soft(122, 232), sharp(t.chest - 2, 296),
            soft(t.chest - t.waist, 440), sharp(t.hem, t.hem_y), soft(t.hem * 0.5, t.hem_y + 8), soft(0, t.hem_y + 9))  # fmt: skip
        canvas.piece(d)
        body_folds(canvas, t, d)
        canvas.folds([lens(sign * 60, 470, sign * 84, t.hem_y, 14) for sign in (1, -1)], within=d)
        edge = 46.0 if drawing.word("fronts", "double") == "double" else 14.0
        canvas.line(f"M{-edge} {depth + 10:.0f}V{t.hem_y + 8:.0f}", 2.2)
        for sign in (1, -1):
            if kind == "parka":
                patch_pocket(canvas, sign * 74, 520, 82, 96)
                _flap_pocket(canvas, sign * 74, 512, 88)
            else:
                canvas.piece(closed(sharp(sign * 62, 500), sharp(sign * 78, 496), sharp(sign * 98, 574), sharp(sign * 82, 580)), puff=3)
        if kind == "parka":
            canvas.zipper(f"M0 {t.depth + 10:.0f}V{t.hem_y + 6:.0f}")
            hood_front(canvas, t)
        else:
            _coat_front(canvas, t, depth, kind)


def _coat_front(canvas: Canvas, t: Trunk, depth: float, kind: str) -> None:
    double = canvas.drawing.word("fronts", "double") == "double"
    _lapels(canvas, depth, canvas.drawing.number("lapel", 50))
    columns = (-30, 30) if double else (0,)
    for k in range(3 if double else 4):
        for x in columns:
            canvas.button(x, depth + 26 + k * (84 if double else 78), 9.5)
    if kind == "trench":
        for sign in (1, -1):
            canvas.piece(closed(sharp(sign * 52, 176), sharp(sign * 118, 190), sharp(sign * 112, 204), sharp(sign * 50, 190)), puff=3)
            canvas.button(sign * 62, 186, 5)
        w = t.chest - t.waist + 4
        canvas.piece(mirrored(soft(0, 448), sharp(w, 442), sharp(w, 470), soft(0, 478)), puff=4, is_plain=True)
        canvas.piece(closed(sharp(20, 462), soft(34, 520), sharp(30, 590), sharp(52, 586), soft(52, 520), sharp(36, 462)), puff=4, is_plain=True)
        canvas.metal(box(-4, 440, 36, 44, 5), "#8a6438")
        canvas.piece(box(3, 448, 22, 28, 2), puff=2, is_plain=True)


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
    canvas.zipper(f"M0 {t.depth - 4:.0f}V{t.hem_y + 6:.0f}", "#c9a24a" if canvas.drawing.number("motif", 0) % 2 else "#c3c7cb")
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
            x0, y0 = t.shoulder + 10 + (cuff[0].x - t.shoulder - 10) * f + 24 * (1 - f), t.shoulder_y + (cuff[0].y - t.shoulder_y) * f
            x1, y1 = t.chest - 4 + (cuff[1].x - t.chest + 4) * f, 290 + (cuff[1].y - 290) * f
            canvas.line(trail(Knot(sign * (x0 - 4), y0), Knot(sign * (x0 + x1) / 2, (y0 + y1) / 2 + 7), Knot(sign * (x1 + 6), y1)), 2, opacity=0.6)


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
    band = mirrored(soft(0, t.hem_y - 28), soft(t.hem * 0.5, t.hem_y - 29), sharp(t.hem + 1, t.hem_y - 36), sharp(t.hem + 1, t.hem_y), soft(0, t.hem_y + 9))
    canvas.piece(band, puff=4)
    for k in range(6):
        canvas.metal(f"M-7 {t.depth + 20 + k * (t.hem_y - t.depth - 26) / 5:.0f}a7 7 0 1 0 14 0a7 7 0 1 0 -14 0Z", "#b87f4a")
    collar(canvas, 52, 66)


def _pointed_flap(canvas: Canvas, x: float, y: float) -> None:
    canvas.piece(closed(sharp(x - 33, y - 4), sharp(x + 33, y - 4), sharp(x + 31, y + 18), sharp(x, y + 32), sharp(x - 31, y + 18)), puff=3)
    canvas.stitch(f"M{x - 28:.0f} {y + 15:.0f}L{x:.0f} {y + 26:.0f}L{x + 28:.0f} {y + 15:.0f}")
    canvas.metal(f"M{x - 5:.0f} {y + 16:.0f}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z", "#b87f4a")


def _biker_front(canvas: Canvas, t: Trunk) -> None:
    """Asymmetric zip, wide snapped lapels, zipped pockets."""
    canvas.zipper(trail(Knot(46, 250), Knot(30, 420), Knot(26, t.hem_y + 4)))
    for sign in (1, -1):
        lapel = [sharp(sign * 8, 330), soft(sign * 30, 250), sharp(sign * 42, 160), sharp(sign * 66, 186), sharp(sign * 92, 214), soft(sign * 66, 286)]
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
    _inside(canvas, depth)
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
        canvas.piece(mirrored(soft(0, 118), soft(38, 118), sharp(48, 126), sharp(56, 172), soft(30, 186), soft(0, 190)), puff=8)
        canvas.zipper(f"M0 120V{t.hem_y + 6:.0f}")

