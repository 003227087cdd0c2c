"""Jersey tops: T-shirts, tanks, tops, tunics, sweatshirts and hoodies."""

from ingest.demo.canvas import Canvas
from ingest.demo.geometry import Knot, arch, box, closed, flipped, lens, mirrored, sharp, soft, trail
from ingest.demo.motifs import chest_print
from ingest.demo.palette import darken, lighten, mix
from ingest.demo.shirts import patch_pocket, placket
from ingest.demo.torso import (
    NECK_Y,
    Trunk,
    back,
    body_folds,
    cuff_line,
    hem_stitch,
    neckline,
    outline,
    sleeve_of,
    sleeves,
    trims,
    trunk_of,
)


def neck_band(canvas: Canvas, t: Trunk, width: float = 11.0, fill: str | None = None) -> None:
    """A ribbed band along the front and back neckline."""
    if t.depth > NECK_Y + 16:
        canvas.rib(arch(*neckline(t)), width, fill)


def t_shirt(canvas: Canvas) -> None:
    """Jersey tee: crew, v or scoop neck, short or long sleeves."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 606)
    accent = trims(canvas)
    s = sleeve_of(t, drawing.number("sleeve", 132), drawing.number("cuff", 44))
    sleeves(canvas, s, fill=accent if drawing.word("raglan") == "yes" else None, is_plain=drawing.pattern == "printed")
    back(canvas, t)
    d = outline(t)
    prints_chest = drawing.pattern == "printed"
    canvas.piece(d, is_plain=prints_chest)
    if prints_chest:
        chest_print(canvas, t.depth)
    body_folds(canvas, t, d)
    neck_band(canvas, t, fill=accent)
    for sign in (1, -1):
        canvas.stitch(cuff_line(s, sign, 11))
    hem_stitch(canvas, t)
    if drawing.word("pocket") == "yes":
        patch_pocket(canvas, 62, 300, 66, 74)
    if drawing.word("neck") == "henley":
        placket(canvas, t.depth, t.depth + 84, n_buttons=3)


def tank(canvas: Canvas) -> None:
    """Sleeveless top with straps; ribbed or woven."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 580)
    back(canvas, t)
    d = outline(t)
    canvas.piece(d, is_plain=drawing.pattern == "printed")
    if drawing.pattern == "printed":
        chest_print(canvas, t.depth + 10)
    body_folds(canvas, t, d)
    edge = [Knot(t.shoulder, t.shoulder_y), Knot(t.shoulder + 8, 232), Knot(t.chest - 3, 296)]
    for knots in (edge, flipped(edge)):
        canvas.rib(trail(*knots), 8, trims(canvas))
    neck_band(canvas, t, 9, trims(canvas))
    hem_stitch(canvas, t)


def top(canvas: Canvas) -> None:
    """Light top: cap or fluttering sleeves, peplum or smocked waist."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 540)
    if drawing.number("sleeve", 90) > 0:
        s = sleeve_of(t, drawing.number("sleeve", 90), drawing.number("cuff", 52), drawing.number("bulge", 12))
        sleeves(canvas, s)
    back(canvas, t)
    d = outline(t)
    canvas.piece(d)
    body_folds(canvas, t, d)
    canvas.line(arch(*neckline(t)), 6, mix(canvas.colour, canvas.ink, 0.22), 1)
    waist_y = 452.0
    if drawing.word("waist_seam", "peplum") == "peplum":
        peplum(canvas, t, waist_y)
    else:
        for k in range(4):
            y = waist_y - 30 + k * 11
            canvas.stitch(arch(soft(0, y + 4), soft(t.chest - t.waist, y)))
        hem_stitch(canvas, t)


def peplum(canvas: Canvas, t: Trunk, y: float) -> None:
    """A flared frill from the waist."""
    w = t.chest - t.waist
    d = mirrored(
        soft(0, y + 6), sharp(w + 1, y), soft(w + 22, y + 70), sharp(w + 44, t.hem_y + 26),
        soft(w * 0.6, t.hem_y + 44), soft(0, t.hem_y + 40))  # fmt: skip
    canvas.piece(d)
    canvas.folds(
        [lens(x * 0.7, y + 6, x, t.hem_y + 40, 9) for x in (-130, -84, -36, 20, 70, 118)], within=d, opacity=0.26
    )
    canvas.line(arch(soft(0, y + 6), soft(w, y)), 2.2)


def tunic(canvas: Canvas) -> None:
    """Long loose top with side slits; also the cut of a kurta."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 668)
    s = sleeve_of(t, drawing.number("sleeve", 300), drawing.number("cuff", 34))
    sleeves(canvas, s)
    back(canvas, t)
    d = outline(t, 6)
    canvas.piece(d)
    body_folds(canvas, t, d)
    trim = drawing.accent if drawing.word("trim") == "contrast" else mix(canvas.colour, canvas.ink, 0.2)
    for sign in (1, -1):
        canvas.line(cuff_line(s, sign, 8), 9, trim, 0.9)
        canvas.line(
            f"M{sign * (t.hem - 15):.0f} {t.hem_y - 74:.0f}L{sign * (t.hem - 13):.0f} {t.hem_y:.0f}",
            3,
            darken(canvas.colour, 0.5),
            0.8,
        )
    canvas.line(arch(*neckline(t)), 9, trim, 1)
    canvas.piece(box(-15, t.depth - 2, 30, 150, 3), fill=lighten(trim, 0.12), puff=3, is_plain=True)
    for k in range(4):
        canvas.button(0, t.depth + 20 + k * 34, 5)
    hem_stitch(canvas, t, 6, 20)


def sweatshirt(canvas: Canvas) -> None:
    """Heavy jersey crew neck with ribbed cuffs and hem; a hoodie where the design says so."""
    drawing = canvas.drawing
    t = trunk_of(drawing, 590)
    has_hood = drawing.word("hood") == "yes"
    accent = trims(canvas)
    if has_hood:
        hood(canvas)
    s = sleeve_of(t, 376, 28, 8)
    printed = drawing.pattern == "printed"
    sleeves(canvas, s, fill=accent, is_plain=printed or accent is not None)
    for sign in (1, -1):
        canvas.rib(cuff_line(s, sign, 4), 32, accent)
    back(canvas, t)
    d = outline(t)
    canvas.piece(d, is_plain=printed)
    if printed:
        chest_print(canvas, t.depth + 10)
    body_folds(canvas, t, d)
    canvas.rib(arch(soft(0, t.hem_y - 6), soft(t.hem * 0.5, t.hem_y - 7), soft(t.hem - 5, t.hem_y - 14)), 32, accent)
    if not has_hood:
        neck_band(canvas, t, 15, accent)
        canvas.line(f"M-16 {t.depth + 8:.0f}L0 {t.depth + 34:.0f}L16 {t.depth + 8:.0f}", 1.6, opacity=0.5)
        return
    pocket = mirrored(soft(0, 448), sharp(62, 448), sharp(98, 520), sharp(98, 566), soft(0, 568))
    canvas.piece(pocket, puff=5, is_plain=printed)
    if drawing.word("zip") == "yes":
        canvas.zipper(f"M0 {t.depth}V{t.hem_y + 4:.0f}")
    hood_front(canvas, t)


def hood(canvas: Canvas) -> None:
    """The hood standing up behind the neck."""
    shell = mirrored(soft(0, 66), soft(66, 82), soft(96, 140), soft(86, 196), sharp(40, 214), soft(0, 216))
    canvas.piece(shell, puff=16, is_plain=canvas.drawing.pattern == "printed")
    canvas.piece(
        mirrored(soft(0, 92), soft(46, 106), soft(64, 150), sharp(46, 200), soft(0, 220)),
        fill=darken(canvas.colour, 0.5),
        puff=10,
        is_plain=True,
    )


def hood_front(canvas: Canvas, t: Trunk) -> None:
    """The hood's edges crossing at the throat, and its cords."""
    half = [
        sharp(-6, t.depth + 26), soft(26, t.depth + 4), soft(52, 158), sharp(60, 128), soft(86, 150), soft(80, 196),
        soft(40, t.depth + 30)]  # fmt: skip
    for knots in (flipped(half), half):
        canvas.piece(closed(*knots), puff=7, is_plain=canvas.drawing.pattern == "printed")
    for sign, end in ((1, 300), (-1, 318)):
        canvas.line(
            trail(Knot(sign * 22, t.depth + 12), Knot(sign * 27, 250), Knot(sign * 23, end)),
            4.5,
            lighten(canvas.colour, 0.75),
            1,
        )
        canvas.hole(sign * 22, t.depth + 12, 4, "#c3c7cb")
